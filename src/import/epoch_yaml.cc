#include "import/epoch_yaml.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <iterator>

namespace warmshell::import {

namespace {

constexpr std::string_view shell_slip = "{p10: 0.9, p50: 1.2, p90: 1.8}";  // assumption
constexpr std::string_view power_slip = "{p10: 0.9, p50: 1.4, p90: 2.6}";  // assumption

// ---- small pieces ------------------------------------------------------------------------------

std::string number(double value) {
  return fmt::format("{}", value);
}

// The YAML carries every digit: what a step adds must add up to the file's MW.
std::string quoted(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' || c == '\t' ? ' ' : c;
  }
  return out + "\"";
}

bool on_a_year_end(Date date) {
  const std::string text = date_text(date);
  return text.size() == 7 ? text.ends_with("-01") : text.ends_with("-12-31");
}

const StepOverride* override_of(const YamlInput& input, const EpochSite& site, const Phase& phase) {
  const auto by_site = input.overrides.find(site.name);
  if (by_site == input.overrides.end()) return nullptr;
  const auto found = by_site->second.find(date_text(phase.date));
  return found == by_site->second.end() ? nullptr : &found->second;
}

bool splits_power(const StepOverride* override) {
  return override != nullptr && override->power_energised.has_value();
}

std::string lot_name(const EpochSite& site, const Phase& phase, const ChipLot& lot) {
  return fmt::format("{}-phase-{}-{}", site.name, phase.number, lot.accelerator);
}

// ---- gates -------------------------------------------------------------------------------------

std::string fixed_gate(Date date) {
  return fmt::format("{{value: {}, source: observed or estimated by Epoch AI, tier: T2}}",
                     date_text(date));
}

// A date on 1 January or 31 December says "that year": it is moved, both gates of the phase
// together, not past a neighbouring phase. Dates from the override file are not.
std::string within(const EpochSite& site, const Phase& phase, bool overridden) {
  if (overridden || !on_a_year_end(phase.date)) return "";
  std::string bounds;
  const auto index = static_cast<std::size_t>(phase.number - 1);
  if (index > 0) bounds += fmt::format(", not_before: {}", date_text(site.phases[index - 1].date));
  if (index + 1 < site.phases.size())
    bounds += fmt::format(", not_after: {}", date_text(site.phases[index + 1].date));
  return fmt::format(", within: {{by: 6 months, draw: {}-phase-{}-date{}}}", site.name,
                     phase.number, bounds);
}

std::string planned_gate(const EpochSite& site, Date date, const std::string& moved,
                         std::string_view gate_type) {
  return fmt::format(
      "{{value: {{planned: {}{}, remaining: {}, draw: {}-{}, loads: {{{}: 0.7}}}}, source: date by "
      "Epoch AI; slip assumed, tier: assumption}}",
      date_text(date), moved, gate_type == "shell" ? shell_slip : power_slip, site.name, gate_type,
      site.name);
}

std::string gate(const YamlInput& input, const EpochSite& site, const Phase& phase, Date date,
                 std::string_view gate_type) {
  if (date <= input.as_of) return fixed_gate(date);
  return planned_gate(
      site, date, within(site, phase, splits_power(override_of(input, site, phase))), gate_type);
}

// ---- halls and sources -------------------------------------------------------------------------

struct PhaseOutage {
  int phase;
  Date from, to;
  double it_share, facility_share;
};

// The newest halls go dark first; each loses the share that is needed.
std::vector<PhaseOutage> outages_of(const EpochSite& site) {
  std::vector<PhaseOutage> outages;
  for (const Fall& fall : site.falls) {
    double it_left = fall.it_mw, facility_left = fall.facility_mw;
    for (auto phase = site.phases.rbegin(); phase != site.phases.rend(); ++phase) {
      if (phase->date >= fall.from) continue;
      const double it = std::min(it_left, phase->it_mw),
                   facility = std::min(facility_left, phase->facility_mw);
      if (it <= 0 && facility <= 0) break;
      outages.push_back(
          {phase->number, fall.from, fall.to, it / phase->it_mw, facility / phase->facility_mw});
      it_left -= it;
      facility_left -= facility;
    }
  }
  return outages;
}

std::string outages_yaml(const std::vector<PhaseOutage>& outages, int phase,
                         double PhaseOutage::*share) {
  std::string entries;
  int fall = 0;
  for (const PhaseOutage& outage : outages) {
    if (outage.phase != phase || outage.*share <= 0) continue;
    const std::string to = outage.to == never ? "2199-12" : date_text(outage.to);
    entries +=
        fmt::format("{}fall-{}: {{from: {}, to: {}, share: {} %}}", entries.empty() ? "" : ", ",
                    ++fall, date_text(outage.from), to, number(outage.*share * 100));
  }
  return entries.empty() ? "" : fmt::format(", outages: {{{}}}", entries);
}

std::string pue_yaml(const EpochSite& site, const Phase& phase) {
  const std::string own = number(phase.facility_mw / phase.it_mw);
  std::map<Date, std::string> steps;
  for (const PueStep& step : site.pue_steps)
    if (phase.number <= step.halls) steps[step.from] = step.pue > 0 ? number(step.pue) : own;
  std::string text;
  for (const auto& [date, pue] : steps)
    text += fmt::format("{}{}: {{peak: {}, annual: {}}}", text.empty() ? "" : ", ", date_text(date),
                        pue, pue);
  return fmt::format("{{peak: {}, annual: {}{}}}", own, own,
                     text.empty() ? "" : fmt::format(", steps: {{{}}}", text));
}

std::string source_yaml(const YamlInput& input, const EpochSite& site, const Phase& phase) {
  const StepOverride* override = override_of(input, site, phase);
  const double power = phase.facility_mw;
  if (!splits_power(override))
    return fmt::format("power: {} MW_facility, energised: {}", number(power),
                       gate(input, site, phase, phase.date, "power"));
  return fmt::format(
      "power: {} MW_facility, tranches: {{first: {} MW_facility, rest: {{power: {} MW_facility, "
      "energised: {{with: "
      "sites.{}.halls.phase-{}.shell.warm}}}}}}, energised: {}",
      number(power), number(override->power_mw_facility),
      number(power - override->power_mw_facility), site.name, phase.number,
      gate(input, site, phase, *override->power_energised, "power"));
}

void write_site(const YamlInput& input, const EpochSite& site, std::string& out) {
  out += fmt::format("  {}:\n    note: {}\n", site.name,
                     quoted(fmt::format("{}; owner {}", site.title,
                                        site.owner.empty() ? "not stated" : site.owner)));
  if (!site.confidence.empty()) out += fmt::format("    confidence: {}\n", site.confidence);
  if (site.phases.empty()) return;
  const std::vector<PhaseOutage> outages = outages_of(site);
  out += "    halls:\n";
  for (const Phase& phase : site.phases)
    out += fmt::format(
        "      phase-{}: {{it_power: {} MW_it, cooling: [air, liquid], pue: {}, shell: {{warm: "
        "{}}}{}}}\n",
        phase.number, number(phase.it_mw), pue_yaml(site, phase),
        gate(input, site, phase, phase.date, "shell"),
        outages_yaml(outages, phase.number, &PhaseOutage::it_share));
  out += "    power:\n";
  for (const Phase& phase : site.phases)
    out += fmt::format("      phase-{}: {{kind: grid, {}{}}}\n", phase.number,
                       source_yaml(input, site, phase),
                       outages_yaml(outages, phase.number, &PhaseOutage::facility_share));
}

// ---- fleet -------------------------------------------------------------------------------------

std::string hall_path(const EpochSite& site, const Phase& phase) {
  return fmt::format("sites.{}.halls.phase-{}.shell.warm", site.name, phase.number);
}
std::string source_path(const EpochSite& site, const Phase& phase) {
  return fmt::format("sites.{}.power.phase-{}.energised", site.name, phase.number);
}

std::string delivered(const YamlInput& input, const EpochSite& site, const Phase& phase) {
  if (phase.date <= input.as_of) return date_text(phase.date);
  return fmt::format(
      "{{value: {{with: [{}, {}]}}, source: no delivery date is published, tier: assumption}}",
      hall_path(site, phase), source_path(site, phase));
}

template <class Visit>
void each_lot(const YamlInput& input, Visit visit) {
  for (std::size_t s = 0; s < input.sites.size(); ++s)
    for (std::size_t p = 0; p < input.sites[s].phases.size(); ++p)
      for (const ChipLot& lot : input.chips[s][p])
        visit(input.sites[s], input.sites[s].phases[p], lot);
}

std::string head(const YamlInput& input) {
  const EpochTotals& t = input.totals;
  std::string out = fmt::format(
      "# The frontier data centres as Epoch AI sees them, as of {}. Written by `warmshell import "
      "epoch`.\n"
      "# Data: Epoch AI, Frontier Data Centers, CC BY 4.0. The rules of the import: "
      "docs/frontier.md.\n"
      "# {} sites ({} without halls), {} halls and {} sources, {} past and {} future;\n"
      "# {:.1f} MW IT and {:.2f} MW facility on the as-of date, {:.0f} and {:.2f} after the last "
      "row.\n"
      "# Published: dates and MW. Assumed: slip, deliveries, accelerators by type, demand, "
      "prices.\n"
      "# Costs in the files are constants in every powered row (26.113 MUSD of compute and 11.769 "
      "MUSD of\n"
      "# construction per IT MW, 2025 USD): a reconciliation line, not facts of a site. They are "
      "not used.\n",
      date_text(input.as_of), t.sites, t.sites_without_halls, t.halls, t.sources, t.past, t.future,
      t.it_mw_as_of, t.facility_mw_as_of, t.it_mw_end, t.facility_mw_end);
  if (!input.warnings.empty()) out += "#\n# Warnings:\n";
  for (const Diagnostic& warning : input.warnings)
    out += fmt::format("#   {}: {}\n", warning.code, warning.message);
  return out;
}

}  // namespace

