#pragma once
// A small result filled by hand, for tests of what is rendered: every part holds something, and
// no two numbers are alike.

#include "study/result.h"

namespace warmshell::report {

inline study::SimulateResult sample_result() {
  study::SimulateResult r;
  r.title = "Two halls, one queue";
  r.scenario = "base";
  r.currency = "USD";
  r.inputs_sha256 = "00ff";
  r.version = "0.1.0";
  r.seed = 7;
  r.paths = r.paths_asked = 2000;
  r.note = "assumed deliveries, not a report";
  const int months = 26;
  for (int month = 0; month < months; ++month)
    r.months.push_back(std::to_string(2025 + (10 + month) / 12) + "-" +
                       ((10 + month) % 12 < 9 ? "0" : "") + std::to_string((10 + month) % 12 + 1));
  for (int month = 0; month < months; ++month) {
    study::ByState states{}, errors{};
    double sum = 0;
    for (std::size_t i = 0; i < states.size(); ++i) {
      states[i] = 100.25 + 31.5 * static_cast<double>(i) + 3.125 * month;
      errors[i] = 0.5 + 0.0625 * month + 0.25 * static_cast<double>(i);
      sum += states[i];
    }
    r.ledger.mean_accelerators.push_back(states);
    r.ledger.se_accelerators.push_back(errors);
    r.ledger.gone.push_back(month);
    r.ledger.ordered.push_back(sum + month);
    r.ledger.alone.push_back({1.5 + month, 2.5 + month, 3.5 + month});
    r.ledger.sellable.push_back({0.5, 0.75, 1.25, 2.25});
    for (const auto name : fleet::megawatt_names)
      r.megawatts[std::string(name)].push_back(static_cast<double>(name.size()) + month / 7.0);
    for (auto* band : {&r.live_facility_mw, &r.live_accelerators, &r.cumulative_cash}) {
      band->p10.push_back(-1.5e6 * (20 - month) / 3);
      band->p50.push_back(1e6 * (month - 11) / 3);
      band->p90.push_back(2.5e6 * month / 3);
    }
    r.lines["revenue.inference"].push_back(1e6 / 3 * month);
    r.lines["energy.quincy"].push_back(-1e5 / 7 * month);
    r.binds_by_month.push_back(month < 3 ? "" : month < 20 ? "no_power" : "no_cooling");
  }
  r.by_site["quincy"] = r.ledger;
  r.metrics["npv"] = {"USD", 1.4012e9, 1.7e7, -3e8, -1e8, 1.39e9, 2.1e9, 2.4e9, {}};
  r.metrics["npv_by_chip_count"] = {"USD", 2.8e9, 2.2e7, 1.2e9, 1.9e9, 2.75e9, 3.7e9, 4.1e9, {}};
  r.metrics["npv_overstated"] = {"USD", 1.3988e9, 1.2e7, 0.8e9, 0.9e9, 1.3e9, 1.9e9, 2.2e9, {}};
  r.metrics["irr"] = {"1/year", 0.357, 0.003, 0.2, 0.227, 0.343, 0.508, 0.6, 0.02};
  r.metrics["peak_funding"] = {"USD", 1.8e9, 3e6, 1.6e9, 1.67e9, 1.81e9, 1.9e9, 2.0e9, {}};
  r.metrics["payback"] = {"months", 44.5, 0.25, {}, 30.5, 43.0, {}, {}, {}, 0.371};
  r.metrics["npv_without_terminal"] = {"USD", 1.1e9, 1.6e7, -6e8, -4e8, 1.09e9, 1.7e9, 1.9e9, {}};
  r.gates = {{"sites.quincy.power.grid-2.energised",
              {"2027-01-16", "2030-02-10", std::nullopt},
              0.404,
              {"2026-10-21", "2028-02-06", "2030-12-14"},
              80},
             {"sites.quincy.halls.hall-2.shell.warm",
              {"2026-05-03", "2026-09-02", "2027-06-05"},
              0,
              {"2026-05-03", "2026-09-02", "2027-06-05"},
              60},
             {"sites.quincy.power.grid-1.energised",
              {"2025-03", "2025-03", "2025-03"},
              0,
              {"2025-03", "2025-03", "2025-03"},
              45},
             {"fleet.gb300.delivered", {{}, {}, {}}, 1, {{}, {}, {}}, 0}};
  for (int q = 0; q < 8; ++q)
    r.quarters.push_back(
        {std::to_string(2025 + (3 + q) / 4) + "-Q" + std::to_string((3 + q) % 4 + 1),
         0.0451 + 0.01 * q, 0.0632 + 0.011 * q, 0.0713 + 0.012 * q,
         q < 5 ? std::optional(0.08 + 0.02 * q) : std::nullopt});
  r.cost_of_dark["quincy"]["no_power"] = {9.1e8, 7.2e8,  2.5e8,  3.3e8,    1.1e8,   2.2e8,
                                          4.4e7, 17.375, 1.25e7, 143366.5, 90923.25};
  r.cost_of_dark["quincy"]["no_shell"] = {8.1e8, 6.2e8,  1.5e8, 2.3e8,    1.2e8,   2.1e8,
                                          3.4e7, 11.875, 1.5e7, 600622.5, 33300.75};
  r.carry["quincy"] = 12634567.5;
  r.binds = {study::BindsCase::gate, "no_power", "quincy", "", "", 17.375, "2026-02", 2.5e8};
  for (int i = 0; i < 7; ++i)
    r.cures.push_back({"sites.quincy.gate-" + std::to_string(i), 9e4 - 1e4 * i / 3.0,
                       8e4 - 1e4 * i / 7.0, 2.9e8 - 3e7 * i, 2e6 + 1e5 * i});
  r.promises = {{"acme", "2026-12-01", 0.62, 4.5e6}, {"zenith", "2027-03-01", 0.31, 9.25e6}};
  r.checks = {{"chips", true}, {"megawatts", true}, {"cash", true}};
  r.residuals = {{"chips", 1.5e-13}, {"megawatts", 2.5e-13}, {"cash", 3.5e-14}};
  r.defaults_used = {{"finance.variable_cost", "8 %", "general knowledge, unverified", "GK"},
                     {"sites.quincy.pue", "1.30", "a survey", "T2"}};
  r.not_yet_valued = {"debt.ddtl", "finance.tax"};
  r.diagnostics = {{Severity::warning, "WS0305", {}, "fleet.gb300", "a warning", "a cure"}};
  return r;
}

}  // namespace warmshell::report
