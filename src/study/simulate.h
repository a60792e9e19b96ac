#pragma once
// What will run, and when, and what it is worth: read -> compile -> draw, fleet, value -> result.
// The whole flow stands in simulate.cc.

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/threads.h"
#include "model/compile.h"
#include "model/layout.h"
#include "model/read.h"
#include "study/result.h"
#include "value/valuation.h"

namespace warmshell::study {

struct SimulateOptions {
  std::int64_t paths = 10000;
  std::int64_t first_path = 0;  // paths first_path .. first_path + paths - 1
  std::uint64_t seed = 1;
  unsigned threads = 0;  // 0: all processors; changes no byte of the result
  std::function<void(std::int64_t done, std::int64_t asked)> progress;
};

// What a portfolio is compiled to before any path is drawn.
struct Prepared {
  const model::ReadPortfolio* read = nullptr;
  model::Layout layout;
  model::Decisions decisions;
};
[[nodiscard]] Prepared prepare(const model::ReadPortfolio& read);

struct Simulation {
  SimulateResult result;
  std::shared_ptr<const value::PathMetrics>
      metrics;  // by path, the first result.paths of them; null of a run that kept none
};

// Whatever the portfolio says, a result comes out; an interrupted run holds the paths that were
// done. `stop` is looked at between blocks of paths.
[[nodiscard]] Simulation simulate(const Prepared& prepared, const SimulateOptions& options,
                                  const StopFlag& stop);

}  // namespace warmshell::study
