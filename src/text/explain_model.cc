#include <array>

#include "text/explain.h"

namespace warmshell::text {

// WS03xx: what was read means nothing. One entry per code, in order.
std::span<const Explanation> model_explanations() {
  static constexpr std::array all{
      Explanation{"WS0301", "bounds of a shifted date cross",
                  "A planned date shifted by `within` is kept between `not_before` and "
                  "`not_after`, so the first may not lie behind the second.",
                  "within: {by: 6 months, not_before: 2027-06, not_after: 2027-01}\n",
                  "within: {by: 6 months, not_before: 2027-01, not_after: 2027-06}\n"},
      Explanation{
          "WS0302", "loadings explain more than everything",
          "z = sum l F + sqrt(1 - sum l^2) e: the squares of the loadings are shares of the "
          "variance, and together they cannot be more than 1.",
          "loads: {north: 0.8, economy: 0.8}\n", "loads: {north: 0.8, economy: 0.5}\n"},
      Explanation{"WS0303", "factors follow each other in a circle",
                  "A factor may follow others, but in the end one of them must stand on its own.",
                  "factors: {a: {loads: {b: 0.5}}, b: {loads: {a: 0.5}}}\n",
                  "factors: {a: {loads: {b: 0.5}}, b: {}}\n"},
      Explanation{"WS0304", "tranches do not sum to the power",
                  "Tranches are the parts in which a source opens; together they are the source.",
                  "power: 80 MW_facility\ntranches: {a: 20 MW_facility, b: 50 MW_facility}\n",
                  "power: 80 MW_facility\ntranches: {a: 20 MW_facility, b: 60 MW_facility}\n"},
      Explanation{"WS0305", "a source needs one size",
                  "Either `power`, or `units` (their number times the size of one); tranches alone "
                  "are taken as their sum.",
                  "gas: {kind: recip_gas, energised: 2026-05}\n",
                  "gas: {kind: recip_gas, units: 24 x 2.5 MW_facility, energised: 2026-05}\n"},
      Explanation{"WS0306", "spare units that are not there",
                  "`spare` is a number of the source's `units`, and some must be left to run.",
                  "units: 2 x 2.5 MW_facility\nspare: 2\n",
                  "units: 3 x 2.5 MW_facility\nspare: 1\n"},
      Explanation{"WS0307", "a date and a queue at once",
                  "A source has a date of its own or takes it from a fitted queue, not both.",
                  "energised: 2028-02\nqueue: pjm\n", "energised: 2028-02\n"},
      Explanation{"WS0308", "a source without a date",
                  "When a source is energised decides what runs, so it is never guessed. With "
                  "`requested` alone, the catalogue's lead time of its kind and region counts.",
                  "grid: {kind: grid, power: 80 MW_facility}\n",
                  "grid: {kind: grid, power: 80 MW_facility, energised: 2028-02}\n"},
      Explanation{"WS0309", "there is no such fit yet",
                  "A queue is a law of waiting and withdrawal fitted on interconnection data. None "
                  "is built in yet. `warmshell catalog queue_stats` lists published statistics; "
                  "they are queues of generators, for a load only an analogy.",
                  "queue: pjm\n",
                  "completes: 33 %\nenergised: {p10: 2026-10, p50: 2028-02, p90: 2030-12}\n"},
      Explanation{"WS0310", "bridges wait for each other in a circle",
                  "A bridge serves until another source is energised. In a circle nobody yields.",
                  "a: {until: b}\nb: {until: a}\n", "a: {until: b}\nb: {}\n"},
      Explanation{"WS0311", "dates follow each other in a circle",
                  "`with` and `after` count from other dates; one of them must stand on its own.",
                  "delivered: {with: sites.x.power.grid}   # and the grid: {with: fleet.lot}\n",
                  "delivered: 2026-05\n"},
      Explanation{"WS0312", "a date follows something that has none",
                  "`with` names a source, a hall or a lot by its dotted path.",
                  "delivered: {with: grid-2}\n", "delivered: {with: sites.quincy.power.grid-2}\n"},
      Explanation{"WS0313", "nothing to count from",
                  "`after` counts from the stage before it in a shell. Elsewhere `with` and an "
                  "`offset` say the same of any date.",
                  "energised: {after: 5 months}\n",
                  "energised: {with: sites.quincy.halls.hall-1, offset: 5 months}\n"},
      Explanation{"WS0315", "p10 is cut away",
                  "Nothing uncertain lies before `known_at`, and no duration is negative: what a "
                  "law says beyond is moved to that bound. When even p10 lies beyond, more than a "
                  "tenth of the paths stand there, which is seldom meant.",
                  "known_at: 2026-01\nenergised: {p10: 2025-08, p50: 2026-06, p90: 2027-06}\n",
                  "known_at: 2026-01\nenergised: {p10: 2026-03, p50: 2026-06, p90: 2027-06}\n"},
      Explanation{"WS0316", "a chip that fits no hall",
                  "A lot needs a hall of its site with a cooling that the accelerator takes and "
                  "racks at least as dense as a full one, now or after a retrofit. Halls that are "
                  "let do not count.",
                  "hall: {cooling: air, max_rack: 45 kW}   # for gb200_nvl72\n",
                  "hall: {cooling: liquid, max_rack: 145 kW}\n"},
      Explanation{"WS0317", "a hall without a shell",
                  "When a hall is warm decides what runs, so it is never guessed.",
                  "hall: {it_power: 36 MW_it, cooling: air}\n",
                  "hall: {it_power: 36 MW_it, cooling: air, shell: {warm: 2025-03}}\n"},
      Explanation{"WS0318", "a shell without a date",
                  "A shell needs the date of at least one stage; `warm` follows from `cold` by the "
                  "catalogue when it is not written.",
                  "shell: {capex: 15 MUSD/MW_it}\n",
                  "shell: {warm: 2026-05, capex: 15 MUSD/MW_it}\n"},
      Explanation{"WS0319", "stages of a shell in the wrong order",
                  "A shell is cold first, then fitted with power, then warm.",
                  "shell: {cold: 2026-05, warm: 2026-01}\n",
                  "shell: {cold: 2026-01, warm: 2026-05}\n"},
      Explanation{"WS0320", "when is a lot delivered?",
                  "A lot has `delivered`, or `ordered` and `lead_time` (the catalogue's when not "
                  "written), never both, and is not delivered before it was ordered.",
                  "lot: {accelerator: h100_sxm, count: 100, site: quincy}\n",
                  "lot: {accelerator: h100_sxm, count: 100, site: quincy, delivered: 2025-06}\n"},
      Explanation{"WS0322", "rent is promised before the hall is warm",
                  "Rent runs from the later of the promised date and live; until then damages may "
                  "be owed.",
                  "let: {commencement: 2026-01}   # warm 2026-05\n",
                  "let: {commencement: 2026-05}\n"},
      Explanation{"WS0323", "months without rent outlast the term", "`free` is a part of `term`.",
                  "free: 12 months\nterm: 6 months\n", "free: 3 months\nterm: 10 years\n"},
      Explanation{"WS0324", "a retrofit that cannot be",
                  "A retrofit gives up one cooling of the hall and gains another.",
                  "cooling: liquid\nretrofit: {from: air, to: liquid, done: 2027-03}\n",
                  "cooling: air\nretrofit: {from: air, to: liquid, done: 2027-03}\n"},
      Explanation{"WS0325", "an outage that ends before it begins",
                  "`to` is the first day on which the power is back.",
                  "{from: 2026-05, to: 2026-04}\n", "{from: 2026-04, to: 2026-05}\n"},
      Explanation{
          "WS0326", "months must be whole",
          "The simulation steps by calendar months: `start` is a first day, and the horizon "
          "a whole number of months.",
          "start: 2025-11-15\nhorizon: 100 days\n", "start: 2025-11\nhorizon: 3 months\n"},
      Explanation{"WS0327", "one draw with two loadings",
                  "Dates that share a draw share all of their luck, factors included.",
                  "a: {draw: d, loads: {x: 0.7}}\nb: {draw: d, loads: {x: 0.3}}\n",
                  "a: {draw: d, loads: {x: 0.7}}\nb: {draw: d}\n"},
      Explanation{"WS0328", "no exchange rate for the defaults",
                  "What is not written comes from the catalogue, whose money is in USD.",
                  "currency: CNY\n", "currency: CNY\nfx: {USD: 7.2 CNY}\n"},
      Explanation{
          "WS0329", "terms and contract do not agree",
          "`terms: contract` needs a `contract` with its customer and date, and only it has "
          "one.",
          "deal: {terms: contract, demand: {now: 40k h100e}}\n",
          "deal:\n"
          "  terms: contract\n"
          "  demand: {now: 40k h100e}\n"
          "  contract: {customer: acme, ready_by: 2026-06}\n"},
      Explanation{"WS0330", "a fall without a price",
                  "`falls` lowers the prices that stand beside it month by month. Without one the "
                  "catalogue's law rules, which has its own course.",
                  "rent: {falls: 1 %/month}\n",
                  "rent: {per_h100e: 2.10 USD/h100e-h, falls: 1 %/month}\n"},
      Explanation{
          "WS0331", "a release of nothing known",
          "A release is of a row of the catalogue, or of a generation to come: the line and "
          "a whole number.",
          "releases: {rubin: {available: 2026-10}}\n",
          "releases: {vr200_nvl72: {available: 2026-10}, nvidia-6: {available: 2028-10}}\n"},
      Explanation{
          "WS0333", "a market that takes nothing of the fleet",
          "What it requires is met by no accelerator of any lot, so its demand stays unmet.",
          "requires: {feature: fp4}   # a fleet of h100_sxm\n", "requires: {feature: fp8}\n"},
      Explanation{"WS0334", "everything is known already",
                  "Uncertain dates are cut at `known_at`; behind the horizon nothing would be "
                  "uncertain.",
                  "start: 2025-11\nhorizon: 1 year\nknown_at: 2030-01\n",
                  "start: 2025-11\nhorizon: 1 year\n"},
      Explanation{
          "WS0335", "PUE over the year above PUE at peak",
          "At peak the cooling works hardest, so the mean over the year is at most as high.",
          "{peak: 1.1, annual: 1.3}\n", "{peak: 1.3, annual: 1.1}\n"},
      Explanation{"WS0336", "a source that ends before it begins",
                  "`ends` is the end of its lease.", "energised: 2028-02\nends: 2027-01\n",
                  "energised: 2026-02\nends: 2027-01\n"},
      Explanation{"WS0346", "it is live, so it has come",
                  "`completes` is the chance that a source ever comes. One that is energised "
                  "before `known_at` has.",
                  "energised: 2024-03\ncompletes: 60 %\n", "energised: 2024-03\n"},
      Explanation{
          "WS0347", "when does a tranche open?",
          "Tranches after the first open `every` so many months, or on a date of their own.",
          "tranches: {a: 20 MW_facility, b: 60 MW_facility}\n",
          "tranches: {a: 20 MW_facility, b: 60 MW_facility}\nevery: 4 months\n"},
      Explanation{"WS0348", "a very long chain of dates",
                  "Each date follows the one before; a thousand in a row are no plan.",
                  "a: {with: b}   # b with c, c with d, ...\n", "a: {with: z}\nb: {with: z}\n"},
      Explanation{"WS0349", "more things than are read",
                  "Lots, halls, sources and markets are counted against each other in every month "
                  "of every path. Things that behave alike are one thing with a larger count.",
                  "", ""},
      Explanation{"WS0350", "factors on nothing",
                  "`replayed` says what a replay found about an accelerator, and about its work in "
                  "a market; the portfolio has none of that name.",
                  "replayed: {h200_sxm: {provisioned: 80 %}}   # and a fleet of h100_sxm\n",
                  "replayed: {h100_sxm: {provisioned: 80 %}}\n"},
      Explanation{
          "WS0351", "a fleet that never fits its site",
          "At its fullest it needs more megawatts, at the lowest PUE it could have, than all "
          "halls and all power of the site ever give. What does not fit stays dark to the end.",
          "it_power: 20 MW_it   # and 50,000 h100_sxm, 88 MW_it\n", "it_power: 90 MW_it\n"},
      Explanation{
          "WS0352", "a lot delivered after the run",
          "The median of its delivery lies behind the last month: it is paid for and placed "
          "in no month of most paths.",
          "start: 2026-01\nhorizon: 2 years\ndelivered: 2035-02\n",
          "start: 2026-01\nhorizon: 2 years\ndelivered: 2027-02\n"},
      Explanation{"WS0353", "a site that opens after the run",
                  "The medians of all its halls, or of all its power sources, lie behind the last "
                  "month, so its fleet is dark throughout.",
                  "start: 2026-01\nhorizon: 2 years\nenergised: 2035-04\n",
                  "start: 2026-01\nhorizon: 10 years\nenergised: 2035-04\n"},
      Explanation{
          "WS0354", "a price far from the catalogue's",
          "More than twenty times above or below what one costs with its share of server and "
          "network: most often a `k` or a digit is missing.",
          "price: 30 USD\n", "price: 30k USD\n"},
      Explanation{"WS0355", "promised before the run starts",
                  "A contract asks from `ready_by` until its term, counted from there, is over. "
                  "What lies before `start` is neither paid nor owed.",
                  "start: 2026-01\nready_by: 2024-01\n", "start: 2026-01\nready_by: 2026-06\n"},
      Explanation{
          "WS0356", "a tranche dated before the one it follows",
          "Tranches open in the order in which they are written, and none before the one before "
          "it: the megawatts come on the later date. Compared are the medians.",
          "tranches:\n"
          "  a: {power: 20 MW_facility, energised: 2026-09}\n"
          "  b: {power: 60 MW_facility, energised: 2026-03}\n",
          "tranches:\n"
          "  b: {power: 60 MW_facility, energised: 2026-03}\n"
          "  a: {power: 20 MW_facility, energised: 2026-09}\n"},
      Explanation{
          "WS0357", "two dates for the first tranche",
          "`energised` of a source is the date of its first tranche. Where that has a date of its "
          "own, the tranche's holds, and the source's opens no megawatt.",
          "energised: 2027-01\ntranches: {a: {power: 80 MW_facility, energised: 2026-09}}\n",
          "tranches: {a: {power: 80 MW_facility, energised: 2026-09}}\n"},
      Explanation{
          "WS0358", "a contract for no number",
          "A market without `demand` takes any number, and a promise of any number is never "
          "kept: damages would be owed without limit.",
          "deal: {terms: contract, contract: {customer: acme, ready_by: 2026-06}}\n",
          "deal:\n"
          "  terms: contract\n"
          "  demand: {now: 40k h100e}\n"
          "  contract: {customer: acme, ready_by: 2026-06}\n"},
  };
  return all;
}

}  // namespace warmshell::text
