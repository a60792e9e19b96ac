#include "report/summary.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/chinese.h"
#include "report/figures.h"
#include "report/markup.h"
#include "report/words.h"

namespace warmshell::report {

namespace {

using study::SimulateResult;

constexpr std::size_t widest = 100;

// Names are the user's: what would move the cursor is not printed.
std::string plain(std::string_view text) {
  std::string out;
  for (const char c : text) out += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return out;
}

// Columns on a screen: Chinese letters and their punctuation take two.
std::size_t columns_of(std::string_view text) {
  std::size_t columns = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const unsigned char c = static_cast<unsigned char>(text[at]);
    if ((c & 0xC0) == 0x80) continue;
    columns += c >= 0xE3 ? 2 : 1;
  }
  return columns;
}

std::string cut(const std::string& text, std::size_t room) {
  if (columns_of(text) <= room) return text;
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t next = at + 1;
    while (next < text.size() && (static_cast<unsigned char>(text[next]) & 0xC0) == 0x80) ++next;
    if (columns_of(out) + columns_of(text.substr(at, next - at)) + 1 > room) break;
    out += text.substr(at, next - at);
    at = next;
  }
  return out + "…";
}

// Of a dotted path both ends tell: the place and the gate.
std::string cut_inside(const std::string& path, std::size_t room) {
  if (path.size() <= room || columns_of(path) != path.size()) return cut(path, room);
  const std::size_t end = (room - 1) / 2;
  return path.substr(0, room - 1 - end) + "…" + path.substr(path.size() - end);
}

std::string wrapped(const std::string& text) {
  std::string out, line;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t space = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, space - at);
    if (!line.empty() && columns_of(line) + 1 + columns_of(word) > widest) {
      out += line + "\n";
      line.clear();
    }
    line += (line.empty() ? "" : " ") + word;
    at = space + 1;
  }
  return out + line + "\n";
}

// Words over lines of some room, those after the first set in; a word that is too long is cut.
std::vector<std::string> lines_of(const std::string& words, std::size_t room) {
  std::vector<std::string> lines{""};
  for (std::size_t at = 0; at < words.size();) {
    const std::size_t space = std::min(words.find(' ', at), words.size());
    const std::string word = words.substr(at, space - at);
    const std::string longer = lines.back() + (at == 0 ? "" : " ") + word;
    if (columns_of(longer) <= room)
      lines.back() = longer;
    else if (at == 0)
      lines.back() = cut(word, room);
    else
      lines.push_back(cut("  " + word, room));
    at = space + 1;
  }
  return lines;
}

// The first column is text and gives way: names are cut, words go on in lines above. The others are
// set right.
std::string table(const std::string& title, std::vector<std::vector<std::string>> rows) {
  std::vector<std::size_t> width(rows.front().size(), 0);
  std::size_t others = 2;
  for (auto& row : rows)
    for (std::string& cell : row) cell = plain(cell);
  for (std::size_t column = 1; column < width.size(); ++column) {
    for (const auto& row : rows) width[column] = std::max(width[column], columns_of(row[column]));
    others += width[column] + 2;
  }
  const std::size_t room = others + 12 < widest ? widest - others : 12;
  std::vector<std::vector<std::string>> first;
  for (const auto& row : rows) {
    const bool is_name = row[0].find(' ') == std::string::npos;
    first.push_back(is_name ? std::vector{cut_inside(row[0], room)} : lines_of(row[0], room));
    for (const std::string& line : first.back()) width[0] = std::max(width[0], columns_of(line));
  }
  std::string out = "\n" + title + "\n";
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const auto& row = rows[r];
    for (std::size_t i = 0; i + 1 < first[r].size(); ++i) out += "  " + first[r][i] + "\n";
    std::string line =
        "  " + first[r].back() + std::string(width[0] - columns_of(first[r].back()), ' ');
    for (std::size_t column = 1; column < row.size(); ++column)
      line += std::string(2 + width[column] - columns_of(row[column]), ' ') + row[column];
    line.resize(line.find_last_not_of(' ') + 1);
    out += cut(line, widest) + "\n";
  }
  return out;
}

