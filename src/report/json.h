#pragma once
// `warmshell.simulate/1` and its CSV tables. Keys in fixed order, numbers in shortest round-trip
// form, never NaN or infinity: what is never or undefined is null. Pure.

#include <string>
#include <vector>

#include "study/result.h"

namespace warmshell::report {

[[nodiscard]] std::string simulate_json(const study::SimulateResult& result);

struct CsvTable {
  std::string name;  // file name without .csv
  std::string text;
};
[[nodiscard]] std::vector<CsvTable> simulate_csv(const study::SimulateResult& result);

}  // namespace warmshell::report
