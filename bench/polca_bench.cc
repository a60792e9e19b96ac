// bench_polca: the claim of POLCA re-run: a row of 40 servers takes 30 % more in the same power
// budget without a brake. Usage: bench_polca [FOLDER OF THE DATA] [--quick]
// Servers from the A100 rows of Splitwise's measurements, requests from the Azure LLM trace. Prints
// tables and, last, a line of JSON with the verdict. --quick leaves out the sensitivities.

#include <fmt/format.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

#include "replay/row/serving_row.h"

namespace {

using namespace warmshell;
using namespace warmshell::replay;

struct Data {
  ServingTimes times;
  std::vector<LlmRequest> requests;
};

// From the paper: thresholds 80 % and 89 %, command 40 s, brake 5 s, release 5 % lower, and the row
// peaks at 79 % of its budget before servers are added. Assumed: servers are busy 70 % of the time;
// clocks of 1410 MHz are locked to 1305 (high priority, second threshold), 1275 and 1110 (low
// priority, first and second) and 288 (brake); power over clock as fitted for V100.
constexpr double base_peak = 0.79;
constexpr double base_busy = 0.7;

RowDesign polca_row() {
  RowDesign design;
  design.levels.clocks = {1, 1305.0 / 1410, 1275.0 / 1410, 1110.0 / 1410, 288.0 / 1410};
  design.levels.curve = find_known_curve("v100")->curve;
  design.control.gpu_cap = true;
  design.control.thresholds = {{800'000, 2, 0}, {890'000, 3, 1}};
  design.control.hysteresis_ppm = 50'000;
  design.control.latency_ms = 40'000;
  design.control.brake_ms = 5'000;
  design.control.low_priority_below = 1;
  design.control.measured_release = true;
  return design;
}

int servers_at(const RowDesign& design, double increase) {
  return static_cast<int>(design.designed_for * (1 + increase) + 0.5);
}

RowDesign with_servers(RowDesign design, double increase) {
  design.servers = servers_at(design, increase);
  return design;
}

constexpr int seeds = 5;  // of which requests are kept and who is of low priority

// The first number of servers at which the brake is pulled with any of the first seeds; 0: none up
// to `most`.
int first_brake(RowDesign design, const Data& data, int from, int most, int of_seeds) {
  for (design.servers = from; design.servers <= most; ++design.servers)
    for (int seed = 1; seed <= of_seeds; ++seed) {
      design.seed = static_cast<std::uint64_t>(seed);
      if (run_row(design, data.times, data.requests).brakes > 0) return design.servers;
    }
  return 0;
}

std::string more(const RowDesign& design, int servers, int most) {
  if (servers == 0)
    return fmt::format("none up to +{:.1f} %", 100.0 * most / design.designed_for - 100);
  return fmt::format("+{:.1f} %", 100.0 * servers / design.designed_for - 100);
}

void print_head() {
  fmt::print("{:>10} {:>8} {:>7} {:>7} {:>7} {:>7} {:>7} {:>10} {:>9} {:>9}\n", "servers",
             "requests", "mean", "peak", "1st", "2nd", "brakes", "excursions", "longest", "MWh");
}

void print_row(const std::string& name, const RowOutcome& out) {
  fmt::print("{:>10} {:8} {:6.1f}% {:6.1f}% {:7} {:7} {:7} {:10} {:7.1f} s {:9.4f}\n", name,
             out.low.requests + out.high.requests, 100 * out.mean, 100 * out.peak, out.low_capped,
             out.high_capped, out.brakes, out.excursions,
             static_cast<double>(out.longest_excursion_ms) / 1000, out.megawatt_hours);
}

double loss(double with, double without) {
  return without > 0 ? with / without - 1 : 0;
}

}  // namespace

