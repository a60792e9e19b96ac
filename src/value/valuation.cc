#include "value/valuation.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "value/internal_rate_block.h"
#include "value/measures.h"
#include "world/terms.h"

namespace warmshell::value {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();
constexpr double undefined = std::numeric_limits<double>::quiet_NaN();

std::vector<Promise> find_promises(const model::Layout& layout, const model::Portfolio& portfolio) {
  std::vector<Promise> promises;
  const auto add = [&](Promise promise, bool damages) {
    promise.month = std::max(0, static_cast<int>(std::ceil(promise.date)));
    if (promise.month >= layout.months) return;  // nothing is known of it
    if (damages) promise.line = "damages." + promise.name;
    promises.push_back(std::move(promise));
  };
  for (std::size_t m = 0; m < layout.markets.size(); ++m) {
    const auto& contract = portfolio.markets.at(layout.markets[m].name).contract;
    if (!contract) continue;
    Promise promise;
    promise.name = layout.markets[m].name;
    promise.market = static_cast<int>(m);
    const world::DemandSpan asks =
        world::demand_span(portfolio.markets.at(promise.name), layout.start);
    promise.date = asks.from;
    if (asks.to <= std::max(0.0, std::ceil(asks.from))) continue;  // over before it is asked
    add(std::move(promise), contract->damages.has_value());
  }
  for (std::size_t h = 0; h < layout.halls.size(); ++h) {
    const model::LayoutHall& hall = layout.halls[h];
    const std::string& site = layout.sites[hall.site].name;
    const auto& let = portfolio.sites.at(site).halls.at(hall.name).let;
    if (!let) continue;
    Promise promise;
    promise.name = site + "." + hall.name;
    promise.hall = static_cast<int>(h);
    promise.date = let->commencement.value.months - layout.start;
    const int month = std::max(0, static_cast<int>(std::ceil(promise.date)));
    double peak = 1;
    for (const model::PueSpan& span : hall.pue)
      if (span.from_month <= month) peak = span.peak;
    promise.full_mw = hall.it_mw * peak;
    add(std::move(promise), let->late.damages.has_value());
  }
  return promises;
}

}  // namespace

// ---- metrics ----------------------------------------------------------------------------------

PathMetrics::PathMetrics(std::int64_t paths)
    : paths_(paths), values_(static_cast<std::size_t>(paths * metric_count), undefined) {}

Summary PathMetrics::summary(Metric metric, std::int64_t used) const {
  std::vector<double> known;
  known.reserve(static_cast<std::size_t>(used));
  Spread spread;
  for (std::int64_t path = 0; path < used; ++path) {
    const double x = get(metric, path);
    if (std::isnan(x)) continue;
    known.push_back(x);
    if (std::isfinite(x)) spread.add(x);
  }
  Summary s;
  s.mean = spread.mean;
  s.se = spread.standard_error();
  s.undefined_share = used > 0 ? 1 - spread.count / static_cast<double>(used) : 0;
  if (known.empty()) return s;
  std::size_t sorted = 0;  // what lies before is in its place; `p` never falls
  const auto in_place = [&](std::size_t at) {
    const auto begin = known.begin() + static_cast<std::ptrdiff_t>(sorted);
    std::nth_element(begin, known.begin() + static_cast<std::ptrdiff_t>(at), known.end());
    sorted = at;
    return known[at];
  };
  const auto quantile = [&](double p) -> std::optional<double> {
    const double at = p * static_cast<double>(known.size() - 1);
    const std::size_t below = std::min(static_cast<std::size_t>(at), known.size() - 1);
    const double part = at - static_cast<double>(below), lower = in_place(below);
    double x = lower;
    if (part != 0) {
      const auto after = known.begin() + static_cast<std::ptrdiff_t>(below) + 1;
      const double upper = after == known.end() ? lower : *std::min_element(after, known.end());
      x = lower + part * (upper - lower);
    }
    return std::isfinite(x) ? std::optional<double>(x) : std::nullopt;
  };
  s.p05 = quantile(0.05);
  s.p10 = quantile(0.10);
  s.p50 = quantile(0.50);
  s.p90 = quantile(0.90);
  s.p95 = quantile(0.95);
  return s;
}

// ---- totals -----------------------------------------------------------------------------------

ValuationPlan::ValuationPlan(const model::Layout& l, const model::Portfolio& portfolio,
                             const model::Decisions& decisions)
    : layout(&l),
      energised(build_lines(l, portfolio)),
      by_chip_count(build_chip_count_lines(l, portfolio, energised)),
      dark(plan_dark(l, portfolio, decisions)),
      promises(find_promises(l, portfolio)) {}

