#pragma once
// Names in JSON and how they are read in English and Chinese; a name without words is read as it
// is. Internal to the report.

#include <array>
#include <string>
#include <string_view>

#include "report/markup.h"

namespace warmshell::report {

struct Entry {
  std::string_view name, en, zh;
};

template <std::size_t N>
Words find(const std::array<Entry, N>& entries, std::string_view name) {
  for (const Entry& entry : entries)
    if (entry.name == name) return {std::string(entry.en), std::string(entry.zh)};
  return {std::string(name), std::string(name)};
}

}  // namespace warmshell::report