std::string cures_of(const SimulateResult& r) {
  if (r.cures.empty()) return "";
  std::vector<std::vector<std::string>> rows{
      {"gate", "margin waiting", "±", "months alone", "sellable"}};
  for (std::size_t i = 0; i < std::min<std::size_t>(5, r.cures.size()); ++i) {
    const study::Cure& cure = r.cures[i];
    rows.push_back({cure_words(cure.gate).en, money_text(cure.lost_margin, r.currency),
                    money_text(cure.se, r.currency),
                    with_thousands(cure.accelerator_months_alone, 0),
                    with_thousands(cure.sellable, 0)});
  }
  return table(
      "What to cure first: accelerator-months that wait for nothing but this gate, the next to "
      "open",
      std::move(rows));
}

// At most eight quarters, spread over the horizon, the last always among them.
std::string live_of(const SimulateResult& r) {
  if (r.quarters.empty()) return "";
  const bool planned = std::any_of(r.quarters.begin(), r.quarters.end(),
                                   [](const auto& q) { return q.planned_gw.has_value(); });
  std::vector<std::vector<std::string>> rows{{"end of", "P10", "P50", "P90"}};
  if (planned) rows.front().push_back("published plans");
  const std::size_t count = r.quarters.size(), every = (count + 7) / 8;
  double largest = 0;
  for (const study::Quarter& q : r.quarters) largest = std::max(largest, q.p90_gw);
  const auto mw = [&](double gw) { return with_thousands(gw * 1000, largest < 0.1 ? 1 : 0); };
  for (std::size_t i = (count - 1) % every; i < count; i += every) {
    const study::Quarter& q = r.quarters[i];
    rows.push_back({q.name, mw(q.p10_gw), mw(q.p50_gw), mw(q.p90_gw)});
    if (planned) rows.back().push_back(q.planned_gw ? mw(*q.planned_gw) : "");
  }
  return table("Facility MW ready for service: halls warm, as far as power is energised",
               std::move(rows));
}

std::string holding_of(const SimulateResult& r) {
  const Holding all = figures_of(r).portfolio;
  if (all.held <= 0) return "\nNo accelerator is owned or ordered.\n";
  std::vector<std::vector<std::string>> rows{
      {"", "accelerators, mean", "share of held", "accelerator-months"}};
  for (int group = 0; group < group_count; ++group) {
    const std::size_t g = static_cast<std::size_t>(group);
    rows.push_back({group_words(static_cast<Group>(group)).en, with_thousands(all.group[g], 0),
                    percent_text(all.share[g]), with_thousands(all.months_of[g], 0)});
  }
  return table("Over the horizon", std::move(rows));
}

std::string valuations_of(const SimulateResult& r) {
  std::vector<std::vector<std::string>> rows{{"", "mean", "±", "P10", "P50", "P90"}};
  const auto add = [&](const char* name, const auto& text) {
    const auto found = r.metrics.find(name);
    if (found == r.metrics.end()) return;
    const study::Metric& m = found->second;
    if (m.undefined_share == 1.0)
      return rows.push_back({metric_words(name).en, "-", "-", "-", "-", "-"});
    const auto quantile = [&](const std::optional<double>& x) { return x ? text(*x) : "-"; };
    rows.push_back({metric_words(name).en, text(m.mean), text(m.se), quantile(m.p10),
                    quantile(m.p50), quantile(m.p90)});
  };
  double largest = 0;
  for (const char* name : {"npv", "npv_by_chip_count"})
    if (const auto found = r.metrics.find(name); found != r.metrics.end())
      largest = std::max(largest, std::abs(found->second.mean));
  const auto money = [&](double x) { return money_text_like(x, largest, r.currency); };
  // Who owns no accelerator has no chip count to be misled by.
  const bool two = figures_of(r).portfolio.held > 0;
  add("npv", money);
  add("npv_without_terminal", money);
  if (two)
    for (const char* name : {"npv_by_chip_count", "npv_overstated"}) add(name, money);
  add("irr", rate_text);
  if (two) add("irr_by_chip_count", rate_text);
  add("peak_funding", money);
  if (two) add("dark_lost_margin", money);
  std::string out =
      rows.size() > 1 ? table(two ? "Two valuations" : "Valuation", std::move(rows)) : "";
  if (const auto found = r.metrics.find("irr");
      found != r.metrics.end() && found->second.undefined_share)
    out += fmt::format("  No single IRR on {} of paths, which its figures leave out.\n",
                       rate_text(*found->second.undefined_share));
  if (const auto found = r.metrics.find("levelised_cost"); found != r.metrics.end())
    out += wrapped(plain(fmt::format(
        "  Levelised cost of compute: {} ± {} {} per accelerator-hour that earns, without terminal "
        "value.",
        fixed_text(found->second.mean, 3), fixed_text(found->second.se, 3), r.currency)));
  if (const auto late = terminal_payback(r))
    out += wrapped("  " + late->words.en + rate_text(late->share) + ".");
  return out;
}

