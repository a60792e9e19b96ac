// The world of one path, written to be read, against the block: same laws and same random numbers,
// nothing else in common. Bits must be equal. Layouts are random; what they contain is counted.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "base/philox.h"
#include "catalog/catalog.h"
#include "model/testing.h"
#include "world/block.h"
#include "world/rents.h"

namespace warmshell::world {
namespace {

using model::Gate;
using model::Layout;
using model::Portfolio;
namespace testing = model::testing;

// ---- the twin -----------------------------------------------------------------------------------

struct Twin {
  const Layout& layout;
  const Portfolio& portfolio;
  std::uint64_t seed, path;
  std::vector<double> factor, draw, gate;
  bool scarcity = false;
  std::vector<double> stance, list, first_list;

  double fresh(const std::string& name) const {
    return standard_normal(stream_key(seed, name), path);
  }
  double uniform(const std::string& name, int month) const {
    return uniform01(stream_key(seed, name), path, static_cast<std::uint32_t>(month));
  }

  void draw_dates() {
    for (const model::FactorDraw& f : layout.factors) {
      double z = fresh(f.name) * f.own;
      for (const auto& [other, load] : f.loads) z += factor[static_cast<std::size_t>(other)] * load;
      factor.push_back(z);
    }
    for (const model::Draw& d : layout.draws) {
      double z = fresh(d.name) * d.own;
      for (const auto& [other, load] : d.loads) z += factor[static_cast<std::size_t>(other)] * load;
      draw.push_back(z);
    }
    for (const Gate& g : layout.gates) gate.push_back(date_of(g));
  }

  double law_at(const Law& law, int index) const {
    return index < 0 ? p50(law) : from_normal(law, draw[static_cast<std::size_t>(index)]);
  }

  double date_of(const Gate& g) const {
    double date = g.month;
    if (g.kind == Gate::Kind::law) date = law_at(g.law, g.draw);
    if (g.kind == Gate::Kind::planned) {
      if (g.within_draw >= 0) {
        const double u = math::normal_cdf(draw[static_cast<std::size_t>(g.within_draw)]);
        date = g.month + g.within * (2 * u - 1);
      }
      date = std::min(std::max(date, g.not_before), g.not_after);
      if (g.has_law && date > layout.known_at)
        date = layout.known_at + (date - layout.known_at) * std::max(0.0, law_at(g.law, g.draw));
    }
    if (g.kind == Gate::Kind::after)
      date = gate[static_cast<std::size_t>(g.follows)] + std::max(0.0, law_at(g.law, g.draw));
    if (g.kind == Gate::Kind::with) {
      date = gate[static_cast<std::size_t>(g.follows)];
      for (const int other : g.also_follows)
        date = std::max(date, gate[static_cast<std::size_t>(other)]);
      date += g.offset;
    }
    if (g.cut_at_known) date = std::max(date, layout.known_at);
    if (g.completes_draw >= 0) {
      const double z = draw[static_cast<std::size_t>(g.completes_draw)];
      const bool completes = z < math::normal_quantile(g.completes);
      if (completes == g.when_not) date = model::never_month;
    }
    return date;
  }

  // Month in which a class is the k-th generation behind.
  double behind_from(const model::LayoutClass& chip, int k) const {
    double date = model::never_month;
    for (std::size_t r = 0; r < layout.release_gates.size(); ++r)
      if (layout.release_line[r] == chip.line &&
          std::floor(layout.release_generation[r]) >= std::floor(chip.generation) + k)
        date = std::min(
            date, gate[static_cast<std::size_t>(layout.release_gates[r])] + layout.in_volume_after);
    return date;
  }

  static double part_before(double date, int month) {
    return std::min(1.0, std::max(0.0, date - month));
  }

  void next_lists(int month) {
    const RentLaw& law = rent_law();
    const double u = uniform("rents.regime", month);
    if (month == 0)
      scarcity = u < scarcity_odds(layout.start, 0);
    else if (u < law.change_odds)
      scarcity = !scarcity;

    stance.resize(layout.classes.size());
    list.resize(layout.classes.size());
    for (std::size_t c = 0; c < layout.classes.size(); ++c) {
      const model::LayoutClass& chip = layout.classes[c];
      const double rise = (chip.fp8 ? law.scarcity : law.legacy_scarcity) - law.glut;
      const double target = law.glut + rise * (scarcity ? 1 : 0);
      if (month == 0) {
        stance[c] = target;
      } else {
        const double v = uniform("rents." + chip.accelerator, month);
        if (v < law.look_odds) {
          const double size =
              law.least_step + v * ((law.greatest_step - law.least_step) / law.look_odds);
          const double moved = stance[c] * (target > stance[c] ? 1 + size : 1 - size);
          const bool nearer = target > stance[c] ? moved * stance[c] < target * target
                                                 : moved * stance[c] > target * target;
          if (nearer) stance[c] = moved;
        }
      }
      list[c] = stance[c] * newest_level(chip);
      for (int k = 1; k <= 12; ++k)
        list[c] *= 1 - law.behind_step * (1 - part_before(behind_from(chip, k), month));
    }
    if (month == 0) first_list = list;
  }

