#include "import/epoch_sites.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <charconv>
#include <cmath>
#include <map>
#include <optional>
#include <set>

#include "text/csv.h"

namespace warmshell::import {

namespace {

constexpr double mw_tolerance = 1e-9;

using Cells = std::vector<text::Table::Cell>;

Diagnostic warning(std::string code, const text::Place& place, std::string path,
                   std::string message) {
  Diagnostic diagnostic;
  diagnostic.severity = Severity::warning;
  diagnostic.code = std::move(code);
  diagnostic.where = place.span();
  diagnostic.path = std::move(path);
  diagnostic.message = std::move(message);
  return diagnostic;
}

Diagnostic error(std::string code, const text::Place& place, std::string message,
                 std::string help) {
  Diagnostic diagnostic = warning(std::move(code), place, "", std::move(message));
  diagnostic.severity = Severity::error;
  diagnostic.help = std::move(help);
  return diagnostic;
}

struct Column {
  const text::Table& table;
  std::size_t index;
  const text::Table::Cell& of(const Cells& row) const { return row[index]; }
};

Result<Column> column(const text::Table& table, std::string_view name) {
  const auto index = table.find(name);
  if (!index)
    return fail(plain_error("WS0401",
                            fmt::format("{} has no column `{}`", table.source->name(), name),
                            "give the sites file and the timelines file of Epoch's Frontier Data "
                            "Centers, in this order"));
  return Column{table, *index};
}

std::optional<double> number(const text::Table::Cell& cell, Diagnostics& errors) {
  if (cell.text.empty()) return std::nullopt;
  double value = 0;
  const char* end = cell.text.data() + cell.text.size();
  const auto [stop, problem] = std::from_chars(cell.text.data(), end, value);
  if (problem != std::errc{} || stop != end || !std::isfinite(value) || value < 0) {
    errors.push_back(error("WS0402", cell.place,
                           fmt::format("`{}` is not a number of MW or h100e", cell.text),
                           "write a plain number that is not negative, or leave the cell empty"));
    return std::nullopt;
  }
  return value;
}

// "SpaceXAI #confident, Cursor #likely": what stands before the first `#` or `,`, and after it.
std::pair<std::string, std::string> owner_and_confidence(const std::string& text) {
  const std::string first = text.substr(0, text.find(','));
  const std::size_t mark = first.find('#');
  std::string owner = first.substr(0, mark);
  while (!owner.empty() && owner.back() == ' ') owner.pop_back();
  return {owner, mark == std::string::npos ? "" : first.substr(mark + 1)};
}

using SitesByValue = std::map<double, std::set<std::string>>;  // h100e -> sites that state it
struct RawState {
  State state;
  std::optional<double> it_mw, facility_mw, h100e;  // nothing: blank in the file
};

// h100e values of a site that some other site has too, to the last digit: copied, not measured.
std::string copied_values(const std::vector<RawState>& rows, const std::string& site,
                          const SitesByValue& sites_by_value) {
  std::map<std::string, int> copies;
  for (const RawState& row : rows)
    for (const std::string& other : sites_by_value.at(row.h100e.value_or(0)))
      if (other != site && row.h100e.value_or(0) > 0) ++copies[other];
  std::string text;
  for (const auto& [other, count] : copies)
    text += fmt::format("; {} of its values equal {}'s to the last digit", count, other);
  return text;
}

// Blank carries forward; h100e that fall while IT power does not are carried forward with a
// warning.
std::vector<State> carry_forward(std::vector<RawState> rows, const std::string& site,
                                 const SitesByValue& sites_by_value, Diagnostics& warnings) {
  std::stable_sort(rows.begin(), rows.end(), [](const RawState& a, const RawState& b) {
    return a.state.date < b.state.date;
  });
  std::vector<State> states;
  State before;
  for (const RawState& row : rows) {
    State state = row.state;
    state.it_mw = row.it_mw.value_or(before.it_mw);
    state.facility_mw = row.facility_mw.value_or(before.facility_mw);
    state.h100e = row.h100e.value_or(before.h100e);
    if (state.h100e < before.h100e && state.it_mw >= before.it_mw) {
      warnings.push_back(warning("WS0403", state.place, fmt::format("sites.{}", name_of(site)),
                                 fmt::format("{}: {} h100e on {} is less than {} before, and IT "
                                             "power does not fall: carried forward{}",
                                             site, state.h100e, date_text(state.date), before.h100e,
                                             copied_values(rows, site, sites_by_value))));
      state.h100e = before.h100e;
    }
    const bool changes = state.it_mw != before.it_mw || state.facility_mw != before.facility_mw ||
                         state.h100e != before.h100e;
    if (changes) states.push_back(state);
    before = state;
  }
  return states;
}

// Steps are counted from the highest IT power so far; a fall lasts until the MW return.
void find_phases(EpochSite& site, Diagnostics& warnings) {
  double highest_it = 0, facility_at_highest = 0, highest_h100e = 0;
  std::optional<Fall> open;
  PueStep standing;  // the site-wide PUE that holds outside falls
  const auto all_halls = [&] { return static_cast<int>(site.phases.size()); };
  const auto close = [&](Date date) {
    if (!open) return;
    open->to = date;
    site.falls.push_back(*open);
    site.pue_steps.push_back({date, 0, all_halls()});
    if (standing.halls > 0) site.pue_steps.push_back({date, standing.pue, standing.halls});
    open.reset();
  };
  for (const State& state : site.states) {
    const double step_it = state.it_mw - highest_it;
    if (step_it < -mw_tolerance) {
      close(state.date);
      open = Fall{state.date, never, -step_it, facility_at_highest - state.facility_mw};
      if (state.it_mw > 0)
        site.pue_steps.push_back({state.date, state.facility_mw / state.it_mw, all_halls()});
      continue;
    }
    close(state.date);
    if (step_it > mw_tolerance) {
      Phase phase{static_cast<int>(site.phases.size()) + 1,
                  state.date,
                  step_it,
                  state.facility_mw - facility_at_highest,
                  state.h100e - highest_h100e,
                  state.status,
                  state.place};
      const double pue = phase.facility_mw / phase.it_mw;
      if (pue < 1.05 || pue > 1.6)
        warnings.push_back(warning(
            "WS0404", state.place, fmt::format("sites.{}.halls.phase-{}", site.name, phase.number),
            fmt::format("{}: the step of {} has a PUE of {:.3f}, outside 1.05 to 1.6", site.title,
                        date_text(state.date), pue)));
      site.phases.push_back(std::move(phase));
    } else {
      if (state.facility_mw != facility_at_highest && state.it_mw > 0) {
        standing = {state.date, state.facility_mw / state.it_mw, all_halls()};
        site.pue_steps.push_back(standing);
      }
      if (state.h100e > highest_h100e)
        warnings.push_back(warning(
            "WS0405", state.place, fmt::format("sites.{}", site.name),
            fmt::format("{}: h100e rises by {:.1f} on {} and IT power does not: not reproduced",
                        site.title, state.h100e - highest_h100e, date_text(state.date))));
    }
    highest_it = std::max(highest_it, state.it_mw);
    facility_at_highest = state.facility_mw;
    highest_h100e = std::max(highest_h100e, state.h100e);
  }
  if (open) site.falls.push_back(*open);
}

}  // namespace

std::string name_of(const std::string& title) {
  std::string name;
  for (const char c : title) {
    if (std::isalnum(static_cast<unsigned char>(c)))
      name += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
    else if (!name.empty() && name.back() != '-')
      name += '-';
  }
  while (!name.empty() && name.back() == '-') name.pop_back();
  return name;
}

Result<std::vector<EpochSite>> read_epoch_sites(const text::SourcePtr& sites_file,
                                                const text::SourcePtr& timelines_file,
                                                Diagnostics& warnings) {
  auto sites_table = text::read_csv(sites_file);
  if (!sites_table) return tl::unexpected(sites_table.error());
  auto timelines = text::read_csv(timelines_file);
  if (!timelines) return tl::unexpected(timelines.error());

  // ---- sites
  std::vector<EpochSite> sites;
  std::map<std::string, std::size_t> index;
  {
    auto name = column(*sites_table, "Name"), owner = column(*sites_table, "Owner"),
         notes = column(*sites_table, "Notes"), country = column(*sites_table, "Country");
    for (const auto* c : {&name, &owner, &notes, &country})
      if (!*c) return tl::unexpected(c->error());
    for (const Cells& row : sites_table->rows) {
      EpochSite site;
      site.title = name->of(row).text;
      site.name = name_of(site.title);
      std::tie(site.owner, site.confidence) = owner_and_confidence(owner->of(row).text);
      site.notes = notes->of(row).text;
      site.country = country->of(row).text;
      if (!index.emplace(site.title, sites.size()).second)
        return fail(error("WS0406", name->of(row).place,
                          fmt::format("site `{}` stands twice", site.title),
                          "keep one row per site"));
      sites.push_back(std::move(site));
    }
  }

  // ---- dated states
  auto date = column(*timelines, "Date"), status = column(*timelines, "Construction status"),
       it = column(*timelines, "IT power (MW)"), facility = column(*timelines, "Power (MW)"),
       h100e = column(*timelines, "H100 equivalents"), site = column(*timelines, "Data center");
  for (const auto* c : {&date, &status, &it, &facility, &h100e, &site})
    if (!*c) return tl::unexpected(c->error());
  Diagnostics errors;
  std::map<std::string, std::vector<RawState>> raw;
  SitesByValue sites_by_value;
  for (const Cells& row : timelines->rows) {
    const std::string& title = site->of(row).text;
    if (index.count(title) == 0) {
      if (raw[title].empty())
        warnings.push_back(warning("WS0407", site->of(row).place, "",
                                   fmt::format("{} has no row in the sites file: skipped", title)));
      raw[title].emplace_back();
      continue;
    }
    const auto parsed = parse_date(date->of(row).text);
    if (!parsed) {
      errors.push_back(error("WS0408", date->of(row).place,
                             fmt::format("`{}` is not a date", date->of(row).text),
                             "write it like 2026-05-23"));
      continue;
    }
    RawState state;
    state.state = {*parsed, 0, 0, 0, status->of(row).text, date->of(row).place};
    state.it_mw = number(it->of(row), errors);
    state.facility_mw = number(facility->of(row), errors);
    state.h100e = number(h100e->of(row), errors);
    sites_by_value[state.h100e.value_or(0)].insert(title);
    raw[title].push_back(std::move(state));
  }
  if (!errors.empty()) return tl::unexpected(errors);

  for (auto& [title, rows] : raw) {
    const auto found = index.find(title);
    if (found == index.end()) continue;
    EpochSite& one = sites[found->second];
    one.states = carry_forward(std::move(rows), title, sites_by_value, warnings);
    find_phases(one, warnings);
  }
  std::sort(sites.begin(), sites.end(),
            [](const EpochSite& a, const EpochSite& b) { return a.name < b.name; });
  return sites;
}

}  // namespace warmshell::import
