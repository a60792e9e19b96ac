#pragma once
// Of a shell whose cost is written as one: which part is structure (building), which part plant. By
// the catalogue's cold shell, powered shell and fit-out; pure, any thread.

#include <string>

namespace warmshell::catalog {

struct ShellSplit {
  double structure = 0;  // part of the cost; the rest is plant
  std::string source, tier;
};
[[nodiscard]] ShellSplit shell_split(bool liquid);

}  // namespace warmshell::catalog
