// What is allowed and probably not meant. Dates are compared at their written medians.

#include <algorithm>
#include <cmath>

#include "catalog/catalog.h"
#include "model/checks.h"
#include "model/compile.h"
#include "model/gates.h"
#include "model/tranches.h"

namespace warmshell::model {
namespace {

constexpr double price_ratio = 20;  // beyond it a unit or a digit is wrong
constexpr double rounding = 1.01;   // megawatts are often written to two digits

std::size_t at(int index) {
  return static_cast<std::size_t>(index);
}

std::string date_of(const Layout& layout, double month) {
  return month_text(Date{std::floor(layout.start + month)});
}

double lowest_peak(const LayoutLot& lot) {
  double lowest = lot.lowest_pue.front().peak;
  for (const PueSpan& span : lot.lowest_pue) lowest = std::min(lowest, span.peak);
  return lowest;
}

// ---- a fleet larger than its site ever is

struct Megawatts {
  double it = 0, facility = 0;
};

// Of the lots of a site that are delivered and not retired.
Megawatts held(const Layout& layout, const LayoutSite& site, const std::vector<double>& gates,
               double month) {
  Megawatts sum;
  for (const int l : site.lots) {
    const LayoutLot& lot = layout.lots[at(l)];
    const double delivered = gates[at(lot.delivered_gate)];
    if (delivered > month || month >= delivered + lot.life_months) continue;
    const double mw = lot.count * lot.provisioned_kw / 1000;
    sum.it += mw;
    sum.facility += mw * lowest_peak(lot);
  }
  return sum;
}

void check_room(const Portfolio& portfolio, const Layout& layout, const LayoutSite& site,
                const std::vector<double>& gates, Complaints& complaints) {
  double halls = 0, power = 0;
  for (const int h : site.halls)
    if (!layout.halls[at(h)].let) halls += layout.halls[at(h)].it_mw;
  for (const int s : site.sources) power += layout.sources[at(s)].nameplate_mw;
  Megawatts most;
  double when = 0;
  for (const int l : site.lots) {
    const double delivered = std::max(0.0, gates[at(layout.lots[at(l)].delivered_gate)]);
    if (delivered >= layout.months) continue;
    const Megawatts now = held(layout, site, gates, delivered);
    if (now.it <= most.it) continue;
    most = now;
    when = delivered;
  }
  std::string message;
  if (most.it > halls * rounding)
    message = fmt::format("{:.4g} MW_it for halls of {:.4g} MW_it", most.it, halls);
  if (most.facility > power * rounding)
    message += fmt::format("{}{:.4g} MW_facility at the lowest PUE for {:.4g} MW_facility of power",
                           message.empty() ? "" : ", ", most.facility, power);
  if (message.empty()) return;
  complaints.warning("WS0351", portfolio.sites.at(site.name).origin,
                     fmt::format("the fleet of this site never fits whole: in {} it is {}",
                                 date_of(layout, when), message),
                     "the rest stays dark: check `count`, `it_power` and `power`");
}

// ---- what comes after the horizon

void check_lots(const Portfolio& portfolio, const Layout& layout, const std::vector<double>& gates,
                Complaints& complaints) {
  for (const LayoutLot& laid : layout.lots) {
    const double delivered = gates[at(laid.delivered_gate)];
    if (delivered < layout.months) continue;
    const Lot& lot = portfolio.fleet.at(laid.name);
    complaints.warning("WS0352", lot.delivered ? lot.delivered->law.origin : lot.origin,
                       fmt::format("this lot is delivered in {}, and the run ends with {}",
                                   date_of(layout, delivered), date_of(layout, layout.months - 1)),
                       "it touches no number: make `horizon` longer, or leave the lot out");
  }
}

void check_openings(const Portfolio& portfolio, const Layout& layout, const LayoutSite& site,
                    const std::vector<double>& gates, Complaints& complaints) {
  const auto late = [&](double first, const std::string& what, const char* verb) {
    if (first < layout.months || !std::isfinite(first)) return;
    complaints.warning(
        "WS0353", portfolio.sites.at(site.name).origin,
        fmt::format("no {} of this site is {} before the run ends with {}: the "
                    "first is in {}",
                    what, verb, date_of(layout, layout.months - 1), date_of(layout, first)),
        "nothing of its fleet ever runs: make `horizon` longer, or check the dates");
  };
  double power = never_month, hall = never_month;
  for (const int s : site.sources) {
    const LayoutSource& source = layout.sources[at(s)];
    if (source.gate >= 0) power = std::min(power, gates[at(source.gate)]);
  }
  for (const int h : site.halls)
    if (!layout.halls[at(h)].let) hall = std::min(hall, gates[at(layout.halls[at(h)].warm_gate)]);
  late(power, "power source", "energised");
  late(hall, "hall", "warm");
}

// ---- dates of tranches that move nothing

void check_tranches(const PowerSource& written, const LayoutSource& source, const Layout& layout,
                    const std::vector<double>& gates, Complaints& complaints) {
  const auto& tranches = written.tranches.in_order;
  const auto date = [&](double month) { return date_text(Date{layout.start + month}); };
  if (tranches.empty() || source.gate < 0) return;
  const double first = gates[at(source.gate)];
  if (tranches.front().second.energised && written.energised) {
    const double whole = gates[at(find_gate(layout, text::join_path(source.path, "energised")))];
    if (std::abs(first - whole) > 1e-9)
      complaints.warning("WS0357", written.energised->law.origin,
                         fmt::format("this date, {}, opens nothing: the first tranche, `{}`, has "
                                     "one of its own, {}",
                                     date(whole), tranches.front().first, date(first)),
                         "remove one of the two");
  }
  double opens = first;
  for (std::size_t k = 1; k < tranches.size(); ++k) {
    const double before = opens;
    opens = tranche_opens(source, k, before, gates.data());
    const int own = tranche_gate(source, k);
    if (own < 0 || !(gates[at(own)] < before) || before <= 0) continue;
    complaints.warning(
        "WS0356", tranches[k].second.energised->law.origin,
        fmt::format("this tranche is dated {}, and opens only with the one before it, `{}`: {}",
                    date(gates[at(own)]), tranches[k - 1].first, date(before)),
        fmt::format("tranches open in the order in which they are written: write `{}` before "
                    "`{}`, or correct a date",
                    tranches[k].first, tranches[k - 1].first));
  }
}

// ---- prices and promises

void check_prices(const Portfolio& portfolio, Complaints& complaints) {
  for (const auto& [name, lot] : portfolio.fleet) {
    if (lot.price.origin.kind == Origin::Kind::catalogue || lot.price.value.value <= 0) continue;
    const auto found =
        catalog::find_default(text::join_path("fleet." + name, "price"), "*", lot.accelerator.name);
    const std::optional<double> dollar = portfolio.fx.factor("USD");
    if (!found || !dollar || found->value.value <= 0) continue;
    const double usual = found->value.value * *dollar;
    const double ratio = lot.price.value.value / usual;
    if (ratio <= price_ratio && ratio >= 1 / price_ratio) continue;
    complaints.warning(
        "WS0354", lot.price.origin,
        fmt::format("{:.6g} {} for one {}: the catalogue says {:.6g} {}", lot.price.value.value,
                    portfolio.currency, lot.accelerator.name, usual, portfolio.currency),
        "the price is all-in and per accelerator: check its digits and its `k`");
  }
}

void check_promises(const Portfolio& portfolio, Complaints& complaints) {
  for (const auto& [name, market] : portfolio.markets) {
    if (!market.contract || market.contract->ready_by.value >= portfolio.start.value) continue;
    const Contract& contract = *market.contract;
    const bool over =
        contract.term && contract.ready_by.value + contract.term->value <= portfolio.start.value;
    complaints.warning(
        "WS0355", contract.ready_by.origin,
        fmt::format("promised for {}, before the run starts in {}{}",
                    date_text(contract.ready_by.value), month_text(portfolio.start.value),
                    over ? ", and its term is over by then" : ""),
        over ? "this contract touches no number: check the date, or leave it out"
             : "it asks from `start` on, its term counted from this date: check that it is meant");
  }
}

}  // namespace

void check_plan(const Portfolio& portfolio, Complaints& complaints) {
  const Layout layout = compile(portfolio);
  const std::vector<double> gates = median_gate_months(layout);
  for (const LayoutSite& site : layout.sites) {
    if (site.lots.empty()) continue;
    check_room(portfolio, layout, site, gates, complaints);
    check_openings(portfolio, layout, site, gates, complaints);
  }
  for (const LayoutSource& source : layout.sources)
    check_tranches(portfolio.sites.at(layout.sites[at(source.site)].name).power.at(source.name),
                   source, layout, gates, complaints);
  check_lots(portfolio, layout, gates, complaints);
  check_prices(portfolio, complaints);
  check_promises(portfolio, complaints);
}

}  // namespace warmshell::model
