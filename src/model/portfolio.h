#pragma once
// What the user wrote, checked and immutable: one struct per record of the YAML file, field for
// field. Names of fields are names of keys. Whatever can be referred to stands in a map under its
// name. A Given<T> carries where the value came from; a value that was not written is filled from
// the catalogue by model/defaults.cc and says so in its origin. Thread rule: built once, then
// shared read-only.

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "base/calendar.h"
#include "base/distribution.h"
#include "base/quantity.h"
#include "text/record.h"

namespace warmshell::model {

using text::Given;
using Name = std::string;
template <class T>
using Named = std::map<Name, T>;  // sorted by name: the order of keys in the file is irrelevant

// ---- luck -------------------------------------------------------------------------------------

// A shared factor is a standard normal; it may itself load on others (sum of squares at most 1).
struct Factor {
  Named<double> loads;
};

// How an uncertain thing shares its luck. Gates that name the same `draw` share one normal.
struct Luck {
  Named<double> loads;  // factor -> loading
  std::optional<std::string> draw;
};

// Any number may be a distribution; Given<Distribution> in the field's canonical unit.
struct UncertainNumber {
  Given<Distribution> law;
  Luck luck;
};

// ---- dates ------------------------------------------------------------------------------------

struct FixedDate {
  Date date;
};
struct LawDate {
  Distribution months;
};                    // months since 2000-01, cut at known_at
struct PlannedDate {  // a published plan and its slip
  Date planned;
  std::optional<Distribution> remaining;   // factor on (planned - known_at); luck of the gate
  Months within{0};                        // uniform shift of +- within, drawn first
  std::optional<std::string> within_draw;  // gates naming the same one shift together
  Date not_before{-1e9}, not_after{1e9};   // bounds of the shifted date
};
struct AfterDate {
  Distribution months;
};  // after the stage before it
struct WithDate {
  std::string path;
  Months offset{0};
};  // follows another gate
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
struct PueRecord : PueValue {
  std::map<Date, PueValue> steps;  // from that date on
};

struct ShellStage {
  UncertainDate date;
  std::optional<Given<double>> capex_per_mw_it;  // money per IT MW
};
struct Shell {
  std::optional<ShellStage> cold, fitted_power;
  ShellStage warm;  // a hall without `warm` takes the date of the portfolio's start
  std::optional<Given<double>>
      capex_per_mw_it;  // of the whole shell, spent evenly from cold to warm
  Luck luck;            // of all stages that name none of their own
};

struct Owned {};
struct Leased {
  Given<double> rent_per_kw_it_month;  // money
  Given<PerYear> escalator;
  Given<DateLaw> commencement;
  std::optional<Given<Months>> free, term;
};
using Tenure = std::variant<Owned, Leased>;

struct LateTerms {
  std::optional<Given<double>> damages_per_mw_it_month;  // money per IT MW and month of lateness
  std::optional<Given<Months>> longstop;                 // the tenant leaves when later than this
};
struct Let {  // the hall earns rent and its MW leave the pool
  std::string tenant;
  Given<double> rent_per_kw_it_month;  // money
  Given<PerYear> escalator;
  Given<Date> commencement;  // promised; rent runs from the later of this and live
  Given<Months> free, term;
  LateTerms late;
};

struct Retrofit {
  CoolingClass from, to;
  Given<Date> done;
  Given<Months> outage;  // the hall takes nothing in these months before `done`
  std::optional<Given<double>> capex_per_mw_it;
  std::optional<Given<Kilowatts>> max_rack;  // afterwards
};

struct Outage {  // dated, known: the hall or source is gone from .. to
  Date from, to;
};

struct Hall {
  Given<ItMw> it_power;
  std::vector<CoolingClass> cooling;  // takes any of these
  Given<Kilowatts> max_rack;
  std::optional<PueRecord> pue;  // else the site's for its cooling class (the highest of several)
  Shell shell;
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

struct Units {
  double count = 0;
  FacilityMw each;
};

struct PowerSource {
  SourceKind kind;
  Given<FacilityMw> power;  // nameplate; units x each when written as units
  std::optional<Units> units;
  double spare = 0;                          // units kept in reserve
  Given<double> outage;                      // fraction of time
  std::optional<UncertainNumber> curtailed;  // fraction of energy and of firm power
  Named<Given<FacilityMw>> tranches;  // sum = power; order of `every` is the order in the file
  std::vector<Name> tranche_order;
  Months every{0};
  std::optional<Given<Date>> requested;
  Given<double> completes;                 // odds that the source ever comes; 1 when not written
  std::optional<UncertainDate> energised;  // first tranche, given completion
  std::optional<Name> queue;               // read; no fit yet
  UncertainNumber price_per_mwh;           // money
  std::optional<Given<PerYear>> price_growth;
  Given<double> minimum_bill;        // fraction of power x price x 730 h each month
  std::optional<Name> until_source;  // a bridge: yields MW for MW as that source is energised
  std::optional<Given<Date>> ends;   // or the end of its lease
  std::optional<Given<double>> capex_per_kw_facility;
  Named<Outage> outages;
};

struct Site {
  std::optional<std::string> region;
  std::map<CoolingClass, PueRecord> pue;
  Given<RacksPerMonth> install;  // +infinity when not written
  Named<Hall> halls;
  Named<PowerSource> power;
};

// ---- fleet ------------------------------------------------------------------------------------

struct Failures {
  Given<PerYear> rate;
  Given<double> repair_days;
};

struct Lot {
  Name accelerator;  // a row of the catalogue
  Given<Accelerators> count;
  Name site;
  std::vector<Name> halls;             // only these; empty: every hall of the site that it fits
  std::optional<Given<Date>> ordered;  // not written: before `start`
  std::optional<UncertainNumber> lead_time;  // months, with `ordered`
  std::optional<UncertainDate> delivered;
  Given<double> completes;            // odds that the order is delivered; else `gone` on its date
  std::optional<Given<Money>> price;  // all-in, per accelerator
  std::optional<Failures> failures;
  Given<double> spares;                           // fraction of the installed, kept as spares
  std::optional<Given<Months>> life;              // retired this long after delivery -> gone
  std::optional<Given<Kilowatts>> it_power_each;  // provisioned, overhead included
  std::optional<Given<double>> oversubscription;
};

// ---- markets ----------------------------------------------------------------------------------

enum class Terms { take_or_pay, on_demand, internal, contract };
enum class Feature { fp8, fp4 };

struct Demand {
  std::optional<Given<H100e>> now;  // none: unbounded
  Given<PerYear> growth;
};
struct Requires {
  std::optional<Feature> feature;
  std::optional<Given<double>> max_behind;  // generations behind the newest in volume on its line
  std::vector<Name> accelerators;           // only these; empty: any
};
struct Contract {
  std::string customer;
  Given<Date> ready_by;
  std::optional<Given<double>> damages_per_h100e_month;  // money per missing h100e and month
  std::optional<Given<Months>> longstop, term;
  std::optional<Given<PerYear>> default_rate;  // credit: yearly odds that the customer stops paying
};

// A fixed rent per h100e-hour, or per accelerator-hour by type, else the catalogue's law.
struct Rent {
  std::optional<UncertainNumber> per_h100e_hour;  // money
  Named<UncertainNumber> per_accelerator_hour;    // money, by catalogue row
  std::optional<Given<double>> falls_per_month;   // constant fraction, only if the user wants one
  std::optional<std::string> tier;                // provider tier of the catalogue's rents
};

struct Market {
  Demand demand;
  Requires require;  // key `requires`
  Terms terms;
  Given<double> utilisation;  // busy share when on-demand or internal
  Given<Months> ramp;
  Rent rent;
  std::optional<Given<double>> elasticity;
  std::optional<Contract> contract;
};

// ---- money ------------------------------------------------------------------------------------

enum class DepreciationFrom { in_service, delivery };

struct MarketValue {  // resale value of accelerators
  std::optional<Given<double>>
      falls_per_month;  // constant fraction; else the catalogue's curve x regime
};

struct Finance {
  Given<PerYear> wacc;
  Given<double> tax;  // read, not yet valued
  Given<Months> book_life, economic_life, plant_life, building_life;
  DepreciationFrom depreciation_from = DepreciationFrom::in_service;
  Given<double> variable_cost;                        // fraction of revenue
  Given<PerYear> maintenance;                         // of accelerator price, installed chips
  std::optional<Given<double>> fixed_cost_per_month;  // money
};

struct Debt {  // read, checked, listed as not yet valued
  Name against;
  std::optional<Given<double>> advance, dscr_min;
  std::optional<Given<PerYear>> rate;
  std::optional<Given<Months>> tenor;
  std::optional<std::string> draws_when;
};

struct Release {  // overrides the catalogue's date of availability
  UncertainDate available;
};

struct Rents {  // portfolio-wide law of rents; see world/rents.h
  std::string tier = "neocloud";
  bool regimes = true;
  std::optional<Given<PerYear>> level;
};

struct Portfolio {
  std::string title;  // key `portfolio`
  Given<Date> start;
  Given<Months> horizon;  // whole months, 1 to 600
  std::string currency = "USD";
  std::map<std::string, std::map<std::string, double>> fx;  // {USD: 7.2 CNY}
  Date known_at;                                            // `start` when not written
  Named<Factor> factors;
  Named<Site> sites;
  Named<Lot> fleet;
  Named<Market> markets;
  Named<Release> releases;
  Rents rents;
  MarketValue market_value;
  Finance finance;
  Named<Debt> debt;
  Months in_volume_after{6};  // release to volume
};

}  // namespace warmshell::model
