// What the random portfolios of the twin test contain: how often each state, case of blame, class,
// bridge, term and branch of the rules occurred in a month of a path. A zero fails: what never
// occurs is not tested.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <map>
#include <string>

#include "fleet/column_store.h"
#include "fleet/kernel.h"
#include "fleet/random_portfolio.h"

namespace warmshell::fleet {
namespace {

using model::never_month;
using Counts = std::map<std::string, long>;

const char* const term_names[] = {"take-or-pay", "on-demand", "internal", "contract"};

// Everything that must occur at least once.
std::vector<std::string> expected() {
  std::vector<std::string> names;
  for (std::string_view state : state_names) names.push_back(fmt::format("state {}", state));
  for (const char* gate : {"no_shell", "no_cooling", "no_power"}) {
    names.push_back(fmt::format("blame {} alone", gate));
    names.push_back(fmt::format("blame {} of two cures", gate));
    names.push_back(fmt::format("sellable {} alone", gate));
    names.push_back(fmt::format("sellable {} of two cures", gate));
  }
  names.push_back("sellable installing");
  for (std::string_view use : megawatt_names) names.push_back(fmt::format("megawatts {}", use));
  for (const char* term : term_names) names.push_back(fmt::format("term {}", term));
  for (const char* name : {"class air",
                           "class liquid",
                           "class both",
                           "class too dense for a hall",
                           "bridge yields in part",
                           "bridge yields whole",
                           "bridge of what never comes",
                           "bridges of one source",
                           "tranche with its own date",
                           "tranche held back",
                           "tranche never",
                           "source ends",
                           "source outage",
                           "source curtailed",
                           "hall outage",
                           "hall of several classes",
                           "retrofit takes cooling away",
                           "retrofit brings cooling",
                           "pue step",
                           "order cancelled",
                           "order dated after start",
                           "lot retired",
                           "lot of no chips",
                           "lot that serves no demand",
                           "history before start",
                           "racked without power",
                           "all under repair",
                           "ramp holds back",
                           "ramp of a fraction",
                           "part of a month accepted",
                           "unbounded demand",
                           "demand met",
                           "demand unmet",
                           "other order than the month before",
                           "cheapest source first",
                           "energy beyond firm power",
                           "prices tie",
                           "crews",
                           "no crews",
                           "lifted shell",
                           "lifted cooling",
                           "lifted power",
                           "lifted installation"})
    names.emplace_back(name);
  return names;
}

class Counter {
 public:
  explicit Counter(const RandomPortfolio& r, Counts& counts) : r_(r), counts_(counts) {}

  void see(const std::string& name, bool happened) { counts_[name] += happened ? 1 : 0; }

  void layout() {
    const model::Layout& layout = r_.p.layout;
    for (const model::LayoutLot& lot : layout.lots) {
      see("class air", lot.cooling_mask == air);
      see("class liquid", lot.cooling_mask == liquid);
      see("class both", lot.cooling_mask == (air | liquid));
      see("lot of no chips", lot.count == 0);
      see("lot that serves no demand", lot.h100e == 0);
      see("order dated after start", lot.ordered_month > 0);
      for (int h : lot.other_halls)
        see("class too dense for a hall", lot.rack_kw > layout.halls[h].max_rack_kw);
    }
    for (const model::LayoutHall& hall : layout.halls) {
      see("hall of several classes", hall.cooling_mask == (air | liquid));
      see("pue step", hall.pue.size() > 1);
    }
    for (const model::LayoutSite& site : layout.sites) {
      see("crews", site.racks_per_month < never_month);
      see("no crews", !(site.racks_per_month < never_month));
    }
  }

  void month(int t, const Columns& now, const Columns& before) {
    for (int path = 0; path < r_.width; ++path) {
      lots(t, path, now, before);
      sites(t, path, now);
      sources(t, path, now);
      markets(t, path, now);
    }
    see("other order than the month before",
        t > 0 && r_.p.decisions.order[t] != r_.p.decisions.order[t - 1]);
  }

 private:
  [[nodiscard]] double gate(int g, int path) const { return r_.gates[g * r_.width + path]; }
  [[nodiscard]] static double part(int t, double from, double to) {
    return std::max(0.0, std::min(to, t + 1.0) - std::max(from, static_cast<double>(t)));
  }

