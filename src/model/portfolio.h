#pragma once
// What the user wrote, checked and immutable: one struct per record of the YAML file, field for
// field. Names of fields are names of keys. Whatever can be referred to stands in a map under its
// name. A Given<T> carries where the value came from; a value that was not written is filled from
// the catalogue by model/defaults and says so in its origin. Quantities are in their canonical
// units (base/quantity.h), money in the portfolio's currency; laws are over plain double in the
// canonical unit of their type. Thread rule: built once, then shared read-only.

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/calendar.h"
#include "base/distribution.h"
#include "base/quantity.h"
#include "text/record.h"
#include "text/uncertain.h"

namespace warmshell::model {

using text::Given;
using text::Link;
using text::Origin;
using Name = std::string;
template <class T>
using Named = std::map<Name, T>;  // sorted by name: the order of keys in the file is irrelevant

// ---- luck -------------------------------------------------------------------------------------

// A shared factor is a standard normal; it may itself load on others (sum of squares at most 1).
struct Factor {
  Origin origin;
  Named<Given<double>> loads;
};

// How an uncertain thing shares its luck. Gates that name the same `draw` share one normal.
struct Luck {
  Named<Given<double>> loads;  // factor -> loading
  std::optional<Given<Name>> draw;
};

// Any number may be a distribution; the law is in the canonical unit of Q.
template <class Q>
struct UncertainNumber {
  Given<Law> law;
  Luck luck;
};

// ---- dates ------------------------------------------------------------------------------------

struct FixedDate {
  Date date;
};
struct LawDate {
  Law months;
};                    // months since 2000-01, cut at known_at
struct PlannedDate {  // a published plan and its slip
  Date planned;
  std::optional<Law> remaining;           // factor on (planned - known_at); luck of the gate
  Months within{0};                       // uniform shift of +- within, drawn first
  std::optional<Name> within_draw;        // gates naming the same one shift together
  Date not_before{-1e9}, not_after{1e9};  // bounds of the shifted date
};
struct AfterDate {
  Law months;
};  // after the stage before it
struct WithDate {
  std::vector<Link> paths;  // follows other gates: the latest of them
  Months offset{0};
};
using DateLaw = std::variant<FixedDate, LawDate, PlannedDate, AfterDate, WithDate>;

struct UncertainDate {
  Given<DateLaw> law;
  Luck luck;
};

// ---- sites ------------------------------------------------------------------------------------

enum class CoolingClass { air, liquid };

struct PueValue {
  Given<double> peak;    // capacity: facility MW per IT MW
  Given<double> annual;  // energy
};
struct PueRecord {
  Given<double> peak, annual;
  std::map<Date, PueValue> steps;  // from that date on
};

struct ShellStage {
  UncertainDate date;
  std::optional<Given<MoneyPerItMw>> capex;
};
struct Shell {
  Origin origin;
  std::optional<ShellStage> cold, fitted_power, warm;  // `warm` is filled when not written
  std::optional<Given<MoneyPerItMw>> capex;  // of the whole shell, spent evenly from cold to warm
  Named<Given<double>> loads;                // luck of all stages that name none of their own
  std::optional<Given<Name>> draw;
};

struct Owned {};
struct Leased {
  Given<MoneyPerItMwMonth> rent;
  std::optional<Given<PerYear>> escalator;
  Given<Date> commencement;
  std::optional<Given<Months>> free, term;
};
using Tenure = std::variant<Owned, Leased>;

struct LateTerms {
  std::optional<Given<MoneyPerItMwMonth>> damages;  // per month of lateness
  std::optional<Given<Months>> longstop;            // the tenant leaves when later than this
};
struct Let {  // the hall earns rent and its MW leave the pool
  Origin origin;
  std::string tenant;
  Given<MoneyPerItMwMonth> rent;
  std::optional<Given<PerYear>> escalator;
  Given<Date> commencement;  // promised; rent runs from the later of this and live
  std::optional<Given<Months>> free, term;
  LateTerms late;
};

struct Retrofit {
  Origin origin;
  CoolingClass from = CoolingClass::air, to = CoolingClass::liquid;
  Given<Date> done;
  std::optional<Given<Months>> outage;  // the hall takes nothing in these months before `done`
  std::optional<Given<MoneyPerItMw>> capex;
  std::optional<Given<Kilowatts>> max_rack;  // afterwards
};

struct Outage {  // dated, known: the hall or source is gone from .. to
  Origin origin;
  Given<Date> from, to;
  std::optional<Given<Fraction>> share;  // of its power that is gone; all when not written
};

struct Hall {
  Origin origin;
  Given<ItMw> it_power;
  std::vector<CoolingClass> cooling;         // takes any of these
  std::optional<Given<Kilowatts>> max_rack;  // not written: any rack
  std::optional<PueRecord> pue;  // else the site's for its cooling class (the highest of several)
  std::optional<Shell> shell;    // checked to be there
  Tenure tenure;
  std::optional<Let> let;
  std::optional<Retrofit> retrofit;
  Named<Outage> outages;
};

enum class SourceKind {
  grid,
  grid_flexible,
  rental_turbine,
  aero,
  recip_gas,
  frame_sc,
  ccgt,
  sofc,
  solar_bess,
  bess,
  nuclear_restart,
  smr,
  nuclear_new,
  other
};

// Tranches open in the order in which they are written: the one map whose order means something.
// Written as a bare power, or {power:, energised:} when it has a date of its own.
struct Tranche {
  Given<FacilityMw> power;
  std::optional<UncertainDate> energised;  // not written: `every` after the one before
};
struct Tranches {
  std::vector<std::pair<Name, Tranche>> in_order;
};

struct PowerSource {
  Origin origin;
  SourceKind kind = SourceKind::grid;
  std::optional<Given<FacilityMw>> power;              // nameplate; or
  std::optional<Given<text::UnitBlock>> units;         // units x each
  std::optional<Given<double>> spare;                  // units kept in reserve
  Given<Fraction> outage;                              // fraction of time
  std::optional<UncertainNumber<Fraction>> curtailed;  // of energy and of firm power
  Tranches tranches;                                   // sum = power
  std::optional<Given<Months>> every;                  // between tranches
  std::optional<Given<Date>> requested;
  std::optional<Given<Fraction>> completes;  // odds that the source ever comes; else certain
  std::optional<UncertainDate> energised;    // first tranche, given completion
  std::optional<Link> queue;                 // read; no fit yet
  Named<Given<double>> loads;                // luck of `energised` where it names none itself
  std::optional<Given<Name>> draw;
  UncertainNumber<MoneyPerMwh> price;
  std::optional<Given<PerYear>> price_growth;
  std::optional<Given<Fraction>> minimum_bill;  // of power x price x 730 h each month
  std::optional<Link> until;        // a bridge: yields MW for MW as that source is energised
  std::optional<Given<Date>> ends;  // or the end of its lease
  std::optional<Given<MoneyPerFacilityMw>> capex;
  Named<Outage> outages;
};

[[nodiscard]] FacilityMw nameplate(const PowerSource& source);

struct Site {
  Origin origin;
  std::optional<std::string> note, confidence;  // for the reader; touch no number
  std::optional<Given<std::string>> region;
  std::map<CoolingClass, PueRecord> pue;
  std::optional<Given<RacksPerMonth>> install;  // unlimited when not written
  Named<Hall> halls;
  Named<PowerSource> power;
};

// ---- fleet ------------------------------------------------------------------------------------

struct Failures {
  Given<PerYear> rate;
  Given<Months> repair;  // a month is 365/12 days
};

struct Lot {
  Origin origin;
  Link accelerator;  // a row of the catalogue
  Given<Accelerators> count;
  Link site;
  std::vector<Link> halls;             // only these; empty: every hall of the site that it fits
  std::optional<Given<Date>> ordered;  // not written: before `start`
  std::optional<UncertainNumber<Months>> lead_time;  // with `ordered`
  std::optional<UncertainDate> delivered;
  std::optional<Given<Fraction>> completes;  // odds of delivery; else `gone` on its date
  Given<Money> price;                        // all-in, per accelerator
  std::optional<Failures> failures;
  std::optional<Given<Fraction>> spares;          // of the installed, kept as spares
  std::optional<Given<Months>> life;              // retired this long after delivery -> gone
  std::optional<Given<Kilowatts>> it_power_each;  // provisioned, overhead included
  std::optional<Given<Fraction>> oversubscription;
};

// ---- markets ----------------------------------------------------------------------------------

enum class Terms { take_or_pay, on_demand, internal, contract };
enum class Feature { fp8, fp4 };

struct Demand {
  std::optional<Given<H100e>> now;  // none: unbounded
  std::optional<Given<PerYear>> growth;
};
struct Requires {
  std::optional<Feature> feature;
  std::optional<Given<double>> max_behind;  // generations behind the newest in volume on its line
  std::vector<Link> accelerators;           // only these; empty: any
};
struct Contract {
  Origin origin;
  std::string customer;
  Given<Date> ready_by;
  std::optional<Given<Money>> damages;  // per missing h100e and month
  std::optional<Given<Months>> longstop, term;
  std::optional<Given<PerYear>> default_rate;  // credit: yearly odds that the customer stops paying
};

// A fixed rent per h100e-hour, or per accelerator-hour by type, else the catalogue's law.
struct Rent {
  Origin origin;
  std::optional<UncertainNumber<MoneyPerH100eHour>> per_h100e;
  Named<UncertainNumber<MoneyPerHour>> per_accelerator;  // by catalogue row
  std::optional<Given<PerMonth>> falls;    // constant fraction, only if the user wants one
  std::optional<Given<std::string>> tier;  // provider tier of the catalogue's rents
};

struct Market {
  Origin origin;
  Demand demand;
  Requires require;  // key `requires`
  Terms terms = Terms::on_demand;
  Given<Fraction> utilisation;  // busy share when on-demand or internal
  Given<Months> ramp;
  Rent rent;
  std::optional<Given<double>> elasticity;
  std::optional<Contract> contract;
};

// ---- replays ----------------------------------------------------------------------------------

// What a replay of real jobs found about an accelerator, as factors on what is said elsewhere.
struct ReplayedWork {
  std::optional<Given<Fraction>> throughput;  // of a busy one: on what is paid for its hours
  std::optional<Given<Fraction>> busy;        // on the market's utilisation
};
struct Replayed {
  Origin origin;
  std::optional<Given<Fraction>> provisioned;       // on its provisioned power
  std::optional<Given<Fraction>> throughput, busy;  // in markets that `markets` does not name
  Named<ReplayedWork> markets;
};

// ---- money ------------------------------------------------------------------------------------

enum class DepreciationFrom { in_service, delivery };

struct MarketValue {                     // resale value of accelerators
  std::optional<Given<PerMonth>> falls;  // constant fraction; else the catalogue's curve x regime
};

struct Finance {
  Given<PerYear> wacc;
  Given<Fraction> tax;  // read, not yet valued
  Given<Months> book_life, economic_life, plant_life, building_life;
  DepreciationFrom depreciation_from = DepreciationFrom::in_service;
  Given<Fraction> variable_cost;           // of revenue
  Given<PerYear> maintenance;              // of accelerator price, installed chips
  std::optional<Given<Money>> fixed_cost;  // per month
};

struct Debt {  // read, checked, listed as not yet valued
  Origin origin;
  Link against;
  std::optional<Given<Fraction>> advance;
  std::optional<Given<double>> dscr_min;
  std::optional<Given<PerYear>> rate;
  std::optional<Given<Months>> tenor;
  std::optional<std::string> draws_when;
};

struct Release {  // overrides the catalogue's date of availability
  Origin origin;
  UncertainDate available;
};

struct Rents {  // portfolio-wide law of rents; see world/rents.h
  std::string tier = "neocloud";
  bool regimes = true;
  std::optional<Given<double>> level;  // a factor on every rent of the catalogue
};

struct Portfolio {
  std::string portfolio;  // its title
  std::string note;       // what a reader must know first; a scenario may set it
  Given<Date> start;
  Given<Months> horizon;  // whole months, 1 to 600
  std::string currency = "USD";
  text::Currencies fx;                  // {USD: 7.2 CNY}
  std::optional<Given<Date>> known_at;  // filled with `start` when not written
  Named<Factor> factors;
  Named<Site> sites;
  Named<Lot> fleet;
  Named<Market> markets;
  Named<Replayed> replayed;  // by accelerator
  Named<Release> releases;   // by accelerator, or `LINE-GENERATION` beyond the catalogue
  Rents rents;
  MarketValue market_value;
  Finance finance;
  Named<Debt> debt;
  Given<Months> in_volume_after{Months(6), {}};  // from release to volume
};

}  // namespace warmshell::model
