#include "world/block.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "world/gates.h"
#include "world/luck.h"
#include "world/releases.h"
#include "world/rents.h"
#include "world/terms.h"

namespace warmshell::world {

namespace {

// Columns of one quantity, [item][path]. What has one value on all paths is written only when the
// value changes.
class Columns {
 public:
  Columns(std::size_t items, int width)
      : width_(static_cast<std::size_t>(width)),
        data_(items * width_, 0),
        filled_with_(items, std::numeric_limits<double>::quiet_NaN()) {}

  void fill(std::size_t item, double value) {
    if (filled_with_[item] == value) return;
    std::fill_n(&data_[item * width_], width_, value);
    filled_with_[item] = value;
  }
  // For writing lane by lane.
  double* open(std::size_t item) {
    filled_with_[item] = std::numeric_limits<double>::quiet_NaN();
    return &data_[item * width_];
  }
  [[nodiscard]] const double* data() const { return data_.data(); }

 private:
  std::size_t width_;
  std::vector<double> data_;
  std::vector<double> filled_with_;
};

bool drawn(const Law& law, int draw) {
  return draw >= 0 && !is_fixed(law);
}

}  // namespace

struct Block::Impl {
  const model::Layout& layout;
  const PathKernels& kernels;
  int width = 0;
  int month = 0;

  Luck luck;
  Gates gates;
  Releases releases;
  bool lists_needed = false;
  bool prices_grow = false;
  bool resale_follows_lists = false;
  RentLists lists;

  std::vector<RentTerm> rents;                   // [market][class]
  std::vector<GrowthTerm> prices, curtailments;  // [source]
  std::vector<DemandSpan> demand_spans;          // [market]
  // One drawn number per path, before growth: rents [market][class], prices and curtailment
  // [source].
  std::vector<double> rent_drawn, price_drawn;

  Columns rent, demand, accept, price, curtailed, resale;
  MonthColumns columns;

  Impl(const model::Layout& l, const model::Portfolio& portfolio, std::uint64_t seed, int w)
      : layout(l),
        kernels(path_kernels()),
        width(w),
        luck(l, seed, w),
        gates(l, w),
        releases(l, w),
        lists(l, portfolio.rents.regimes, luck, w),
        rent(l.markets.size() * l.classes.size(), w),
        demand(l.markets.size(), w),
        accept(l.markets.size() * l.classes.size(), w),
        price(l.sources.size(), w),
        curtailed(l.sources.size(), w),
        resale(l.classes.size(), w) {
    for (std::size_t m = 0; m < l.markets.size(); ++m)
      for (std::size_t c = 0; c < l.classes.size(); ++c) {
        rents.push_back(rent_term(l, portfolio, static_cast<int>(m), static_cast<int>(c)));
        if (rents.back().kind == RentTerm::Kind::catalogue) lists_needed = true;
      }
    for (const model::LayoutMarket& market : l.markets) {
      const auto written = portfolio.markets.find(market.name);
      demand_spans.push_back(written == portfolio.markets.end()
                                 ? DemandSpan{}
                                 : demand_span(written->second, l.start));
    }
    for (std::size_t s = 0; s < l.sources.size(); ++s) {
      prices.push_back(price_term(l, portfolio, static_cast<int>(s)));
      prices_grow = prices_grow || prices.back().growth != 0;
      curtailments.push_back(curtailed_term(l, portfolio, static_cast<int>(s)));
    }
    resale_follows_lists = !portfolio.market_value.falls;
    lists_needed = lists_needed || resale_follows_lists;
    rent_drawn.assign(rents.size() * lanes(), 0);
    price_drawn.assign(prices.size() * lanes(), 0);
  }

  [[nodiscard]] std::size_t lanes() const { return static_cast<std::size_t>(width); }

  void begin(std::int64_t first_path, int count) {
    month = 0;
    luck.begin(first_path, count);
    gates.draw(luck);
    releases.draw(gates);
    draw_numbers();
  }

  // What is drawn once per path and holds, but for growth, in every month.
  void draw_numbers() {
    for (std::size_t i = 0; i < rents.size(); ++i) {
      if (rents[i].kind != RentTerm::Kind::written || !drawn(rents[i].law, rents[i].draw)) continue;
      double* out = &rent_drawn[i * lanes()];
      from_normal(rents[i].law, luck.normal(rents[i].draw), out, lanes());
      for (int p = 0; p < width; ++p) out[p] = std::max(0.0, out[p]) * rents[i].scale;
    }
    for (std::size_t s = 0; s < prices.size(); ++s) {
      if (drawn(prices[s].law, prices[s].draw))
        from_normal(prices[s].law, luck.normal(prices[s].draw), &price_drawn[s * lanes()], lanes());
      const GrowthTerm& term = curtailments[s];
      if (drawn(term.law, term.draw)) {
        double* out = curtailed.open(s);
        from_normal(term.law, luck.normal(term.draw), out, lanes());
        for (int p = 0; p < width; ++p) out[p] = std::clamp(out[p], 0.0, 1.0);
      } else {
        curtailed.fill(s, std::clamp(p50(term.law), 0.0, 1.0));
      }
    }
  }

