// What the user did not write comes from the catalogue, at its base value, with source and tier in
// the origin. Zeroes by convention ("no outage where none is written") are not told as defaults.

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "catalog/catalog.h"
#include "model/compile.h"
#include "model/read.h"
#include "model/records/fields.h"

namespace warmshell::model {
namespace {

using text::Dimension;
using text::join_path;

class Filler {
 public:
  Filler(Portfolio& portfolio, std::vector<DefaultUsed>& used, Diagnostics& out)
      : portfolio_(portfolio), used_(used), out_(out) {}

  void fill() {
    if (!portfolio_.known_at) portfolio_.known_at = portfolio_.start;
    for (auto& [name, site] : portfolio_.sites) fill_site(name, site);
    for (auto& [name, lot] : portfolio_.fleet) fill_lot(join_path("fleet", name), lot);
    for (auto& [name, market] : portfolio_.markets) fill_market(join_path("markets", name), market);
    fill_finance();
    fill_releases();
    tell_laws();
    missing_rate();
  }

 private:
  struct Where {
    std::string path, region = "*", when = "";
  };

  // The base value in the portfolio's currency and the canonical unit of the dimension.
  std::optional<catalog::Range> value_of(const catalog::Default& found, Dimension dimension) {
    double factor = 1;
    if (found.unit != "1" && found.unit != "1/year" && !found.unit.empty()) {
      const auto unit = text::parse_quantity("1 " + found.unit, dimension);
      if (!unit) return std::nullopt;
      factor = unit->value;
      if (!unit->currency.empty()) {
        const std::optional<double> rate = portfolio_.fx.factor(unit->currency);
        if (!rate) {
          without_rate_.insert(unit->currency);
          return std::nullopt;
        }
        factor *= *rate;
      }
    }
    return catalog::Range{found.value.low * factor, found.value.value * factor,
                          found.value.high * factor};
  }

  void tell(const Where& where, const catalog::Default& found, const std::string& value) {
    if (found.tier == "rule" && found.value.value == 0) return;
    if (found.row == "certain") return;
    used_.push_back({where.path, value, found.source, found.tier});
  }

  static Origin origin_of(const Where& where, const catalog::Default& found) {
    Origin origin;
    origin.kind = Origin::Kind::catalogue;
    origin.path = where.path;
    origin.source = found.source;
    origin.tier = found.tier;
    origin.note = found.note;
    return origin;
  }

  std::string text_of(double value, Dimension dimension) const {
    return text::quantity_text(value, dimension, portfolio_.currency);
  }

  // False when the catalogue has nothing for it.
  template <class Unit>
  bool fill(Given<Quantity<Unit>>& field, const Where& where) {
    if (!field.origin.path.empty()) return true;
    constexpr Dimension dimension = text::DimensionOf<Unit>::value;
    const auto found = catalog::find_default(where.path, where.region, where.when);
    if (!found) return false;
    const auto range = value_of(*found, dimension);
    if (!range) return true;
    field = {Quantity<Unit>(range->value), origin_of(where, *found)};
    tell(where, *found, text_of(range->value, dimension));
    return true;
  }
  bool fill(Given<double>& field, const Where& where) {
    if (!field.origin.path.empty()) return true;
    const auto found = catalog::find_default(where.path, where.region, where.when);
    if (!found) return false;
    field = {found->value.value, origin_of(where, *found)};
    tell(where, *found, text_of(found->value.value, Dimension::number));
    return true;
  }
  // An optional field gets a value only where the catalogue's is not zero.
  template <class T>
  bool fill(std::optional<Given<T>>& field, const Where& where) {
    if (field) return true;
    Given<T> given;
    if (!fill(given, where)) return false;
    if (!given.origin.path.empty() && given.value.value != 0) field = given;
    return true;
  }

  // ---- sites ----

  // Whether no hall takes the site's PUE: each has its own, and one of them a better one, which is
  // what a chip that waits would have.
  static bool overridden(const Site& site, const PueRecord& pue) {
    bool better = false;
    for (const auto& [name, hall] : site.halls) {
      if (!hall.pue) return false;
      better = better || hall.pue->peak.value <= pue.peak.value;
    }
    return better;
  }

  void fill_pue(PueRecord& pue, const std::string& path, const std::string& region,
                CoolingClass cooling) {
    const std::string when(text::choice_name(cooling));
    fill(pue.peak, {join_path(path, "peak"), region, when});
    fill(pue.annual, {join_path(path, "annual"), region, when});
  }

  // Classes for which the site's own PUE may be asked.
  std::set<CoolingClass> classes_of(const std::string& name, const Site& site) const {
    std::set<CoolingClass> classes;
    for (const auto& [hall_name, hall] : site.halls) {
      if (hall.pue) continue;
      classes.insert(hall.cooling.begin(), hall.cooling.end());
      if (hall.retrofit) classes.insert(hall.retrofit->to);
    }
    for (const auto& [lot_name, lot] : portfolio_.fleet) {
      if (lot.site.name != name) continue;
      const catalog::Accelerator* row = catalog::find_accelerator(lot.accelerator.name);
      if (row && row->air) classes.insert(CoolingClass::air);
      if (row && row->liquid) classes.insert(CoolingClass::liquid);
    }
    for (const auto& [cooling, pue] : site.pue) classes.insert(cooling);
    return classes;
  }

