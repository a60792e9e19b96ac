#include "model/gates.h"

#include <algorithm>
#include <cmath>

#include "catalog/catalog.h"
#include "model/compile.h"
#include "text/tree.h"

namespace warmshell::model {
namespace {

using text::join_path;

double own_share(const std::vector<std::pair<int, double>>& loads) {
  double squares = 0;
  for (const auto& load : loads) squares += load.second * load.second;
  return squares < 1 ? std::sqrt(1 - squares) : 0;
}

std::vector<std::pair<int, double>> indexed_loads(const Named<Given<double>>& loads,
                                                  const Layout& layout) {
  std::vector<std::pair<int, double>> indexed;
  for (const auto& [name, load] : loads) {
    const std::string id = join_path("factors", name);
    for (std::size_t f = 0; f < layout.factors.size(); ++f)
      if (layout.factors[f].name == id) indexed.emplace_back(static_cast<int>(f), load.value);
  }
  return indexed;
}

void write(std::map<std::string, WrittenGate>& gates, WrittenGate gate) {
  std::string id = gate.id;
  gates.emplace(std::move(id), std::move(gate));
}

void write_shell(const std::string& path, const Shell& shell,
                 std::map<std::string, WrittenGate>& gates) {
  std::string previous;
  const auto stage = [&](const std::optional<ShellStage>& written, const char* key) {
    if (!written) return;
    WrittenGate gate;
    gate.id = join_path(path, key);
    gate.date = &written->date;
    gate.luck = {shell.loads, shell.draw};
    gate.after = previous;
    previous = gate.id;
    write(gates, std::move(gate));
  };
  stage(shell.cold, "cold");
  stage(shell.fitted_power, "fitted_power");
  stage(shell.warm, "warm");
}

// The whole source completes or nothing does: its tranches share one draw of completion.
void write_source(const std::string& path, const PowerSource& source,
                  std::map<std::string, WrittenGate>& gates) {
  const auto opening = [&](const std::string& id, const UncertainDate& date) {
    WrittenGate gate;
    gate.id = id;
    gate.date = &date;
    gate.luck = {source.loads, source.draw};
    gate.completes = source.completes ? source.completes->value.value : 1;
    gate.completes_draw = join_path(path, "completes");
    write(gates, std::move(gate));
  };
  if (source.energised) opening(join_path(path, "energised"), *source.energised);
  for (const auto& [name, tranche] : source.tranches.in_order)
    if (tranche.energised)
      opening(join_path(join_path(join_path(path, "tranches"), name), "energised"),
              *tranche.energised);
}

void write_lot(const std::string& path, const Lot& lot, std::map<std::string, WrittenGate>& gates) {
  WrittenGate delivered;
  delivered.id = join_path(path, "delivered");
  if (lot.delivered) {
    delivered.date = &*lot.delivered;
  } else if (lot.ordered && lot.lead_time) {
    WrittenGate ordered;
    ordered.id = join_path(path, "ordered");
    ordered.month = lot.ordered->value.months;
    delivered.after = ordered.id;
    delivered.lead_time = &lot.lead_time->law.value;
    delivered.luck = lot.lead_time->luck;
    write(gates, std::move(ordered));
  } else {
    return;
  }
  const double completes = lot.completes ? lot.completes->value.value : 1;
  if (completes >= 1) return write(gates, std::move(delivered));

  WrittenGate due = delivered;
  due.id = join_path(path, "due");
  WrittenGate odds;
  odds.due = due.id;
  odds.completes = completes;
  odds.completes_draw = join_path(path, "completes");
  odds.id = delivered.id;
  WrittenGate cancelled = odds;
  cancelled.id = join_path(path, "cancelled");
  cancelled.when_not = true;
  write(gates, std::move(due));
  write(gates, std::move(odds));
  write(gates, std::move(cancelled));
}

// Which accelerators' releases matter: those on the lines of accelerators in use.
void write_releases(const Portfolio& portfolio, std::map<std::string, WrittenGate>& gates) {
  std::vector<std::string> lines;
  for (const auto& [name, lot] : portfolio.fleet)
    if (const catalog::Accelerator* row = catalog::find_accelerator(lot.accelerator.name))
      lines.push_back(row->line);
  for (const catalog::Accelerator& row : catalog::accelerators()) {
    if (std::find(lines.begin(), lines.end(), row.line) == lines.end()) continue;
    if (portfolio.releases.count(row.id)) continue;
    WrittenGate gate;
    gate.id = join_path(join_path("releases", row.id), "available");
    gate.month = row.available.months;
    write(gates, std::move(gate));
  }
  for (const auto& [name, release] : portfolio.releases) {
    WrittenGate gate;
    gate.id = join_path(join_path("releases", name), "available");
    gate.date = &release.available;
    write(gates, std::move(gate));
  }
}

struct Builder {
  const std::map<std::string, WrittenGate>& written;
  const std::vector<std::string>& ids;
  Draws& draws;
  Layout& layout;
  std::map<std::string, int> done;