ValueTotals::ValueTotals(const ValuationPlan& plan)
    : dark(plan.dark), promises_kept(plan.promises.size()) {
  const std::size_t months = static_cast<std::size_t>(plan.layout->months);
  lines[0].resize(plan.energised.graph.lines().size() * months);
  lines[1].resize(plan.by_chip_count.graph.lines().size() * months);
}

void ValueTotals::join(const ValueTotals& next) {
  paths += next.paths;
  for (std::size_t b = 0; b < lines.size(); ++b)
    for (std::size_t i = 0; i < lines[b].size(); ++i) lines[b][i] += next.lines[b][i];
  for (std::size_t i = 0; i < promises_kept.size(); ++i) promises_kept[i] += next.promises_kept[i];
  dark.join(next.dark);
  cash_residual = std::max(cash_residual, next.cash_residual);
}

double ValueTotals::line_mean(const ValuationPlan& plan, Basis basis, int line, int month) const {
  const std::size_t months = static_cast<std::size_t>(plan.layout->months);
  const double sum =
      lines[static_cast<std::size_t>(basis)]
           [static_cast<std::size_t>(line) * months + static_cast<std::size_t>(month)];
  return paths > 0 ? sum / static_cast<double>(paths) : 0;
}

double ValueTotals::line_value(const ValuationPlan& plan, Basis basis, int line) const {
  const Lines& of = basis == Basis::as_energised ? plan.energised : plan.by_chip_count;
  double value = 0;
  for (int month = 0; month < plan.layout->months; ++month)
    value += of.discount[month] * line_mean(plan, basis, line, month);
  return value;
}

// ---- one block --------------------------------------------------------------------------------

BlockValuation::BlockValuation(const ValuationPlan& plan, int width, fleet::VectorLevel level)
    : plan_(plan),
      width_(width),
      level_(level),
      energised_(plan.energised.graph, width, level),
      by_chip_count_(plan.by_chip_count.graph, width, level, &energised_),
      dark_(plan.dark, width, level) {
  const std::size_t w = static_cast<std::size_t>(width);
  for (auto& rows : net_cash_) rows.resize(static_cast<std::size_t>(plan.layout->months) * w);
  for (auto* row : {&balance_, &before_, &revenue_value_}) row->resize(w);
  const std::size_t lines =
      std::max(plan.energised.graph.lines().size(), plan.by_chip_count.graph.lines().size());
  line_rows_.resize(lines);
  moved_lines_.resize(lines);
  moved_sums_.resize(lines);
  lanes_.resize(8 * lines);
  for (auto& sums : line_sums_) sums.resize(lines);
}

void BlockValuation::begin(const std::vector<const double*>& gate_months, std::int64_t first_path,
                           int count, ValueTotals& totals, Fan& cumulative_cash) {
  first_path_ = first_path;
  count_ = count;
  month_ = 0;
  totals_ = &totals;
  fan_ = &cumulative_cash;
  energised_.begin(gate_months);
  by_chip_count_.begin(gate_months);
  dark_.begin(gate_months, count, totals.dark);
  std::fill(before_.begin(), before_.end(), 0.0);
  std::fill(revenue_value_.begin(), revenue_value_.end(), 0.0);
}

// Sums over paths: of lines that moved anew, of the others as they were.
void BlockValuation::add_lines(int basis, const Lines& lines, const Evaluator& evaluator) {
  const std::size_t months = static_cast<std::size_t>(plan_.layout->months);
  const std::size_t count = lines.graph.lines().size();
  std::vector<double>& of_line = line_sums_[static_cast<std::size_t>(basis)];
  std::vector<double>& sums = totals_->lines[static_cast<std::size_t>(basis)];
  int moved = 0;
  for (std::size_t l = 0; l < count; ++l) {
    const int node = lines.graph.lines()[l].node;
    if (evaluator.moved(node) == 0) continue;
    moved_lines_[static_cast<std::size_t>(moved)] = static_cast<int>(l);
    line_rows_[static_cast<std::size_t>(moved++)] = evaluator.row(node);
  }
  row_kernels(level_).over_paths(line_rows_.data(), moved, count_, lanes_.data(),
                                 moved_sums_.data());
  for (int k = 0; k < moved; ++k)
    of_line[static_cast<std::size_t>(moved_lines_[static_cast<std::size_t>(k)])] =
        moved_sums_[static_cast<std::size_t>(k)];
  for (std::size_t l = 0; l < count; ++l)
    sums[l * months + static_cast<std::size_t>(month_)] += of_line[l];
}

// Every path, every month: what the lines say must be what the balance does.
double BlockValuation::cash_residual() {
  int count = 0;
  for (const Line& line : plan_.energised.graph.lines())
    if (line.kind == LineKind::cash || line.kind == LineKind::terminal)
      line_rows_[static_cast<std::size_t>(count++)] = energised_.row(line.node);
  return row_kernels(level_).cash_residual(line_rows_.data(), count, balance_.data(),
                                           before_.data(), count_);
}