  void fill_site(const std::string& name, Site& site) {
    const std::string path = join_path("sites", name);
    const std::string region = site.region ? site.region->value : "*";
    for (auto& [hall_name, hall] : site.halls)
      fill_hall(join_path(join_path(path, "halls"), hall_name), region, hall);
    for (CoolingClass cooling : classes_of(name, site)) {
      const std::size_t told = used_.size();
      PueRecord& pue = site.pue[cooling];
      fill_pue(pue, join_path(join_path(path, "pue"), text::choice_name(cooling)), region, cooling);
      if (overridden(site, pue)) used_.resize(told);
    }
    for (auto& [source_name, source] : site.power)
      fill_source(join_path(join_path(path, "power"), source_name), region, source);
  }

  void fill_hall(const std::string& path, const std::string& region, Hall& hall) {
    const CoolingClass cooling = hall.cooling.back();
    const std::string when(text::choice_name(cooling));
    if (hall.pue) fill_pue(*hall.pue, join_path(path, "pue"), region, cooling);
    const bool leased = std::holds_alternative<Leased>(hall.tenure);
    if (hall.shell) fill_shell(join_path(path, "shell"), region, when, leased, *hall.shell);
    if (Leased* lease = std::get_if<Leased>(&hall.tenure)) {
      fill(lease->rent, {path + ".tenure.leased.rent", region, ""});
      fill(lease->escalator, {path + ".tenure.leased.escalator", region, ""});
    }
    if (hall.let) {
      fill(hall.let->rent, {path + ".let.rent", region, ""});
      fill(hall.let->escalator, {path + ".let.escalator", region, ""});
    }
    if (hall.retrofit) fill(hall.retrofit->capex, {path + ".retrofit.capex", region, ""});
  }

  void fill_shell(const std::string& path, const std::string& region, const std::string& when,
                  bool leased, Shell& shell) {
    if (!shell.warm && (shell.cold || shell.fitted_power)) {
      const Where where{join_path(path, "warm.after"), region, when};
      if (const auto found = catalog::find_default(where.path, region, when)) {
        UncertainDate date;
        date.law = {AfterDate{Fixed{found->value.value}}, origin_of(where, *found)};
        shell.warm = ShellStage{std::move(date), {}};
        tell(where, *found, text_of(found->value.value, Dimension::duration));
      }
    }
    const auto costs = [](const std::optional<ShellStage>& stage) {
      return stage && stage->capex.has_value();
    };
    // The landlord pays for a leased hall.
    if (!leased && !shell.capex && !costs(shell.cold) && !costs(shell.fitted_power) &&
        !costs(shell.warm))
      fill(shell.capex, {join_path(path, "capex"), region, when});
  }

  void fill_source(const std::string& path, const std::string& region, PowerSource& source) {
    const std::string kind(text::choice_name(source.kind));
    const auto where = [&](const char* key) { return Where{join_path(path, key), region, kind}; };
    fill(source.outage, where("outage"));
    fill(source.price_growth, where("price_growth"));
    fill(source.minimum_bill, where("minimum_bill"));
    fill(source.capex, where("capex"));
    if (source.price.law.origin.path.empty()) {
      Given<MoneyPerMwh> price;
      fill(price, where("price"));
      source.price.law = {Fixed{price.value.value}, price.origin};
    }
    if (!source.curtailed) {
      std::optional<Given<Fraction>> curtailed;
      fill(curtailed, where("curtailed"));
      if (curtailed)
        source.curtailed.emplace().law = {Fixed{curtailed->value.value}, curtailed->origin};
    }
    if (!source.energised && !source.queue && source.requested) {
      const Where lead = where("lead_time");
      if (const auto found = catalog::find_default(lead.path, region, kind)) {
        Origin origin = origin_of(lead, *found);
        const Date date = source.requested->value + Months(found->value.value);
        source.energised.emplace().law = {FixedDate{date}, std::move(origin)};
        tell(lead, *found, text_of(found->value.value, Dimension::duration));
      }
    }
  }

  // ---- fleet and markets ----

  void fill_lot(const std::string& path, Lot& lot) {
    fill(lot.price, {join_path(path, "price"), "*", lot.accelerator.name});
    fill(lot.spares, {join_path(path, "spares"), "*", ""});
    fill(lot.oversubscription, {join_path(path, "oversubscription"), "*", ""});
    if (lot.failures) {
      fill(lot.failures->rate, {path + ".failures.rate", "*", ""});
      fill(lot.failures->repair, {path + ".failures.repair", "*", ""});
    }
    if (lot.ordered && !lot.lead_time && !lot.delivered) {
      const Where where{join_path(path, "lead_time"), "*", ""};
      if (const auto found = catalog::find_default(where.path)) {
        const catalog::Range& r = found->value;  // its low and high are p10 and p90
        lot.lead_time.emplace().law = {make_quantiles(r.low, r.value, r.high),
                                       origin_of(where, *found)};
        tell(where, *found,
             fmt::format("{{p10: {}, p50: {}, p90: {}}}", text_of(r.low, Dimension::duration),
                         text_of(r.value, Dimension::duration),
                         text_of(r.high, Dimension::duration)));
      }
    }
  }

