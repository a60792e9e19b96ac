#include "value/cost_of_dark_plainly.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/math.h"

namespace warmshell::value {
namespace {

constexpr double infinity = std::numeric_limits<double>::infinity();

double plain_curve(const ResaleCurve& curve, double age) {
  if (curve.constant_fall) return math::pow(math::exp(curve.log_keep), age);
  std::size_t year = 0;
  while (year + 2 < curve.by_year.size() && 12.0 * static_cast<double>(year + 1) <= age) ++year;
  const double younger = curve.by_year[year], older = curve.by_year[year + 1];
  return younger - (younger - older) * (age / 12 - static_cast<double>(year));
}

}  // namespace

PlainDarkPath::PlainDarkPath(const model::Layout& layout, const model::Portfolio& portfolio,
                             const model::Decisions& decisions,
                             std::function<double(int)> gate_month)
    : layout_(layout),
      portfolio_(portfolio),
      decisions_(decisions),
      gate_month_(std::move(gate_month)),
      resale_(make_resale_curve(portfolio)) {
  result_.sums.resize(static_cast<std::size_t>(layout.months) * layout.sites.size() *
                      fleet::dark_count * dark_sum_count);
  result_.lost_margin.resize(layout.sites.size() * fleet::dark_count);
}

PlainDarkPath::Chip PlainDarkPath::cost_of_chip(int lot, double age, double resale_now) const {
  const model::Finance& finance = portfolio_.finance;
  const double price = portfolio_.fleet.at(layout_.lots[lot].name).price.value.value;
  const double wacc = finance.wacc.value.value;
  const double end = age, begin = std::max(0.0, age - 1);
  const auto used = [&](double life) {
    return (std::min(end, life) - std::min(begin, life)) / life;
  };
  Chip chip;
  chip.life = price * used(finance.economic_life.value.value);
  chip.book = price * used(finance.book_life.value.value);
  chip.capital = price * (math::pow(1 + wacc, end / 12) - math::pow(1 + wacc, begin / 12));
  const double before =
      resale_before_[static_cast<std::size_t>(layout_.lots[lot].accelerator_class)];
  chip.market_value =
      price * before * plain_curve(resale_, begin) - price * resale_now * plain_curve(resale_, end);
  return chip;
}

double PlainDarkPath::source_opening(int s, int tranche) const {
  const model::LayoutSource& source = layout_.sources[s];
  double opens = -infinity;
  for (int k = 0; k <= tranche; ++k) {
    const int own = k < static_cast<int>(source.tranche_gate.size()) ? source.tranche_gate[k] : -1;
    double date = opens + source.every;
    if (k == 0) date = gate_month_(own >= 0 ? own : source.gate);
    if (k > 0 && own >= 0) date = gate_month_(own);
    opens = std::max(opens, date);
  }
  return opens;
}

// The next opening at the site after the month's first day, of what the state waits for.
std::string PlainDarkPath::gate_that_cures(int l, int state) const {
  const model::LayoutLot& lot = layout_.lots[l];
  const std::string site = "sites." + layout_.sites[lot.site].name;
  std::string nearest;
  double when = infinity;
  const auto consider = [&](double date, const std::string& id) {
    if (date > month_ && date < when) {
      when = date;
      nearest = id;
    }
  };
  const auto name_of = [&](int gate, const std::string& path) {
    return gate < 0 ? path : layout_.gates[gate].id;
  };
  if (state == 3) return site + ".install";
  if (state == 2) {
    for (const int s : layout_.sites[lot.site].sources) {
      const model::LayoutSource& source = layout_.sources[s];
      int gate = source.gate;  // a tranche at an interval belongs to the gate that it follows
      for (int k = 0; k < static_cast<int>(source.tranche_mw.size()); ++k) {
        if (k < static_cast<int>(source.tranche_gate.size()) && source.tranche_gate[k] >= 0)
          gate = source.tranche_gate[k];
        consider(source_opening(s, k), name_of(gate, source.path));
      }
    }
    return nearest.empty() ? site + ".power" : nearest;
  }
  for (const int h : lot.halls) {
    const model::LayoutHall& hall = layout_.halls[h];
    if (hall.warm_gate >= 0)
      consider(gate_month_(hall.warm_gate), name_of(hall.warm_gate, hall.path));
    if (state == 1 && hall.retrofit_month < model::never_month)
      consider(hall.retrofit_month, hall.path + ".retrofit");
  }
  return !nearest.empty() ? nearest : site + (state == 0 ? ".halls" : ".cooling");
}

void PlainDarkPath::month(const world::MonthColumns& draws, const fleet::Columns& columns,
                          int width, int path) {
  const auto at = [&](const double* rows, std::size_t row) {
    return rows[row * static_cast<std::size_t>(width) + static_cast<std::size_t>(path)];
  };
  const model::Finance& finance = portfolio_.finance;
  const std::size_t lots = layout_.lots.size(), classes = layout_.classes.size();
  const double discount = math::pow(1 + finance.wacc.value.value, -(month_ + 1) / 12.0);
  if (month_ == 0)
    for (std::size_t c = 0; c < classes; ++c) resale_before_.push_back(at(draws.resale_factor, c));

  for (std::size_t l = 0; l < lots; ++l) {
    const model::LayoutLot& lot = layout_.lots[l];
    const std::size_t c = static_cast<std::size_t>(lot.accelerator_class);
    const Chip chip =
        cost_of_chip(static_cast<int>(l), at(columns.delivered_age, l), at(draws.resale_factor, c));
    model::PueSpan pue{0, 1, 1};
    for (const model::PueSpan& span : lot.lowest_pue)
      if (span.from_month <= month_) pue = span;
    const double mw_each = lot.provisioned_kw * pue.peak / 1000;
    double energy_price = 0;
    for (const int s : layout_.sites[lot.site].sources)
      energy_price = std::max(energy_price, at(draws.price_per_mwh, static_cast<std::size_t>(s)));

    // Markets in service order; the chips that one gate cures come first.
    double alone = at(columns.sellable[3], l);
    for (int s = 0; s < 3; ++s) alone += at(columns.sellable_alone[s], l);
    double left = alone, handed = 0;
    double revenue_alone = 0, revenue_rest = 0, margin_alone = 0, margin_rest = 0;
    for (const int m : decisions_.market_order) {
      const model::LayoutMarket& market = layout_.markets[m];
      const bool always =
          market.terms == model::Terms::take_or_pay || market.terms == model::Terms::contract;
      const double paid = always ? 1 : market.utilisation;
      const double revenue =
          at(draws.rent_per_hour, static_cast<std::size_t>(m) * classes + c) * paid * 730;
      const double drawn_kw = lot.idle_kw + paid * (lot.peak_kw - lot.idle_kw);
      const double margin = revenue - finance.variable_cost.value.value * revenue -
                            drawn_kw * pue.annual * 0.73 * energy_price;
      const double chips = at(columns.sellable_to, static_cast<std::size_t>(m) * lots + l);
      const double first = std::min(left, chips);
      left -= first;
      handed += chips;
      revenue_alone += first * revenue;
      margin_alone += first * margin;
      revenue_rest += (chips - first) * revenue;
      margin_rest += (chips - first) * margin;
    }
    const double served_alone = alone - left, served_rest = handed - alone;
    const auto each = [](double money, double chips) { return chips > 0 ? money / chips : 0; };

    for (int s = 0; s < fleet::dark_count; ++s) {
      const double dark = at(columns.state[1 + s], l);
      if (dark == 0) continue;
      const double alone_here = s == 3 ? dark : at(columns.alone[s], l);
      const double sellable = at(columns.sellable[s], l);
      const double sellable_alone = s == 3 ? sellable : at(columns.sellable_alone[s], l);
      const double rest = sellable - sellable_alone;
      const bool rest_is_real = served_rest > 1e-12 * handed;
      const double margin_here_alone = sellable_alone * each(margin_alone, served_alone);
      const double margin =
          margin_here_alone + (rest_is_real ? rest * each(margin_rest, served_rest) : 0);
      const double revenue = sellable_alone * each(revenue_alone, served_alone) +
                             (rest_is_real ? rest * each(revenue_rest, served_rest) : 0);
      double* into = &result_.sums[DarkTotals::index(layout_, month_, lot.site, s, DarkSum{})];
      const auto put = [&](DarkSum sum, double value) { into[static_cast<int>(sum)] += value; };
      put(DarkSum::accelerators, dark);
      put(DarkSum::alone, alone_here);
      put(DarkSum::sellable, sellable);
      put(DarkSum::sellable_alone, sellable_alone);
      put(DarkSum::megawatts, dark * mw_each);
      put(DarkSum::megawatts_sellable_alone, sellable_alone * mw_each);
      put(DarkSum::lost_revenue, revenue);
      put(DarkSum::lost_margin, margin);
      put(DarkSum::lost_margin_alone, margin_here_alone);
      put(DarkSum::market_value, dark * chip.market_value);
      put(DarkSum::life, dark * chip.life);
      put(DarkSum::book, dark * chip.book);
      put(DarkSum::capital, dark * chip.capital);
      result_.dark_accelerator_months += dark;
      result_.lost_margin[static_cast<std::size_t>(lot.site) * fleet::dark_count +
                          static_cast<std::size_t>(s)] += discount * margin;
      if (alone_here == 0) continue;
      PlainDark::Cured& cured = result_.cures[gate_that_cures(static_cast<int>(l), s)];
      cured.alone += alone_here;
      cured.sellable += sellable_alone;
      cured.lost_margin += discount * margin_here_alone;
    }
  }
  for (std::size_t c = 0; c < classes; ++c) resale_before_[c] = at(draws.resale_factor, c);
  ++month_;
}

}  // namespace warmshell::value
