#pragma once
// What a replay says, and its faces: `warmshell.replay/1`, the terminal, one HTML page. Whatever
// the page or the terminal shows stands in the JSON of the same run. Pure.

#include <optional>
#include <string>

#include "replay/factors.h"
#include "replay/marginal.h"
#include "replay/over_time.h"
#include "replay/summary.h"
#include "study/equivalent.h"

namespace warmshell::report {

struct ReplayReport {
  std::string version, cluster, currency, inputs_sha256;
  std::int64_t rows_passed_over = 0;
  bool complete = true;
  replay::ReplayInput input;
  replay::Outcome outcome;
  replay::ReplaySummary summary;
  std::optional<replay::MarginalValue> marginal;
  std::optional<replay::Waterfall> waterfall;
  std::optional<replay::OverTime> over_time;
  std::optional<replay::ReplayFactors> factors;
  std::optional<study::EquivalentMw> equivalent;
};

// What the overlay is worth, in one sentence.
[[nodiscard]] std::string equivalent_sentence(const study::EquivalentMw& answer);
[[nodiscard]] std::string equivalent_sentence_chinese(const study::EquivalentMw& answer);

[[nodiscard]] std::string replay_json(const ReplayReport& report);
[[nodiscard]] std::string replay_text(const ReplayReport& report);
// Like the page of `simulate`: no script, nothing fetched, English and Chinese, light and dark.
[[nodiscard]] std::string replay_html(const ReplayReport& report);

}  // namespace warmshell::report
