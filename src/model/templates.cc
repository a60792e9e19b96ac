#include "model/templates.h"

namespace warmshell::model {
namespace {

constexpr std::string_view one_site =
    R"(# One site, one hall, one lot. Every unit is written; MW_it is power at the rack, MW_facility at
# the meter. `warmshell check FOLDER` tells what is wrong, `warmshell simulate FOLDER` what will run.
portfolio: My first portfolio
start: 2026-01
horizon: 5 years
currency: USD

sites:
  here:
    install: 40 racks/month
    halls:
      hall-1:
        it_power: 20 MW_it
        cooling: air
        max_rack: 45 kW
        shell: {warm: 2026-06}
    power:
      grid:
        kind: grid
        power: 26 MW_facility
        energised: {p10: 2026-04, p50: 2026-10, p90: 2027-12}
        price: 70 USD/MWh

fleet:
  chips:
    accelerator: h100_sxm          # `warmshell catalog accelerators` lists them
    count: 12k
    delivered: 2026-02
    site: here

markets:
  cloud:
    demand: {now: 15k h100e, growth: 30 %/year}
    terms: on-demand
    utilisation: 80 %
)";

constexpr std::string_view developer =
    R"(# A developer without accelerators: halls are let, rent begins when they are warm and energised.
portfolio: One hall to let
start: 2026-01
horizon: 15 years
currency: USD

sites:
  here:
    halls:
      hall-1:
        it_power: 100 MW_it
        cooling: liquid
        shell: {cold: 2026-03, warm: {after: {p10: 7 months, p50: 9 months, p90: 14 months}}}
        let:
          tenant: acme
          rent: 150 USD/kW_it-month
          escalator: 3 %/year
          commencement: 2027-03
          free: 3 months
          term: 12 years
          late: {damages: 60 USD/kW_it-month, longstop: 12 months}
    power:
      grid:
        kind: grid
        power: 120 MW_facility
        completes: 80 %
        energised: {p10: 2026-09, p50: 2027-06, p90: 2029-12}
)";

constexpr std::string_view tables =
    R"(# For those who come from a spreadsheet: sites and lots are tables beside this file, one row each.
# The first column is `name`; the others are fields, joined by dots where they lie deeper; an empty
# cell is not written. What stands here beside `from` is laid over the table.
portfolio: From two tables
start: 2026-01
horizon: 5 years
currency: USD
sites: {from: sites.csv}
fleet: {from: lots.csv}
markets:
  cloud: {demand: {now: 15k h100e, growth: 30 %/year}, terms: on-demand, utilisation: 80 %}
)";
constexpr std::string_view tables_sites =
    R"(name,install,halls.hall-1.it_power,halls.hall-1.cooling,halls.hall-1.max_rack,halls.hall-1.shell.warm,power.grid.kind,power.grid.power,power.grid.energised.p10,power.grid.energised.p50,power.grid.energised.p90,power.grid.price
here,40 racks/month,20 MW_it,air,45 kW,2026-06,grid,26 MW_facility,2026-04,2026-10,2027-12,70 USD/MWh
there,20 racks/month,8 MW_it,liquid,150 kW,2027-01,grid,10 MW_facility,2026-12,2027-03,2028-06,
)";
constexpr std::string_view tables_lots =
    R"(name,accelerator,count,delivered,site
lot-1,h100_sxm,12k,2026-02,here
lot-2,gb300_nvl72,3600,2027-02,there
)";

}  // namespace

const std::vector<Template>& templates() {
  static const std::vector<Template> all{
      {"one-site", "one site, one hall, one lot, one market", {{"portfolio.yaml", one_site}}},
      {"developer", "halls that are let, no accelerators", {{"portfolio.yaml", developer}}},
      {"tables",
       "sites and lots from CSV files",
       {{"portfolio.yaml", tables}, {"sites.csv", tables_sites}, {"lots.csv", tables_lots}}},
  };
  return all;
}

}  // namespace warmshell::model