  const MonthColumns& next_month() {
    if (lists_needed) lists.next_month(month, releases, luck);
    fill_rents();
    fill_demand();
    fill_acceptance();
    fill_prices();
    fill_resale();
    columns = {.month = month,
               .rent_per_hour = rent.data(),
               .demand_h100e = demand.data(),
               .accept_share = accept.data(),
               .price_per_mwh = price.data(),
               .curtailed_share = curtailed.data(),
               .resale_factor = resale.data(),
               .same_prices = month > 0 && !prices_grow,
               .same_curtailment = month > 0};
    ++month;
    return columns;
  }

  void fill_rents() {
    const std::size_t classes = layout.classes.size();
    for (std::size_t i = 0; i < rents.size(); ++i) {
      const RentTerm& term = rents[i];
      switch (term.kind) {
        case RentTerm::Kind::written: {
          const double factor = falls_factor(term.falls, month);
          if (!drawn(term.law, term.draw)) {
            rent.fill(i, std::max(0.0, p50(term.law)) * term.scale * factor);
            break;
          }
          if (month == 0 || term.falls != 0)
            kernels.scale(&rent_drawn[i * lanes()], factor, rent.open(i), lanes());
          break;
        }
        case RentTerm::Kind::catalogue: {
          kernels.scale(lists.list(static_cast<int>(i % classes)), term.scale, rent.open(i),
                        lanes());
          break;
        }
      }
    }
  }

  void fill_demand() {
    for (std::size_t m = 0; m < layout.markets.size(); ++m) {
      const model::LayoutMarket& market = layout.markets[m];
      const double open = share_of_month(demand_spans[m], month);
      demand.fill(m, open * (market.unbounded
                                 ? unbounded_demand
                                 : market.demand_now_h100e * growth_factor(market.growth, month)));
    }
  }

  void fill_acceptance() {
    const double t = month;
    const std::size_t classes = layout.classes.size();
    for (std::size_t m = 0; m < layout.markets.size(); ++m) {
      const model::LayoutMarket& market = layout.markets[m];
      for (std::size_t c = 0; c < classes; ++c) {
        const std::size_t item = m * classes + c;
        const int chip = static_cast<int>(c);
        if (!market.accepts_class[c] || market.max_behind < 0) {
          accept.fill(item, 0);
          continue;
        }
        const int depth = releases.depth(chip);
        if (market.max_behind >= depth) {
          accept.fill(item, 1);
          continue;
        }
        const int refused = static_cast<int>(std::floor(market.max_behind)) + 1;
        if (releases.earliest(chip, refused) >= t + 1) {
          accept.fill(item, 1);
        } else if (releases.latest(chip, refused) <= t) {
          accept.fill(item, 0);
        } else {
          kernels.share_before(releases.date(chip, refused), t, accept.open(item), lanes());
        }
      }
    }
  }

  void fill_prices() {
    for (std::size_t s = 0; s < prices.size(); ++s) {
      const double factor = growth_factor(prices[s].growth, month);
      if (!drawn(prices[s].law, prices[s].draw)) {
        price.fill(s, p50(prices[s].law) * factor);
        continue;
      }
      if (month == 0 || prices[s].growth != 0)
        kernels.scale(&price_drawn[s * lanes()], factor, price.open(s), lanes());
    }
  }

  // What an accelerator sells for moves with what it rents for, releases included.
  void fill_resale() {
    for (std::size_t c = 0; c < layout.classes.size(); ++c) {
      if (!resale_follows_lists) {
        resale.fill(c, 1);
        continue;
      }
      const int chip = static_cast<int>(c);
      kernels.ratio(lists.list(chip), lists.start(chip), resale.open(c), lanes());
    }
  }
};

Block::Block(const model::Layout& layout, const model::Portfolio& portfolio, std::uint64_t seed,
             int width)
    : impl_(std::make_unique<Impl>(layout, portfolio, seed, width)) {}
Block::~Block() = default;
Block::Block(Block&&) noexcept = default;

void Block::begin(std::int64_t first_path, int count) {
  impl_->begin(first_path, count);
}
const double* Block::gate_month(int gate) const {
  return impl_->gates.month(gate);
}
const MonthColumns& Block::next_month() {
  return impl_->next_month();
}
int Block::width() const {
  return impl_->width;
}

}  // namespace warmshell::world
