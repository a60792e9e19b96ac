#include <algorithm>
#include <set>

#include "model/checks.h"
#include "model/gates.h"

namespace warmshell::model {
namespace {

// The squares of the loadings are the shares of variance; what is left is the thing's own.
void check_loads(const Portfolio& portfolio, const Named<Given<double>>& loads,
                 Complaints& complaints) {
  double squares = 0;
  for (const auto& [name, load] : loads) {
    resolve({name, load.origin.path, load.origin.place}, portfolio.factors, "factor", complaints);
    squares += load.value * load.value;
  }
  if (squares > 1 + 1e-12)
    complaints.error(
        "WS0302", loads.begin()->second.origin,
        fmt::format("the squares of these loadings sum to {:.6g}, more than 1", squares),
        "make them smaller: 0.7 and 0.7 leave 2 % of own luck");
}

void check_factor_circles(const Portfolio& portfolio, Complaints& complaints) {
  std::set<std::string> clear;
  for (const auto& [start, factor] : portfolio.factors) {
    std::vector<std::string> trail;
    const auto visit = [&](const auto& self, const std::string& name) -> bool {
      if (clear.count(name) || !portfolio.factors.count(name)) return true;
      if (const auto at = std::find(trail.begin(), trail.end(), name); at != trail.end()) {
        std::string circle;
        for (auto each = at; each != trail.end(); ++each) circle += *each + " -> ";
        complaints.error("WS0303", portfolio.factors.at(name).origin,
                         fmt::format("factors follow each other in a circle: {}{}", circle, name),
                         "remove one of these loadings");
        return false;
      }
      trail.push_back(name);
      for (const auto& [other, load] : portfolio.factors.at(name).loads)
        if (!self(self, other)) return false;
      trail.pop_back();
      clear.insert(name);
      return true;
    };
    if (!visit(visit, start)) return;  // one circle is told; others show once it is mended
  }
}

struct SharedDraw {
  const Named<Given<double>>* loads = nullptr;
  std::string path;
};

bool same_loads(const Named<Given<double>>& a, const Named<Given<double>>& b) {
  return a.size() == b.size() &&
         std::equal(a.begin(), a.end(), b.begin(), [](const auto& x, const auto& y) {
           return x.first == y.first && x.second.value == y.second.value;
         });
}

}  // namespace

void check_luck(const Portfolio& portfolio, Complaints& complaints) {
  for (const auto& [name, factor] : portfolio.factors)
    check_loads(portfolio, factor.loads, complaints);
  check_factor_circles(portfolio, complaints);

  std::map<std::string, SharedDraw> shared;
  std::set<std::string> seen_paths;
  const auto check = [&](const Luck& luck, const std::string& path) {
    if (!luck.loads.empty()) {
      const Origin& first = luck.loads.begin()->second.origin;
      if (first.path.empty() || seen_paths.insert(first.path).second)
        check_loads(portfolio, luck.loads, complaints);
    }
    if (!luck.draw || luck.loads.empty()) return;
    SharedDraw& draw = shared[luck.draw->value];
    if (draw.loads == nullptr) {
      draw = {&luck.loads, path};
    } else if (!same_loads(*draw.loads, luck.loads)) {
      complaints.error("WS0327", luck.loads.begin()->second.origin,
                       fmt::format("`{}` shares the draw `{}` with `{}` and has other loadings",
                                   path, luck.draw->value, draw.path),
                       "write the same `loads` at both, or at one of them only");
    }
  };
  const std::map<std::string, WrittenGate> gates = written_gates(portfolio);
  for (const auto& [id, gate] : gates) check(luck_of(gate), id);
  for (const auto& [site_name, site] : portfolio.sites)
    for (const auto& [name, source] : site.power) {
      const std::string path = fmt::format("sites.{}.power.{}", site_name, name);
      check(source.price.luck, path + ".price");
      if (source.curtailed) check(source.curtailed->luck, path + ".curtailed");
    }
  for (const auto& [name, market] : portfolio.markets) {
    if (market.rent.per_h100e)
      check(market.rent.per_h100e->luck, fmt::format("markets.{}.rent.per_h100e", name));
    for (const auto& [type, rent] : market.rent.per_accelerator)
      check(rent.luck, fmt::format("markets.{}.rent.per_accelerator.{}", name, type));
  }
}

}  // namespace warmshell::model