  int gate(const std::string& id) {
    if (const auto found = done.find(id); found != done.end()) return found->second;
    const WrittenGate& from = written.at(id);
    Gate gate = from.due.empty() ? dated(from) : with_odds(from);
    gate.id = id;
    layout.gates.push_back(std::move(gate));
    const int index = static_cast<int>(layout.gates.size()) - 1;
    done.emplace(id, index);
    return index;
  }

  bool moves(int index) const { return layout.gates[static_cast<std::size_t>(index)].cut_at_known; }

  Gate with_odds(const WrittenGate& from) {
    Gate gate;
    gate.kind = Gate::Kind::with;
    gate.follows = this->gate(from.due);
    gate.completes = from.completes;
    gate.completes_draw = draws.named(from.completes_draw);
    gate.when_not = from.when_not;
    gate.cut_at_known = moves(gate.follows);
    return gate;
  }

  Gate dated(const WrittenGate& from) {
    Gate gate;
    gate.completes = from.completes;
    if (gate.completes < 1) gate.completes_draw = draws.named(from.completes_draw);
    if (from.lead_time) {
      set_after(gate, from, *from.lead_time);
    } else if (!from.date) {
      gate.month = from.month - layout.start;
    } else {
      std::visit([&](const auto& law) { set(gate, from, law); }, from.date->law.value);
    }
    return gate;
  }

