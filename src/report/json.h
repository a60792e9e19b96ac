#pragma once
// `warmshell.simulate/1` and its CSV tables. Keys in fixed order, numbers in shortest round-trip
// form, never NaN or infinity: what is never or undefined is null. Pure.

#include <span>
#include <string>
#include <vector>

#include "study/paired.h"
#include "study/result.h"

namespace warmshell::report {

[[nodiscard]] std::string simulate_json(const study::SimulateResult& result);

// `warmshell.scenarios/1`: an object of warmshell.simulate/1 per scenario, and what each differs
// from the first, path by path.
[[nodiscard]] std::string scenarios_json(std::span<const study::SimulateResult> results,
                                         std::span<const study::Difference> differences);

struct CsvTable {
  std::string name;  // file name without .csv
  std::string text;
};
[[nodiscard]] std::vector<CsvTable> simulate_csv(const study::SimulateResult& result);

}  // namespace warmshell::report
