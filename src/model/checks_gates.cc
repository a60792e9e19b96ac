#include <algorithm>
#include <set>

#include "model/checks.h"
#include "model/compile.h"
#include "model/gates.h"

namespace warmshell::model {
namespace {

constexpr std::size_t longest_chain = 1000;  // compile() goes down such a chain by recursion

// What a gate waits for, as ids; what cannot be resolved is left out.
std::vector<std::string> followed(const WrittenGate& gate, const std::vector<std::string>& ids) {
  std::vector<std::string> others;
  if (!gate.due.empty()) others.push_back(gate.due);
  if (gate.lead_time) others.push_back(gate.after);
  if (gate.date) {
    if (std::holds_alternative<AfterDate>(gate.date->law.value) && !gate.after.empty())
      others.push_back(gate.after);
    if (const auto* with = std::get_if<WithDate>(&gate.date->law.value))
      for (const Link& link : with->paths)
        if (const auto id = gate_called(link.name, ids)) others.push_back(*id);
  }
  return others;
}

void check_circles(const std::map<std::string, WrittenGate>& gates,
                   const std::vector<std::string>& ids, Complaints& complaints) {
  std::set<std::string> clear;
  for (const auto& [start, gate] : gates) {
    std::vector<std::string> trail;
    const auto visit = [&](const auto& self, const std::string& id) -> bool {
      if (clear.count(id)) return true;
      if (const auto at = std::find(trail.begin(), trail.end(), id); at != trail.end()) {
        std::string circle;
        for (auto each = at; each != trail.end(); ++each) circle += *each + " -> ";
        const UncertainDate* date = gates.at(id).date;
        complaints.error("WS0311", date ? date->law.origin : Origin{},
                         fmt::format("dates follow each other in a circle: {}{}", circle, id),
                         "give one of them a date of its own");
        return false;
      }
      if (trail.size() == longest_chain) {
        const UncertainDate* date = gates.at(id).date;
        complaints.error("WS0348", date ? date->law.origin : Origin{},
                         fmt::format("more than {} dates follow one another", longest_chain),
                         "let several follow the same one");
        return false;
      }
      trail.push_back(id);
      for (const std::string& other : followed(gates.at(id), ids))
        if (!self(self, other)) return false;
      trail.pop_back();
      clear.insert(id);
      return true;
    };
    if (!visit(visit, start)) return;
  }
}

// A quantile of a lead time or stage below 0, or of a date before known_at, is cut away.
void check_cut(const WrittenGate& gate, Date known_at, Complaints& complaints) {
  if (!gate.date) return;
  const Origin& origin = gate.date->law.origin;
  if (const auto* law = std::get_if<LawDate>(&gate.date->law.value)) {
    if (is_fixed(law->months) || p10(law->months) >= known_at.months) return;
    complaints.warning("WS0315", origin,
                       fmt::format("p10, {}, lies before {}: dates are cut there",
                                   date_text(Date{p10(law->months)}), date_text(known_at)),
                       "move p10, or write what happened by then as a plain date");
  } else if (const auto* after = std::get_if<AfterDate>(&gate.date->law.value)) {
    if (is_fixed(after->months) || p10(after->months) >= 0) return;
    complaints.warning("WS0315", origin, "p10 of this duration is negative: it is cut at 0");
  }
}

void check_with(const WrittenGate& gate, const std::vector<std::string>& ids,
                Complaints& complaints) {
  if (!gate.date) return;
  const auto* with = std::get_if<WithDate>(&gate.date->law.value);
  if (!with) return;
  for (const Link& link : with->paths) {
    if (gate_called(link.name, ids)) continue;
    const std::string near = nearest(link.name, ids);
    complaints.error("WS0312", link.place, link.path,
                     fmt::format("`{}` is not a date of this portfolio", link.name),
                     near.empty() ? "name a source, a hall or a lot by its dotted path, like "
                                    "`sites.quincy.power.grid-2`"
                                  : fmt::format("did you mean `{}`?", near));
  }
}

void check_after(const WrittenGate& gate, Complaints& complaints) {
  if (!gate.date || !std::holds_alternative<AfterDate>(gate.date->law.value)) return;
  if (!gate.after.empty()) return;
  complaints.error("WS0313", gate.date->law.origin, "`after` has no stage before it to count from",
                   "only a later stage of a shell may be `after`: write a date, or "
                   "`{with: PATH, offset: 5 months}`");
}

}  // namespace

void check_gates(const Portfolio& portfolio, Complaints& complaints) {
  const std::map<std::string, WrittenGate> gates = written_gates(portfolio);
  const std::vector<std::string> ids = gate_ids(portfolio);
  for (const auto& [id, gate] : gates) {
    check_after(gate, complaints);
    check_with(gate, ids, complaints);
    check_cut(gate, portfolio.known_at->value, complaints);
  }
  check_circles(gates, ids, complaints);
}

}  // namespace warmshell::model