  void set(Gate& gate, const WrittenGate&, const FixedDate& fixed) {
    gate.month = fixed.date.months - layout.start;
  }
  void set(Gate& gate, const WrittenGate& from, const LawDate& law) {
    if (is_fixed(law.months)) {
      gate.month = p50(law.months) - layout.start;
      return;
    }
    gate.kind = Gate::Kind::law;
    gate.law = shifted(law.months, -layout.start);
    gate.draw = draws.draw(from.id, luck_of(from));
    gate.cut_at_known = true;
  }
  void set(Gate& gate, const WrittenGate& from, const PlannedDate& plan) {
    gate.kind = Gate::Kind::planned;
    gate.month = plan.planned.months - layout.start;
    gate.within = plan.within.value;
    if (gate.within > 0)
      gate.within_draw = draws.named(plan.within_draw ? join_path("draws", *plan.within_draw)
                                                      : from.id + ".within");
    gate.not_before = plan.not_before.months - layout.start;
    gate.not_after = plan.not_after.months - layout.start;
    if (plan.remaining) {
      gate.has_law = true;
      gate.law = *plan.remaining;
      if (!is_fixed(gate.law)) gate.draw = draws.draw(from.id, luck_of(from));
    }
    gate.cut_at_known = gate.within > 0 || gate.draw >= 0;
  }
  void set(Gate& gate, const WrittenGate& from, const AfterDate& after) {
    set_after(gate, from, after.months);
  }
  void set(Gate& gate, const WrittenGate&, const WithDate& with) {
    gate.kind = Gate::Kind::with;
    gate.offset = with.offset.value;
    for (const Link& link : with.paths) {
      const int other = this->gate(gate_called(link.name, ids).value());
      if (gate.follows < 0)
        gate.follows = other;
      else
        gate.also_follows.push_back(other);
      gate.cut_at_known = gate.cut_at_known || moves(other);
    }
  }
  void set_after(Gate& gate, const WrittenGate& from, const Law& law) {
    gate.kind = Gate::Kind::after;
    gate.follows = this->gate(from.after);
    gate.law = law;
    gate.cut_at_known = moves(gate.follows);
    if (is_fixed(law)) return;
    gate.draw = draws.draw(from.id, luck_of(from));
    gate.cut_at_known = true;
  }
};

void place_release(const std::string& name, int gate, Layout& layout) {
  std::string line = name;
  double generation = 0;
  if (const catalog::Accelerator* row = catalog::find_accelerator(name)) {
    line = row->line;
    generation = row->generation;
  } else if (const std::size_t dash = name.rfind('-'); dash != std::string::npos) {
    line = name.substr(0, dash);
    generation = std::strtod(name.c_str() + dash + 1, nullptr);
  }
  layout.release_gates.push_back(gate);
  layout.release_line.push_back(line);
  layout.release_generation.push_back(generation);
}

}  // namespace

bool certain_date(const UncertainDate& date) {
  struct {
    bool operator()(const FixedDate&) const { return true; }
    bool operator()(const LawDate& law) const { return is_fixed(law.months); }
    bool operator()(const PlannedDate& plan) const {
      return plan.within.value == 0 && (!plan.remaining || is_fixed(*plan.remaining));
    }
    bool operator()(const AfterDate& after) const { return is_fixed(after.months); }
    bool operator()(const WithDate&) const { return true; }
  } certain;
  return std::visit(certain, date.law.value);
}

const Luck& luck_of(const WrittenGate& gate) {
  if (gate.date && (gate.date->luck.draw || !gate.date->luck.loads.empty())) return gate.date->luck;
  return gate.luck;
}

std::map<std::string, WrittenGate> written_gates(const Portfolio& portfolio) {
  std::map<std::string, WrittenGate> gates;
  for (const auto& [site_name, site] : portfolio.sites) {
    const std::string path = join_path("sites", site_name);
    for (const auto& [name, hall] : site.halls)
      if (hall.shell)
        write_shell(join_path(join_path(join_path(path, "halls"), name), "shell"), *hall.shell,
                    gates);
    for (const auto& [name, source] : site.power)
      write_source(join_path(join_path(path, "power"), name), source, gates);
  }
  for (const auto& [name, lot] : portfolio.fleet) write_lot(join_path("fleet", name), lot, gates);
  for (const auto& [name, market] : portfolio.markets) {
    if (!market.contract) continue;
    WrittenGate gate;
    gate.id = join_path(join_path("markets", name), "contract.ready_by");
    gate.month = market.contract->ready_by.value.months;
    write(gates, std::move(gate));
  }
  write_releases(portfolio, gates);
  return gates;
}

int Draws::draw(const std::string& own_name, const Luck& luck) {
  const std::string name = luck.draw ? join_path("draws", luck.draw->value) : own_name;
  const int index = named(name);
  Draw& draw = layout_.draws[static_cast<std::size_t>(index)];
  if (draw.loads.empty()) {
    draw.loads = indexed_loads(luck.loads, layout_);
    draw.own = own_share(draw.loads);
  }
  return index;
}

int Draws::named(const std::string& name) {
  const auto [found, added] = index_.emplace(name, static_cast<int>(layout_.draws.size()));
  if (added) layout_.draws.push_back({name, {}, 1});
  return found->second;
}

void compile_factors(const Portfolio& portfolio, Layout& layout) {
  std::map<std::string, int> done;
  const auto add = [&](const auto& self, const std::string& name) -> void {
    if (done.count(name) || !portfolio.factors.count(name)) return;
    const Factor& factor = portfolio.factors.at(name);
    for (const auto& [other, load] : factor.loads) self(self, other);
    FactorDraw draw;
    draw.name = join_path("factors", name);
    draw.loads = indexed_loads(factor.loads, layout);
    draw.own = own_share(draw.loads);
    done.emplace(name, static_cast<int>(layout.factors.size()));
    layout.factors.push_back(std::move(draw));
  };
  for (const auto& [name, factor] : portfolio.factors) add(add, name);
}

std::map<std::string, int> compile_gates(const Portfolio& portfolio, Draws& draws, Layout& layout) {
  const std::map<std::string, WrittenGate> written = written_gates(portfolio);
  const std::vector<std::string> ids = gate_ids(portfolio);
  Builder builder{written, ids, draws, layout, {}};
  for (const auto& [id, gate] : written) builder.gate(id);
  const std::string prefix = "releases.", suffix = ".available";
  for (const auto& [id, index] : builder.done)
    if (id.rfind(prefix, 0) == 0)
      place_release(id.substr(prefix.size(), id.size() - prefix.size() - suffix.size()), index,
                    layout);
  return std::move(builder.done);
}

std::vector<std::string> gate_ids(const Portfolio& portfolio) {
  std::vector<std::string> ids;
  for (const auto& [id, gate] : written_gates(portfolio)) ids.push_back(id);
  return ids;
}

std::optional<std::string> gate_called(std::string_view path, const std::vector<std::string>& ids) {
  for (const char* ending : {"", ".energised", ".shell.warm", ".warm", ".delivered", ".available",
                             ".ready_by", ".contract.ready_by"}) {
    const std::string id = std::string(path) + ending;
    if (std::binary_search(ids.begin(), ids.end(), id)) return id;
  }
  return std::nullopt;
}

}  // namespace warmshell::model