std::string portfolio_yaml(const YamlInput& input) {
  std::string out = head(input);
  out += fmt::format(
      "portfolio: Frontier data centres\nstart: {}\nknown_at: {}\nhorizon: 5 years\ncurrency: "
      "USD\n",
      month_text(input.as_of), date_text(input.as_of));

  // z of a gate = 0.7 F_site + 0.714 e, F_site = 0.5 F_industry + 0.866 own: luck is partly shared.
  out += "\nfactors:\n  industry: {}\n";
  for (const EpochSite& site : input.sites)
    if (!site.phases.empty()) out += fmt::format("  {}: {{loads: {{industry: 0.5}}}}\n", site.name);

  out += "\nsites:\n";
  for (const EpochSite& site : input.sites) write_site(input, site, out);

  out += "\nfleet:\n";
  each_lot(input, [&](const EpochSite& site, const Phase& phase, const ChipLot& lot) {
    out += fmt::format(
        "  {}: {{accelerator: {}, count: {{value: {}, source: inferred ({}), tier: assumption}}, "
        "it_power_each: {} kW, site: {}, halls: [phase-{}], delivered: {}}}\n",
        lot_name(site, phase, lot), lot.accelerator, number(lot.count), lot.named_by,
        number(lot.it_kw_each), site.name, phase.number, delivered(input, site, phase));
  });

  out +=
      "\nmarkets:\n  compute: {demand: {}, terms: on-demand}   # no demand is published: "
      "unbounded\n";
  return out;
}