  double accept(std::size_t m, std::size_t c, int month) const {
    const model::LayoutMarket& market = layout.markets[m];
    if (!market.accepts_class[c]) return 0;
    if (market.max_behind > 12) return 1;
    const int refused = static_cast<int>(std::floor(market.max_behind)) + 1;
    return part_before(behind_from(layout.classes[c], refused), month);
  }
};

// ---- random layouts -----------------------------------------------------------------------------

struct Random {
  StreamKey key;
  std::uint32_t next = 0;
  double u() { return uniform01(key, 0, next++); }
  int below(int n) { return std::min(n - 1, static_cast<int>(u() * n)); }
  bool one_in(int n) { return below(n) == 0; }
};

struct Case {
  Portfolio portfolio;
  Layout layout;
};

Law random_law(Random& r, double low, double high, bool positive) {
  const double a = low + (high - low) * r.u(), width = 0.5 + 10 * r.u();
  switch (r.below(6)) {
    case 0:
      return Fixed{a};
    case 1:
      return make_quantiles(a, a + width, a + width * (1.2 + 2 * r.u()));
    case 2:
      return Triangular{a, a + width * r.u(), a + width};
    case 3:
      return Uniform{a, a + width};
    case 4:
      return make_empirical({a, a + 1, a + width, a + width + 3});
    default:
      return positive ? make_lognormal_p50_p90(width, width * 2)
                      : make_discrete({a, a + width}, {0.3, 0.7});
  }
}

int add_draw(Random& r, Layout& layout, const std::string& name) {
  model::Draw draw{name, {}, 1};
  if (!layout.factors.empty() && r.one_in(2)) {
    const double load = 0.9 * r.u();
    draw.loads.push_back({r.below(static_cast<int>(layout.factors.size())), load});
    draw.own = std::sqrt(1 - load * load);
  }
  layout.draws.push_back(draw);
  return static_cast<int>(layout.draws.size()) - 1;
}

Gate random_gate(Random& r, Layout& layout, const std::string& name) {
  Gate g;
  const int earlier = static_cast<int>(layout.gates.size());
  g.kind = static_cast<Gate::Kind>(earlier == 0 ? r.below(3) : r.below(5));
  g.month = -10 + 40 * r.u();
  const auto law = [&](double low, double high, bool positive) {
    g.law = random_law(r, low, high, positive);
    if (!is_fixed(g.law)) g.draw = add_draw(r, layout, name);
  };
  switch (g.kind) {
    case Gate::Kind::fixed:
      break;
    case Gate::Kind::law:
      law(-5, 30, false);
      g.cut_at_known = true;
      break;
    case Gate::Kind::planned:
      if (r.one_in(2)) {
        g.within = 6;
        g.within_draw = add_draw(r, layout, name + ".within");
        g.not_after = r.one_in(2) ? g.month + 2 : model::never_month;
      }
      g.has_law = r.one_in(2);
      if (g.has_law) law(0.5, 1.5, true);
      break;
    case Gate::Kind::after:
      g.follows = r.below(earlier);
      law(-2, 12, true);
      break;
    case Gate::Kind::with:
      g.follows = r.below(earlier);
      if (r.one_in(3)) g.also_follows.push_back(r.below(earlier));
      g.offset = -3 + 6 * r.u();
      g.cut_at_known = r.one_in(2);
      break;
  }
  if (r.one_in(3)) {
    g.completes = 0.2 + 0.7 * r.u();
    g.completes_draw = add_draw(r, layout, name + ".completes");
    g.when_not = r.one_in(3);
  }
  return g;
}

Case random_case(std::uint64_t seed) {
  Random r{stream_key(seed, "twin"), 0};
  Case c;
  c.portfolio = testing::empty(testing::month(2025, 11), 1);
  Layout& layout = c.layout;
  layout.months = 40;
  layout.start = c.portfolio.start.value.months + r.below(30);
  layout.known_at = r.one_in(2) ? 0 : -4;
  layout.in_volume_after = r.below(8);
  for (int f = 0; f < r.below(3); ++f) {
    model::FactorDraw factor{"factors." + std::to_string(f), {}, 1};
    if (f > 0 && r.one_in(2)) {
      factor.loads.push_back({0, 0.6});
      factor.own = 0.8;
    }
    layout.factors.push_back(factor);
  }
  const int gates = 1 + r.below(8);
  for (int g = 0; g < gates; ++g)
    layout.gates.push_back(random_gate(r, layout, "gate." + std::to_string(g)));

  const char* chips[] = {"a100_80", "h100_sxm", "gb200_nvl72", "tpu_v5p", "mi300x"};
  for (const char* id : chips) {
    if (r.one_in(2)) continue;
    const catalog::Accelerator& a = *catalog::find_accelerator(id);
    layout.classes.push_back(
        {a.id, a.line, a.generation, catalog::h100e(a), catalog::h100e(a), a.fp8_native, false});
  }
  for (int n = 0; n < 5; ++n) {
    layout.release_gates.push_back(r.below(gates));
    layout.release_line.push_back(r.one_in(3) ? "google" : "nvidia");
    layout.release_generation.push_back(2 + 0.5 * r.below(10));
  }

  const bool catalogue_rents = r.one_in(2);
  for (const char* name : {"a", "b"}) {
    testing::add_market(c.portfolio, name, model::Terms::on_demand, 100,
                        catalogue_rents && name[0] == 'a' ? -1 : 2);
    if (r.one_in(2)) c.portfolio.markets[name].rent.falls = testing::given(PerMonth(0.02));
    model::LayoutMarket market;
    market.name = name;
    market.demand_now_h100e = 100;
    market.max_behind = r.one_in(2) ? r.below(3) : model::never_month;
    for (std::size_t k = 0; k < layout.classes.size(); ++k) {
      market.accepts_class.push_back(!r.one_in(4));
      market.rent_draw.push_back(-1);
    }
    if (c.portfolio.markets[name].rent.per_h100e && r.one_in(2)) {
      *c.portfolio.markets[name].rent.per_h100e =
          testing::number<MoneyPerH100eHour>(make_quantiles(1, 2, 4));
      const int index = add_draw(r, layout, std::string("rent.") + name);
      market.rent_draw.assign(layout.classes.size(), index);
    }
    layout.markets.push_back(market);
  }
  return c;
}

TEST(Twin, the_block_gives_the_bits_of_the_path_written_to_be_read) {
  std::map<std::string, int> seen;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    const Case c = random_case(seed);
    const Layout& layout = c.layout;
    constexpr int width = 5;
    const std::int64_t first = static_cast<std::int64_t>(seed) * 3;
    Block block(layout, c.portfolio, seed, width);
    block.begin(first, width);
    std::vector<Twin> twins;
    for (int p = 0; p < width; ++p) {
      twins.push_back({layout,
                       c.portfolio,
                       seed,
                       static_cast<std::uint64_t>(first + p),
                       {},
                       {},
                       {},
                       false,
                       {},
                       {},
                       {}});
      twins.back().draw_dates();
    }
    for (std::size_t g = 0; g < layout.gates.size(); ++g)
      for (int p = 0; p < width; ++p) {
        const double date = twins[static_cast<std::size_t>(p)].gate[g];
        ASSERT_EQ(block.gate_month(static_cast<int>(g))[p], date) << "seed " << seed;
        ++seen["gate " + std::to_string(static_cast<int>(layout.gates[g].kind))];
        ++seen[date == model::never_month ? "never" : "dated"];
      }
    const std::size_t classes = layout.classes.size();
    for (int month = 0; month < layout.months; ++month) {
      const MonthColumns& columns = block.next_month();
      for (int p = 0; p < width; ++p) {
        Twin& twin = twins[static_cast<std::size_t>(p)];
        twin.next_lists(month);
        for (std::size_t m = 0; m < layout.markets.size(); ++m)
          for (std::size_t k = 0; k < classes; ++k) {
            const std::size_t at = (m * classes + k) * width + static_cast<std::size_t>(p);
            const double share = twin.accept(m, k, month);
            ASSERT_EQ(columns.accept_share[at], share) << "seed " << seed;
            ++seen[share == 0 ? "refused" : share == 1 ? "accepted" : "accepted in part"];

            const model::Rent& rent = c.portfolio.markets.at(layout.markets[m].name).rent;
            const double falls = rent.falls ? math::pow(1 - (*rent.falls)->value, month) : 1;
            const double h100e = layout.classes[k].h100e;
            const int index = layout.markets[m].rent_draw[k];
            double expected = 0;
            if (rent.per_h100e && index >= 0) {
              expected = std::max(0.0, twin.law_at(*rent.per_h100e->law, index)) * h100e * falls;
              ++seen["rent drawn"];
            } else if (rent.per_h100e) {
              expected = p50(*rent.per_h100e->law) * h100e * falls;
              ++seen["rent fixed"];
            } else if (rent.falls) {
              expected = newest_level(layout.classes[k]) *
                         mean_regime(layout.classes[k].fp8, scarcity_odds(layout.start, 0)) * falls;
              ++seen["rent falls"];
            } else {
              expected = twin.list[k];
              ++seen["rent listed"];
            }
            ASSERT_EQ(columns.rent_per_hour[at], expected) << "seed " << seed;
          }
        for (std::size_t k = 0; k < classes; ++k)
          ASSERT_EQ(columns.resale_factor[k * width + static_cast<std::size_t>(p)],
                    twin.list[k] / twin.first_list[k]);
      }
    }
  }
  for (const char* what :
       {"gate 0", "gate 1", "gate 2", "gate 3", "gate 4", "never", "dated", "refused", "accepted",
        "accepted in part", "rent drawn", "rent fixed", "rent falls", "rent listed"})
    EXPECT_GT(seen[what], 100) << what;
}

}  // namespace
}  // namespace warmshell::world
