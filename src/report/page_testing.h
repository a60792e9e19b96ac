#pragma once
// How tests look at a page: the numbers it shows, whether its tags are balanced.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include "report/html.h"

namespace warmshell::report {

inline std::string page_of(const study::SimulateResult& result) {
  return simulate_html({&result, 1});
}

inline void collect(const nlohmann::json& json, std::set<double>& numbers,
                    std::set<std::string>& strings) {
  if (json.is_number()) numbers.insert(json.get<double>());
  if (json.is_string()) strings.insert(json.get<std::string>());
  if (json.is_structured())
    for (const auto& each : json) collect(each, numbers, strings);
}

inline int count_numbers_not_in(const std::string& page, const std::set<double>& numbers,
                                int& seen) {
  static const std::regex value("data-v=\"([^\"]*)\"");
  int missing = 0;
  for (std::sregex_iterator it(page.begin(), page.end(), value), end; it != end; ++it) {
    ++seen;
    if (!numbers.contains(std::stod((*it)[1]))) {
      ++missing;
      ADD_FAILURE() << (*it)[1] << " is not in the JSON";
    }
  }
  return missing;
}

// The first tag that closes nothing or is left open; "" when all is balanced.
inline std::string unbalanced(const std::string& page) {
  std::vector<std::string> open;
  static const std::regex tag("<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:\"[^\"]*\"|[^\">])*)>");
  for (std::sregex_iterator it(page.begin(), page.end(), tag), end; it != end; ++it) {
    const std::string name = (*it)[2], rest = (*it)[3];
    if (!rest.empty() && rest.back() == '/') continue;
    if ((*it)[1].length() == 0) {
      open.push_back(name);
    } else {
      if (open.empty() || open.back() != name) return "</" + name + ">";
      open.pop_back();
    }
  }
  return open.empty() ? "" : "<" + open.back() + ">";
}

}  // namespace warmshell::report