  void lots(int t, int path, const Columns& now, const Columns& before) {
    for (int l = 0; l < now.lots; ++l) {
      const model::LayoutLot& lot = r_.p.layout.lots[l];
      const int at = l * r_.width + path;
      const double tiny = 1e-6 * lot.count;
      const auto some = [&](const double* column) { return column[at] > tiny; };
      for (int s = 0; s < state_count; ++s)
        see(fmt::format("state {}", state_names[s]), some(now.state[s]));
      for (int k = 0; k < alone_count; ++k) {
        const std::string name(state_names[1 + k]);
        see("blame " + name + " alone", some(now.alone[k]));
        see("blame " + name + " of two cures", now.state[1 + k][at] - now.alone[k][at] > tiny);
        see("sellable " + name + " alone", some(now.sellable_alone[k]));
        see("sellable " + name + " of two cures",
            now.sellable[k][at] - now.sellable_alone[k][at] > tiny);
      }
      see("sellable installing", some(now.sellable[3]));
      const bool cancelled =
          lot.cancelled_gate >= 0 && gate(lot.delivered_gate, path) == never_month;
      see("order cancelled", cancelled && some(now.gone));
      see("lot retired", !cancelled && some(now.gone));
      see("history before start",
          t == 0 && now.installed[at] > tiny && gate(lot.delivered_gate, path) < -1);
      const double lit = now.installed[at] + now.state[static_cast<int>(State::installing)][at];
      see("racked without power", now.housed[at] > lit + tiny);
      see("all under repair",
          some(now.installed) &&
              now.state[static_cast<int>(State::failed)][at] >= now.installed[at]);
      const bool fell =
          t > 0 && now.housed[at] < before.housed[at] - tiny && !(lot.life_months < never_month);
      for (int h : lot.halls) {
        const model::LayoutHall& hall = r_.p.layout.halls[h];
        for (const model::OutageSpan& outage : hall.outages)
          see("hall outage", fell && part(t, outage.from, outage.to) > 0);
        const bool in_month = part(t, hall.retrofit_month, never_month) > 0 &&
                              part(t - 1, hall.retrofit_month, never_month) == 0;
        const bool takes_now = (lot.cooling_mask & hall.cooling_mask) != 0;
        const bool takes_then = (lot.cooling_mask & hall.retrofit_mask) != 0;
        see("retrofit takes cooling away", in_month && !takes_then && some(before.housed));
        see("retrofit brings cooling", in_month && !takes_now && takes_then);
      }
    }
  }

  void sites(int, int path, const Columns& now) {
    for (int s = 0; s < now.sites; ++s) {
      for (int m = 0; m < megawatt_count; ++m)
        see(fmt::format("megawatts {}", megawatt_names[m]),
            now.megawatt[m][s * r_.width + path] > 1e-9);
      const double firm = now.megawatt[static_cast<int>(Megawatt::firm)][s * r_.width + path];
      see("energy beyond firm power",
          firm > 1e-9 && now.energy_mwh[s * r_.width + path] > firm * 730);
    }
  }

  void sources(int t, int path, const Columns& now) {
    const model::Layout& layout = r_.p.layout;
    for (std::size_t s = 0; s < layout.sources.size(); ++s) {
      const model::LayoutSource& source = layout.sources[s];
      const std::size_t at =
          s * static_cast<std::size_t>(r_.width) + static_cast<std::size_t>(path);
      double opens = gate(source.gate, path), nominal = 0;
      for (std::size_t k = 0; k < source.tranche_mw.size(); ++k) {
        const int own = k < source.tranche_gate.size() ? source.tranche_gate[k] : -1;
        if (own >= 0) {
          see("tranche with its own date", gate(own, path) > opens && gate(own, path) < t);
          see("tranche held back", gate(own, path) < opens && opens < t);
          see("tranche never", gate(own, path) == never_month && opens < t);
          opens = std::max(opens, gate(own, path));
        } else if (k > 0) {
          opens += source.every;
        }
        nominal += source.tranche_mw[k] * part(t, opens, source.ends_month);
      }
      const double live = now.source_energised_mw[at];
      see("source ends", nominal == 0 && opens < t && source.ends_month < t);
      for (const model::OutageSpan& outage : source.outages)
        see("source outage", nominal > 0 && part(t, outage.from, outage.to) > 0);
      see("source curtailed", live > 0 && r_.months[t].curtailed[at] > 0);
      if (source.bridge_until >= 0 && nominal > 0) {
        see("bridge yields in part", live > 1e-9 && live < nominal - 1e-9);
        see("bridge yields whole", live < 1e-9);
        see("bridge of what never comes",
            gate(layout.sources[source.bridge_until].gate, path) == never_month &&
                live > nominal - 1e-9);
        for (std::size_t o = 0; o < s; ++o)
          see("bridges of one source", layout.sources[o].bridge_until == source.bridge_until);
      }
      for (std::size_t o = 0; o < layout.sources.size(); ++o) {
        if (o == s || layout.sources[o].site != source.site) continue;
        const std::size_t other =
            o * static_cast<std::size_t>(r_.width) + static_cast<std::size_t>(path);
        const double price = r_.months[t].price[at], theirs = r_.months[t].price[other];
        const bool gives = now.source_energy_mwh[at] > 0;
        see("prices tie", gives && price == theirs);
        see("cheapest source first", gives && price < theirs && now.source_energy_mwh[other] == 0 &&
                                         now.source_energised_mw[other] > 0);
      }
    }
  }

