#include "import/epoch.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>

#include "catalog/catalog.h"
#include "import/epoch_chips.h"
#include "import/epoch_sites.h"
#include "import/epoch_yaml.h"
#include "text/quantity_text.h"
#include "text/yaml.h"

namespace warmshell::import {

namespace {

// ---- the override file: site -> date -> {chips: {ROW: COUNT}} or {power: POWER, from: DATE}

Diagnostic at_node(const text::Node& node, std::string message, std::string help) {
  Diagnostic diagnostic;
  diagnostic.code = "WS0413";
  diagnostic.where = node.place.span();
  diagnostic.message = std::move(message);
  diagnostic.help = std::move(help);
  return diagnostic;
}

std::optional<double> plain_number(const text::Node& node) {
  double value = 0;
  const char* end = node.text.data() + node.text.size();
  const auto [stop, problem] = std::from_chars(node.text.data(), end, value);
  if (!node.is_scalar() || problem != std::errc{} || stop != end || !(value > 0) ||
      !std::isfinite(value))
    return std::nullopt;
  return value;
}

void read_chips(const text::Node& node, ChipOverride& chips, Diagnostics& errors) {
  for (const text::Entry& chip : node.entries) {
    const auto count = chip.value.text == "rest" ? std::optional(0.0) : plain_number(chip.value);
    if (catalog::find_accelerator(chip.key) == nullptr)
      errors.push_back(at_node(chip.value,
                               fmt::format("no accelerator `{}` in the catalogue", chip.key),
                               "`warmshell catalog accelerators` lists them"));
    else if (!count)
      errors.push_back(at_node(chip.value, fmt::format("`{}` is not a count", chip.value.text),
                               "write a number, or `rest`"));
    else
      chips[chip.key] = *count;
  }
}

Overrides read_overrides(const text::SourcePtr& source, const std::vector<EpochSite>& sites,
                         Diagnostics& errors) {
  Overrides overrides;
  auto tree = text::read_yaml(source);
  if (!tree) {
    errors.insert(errors.end(), tree.error().begin(), tree.error().end());
    return overrides;
  }
  for (const text::Entry& site : tree->entries) {
    const auto known = std::find_if(sites.begin(), sites.end(),
                                    [&](const EpochSite& s) { return s.name == site.key; });
    if (known == sites.end()) {
      errors.push_back(at_node(site.value, fmt::format("no site `{}` in the files", site.key),
                               "write its name in lower case with hyphens"));
      continue;
    }
    for (const text::Entry& step : site.value.entries) {
      const auto date = parse_date(step.key);
      const bool has_step = date && std::any_of(known->phases.begin(), known->phases.end(),
                                                [&](const Phase& p) { return p.date == *date; });
      if (!has_step) {
        errors.push_back(at_node(step.value,
                                 fmt::format("{} has no step on `{}`", site.key, step.key),
                                 "name the date of a row whose IT power rises"));
        continue;
      }
      StepOverride& override = overrides[site.key][date_text(*date)];
      for (const text::Entry& entry : step.value.entries) {
        if (entry.key == "chips") {
          read_chips(entry.value, override.chips, errors);
        } else if (entry.key == "power_mw_facility" && plain_number(entry.value)) {
          override.power_mw_facility = *plain_number(entry.value);
        } else if (entry.key == "power_energised" && parse_date(entry.value.text)) {
          override.power_energised = parse_date(entry.value.text);
        } else if (entry.key == "warning" && entry.value.is_scalar()) {
          override.warning = entry.value.text;
        } else {
          errors.push_back(at_node(
              entry.value, fmt::format("`{}: {}` is no override", entry.key, entry.value.text),
              "chips: {ROW: COUNT}, or power_mw_facility: MW and power_energised: DATE"));
        }
      }
    }
  }
  return overrides;
}

Diagnostic stated_warning(const EpochSite& site, const std::string& date,
                          const std::string& warning) {
  Diagnostic diagnostic;
  diagnostic.severity = Severity::warning;
  diagnostic.code = "WS0414";
  diagnostic.path = fmt::format("sites.{}", site.name);
  diagnostic.message = fmt::format("{}, step of {}: {}", site.title, date, warning);
  return diagnostic;
}

EpochTotals totals_of(const std::vector<EpochSite>& sites, Date as_of) {
  EpochTotals totals;
  totals.sites = static_cast<int>(sites.size());
  for (const EpochSite& site : sites) {
    if (site.phases.empty()) ++totals.sites_without_halls;
    for (const Phase& phase : site.phases) ++(phase.date <= as_of ? totals.past : totals.future);
    for (const State& state : site.states) {
      if (state.date > as_of) continue;
      const bool last = &state == &site.states.back() || (&state)[1].date > as_of;
      if (last) totals.it_mw_as_of += state.it_mw, totals.facility_mw_as_of += state.facility_mw;
    }
    if (!site.states.empty())
      totals.it_mw_end += site.states.back().it_mw,
          totals.facility_mw_end += site.states.back().facility_mw;
  }
  totals.halls = totals.sources = totals.past + totals.future;
  return totals;
}

}  // namespace

Result<EpochImport> import_epoch(const EpochOptions& options) {
  EpochImport import;

  // ---- read and clean
  auto sites = read_epoch_sites(options.sites, options.timelines, import.warnings);
  if (!sites) return tl::unexpected(sites.error());
  Diagnostics errors;
  Overrides overrides;
  if (options.overrides) overrides = read_overrides(options.overrides, *sites, errors);
  if (!errors.empty()) return tl::unexpected(errors);

  // ---- chips
  std::vector<std::vector<std::vector<ChipLot>>> chips;
  for (const EpochSite& site : *sites) {
    std::map<std::string, ChipOverride> by_date;
    for (const auto& [date, override] : overrides[site.name]) {
      if (!override.chips.empty()) by_date[date] = override.chips;
      if (!override.warning.empty())
        import.warnings.push_back(stated_warning(site, date, override.warning));
    }
    chips.push_back(choose_chips(site, by_date, import.warnings));
  }

  // ---- write
  import.totals = totals_of(*sites, options.as_of);
  const YamlInput input{*sites, chips, overrides, options.as_of, import.totals, import.warnings};
  import.files = {{"portfolio.yaml", portfolio_yaml(input)},
                  {"scenarios/no-slip.yaml", no_slip_yaml(input)},
                  { "scenarios/chips-on-time.yaml",
                    chips_on_time_yaml(input) }};
  for (std::size_t off = 0; off < assumption_names.size(); ++off)
    import.files.push_back(
        {fmt::format("scenarios/chips-on-time-without-{}.yaml", assumption_names[off]),
         chips_on_time_without_yaml(input, static_cast<Assumption>(off))});
  return import;
}

}  // namespace warmshell::import
