#pragma once
// Built-in facts with their sources: accelerators, power sources, shells, rents, depreciation,
// queue statistics, finance, utilisation, and which of them fills a field that the user left out.
//
// The tables are the CSV files of src/catalog/data, put into the program when it is built; every
// row keeps its source and tier. Parsed once, at the first call; read-only afterwards, so any
// thread may read. Money is in USD. Bare MW and kW of the tables are IT. Unit: stated per row.
// Tiers, best first: T1 primary, T2 press or analyst, T3 vendor or blog, calc computed from others,
// brief (the project's own brief), rule (a convention of the model), GK general knowledge,
// unverified. Two tiers, `T1/GK`, mean that parts of a row differ; the weaker counts.

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/calendar.h"

namespace warmshell::catalog {

struct Range {
  double low = 0, value = 0, high = 0;  // low <= value <= high; value is the base
};

struct Accelerator {
  std::string id, name, vendor;
  std::string line;       // generations are numbered along it
  double generation = 0;  // may be a half: a refresh
  Date available;         // on the market; in volume some months later
  double server_kw = 0;   // IT kW per accelerator at the server, network and storage not included
  Range rack_kw;          // of a full rack
  double accelerators_per_rack = 1;
  // Dense peak in T/s; 0 where the chip has no such mode or it is not known.
  double fp16_tflops = 0, fp8_tflops = 0, fp4_tflops = 0, int8_tops = 0;
  bool fp8_native = false, fp4_native = false;
  double hbm_gb = 0, hbm_tbps = 0;
  bool air = false, liquid = false;  // classes of cooling it can be had in
  Range chip_usd;                    // the chip alone
  Range all_in_usd;                  // with its share of server and network
  std::string source_specs, source_price, source_rack, source_available;
  std::string tier, note;
};

// Dense 8-bit peak (FP8, else INT8, else FP16) in T/s, and that over the 1,979 of an H100.
inline constexpr double h100_8bit_tflops = 1979;
[[nodiscard]] double dense_8bit_tflops(const Accelerator& accelerator);
[[nodiscard]] double h100e(const Accelerator& accelerator);

// The kilowatts of one accelerator, IT side. provisioned = server x (1 + overhead) x (1 -
// oversubscription) fills a hall; drawn runs from idle to peak.
[[nodiscard]] double network_overhead();  // utilisation.net_overhead, 0.10
[[nodiscard]] double provisioned_kw(const Accelerator& accelerator, double oversubscription = 0);
[[nodiscard]] double peak_kw(const Accelerator& accelerator);  // server x 1.10
[[nodiscard]] double idle_kw(const Accelerator& accelerator);  // a quarter of the peak

[[nodiscard]] std::span<const Accelerator> accelerators();               // in the order of the file
[[nodiscard]] const Accelerator* find_accelerator(std::string_view id);  // nullptr: unknown
[[nodiscard]] std::vector<std::string> accelerator_ids();                // sorted

// One fact of the other tables. Tables without an `id` column get one from their key columns, in
// lower case, words joined by `-`, columns by `/`: `residual-h100/end-year-2`.
struct Fact {
  std::string id, item, metric;
  std::optional<double> low, value, high;
  std::string unit, source, tier, note;
};
enum class TableName {
  power_sources,
  shells,
  rental_prices,
  depreciation,
  queue_stats,
  finance,
  utilisation,
  conventions,
};
[[nodiscard]] std::span<const Fact> facts(TableName table);
[[nodiscard]] const Fact* find_fact(TableName table, std::string_view id);  // nullptr: unknown
[[nodiscard]] Range range(const Fact& fact);  // a missing low or high is the value, and vice versa

[[nodiscard]] std::string_view table_text(TableName table);  // "power_sources"
[[nodiscard]] std::optional<TableName> parse_table(std::string_view name);

// Resale value over the price when new, at ages in whole years from 0; straight lines between, and
// the last step's yearly ratio beyond. depreciation.csv, `Residual H100`.
struct ResidualCurve {
  std::vector<Range> by_year;
  Range step_at_next_generation;  // fraction lost at once when the next generation is in volume
};
[[nodiscard]] const ResidualCurve& residual_curve();

// What fills a field that was not written. The base value enters; low and high serve sensitivity.
struct Default {
  Range value;       // in `unit`, the field's canonical unit
  std::string unit;  // "USD/MWh"
  std::string table, row;
  std::string source, tier, note;
};
// `path`: dotted path of the field as the user would write it. `region`: "us-va" falls back to
// "us", then "*". `when` tells variants of a field apart: the kind of a power source, the cooling
// of a hall; "" where there are none. fleet.*.price: `when` is the accelerator. Nothing: no
// default.
[[nodiscard]] std::optional<Default> find_default(std::string_view path,
                                                  std::string_view region = "*",
                                                  std::string_view when = "");

// 0 the best (T1) .. 6 the weakest (GK), 7 unknown; of a mixed tier the weakest part.
[[nodiscard]] int tier_rank(std::string_view tier);

}  // namespace warmshell::catalog