  void fill_market(const std::string& path, Market& market) {
    fill(market.utilisation, {join_path(path, "utilisation"), "*", ""});
    fill(market.ramp, {join_path(path, "ramp"), "*", ""});
    fill(market.demand.growth, {path + ".demand.growth", "*", ""});
    if (market.contract)
      fill(market.contract->default_rate, {path + ".contract.default_rate", "*", ""});
  }

  void fill_finance() {
    Finance& finance = portfolio_.finance;
    fill(finance.wacc, {"finance.wacc"});
    fill(finance.tax, {"finance.tax"});
    fill(finance.book_life, {"finance.book_life"});
    fill(finance.economic_life, {"finance.economic_life"});
    fill(finance.plant_life, {"finance.plant_life"});
    fill(finance.building_life, {"finance.building_life"});
    fill(finance.variable_cost, {"finance.variable_cost"});
    fill(finance.maintenance, {"finance.maintenance"});
    fill(portfolio_.in_volume_after, {"in_volume_after"});
  }

  // Beyond the catalogue a line goes on: a whole generation every two years, which is the vendor's
  // cadence of a year for each half generation (depreciation.csv, `NVIDIA, release cadence`).
  void fill_releases() {
    constexpr double months_between = 24;
    std::set<std::string> lines;
    for (const auto& [name, lot] : portfolio_.fleet)
      if (const auto* row = catalog::find_accelerator(lot.accelerator.name))
        lines.insert(row->line);
    const double end = portfolio_.start.value.months + portfolio_.horizon.value.value;
    for (const std::string& line : lines) {
      double generation = 0, month = 0;
      for (const catalog::Accelerator& row : catalog::accelerators())
        if (row.line == line && static_cast<int>(row.generation) > generation) {
          generation = static_cast<int>(row.generation);
          month = row.available.months;
        }
      for (month += months_between; month < end; month += months_between) {
        ++generation;
        const std::string name = fmt::format("{}-{}", line, generation);
        if (portfolio_.releases.count(name)) continue;
        Release& release = portfolio_.releases[name];
        Origin origin;
        origin.kind = Origin::Kind::catalogue;
        origin.path = fmt::format("releases.{}.available", name);
        origin.source = "a whole generation every 24 months after the last in the catalogue";
        origin.tier = "rule";
        release.origin = origin;
        release.available.law = {FixedDate{Date{month}}, origin};
        used_.push_back({origin.path, date_text(Date{month}), origin.source, origin.tier});
      }
    }
  }

  // Rents and resale values that follow the catalogue's laws fill no field, but they drive the
  // answer: told as defaults, and their dollars need a rate.
  void tell_laws() {
    for (const auto& [name, market] : portfolio_.markets) {
      const auto listed = [&](const auto& lot) {
        return market.rent.per_accelerator.count(lot.second.accelerator.name) == 0;
      };
      if (market.rent.per_h100e ||
          !std::any_of(portfolio_.fleet.begin(), portfolio_.fleet.end(), listed))
        continue;
      const Where where{join_path(join_path("markets", name), "rent")};
      const auto found = catalog::find_default(where.path);
      if (!found) continue;
      if (const auto range = value_of(*found, Dimension::money_per_hour))
        tell(where, *found,
             text_of(range->value, Dimension::money_per_hour) + " of an H100, and its law");
    }
    if (portfolio_.market_value.falls || portfolio_.fleet.empty()) return;
    if (const auto found = catalog::find_default("market_value"))
      tell({"market_value"}, *found,
           text_of(found->value.value, Dimension::fraction) + " after a year, and its curve");
  }

  void missing_rate() {
    for (const std::string& currency : without_rate_) {
      Diagnostic wrong = plain_error(
          "WS0328",
          fmt::format("defaults are in {}, the portfolio is in {}, and no exchange rate is written",
                      currency, portfolio_.currency),
          fmt::format("write `fx: {{{}: ... {}}}` at the top of the portfolio", currency,
                      portfolio_.currency));
      wrong.where = portfolio_.start.origin.place.span();
      wrong.path = "fx";
      out_.push_back(std::move(wrong));
    }
  }

  Portfolio& portfolio_;
  std::vector<DefaultUsed>& used_;
  Diagnostics& out_;
  std::set<std::string> without_rate_;
};

}  // namespace

void fill_defaults(Portfolio& portfolio, std::vector<DefaultUsed>& used, Diagnostics& out) {
  Filler(portfolio, used, out).fill();
}

}  // namespace warmshell::model
