#include "study/equivalent.h"

#include <algorithm>
#include <cmath>

namespace warmshell::study {

namespace {

constexpr double relative_tolerance = 1e-3;
constexpr double least_tolerance_mw = 1e-3;
constexpr int most_tries = 40;
constexpr double told_apart = 2;  // standard errors

std::vector<double> npv_by_path(const Simulation& run) {
  return by_path(run, value::Metric::npv);
}

// The site that binds; else the one whose dark chips lose most; else the first with accelerators.
std::string site_of(const SimulateResult& result, const model::Portfolio& portfolio) {
  if (!result.binds.site.empty()) return result.binds.site;
  std::string worst;
  double most = 0;
  for (const auto& [site, states] : result.cost_of_dark) {
    double lost = 0;
    for (const auto& [state, cost] : states) lost += cost.lost_margin;
    if (lost > most) {
      most = lost;
      worst = site;
    }
  }
  if (!worst.empty()) return worst;
  if (!portfolio.fleet.empty()) return portfolio.fleet.begin()->second.site.name;
  return portfolio.sites.empty() ? "" : portfolio.sites.begin()->first;
}

// Facility MW that every accelerator of the site needs at the highest PUE of its halls.
double all_it_could_use(const model::Layout& layout, const std::string& site) {
  double it_mw = 0, pue = 1;
  for (const model::LayoutLot& lot : layout.lots)
    if (layout.sites[static_cast<std::size_t>(lot.site)].name == site)
      it_mw += lot.count * lot.provisioned_kw / 1000;
  for (const model::LayoutHall& hall : layout.halls)
    if (layout.sites[static_cast<std::size_t>(hall.site)].name == site)
      for (const model::PueSpan& span : hall.pue) pue = std::max(pue, span.peak);
  return it_mw * pue;
}

double dearest_energy(const model::Portfolio& portfolio, const std::string& site) {
  double dearest = 0;
  for (const auto& [name, source] : portfolio.sites.at(site).power)
    dearest = std::max(dearest, mean(*source.price.law));
  return dearest;
}

model::ReadPortfolio with_power(const model::ReadPortfolio& base, const std::string& site,
                                double mw) {
  model::ReadPortfolio more = base;
  auto& power = more.portfolio.sites.at(site).power;
  model::PowerSource source;
  source.kind = model::SourceKind::other;
  source.power = model::Given<FacilityMw>{FacilityMw(mw), {}};
  source.energised = model::UncertainDate{{model::FixedDate{more.portfolio.start.value}, {}}, {}};
  source.price.law = model::Given<Law>{Fixed{dearest_energy(base.portfolio, site)}, {}};
  std::string name = "equivalent";
  while (power.count(name)) name += "-";
  power.emplace(name, std::move(source));
  return more;
}

// One portfolio after the other on the same paths; once stopped, nothing more runs.
class Search {
 public:
  Search(const model::ReadPortfolio& base, const SimulateOptions& options, const StopFlag& stop)
      : base_(base), options_(options), stop_(stop) {
    options_.first_path = 0;
  }

  Simulation run(const model::ReadPortfolio& portfolio) {
    return simulate(prepare(portfolio), options_, stop_);
  }
  std::vector<double> npv_with(const std::string& site, double mw) {
    return npv_by_path(run(with_power(base_, site, mw)));
  }

 private:
  const model::ReadPortfolio& base_;
  SimulateOptions options_;
  const StopFlag& stop_;
};

}  // namespace

std::string_view equivalent_case_name(EquivalentCase found) {
  switch (found) {
    case EquivalentCase::equivalent:
      return "equivalent";
    case EquivalentCase::worth_nothing:
      return "worth_nothing";
    case EquivalentCase::more_than_any:
      return "more_than_any";
    case EquivalentCase::no_gain:
      return "no_gain";
  }
  return "";
}

EquivalentMw equivalent_mw(const model::ReadPortfolio& base, const model::ReadPortfolio& overlaid,
                           const SimulateOptions& options, const StopFlag& stop) {
  // ---- the portfolio as written, and with the overlay
  Search search(base, options, stop);
  const Simulation written = search.run(base);
  EquivalentMw answer;
  answer.portfolio = written.result.title;
  answer.scenario = written.result.scenario;
  answer.currency = written.result.currency;
  answer.binds = written.result.binds.kind;
  answer.site = site_of(written.result, base.portfolio);
  answer.seed = options.seed;
  const std::vector<double> before = npv_by_path(written);
  const std::vector<double> with_overlay = npv_by_path(search.run(overlaid));
  answer.overlay = paired_gain(before, with_overlay);
  answer.paths = static_cast<std::int64_t>(std::min(before.size(), with_overlay.size()));

  // ---- power for everything that stands there
  answer.most.mw =
      answer.site.empty() ? 0 : all_it_could_use(model::compile(base.portfolio), answer.site);
  std::vector<double> highest = before;
  if (!answer.site.empty()) answer.energy_price = dearest_energy(base.portfolio, answer.site);
  if (answer.most.mw > 0) {
    highest = search.npv_with(answer.site, answer.most.mw);
    answer.most.gain = paired_gain(before, highest);
  }
  const auto stopped = [&] {
    answer.complete = !stop.is_set();
    return !answer.complete;
  };
  if (stopped()) return answer;
  const auto nothing = [](const Gain& gain) { return gain.mean <= told_apart * gain.se; };
  if (nothing(answer.most.gain)) {
    answer.found = EquivalentCase::worth_nothing;
    return answer;
  }
  if (nothing(answer.overlay)) return answer;
  if (answer.most.gain.mean < answer.overlay.mean) {
    answer.found = EquivalentCase::more_than_any;
    return answer;
  }

  // ---- false position between nothing and everything; halving where it does not get on
  double low = 0, high = answer.most.mw;
  double f_low = -answer.overlay.mean, f_high = answer.most.gain.mean - answer.overlay.mean;
  std::vector<double> at = highest;
  double mw = high;
  for (int tries = 0; tries < most_tries && f_high > 0; ++tries) {
    if (high - low <= std::max(least_tolerance_mw, relative_tolerance * high)) break;
    mw = tries % 3 == 2 ? (low + high) / 2 : low - f_low * (high - low) / (f_high - f_low);
    const double margin = 0.01 * (high - low);  // an end that never moves would hold the bracket
    mw = std::clamp(mw, low + margin, high - margin);
    at = search.npv_with(answer.site, mw);
    if (stopped()) return answer;
    answer.tried.push_back({mw, paired_gain(before, at)});
    const double f = answer.tried.back().gain.mean - answer.overlay.mean;
    (f < 0 ? low : high) = mw;
    (f < 0 ? f_low : f_high) = f;
  }
  answer.found = EquivalentCase::equivalent;
  answer.mw = f_high > f_low ? low - f_low * (high - low) / (f_high - f_low) : high;
  answer.tolerance_mw = high - low;

  // ---- the error of the mean difference at the answer, over the slope there
  const double aside = std::max(0.05 * *answer.mw, answer.tolerance_mw);
  const Gain slope = paired_gain(search.npv_with(answer.site, *answer.mw),
                                 search.npv_with(answer.site, *answer.mw + aside));
  if (stopped()) return answer;
  const Gain difference = paired_gain(with_overlay, at);
  if (slope.mean > 0) answer.se = difference.se / (slope.mean / aside);
  return answer;
}

}  // namespace warmshell::study