int main(int argc, char** argv) {
  const char* from_environment = std::getenv("WARMSHELL_DATA");
  std::string folder = from_environment != nullptr ? from_environment : "../shared/data";
  bool quick = false;
  for (int a = 1; a < argc; ++a)
    if (std::strcmp(argv[a], "--quick") == 0)
      quick = true;
    else
      folder = argv[a];

  const Result<ServingTimes> times =
      read_serving_times(folder + "/power_cap/splitwise_perf.csv", "bloom-176b", "a100-80gb", 8);
  const Result<std::vector<LlmRequest>> requests =
      read_requests({folder + "/traces/azure_llm/code_2023.csv",
                     folder + "/traces/azure_llm/conversation_2023.csv"});
  if (!times || !requests) {
    fmt::print(stderr, "{}", render(!times ? times.error() : requests.error()));
    fmt::print(stderr, "looked for in $WARMSHELL_DATA, else in ../shared/data: bench/README.md\n");
    return 1;
  }
  const Data data{*times, *requests};
  fmt::print(
      "BLOOM-176B on 8 A100, one request at a time: {:.1f} ms and {:.3f} of rated GPU power "
      "a token; prompts",
      data.times.token_ms, data.times.token_draw);
  for (const PromptPoint& point : data.times.prompts)
    fmt::print(" {}: {:.0f} ms, {:.3f};", point.tokens, point.ms, point.draw);
  fmt::print("\n{} requests in {:.0f} minutes\n", data.requests.size(),
             static_cast<double>(data.requests.back().at_ms) / 60'000);

  RowDesign design = polca_row();
  design.load = load_for_busy(design, data.times, data.requests, base_busy);
  design.budget_watts = budget_for_peak(design, data.times, data.requests, base_peak);
  fmt::print(
      "{:.3f} of the requests keep 40 servers busy {:.0f} % of the time; their peak is "
      "{:.0f} % of a budget of {:.0f} W a server\n\nwithout control\n",
      design.load, 100 * base_busy, 100 * base_peak, design.budget_watts);
  print_head();
  RowDesign off = design;
  off.control.gpu_cap = false;
  for (const double increase : {0.0, 0.1, 0.2, 0.3, 0.4})
    print_row(fmt::format("+{:.0f} %", 100 * increase),
              run_row(with_servers(off, increase), data.times, data.requests));

  fmt::print("\nwith control, latency 40 s, brake 5 s\n");
  print_head();
  for (const double increase : {0.0, 0.1, 0.2, 0.3, 0.4, 0.5})
    print_row(fmt::format("+{:.0f} %", 100 * increase),
              run_row(with_servers(design, increase), data.times, data.requests));

  fmt::print("\n+30 %, by seed of which requests are kept and who is of low priority\n");
  print_head();
  std::int64_t brakes = 0, brakes_without = 0;
  Milliseconds longest = 0;
  for (int seed = 1; seed <= seeds; ++seed) {
    RowDesign seeded = with_servers(design, 0.3);
    seeded.seed = static_cast<std::uint64_t>(seed);
    const RowOutcome out = run_row(seeded, data.times, data.requests);
    print_row(fmt::format("seed {}", seed), out);
    brakes += out.brakes;
    longest = std::max(longest, out.longest_excursion_ms);
    seeded.control.thresholds.clear();
    const RowOutcome brake_only = run_row(seeded, data.times, data.requests);
    print_row("brake only", brake_only);
    brakes_without += brake_only.brakes;
  }

  fmt::print(
      "\n+30 %: latency of requests, against the same row without a budget\n"
      "{:<32} {:>9} {:>10} {:>10} {:>8} {:>10} {:>10} {:>8}\n",
      "", "requests", "p50 s", "without", "loss", "p99 s", "without", "loss");
  RowDesign free = with_servers(design, 0.3);
  free.budget_holds = false;
  const RowOutcome capped = run_row(with_servers(design, 0.3), data.times, data.requests);
  const RowOutcome uncapped = run_row(free, data.times, data.requests);
  std::string losses;
  const auto print_loss = [&](const std::string& name, const std::string& key,
                              std::int64_t requests_of, double p50, double p50_free, double p99,
                              double p99_free) {
    fmt::print("{:<32} {:9} {:10.2f} {:10.2f} {:+7.1f}% {:10.2f} {:10.2f} {:+7.1f}%\n", name,
               requests_of, p50 / 1000, p50_free / 1000, 100 * loss(p50, p50_free), p99 / 1000,
               p99_free / 1000, 100 * loss(p99, p99_free));
    losses += fmt::format(", \"{0}_p50_loss\": {1:.4f}, \"{0}_p99_loss\": {2:.4f}", key,
                          loss(p50, p50_free), loss(p99, p99_free));
  };
  for (const bool low : {true, false}) {
    const Latency& with = low ? capped.low : capped.high;
    const Latency& without = low ? uncapped.low : uncapped.high;
    const std::string name = low ? "low" : "high";
    print_loss(name + " priority, answer", name + "_answer", with.requests, with.answer_p50_ms,
               without.answer_p50_ms, with.answer_p99_ms, without.answer_p99_ms);
    print_loss(name + " priority, wait and answer", name, with.requests, with.p50_ms,
               without.p50_ms, with.p99_ms, without.p99_ms);
  }
  const std::int64_t answered = capped.low.requests + capped.high.requests;
  const std::int64_t asked = uncapped.low.requests + uncapped.high.requests;
  fmt::print("answered {} of {}, {:.1f} s later\n", answered, asked,
             static_cast<double>(capped.end_ms - uncapped.end_ms) / 1000);

  fmt::print(
      "\nby latency: at +30 %, and where the brake is first pulled with any of five seeds\n");
  print_head();
  constexpr int from = 48, most = 80;  // the table above: no brake at +20 %
  std::string breaks;
  for (const Milliseconds latency : {5'000, 10'000, 20'000, 40'000, 80'000}) {
    RowDesign late = design;
    late.control.latency_ms = latency;
    print_row(fmt::format("{} s", latency / 1000),
              run_row(with_servers(late, 0.3), data.times, data.requests));
    const int first = first_brake(late, data, from, most, seeds);
    fmt::print("{:>10} first brake at {}\n", "", more(late, first, most));
    breaks += fmt::format("{}\"{}\": {}", breaks.empty() ? "" : ", ", latency / 1000, first);
  }

  if (!quick) {
    fmt::print("\nwhat the answer depends on: first brake at latency 40 s, first seed\n");
    const auto ask = [&](const std::string& name, RowDesign changed, double peak, double busy) {
      changed.load = load_for_busy(changed, data.times, data.requests, busy);
      changed.budget_watts = budget_for_peak(changed, data.times, data.requests, peak);
      const int first = first_brake(changed, data, design.designed_for + 4, most, 1);
      fmt::print("{:<58} budget {:.0f} W  {}\n", name, changed.budget_watts,
                 more(changed, first, most));
    };
    for (const double peak : {0.75, 0.77, 0.79, 0.81})
      ask(fmt::format("the row of 40 peaks at {:.0f} % of its budget", 100 * peak), design, peak,
          base_busy);
    for (const double busy : {0.6, 0.8})
      ask(fmt::format("servers are busy {:.0f} % of the time", 100 * busy), design, base_peak,
          busy);
    RowDesign changed = design;
    for (const double base : {2000.0, 3300.0}) {
      changed.base_watts = base;
      ask(fmt::format("a server draws {:.0f} W beyond its GPUs", base), changed, base_peak,
          base_busy);
    }
    changed = design;
    changed.levels.curve = find_known_curve("a40")->curve;
    ask("power over clock as fitted for A40", changed, base_peak, base_busy);
    changed = design;
    changed.levels.response = 0.5;
    ask("locked clocks save half of that", changed, base_peak, base_busy);
    changed = design;
    changed.low_priority_share = 0.25;
    ask("a quarter of the requests of low priority", changed, base_peak, base_busy);
    changed = design;
    changed.low_priority_share = 0.75;
    ask("three quarters", changed, base_peak, base_busy);
    changed = design;
    changed.control.thresholds.clear();
    ask("no thresholds, the brake alone", changed, base_peak, base_busy);
  }

  fmt::print(
      "{{\"pass\": {}, \"servers\": {}, \"brakes\": {}, \"longest_excursion_ms\": {}, "
      "\"brakes_without_thresholds\": {}{}, \"first_brake_servers\": {{{}}}}}\n",
      brakes == 0 && answered == asked && brakes_without > 0, servers_at(design, 0.3), brakes,
      longest, brakes_without, losses, breaks);
  return 0;
}
