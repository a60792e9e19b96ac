// What no single field can tell. Every check looks at everything and says all that it finds.

#include "model/checks.h"

#include <algorithm>
#include <cmath>

#include "catalog/catalog.h"
#include "catalog/provider_tiers.h"
#include "model/read.h"

namespace warmshell::model {
namespace {

void check_times(const Portfolio& portfolio, Complaints& complaints) {
  const double months = portfolio.horizon.value.value;
  if (months != std::floor(months))
    complaints.error("WS0326", portfolio.horizon.origin,
                     fmt::format("the horizon is {:.6g} months: it must be whole", months),
                     "write `horizon: 8 years` or `horizon: 96 months`");
  const Given<Date>& known_at = *portfolio.known_at;
  if (known_at.value > portfolio.start.value + portfolio.horizon.value)
    complaints.error("WS0334", known_at.origin, "`known_at` lies behind the horizon",
                     "nothing would be uncertain: write a date near `start`");
  if (portfolio.start.value.months != std::floor(portfolio.start.value.months))
    complaints.error("WS0326", portfolio.start.origin, "`start` is not the first day of a month",
                     fmt::format("write `start: {}`", month_text(portfolio.start.value)));
}

// A catalogue row, or `LINE-GENERATION` of a line in the catalogue.
void check_releases(const Portfolio& portfolio, Complaints& complaints) {
  const std::vector<std::string> known = catalog::accelerator_ids();
  for (const auto& [name, release] : portfolio.releases) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    const std::size_t dash = name.rfind('-');
    const std::string line = name.substr(0, dash);
    const bool numbered = dash != std::string::npos && dash + 1 < name.size() &&
                          name.find_first_not_of("0123456789", dash + 1) == std::string::npos;
    const auto rows = catalog::accelerators();
    const bool line_known =
        std::any_of(rows.begin(), rows.end(),
                    [&](const catalog::Accelerator& row) { return row.line == line; });
    if (numbered && line_known) continue;
    const std::string near = nearest(name, known);
    complaints.error("WS0331", release.origin,
                     fmt::format("`{}` is neither an accelerator nor a generation to come", name),
                     near.empty()
                         ? "write a row of `warmshell catalog accelerators`, or a line and "
                           "a number like `nvidia-6`"
                         : fmt::format("did you mean `{}`?", near));
  }
}

void check_replayed(const Portfolio& portfolio, Complaints& complaints) {
  for (const auto& [name, replayed] : portfolio.replayed) {
    if (!resolve_accelerator({name, replayed.origin.path, replayed.origin.place}, complaints))
      continue;
    const bool owned =
        std::any_of(portfolio.fleet.begin(), portfolio.fleet.end(),
                    [&](const auto& lot) { return lot.second.accelerator.name == name; });
    if (!owned)
      complaints.warning("WS0350", replayed.origin,
                         fmt::format("the fleet holds no `{}`: these factors do nothing", name));
    for (const auto& [market, work] : replayed.markets)
      if (!portfolio.markets.count(market)) {
        const std::string near = nearest(market, names_of(portfolio.markets));
        complaints.warning("WS0350", replayed.origin,
                           fmt::format("there is no market `{}`: these factors do nothing", market),
                           near.empty() ? "" : fmt::format("did you mean `{}`?", near));
      }
  }
}

void check_tier(const std::string& tier, const Origin& origin, Complaints& complaints) {
  text::resolve({tier, origin.path, origin.place}, catalog::provider_tiers(), "provider tier",
                complaints.out);
}

void check_rent(const Market& market, Complaints& complaints) {
  const Rent& rent = market.rent;
  if (rent.tier) check_tier(**rent.tier, rent.tier->origin, complaints);
  for (const auto& [type, price] : rent.per_accelerator)
    text::resolve({type, price.law.origin.path, price.law.origin.place}, catalog::accelerator_ids(),
                  "accelerator", complaints.out);
  if (rent.falls && !rent.per_h100e && rent.per_accelerator.empty())
    complaints.error("WS0330", rent.falls->origin, "`falls` has no price to fall from",
                     "write `per_h100e:` or `per_accelerator:` beside it");
}

// Arrays of the funnel grow with products of these; a portfolio of this planet has fewer.
void check_size(std::size_t count, std::size_t most, const char* what, Complaints& complaints) {
  if (count > most)
    complaints.error("WS0349", Origin{},
                     fmt::format("{} {}, at most {} are read", count, what, most),
                     "join those that behave alike");
}

bool accepts_any(const Portfolio& portfolio, const Market& market) {
  for (const auto& [name, lot] : portfolio.fleet) {
    const catalog::Accelerator* row = catalog::find_accelerator(lot.accelerator.name);
    if (!row) return true;  // told elsewhere
    const Requires& require = market.require;
    if (require.feature == Feature::fp8 && !row->fp8_native) continue;
    if (require.feature == Feature::fp4 && !row->fp4_native) continue;
    if (require.accelerators.empty()) return true;
    for (const Link& link : require.accelerators)
      if (link.name == row->id) return true;
  }
  return false;
}

void check_market(const Portfolio& portfolio, const Market& market, Complaints& complaints) {
  for (const Link& link : market.require.accelerators) resolve_accelerator(link, complaints);
  check_rent(market, complaints);
  if (market.terms == Terms::contract && !market.contract)
    complaints.error("WS0329", market.origin, "this market has `terms: contract` and no `contract`",
                     "write `contract: {customer: acme, ready_by: 2026-06}`");
  if (market.terms != Terms::contract && market.contract)
    complaints.error("WS0329", market.contract->origin,
                     "this market has a `contract` and other terms", "write `terms: contract`");
  if (market.terms == Terms::contract && market.contract && !market.demand.now)
    complaints.error("WS0358", market.contract->origin,
                     "this contract promises no number of accelerators, so it can never be kept",
                     "write beside it how much is promised, as `demand: {now: 40k h100e}`");
  if (!portfolio.fleet.empty() && !accepts_any(portfolio, market))
    complaints.warning("WS0333", market.origin, "this market accepts no accelerator of the fleet");
}

}  // namespace