  void markets(int t, int path, const Columns& now) {
    const model::Layout& layout = r_.p.layout;
    for (std::size_t m = 0; m < layout.markets.size(); ++m) {
      const model::LayoutMarket& market = layout.markets[m];
      const std::size_t width = static_cast<std::size_t>(r_.width);
      const double unmet = now.unmet_h100e[m * width + static_cast<std::size_t>(path)];
      const double demand = r_.months[t].demand[m * width + static_cast<std::size_t>(path)];
      see("demand met", demand > 0 && unmet == 0);
      see("demand unmet", demand < 1e300 && unmet > 0);
      for (int l = 0; l < now.lots; ++l) {
        const std::size_t at =
            (m * static_cast<std::size_t>(now.lots) + static_cast<std::size_t>(l)) * width +
            static_cast<std::size_t>(path);
        const double sold = now.sold[at];
        see(fmt::format("term {}", term_names[static_cast<int>(market.terms)]), sold > 0);
        see("unbounded demand", market.unbounded && sold > 0);
        const std::size_t row =
            m * layout.classes.size() + static_cast<std::size_t>(layout.lots[l].accelerator_class);
        const double accepted = r_.months[t].accept[row * width + static_cast<std::size_t>(path)];
        see("part of a month accepted", sold > 0 && accepted > 0 && accepted < 1);
        const bool held = accepted == 1 && unmet > 0 &&
                          now.state[static_cast<int>(State::no_demand)][l * r_.width + path] >
                              1e-6 * layout.lots[l].count;
        see("ramp holds back", held && market.ramp_months > 1);
        see("ramp of a fraction", sold > 0 && market.ramp_months > std::floor(market.ramp_months));
      }
    }
  }

  const RandomPortfolio& r_;
  Counts& counts_;
};

TEST(Twin, random_portfolios_contain_every_case) {
  const char* asked = std::getenv("WARMSHELL_PORTFOLIOS");
  const int n = asked != nullptr ? std::atoi(asked) : 400;
  Counts counts;
  for (int seed = 0; seed < n; ++seed) {
    const RandomPortfolio r = random_portfolio(static_cast<std::uint64_t>(seed));
    const Mode mode = random_mode(static_cast<std::uint64_t>(seed));
    counts["lifted shell"] += mode.lift_shell ? 1 : 0;
    counts["lifted cooling"] += mode.lift_cooling ? 1 : 0;
    counts["lifted power"] += mode.lift_power ? 1 : 0;
    counts["lifted installation"] += mode.lift_installation ? 1 : 0;
    if (mode.lift_shell || mode.lift_cooling || mode.lift_power || mode.lift_installation) continue;
    Counter counter(r, counts);
    counter.layout();
    Funnel funnel(r.p.layout, r.p.decisions, r.width);
    const std::vector<const double*> gates = r.gate_rows();
    funnel.begin(gates.data());
    ColumnStore before(r.p.layout, r.width);
    for (int t = 0; t < r.p.layout.months; ++t) {
      const Columns& now = funnel.next_month(r.draws(t));
      counter.month(t, now, before.columns());
      std::copy_n(now.housed, now.lots * r.width, before.columns().housed);
    }
  }
  for (const std::string& name : expected()) {
    fmt::print("{:>12}  {}\n", counts[name], name);
    EXPECT_GT(counts[name], 0) << name << " never occurred in " << n << " portfolios";
  }
}

}  // namespace
}  // namespace warmshell::fleet
