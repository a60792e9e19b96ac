#pragma once
// From what the user wrote to arrays: names become indices, dates months since `start`, halls are
// matched with lots, gates put in the order in which they follow each other. Pure functions.
//
// compile() expects a portfolio that read_portfolio accepted, or one of model/testing.h: every name
// resolves, nothing goes round in a circle, defaults are filled.
// decide() fixes, before any path is drawn, the placement order of every month (R5), the order in
// which markets are served (R14) and the order in which each takes lots (R17). It sees expected
// dates and rents only.

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/layout.h"
#include "model/portfolio.h"

namespace warmshell::model {

[[nodiscard]] Layout compile(const Portfolio& portfolio);

// The mean date of every gate given that it comes, in months since `start`.
[[nodiscard]] std::vector<double> expected_gate_months(const Layout& layout);

struct Expectations {
  std::vector<double> rent_per_hour;  // [month][market][class] money per accelerator-hour
  std::vector<double> price_per_mwh;  // [month][site] money per MWh at the meter
};

// Prices of energy: mean of the site's sources that are expected to be live, by nameplate (of all
// its sources while none is). Rents that the user wrote, at their mean; 0 where the catalogue's law
// rules: world fills those in.
[[nodiscard]] Expectations written_expectations(const Portfolio& portfolio, const Layout& layout);
[[nodiscard]] bool has_written_rent(const Portfolio& portfolio, const Layout& layout, int market,
                                    int accelerator_class);

[[nodiscard]] Decisions decide(const Layout& layout, const Expectations& expected);

// Part of the month in which chips of a class are new enough for the market, given the month of
// every release gate ([index into layout.release_gates]).
[[nodiscard]] double accepted_share(const Layout& layout, const LayoutMarket& market,
                                    int accelerator_class, const std::vector<double>& released,
                                    int month);

[[nodiscard]] int find_lot(const Layout& layout, std::string_view name);  // -1: none
[[nodiscard]] int find_gate(const Layout& layout, std::string_view id);   // -1: none

// What a gate may be called: `sites.quincy.power.grid-2` and `... .energised` are the same. The id
// that `path` names among `ids`, or nothing.
[[nodiscard]] std::optional<std::string> gate_called(std::string_view path,
                                                     const std::vector<std::string>& ids);

// Ids of all gates that the portfolio writes, sorted.
[[nodiscard]] std::vector<std::string> gate_ids(const Portfolio& portfolio);

// Months are 365/12 days, a repair in months is that share of a year over 12 (R9).
[[nodiscard]] double failed_share(const Failures& failures);

}  // namespace warmshell::model