std::string no_slip_yaml(const YamlInput& input) {
  std::string out = "# Every plan comes true on its published date.\nsites:\n";
  for (const EpochSite& site : input.sites) {
    std::string halls, sources;
    for (const Phase& phase : site.phases) {
      if (phase.date <= input.as_of) continue;
      const StepOverride* override = override_of(input, site, phase);
      const Date power = splits_power(override) ? *override->power_energised : phase.date;
      halls += fmt::format("      phase-{}: {{shell: {{warm: {}}}}}\n", phase.number,
                           date_text(phase.date));
      sources += fmt::format("      phase-{}: {{energised: {}}}\n", phase.number, date_text(power));
    }
    if (!halls.empty())
      out += fmt::format("  {}:\n    halls:\n{}    power:\n{}", site.name, halls, sources);
  }
  return out;
}

std::string chips_on_time_yaml(const YamlInput& input) {
  std::string out =
      "# Assumed deliveries, not a report: chips come two months before the file's date (lead time "
      "4, 6 or 11\n"
      "# months at p10, p50, p90), whatever happens to their gate. What is dark here is what this "
      "assumes.\n"
      "note: assumed deliveries, not a report\nfleet:\n";
  each_lot(input, [&](const EpochSite& site, const Phase& phase, const ChipLot& lot) {
    if (phase.date <= input.as_of) return;
    const Date p50 = phase.date - Months(2);
    out += fmt::format(
        "  {}: {{delivered: {{value: {{with: null, p10: {}, p50: {}, p90: {}}}, source: assumed "
        "lead time, "
        "tier: assumption}}}}\n",
        lot_name(site, phase, lot), date_text(p50 - Months(2)), date_text(p50),
        date_text(p50 + Months(5)));
  });
  return out;
}