std::string promises_of(const SimulateResult& r) {
  if (r.promises.empty()) return "";
  std::vector<study::Promise> promises = r.promises;
  std::stable_sort(promises.begin(), promises.end(),
                   [](const auto& a, const auto& b) { return a.odds < b.odds; });
  std::vector<std::vector<std::string>> rows{
      {"promise", "ready by", "odds of being kept", "expected damages"}};
  for (std::size_t i = 0; i < std::min<std::size_t>(5, promises.size()); ++i)
    rows.push_back({promises[i].contract, promises[i].ready_by, percent_text(promises[i].odds),
                    money_text(promises[i].damages, r.currency)});
  return table("Promises at risk", std::move(rows));
}

std::string support_of(const SimulateResult& r) {
  std::string failing;
  for (const auto& [name, passed] : r.checks)
    if (!passed) failing += (failing.empty() ? "" : ", ") + name;
  std::string out = "\n";
  out += failing.empty() ? fmt::format("Checks: all {} hold on every path.\n", r.checks.size())
                         : wrapped("CHECKS FAIL: " + plain(failing) + ".");
  if (!r.defaults_used.empty()) {
    out += fmt::format("Defaults used: {}, weakest first:\n", r.defaults_used.size());
    for (std::size_t i = 0; i < std::min<std::size_t>(5, r.defaults_used.size()); ++i) {
      const study::DefaultUsed& d = r.defaults_used[i];
      out += cut(plain(fmt::format("  {:<4} {} = {} ({})", d.tier, d.path, d.value, d.source)),
                 widest) +
             "\n";
    }
    if (r.defaults_used.size() > 5)
      out += fmt::format("  and {} more in the JSON and the report\n", r.defaults_used.size() - 5);
  }
  if (!r.not_yet_valued.empty()) {
    std::string names;
    for (const std::string& name : r.not_yet_valued) names += (names.empty() ? "" : ", ") + name;
    out += wrapped("Read and checked, not yet valued: " + plain(names) + ".");
  }
  return out;
}

std::string scenario_name(const std::string& scenario) {
  return scenario.empty() ? "as written" : plain(scenario);
}

std::string difference_of(const study::Difference& d) {
  if (d.comparison != study::Comparison::path_by_path)
    return "\n" + wrapped(plain(no_difference_words(d).en));
  std::vector<std::vector<std::string>> rows{{"", "mean", "±"}};
  for (const auto& [name, gain] : d.metrics) {
    const study::Metric as{d.units.at(name), gain.mean, gain.se, {}, {}, {}, {}, {}, {}};
    rows.push_back({metric_words(name).en, metric_text(as, gain.mean), metric_text(as, gain.se)});
  }
  const std::string told =
      table(cut(fmt::format("{} less {}, on the same {} paths", scenario_name(d.scenario),
                            scenario_name(d.to), d.paths),
                widest),
            std::move(rows));
  const Words luck = luck_words(d);
  return luck.en.empty() ? told : told + wrapped(luck.en);
}

}  // namespace

std::string simulate_summary(const SimulateResult& result) {
  std::string out;
  if (!result.note.empty()) out += wrapped(plain(result.note)) + "\n";
  out += wrapped(plain(first_sentence(result)));
  if (const std::string promise = worst_promise(result); !promise.empty())
    out += wrapped(plain(promise));
  if (!result.complete)
    out += fmt::format("Interrupted: {} of {} paths were run.\n", result.paths, result.paths_asked);
  out += cures_of(result);
  out += holding_of(result);
  out += live_of(result);
  out += valuations_of(result);
  out += promises_of(result);
  out += support_of(result);
  return out;
}

std::string simulate_summaries(std::span<const SimulateResult> results,
                               std::span<const study::Difference> differences) {
  std::string out;
  for (const SimulateResult& result : results.first(std::min<std::size_t>(2, results.size())))
    out += simulate_summary(result) + "\n";
  if (results.size() < 2) return out;
  out += "Scenario by scenario\n";
  for (const SimulateResult& result : results)
    out += wrapped("  " + scenario_name(result.scenario) + ": " + plain(first_sentence(result)));
  for (const study::Difference& d : differences) out += difference_of(d);
  return out;
}

}  // namespace warmshell::report