void check_markets_and_money(const Portfolio& portfolio, Complaints& complaints) {
  Origin rents;
  rents.path = "rents.tier";
  check_tier(portfolio.rents.tier, rents, complaints);
  for (const auto& [name, market] : portfolio.markets) check_market(portfolio, market, complaints);
  for (const auto& [name, debt] : portfolio.debt)
    resolve(debt.against, portfolio.fleet, "lot", complaints);
  check_releases(portfolio, complaints);
  check_replayed(portfolio, complaints);
}

bool resolve_accelerator(const Link& link, Complaints& complaints) {
  if (catalog::find_accelerator(link.name)) return true;
  if (++complaints.told <= Complaints::most)
    text::resolve(link, catalog::accelerator_ids(), "accelerator", complaints.out);
  return false;
}

void check_sizes(const Portfolio& portfolio, Diagnostics& out) {
  Complaints complaints{out};
  std::size_t halls = 0, sources = 0, tranches = 0;
  for (const auto& [name, site] : portfolio.sites) {
    halls += site.halls.size();
    sources += site.power.size();
    for (const auto& [source_name, source] : site.power)
      tranches += source.tranches.in_order.size();
  }
  check_size(portfolio.factors.size(), 200, "factors", complaints);
  check_size(portfolio.sites.size(), 5000, "sites", complaints);
  check_size(halls, 5000, "halls", complaints);
  check_size(sources, 5000, "power sources", complaints);
  check_size(tranches, 5000, "tranches", complaints);
  check_size(portfolio.fleet.size(), 5000, "lots", complaints);
  check_size(portfolio.markets.size(), 200, "markets", complaints);
  check_size(portfolio.releases.size(), 500, "releases", complaints);
}

void check_portfolio(const Portfolio& portfolio, Diagnostics& out) {
  Complaints complaints{out};
  check_times(portfolio, complaints);
  check_luck(portfolio, complaints);
  check_gates(portfolio, complaints);
  check_sites(portfolio, complaints);
  check_fleet(portfolio, complaints);
  check_markets_and_money(portfolio, complaints);
  if (!has_errors(out)) check_plan(portfolio, complaints);
}

}  // namespace warmshell::model