namespace {

std::string gates_without(const YamlInput& input, Assumption off) {
  std::string out = "sites:\n";
  for (const EpochSite& site : input.sites) {
    std::string halls, sources;
    for (const Phase& phase : site.phases) {
      if (phase.date <= input.as_of) continue;
      const bool moved =
          !within(site, phase, splits_power(override_of(input, site, phase))).empty();
      const bool shift = off == Assumption::year_end_shift && moved;
      const char* key = shift ? "within" : "remaining";
      if (shift || off == Assumption::shell_slip)
        halls += fmt::format("      phase-{}: {{shell: {{warm: {{value: {{{}: null}}}}}}}}\n",
                             phase.number, key);
      if (shift || off == Assumption::power_slip)
        sources += fmt::format("      phase-{}: {{energised: {{value: {{{}: null}}}}}}\n",
                               phase.number, key);
    }
    if (!halls.empty()) halls = "    halls:\n" + halls;
    if (!sources.empty()) sources = "    power:\n" + sources;
    if (!(halls + sources).empty()) out += fmt::format("  {}:\n{}{}", site.name, halls, sources);
  }
  return out;
}

}  // namespace

std::string chips_on_time_without_yaml(const YamlInput& input, Assumption off) {
  std::string out = fmt::format(
      "# chips-on-time with one assumption switched off: {}.\nbased_on: chips-on-time\n",
      assumption_names[static_cast<std::size_t>(off)]);
  switch (off) {
    case Assumption::shell_slip:
    case Assumption::power_slip:
    case Assumption::year_end_shift:
      return out + gates_without(input, off);
    case Assumption::lead_time_spread:
      out += "fleet:\n";
      each_lot(input, [&](const EpochSite& site, const Phase& phase, const ChipLot& lot) {
        if (phase.date <= input.as_of) return;
        out += fmt::format("  {}: {{delivered: {}}}\n", lot_name(site, phase, lot),
                           date_text(phase.date - Months(2)));
      });
      return out;
    case Assumption::shared_luck:
      out += "factors:\n";
      for (const EpochSite& site : input.sites)
        if (!site.phases.empty()) out += fmt::format("  {}: {{loads: null}}\n", site.name);
      return out;
  }
  return out;
}

}  // namespace warmshell::import