void BlockValuation::month(const world::MonthColumns& draws, const fleet::Columns& energised,
                           const fleet::Columns& by_chip_count) {
  const std::size_t at = static_cast<std::size_t>(month_) * static_cast<std::size_t>(width_);
  energised_.month(month_, month_rows(draws, energised, energised));
  by_chip_count_.month(month_, month_rows(draws, by_chip_count, energised));
  energised_.copy(plan_.energised.net_cash, &net_cash_[0][at]);
  by_chip_count_.copy(plan_.by_chip_count.net_cash, &net_cash_[1][at]);
  energised_.copy(plan_.energised.cumulative_cash, balance_.data());
  if (month_ == leak_.month) balance_[leak_.path] += leak_.money;
  totals_->cash_residual = std::max(totals_->cash_residual, cash_residual());
  for (const int node : plan_.energised.revenue) {
    const double* row = energised_.row(node);
    const double factor = plan_.energised.discount[static_cast<std::size_t>(month_)];
    for (std::size_t i = 0; i < revenue_value_.size(); ++i) revenue_value_[i] += factor * row[i];
  }
  add_lines(0, plan_.energised, energised_);
  add_lines(1, plan_.by_chip_count, by_chip_count_);
  fan_->add(month_, balance_.data(), count_);
  std::swap(balance_, before_);
  dark_.month(draws, energised);

  for (std::size_t p = 0; p < plan_.promises.size(); ++p) {
    const Promise& promise = plan_.promises[p];
    if (promise.month != month_) continue;
    for (int i = 0; i < count_; ++i) {
      const bool kept =
          promise.market >= 0
              ? energised.unmet_h100e[promise.market * width_ + i] <=
                    1e-9 * draws.demand_h100e[promise.market * width_ + i]
              : energised.let_live_mw[promise.hall * width_ + i] >= promise.full_mw * (1 - 1e-9);
      totals_->promises_kept[p] += kept ? 1 : 0;
    }
  }
  ++month_;
}

void BlockValuation::finish(PathMetrics& metrics) {
  energised_.finish();
  by_chip_count_.finish();
  dark_.finish();
  totals_->paths += count_;
  const int months = plan_.layout->months;
  const auto put = [&](Metric metric, auto of) {
    for (int i = 0; i < count_; ++i) metrics.set(metric, first_path_ + i, of(i));
  };
  std::vector<double> npv(static_cast<std::size_t>(width_)), chip_npv(npv), bare(npv), rate(npv);
  std::vector<IrrStatus> status(static_cast<std::size_t>(width_));
  energised_.copy(plan_.energised.npv, npv.data());
  energised_.copy(plan_.energised.npv_without_terminal, bare.data());
  by_chip_count_.copy(plan_.by_chip_count.npv, chip_npv.data());
  // A comparison lets what is no number pass; a present value of it is none either.
  for (int i = 0; i < count_; ++i)
    if (!std::isfinite(npv[i]) || !std::isfinite(chip_npv[i])) totals_->cash_residual = infinity;
  put(Metric::npv, [&](int i) { return npv[i]; });
  put(Metric::npv_without_terminal, [&](int i) { return bare[i]; });
  put(Metric::npv_by_chip_count, [&](int i) { return chip_npv[i]; });
  put(Metric::npv_overstated, [&](int i) { return chip_npv[i] - npv[i]; });
  const auto yearly = [&](int i) {
    return status[i] == IrrStatus::one ? yearly_rate(rate[i]) : undefined;
  };
  internal_rates_of_block(net_cash_[0].data(), months, width_, rate.data(), status.data(), level_);
  put(Metric::irr, yearly);
  internal_rates_of_block(net_cash_[1].data(), months, width_, rate.data(), status.data(), level_);
  put(Metric::irr_by_chip_count, yearly);

  std::vector<double> balance(static_cast<std::size_t>(width_), 0.0), deepest(balance),
      payback(balance);
  for (int month = 0; month < months; ++month)
    for (int i = 0; i < width_; ++i) {
      const double before = balance[i];
      const double now = before + net_cash_[0][static_cast<std::size_t>(month * width_ + i)];
      balance[i] = now;
      deepest[i] = std::min(deepest[i], now);
      if (now < 0)
        payback[i] = infinity;
      else if (before < 0)
        payback[i] = month + before / (before - now);
    }
  put(Metric::peak_funding, [&](int i) { return 0 - deepest[i]; });
  put(Metric::payback, [&](int i) { return payback[i]; });
  put(Metric::dark_accelerator_months, [&](int i) { return dark_.dark_accelerator_months()[i]; });
  put(Metric::dark_lost_margin, [&](int i) { return dark_.lost_margin()[i]; });
}

}  // namespace warmshell::value
