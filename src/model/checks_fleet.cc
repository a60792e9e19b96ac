#include <algorithm>

#include "catalog/catalog.h"
#include "model/checks.h"
#include "model/records/fields.h"

namespace warmshell::model {
namespace {

struct Room {  // what a hall takes, before or after a retrofit
  std::vector<CoolingClass> cooling;
  std::optional<double> max_rack_kw;
};

std::vector<Room> rooms_of(const Hall& hall) {
  std::vector<Room> rooms(1);
  rooms[0].cooling = hall.cooling;
  if (hall.max_rack) rooms[0].max_rack_kw = hall.max_rack->value.value;
  if (hall.retrofit) {
    Room after = rooms[0];
    std::replace(after.cooling.begin(), after.cooling.end(), hall.retrofit->from,
                 hall.retrofit->to);
    if (hall.retrofit->max_rack) after.max_rack_kw = hall.retrofit->max_rack->value.value;
    rooms.push_back(std::move(after));
  }
  return rooms;
}

bool cools(const Room& room, const catalog::Accelerator& row) {
  return std::any_of(room.cooling.begin(), room.cooling.end(), [&](CoolingClass cooling) {
    return cooling == CoolingClass::air ? row.air : row.liquid;
  });
}
bool holds(const Room& room, const catalog::Accelerator& row) {
  return !room.max_rack_kw || row.rack_kw.value <= *room.max_rack_kw;
}

std::string cooling_text(bool air, bool liquid) {
  return air && liquid ? "air or liquid" : (air ? "air" : "liquid");
}

std::string room_text(const Room& room) {
  const auto has = [&](CoolingClass c) {
    return std::find(room.cooling.begin(), room.cooling.end(), c) != room.cooling.end();
  };
  std::string text = "takes " + cooling_text(has(CoolingClass::air), has(CoolingClass::liquid));
  if (room.max_rack_kw) text += fmt::format(", racks up to {:g} kW", *room.max_rack_kw);
  return text;
}

// Nearer: cooled but too dense, then by how much too dense; then not cooled.
double distance(const Room& room, const catalog::Accelerator& row) {
  const double excess =
      holds(room, row) ? 0 : (row.rack_kw.value - *room.max_rack_kw) / row.rack_kw.value;
  return excess + (cools(room, row) ? 0 : 10);
}

void check_fit(const Lot& lot, const Site& site, Complaints& complaints) {
  const catalog::Accelerator* row = catalog::find_accelerator(lot.accelerator.name);
  if (!row) return;
  const std::string chip = fmt::format("{} ({:g} kW a rack, cooled by {})", row->id,
                                       row->rack_kw.value, cooling_text(row->air, row->liquid));
  std::string nearest;
  double nearest_distance = 0;
  bool any_let = false;
  for (const auto& [name, hall] : site.halls) {
    const bool named =
        lot.halls.empty() || std::any_of(lot.halls.begin(), lot.halls.end(),
                                         [&](const Link& link) { return link.name == name; });
    if (!named) continue;
    if (hall.let) {
      any_let = true;
      continue;
    }
    for (const Room& room : rooms_of(hall)) {
      if (cools(room, *row) && holds(room, *row)) return;
      const double away = distance(room, *row);
      if (!nearest.empty() && away >= nearest_distance) continue;
      nearest_distance = away;
      std::string why = cools(room, *row) ? "" : "its cooling does not fit";
      if (!holds(room, *row))
        why += (why.empty() ? "" : " and ") + std::string("the rack is too dense");
      nearest = fmt::format("nearest is {}: it {}; {}", name, room_text(room), why);
    }
  }
  if (nearest.empty())
    nearest = any_let ? "its halls are let to tenants"
                      : fmt::format("write a hall at `sites.{}.halls`", lot.site.name);
  complaints.error("WS0316", lot.accelerator.place, lot.accelerator.path,
                   fmt::format("{} fits no hall of {}", chip, lot.site.name), nearest);
}

void check_dates(const Lot& lot, Complaints& complaints) {
  if (lot.delivered && lot.lead_time) {
    complaints.error("WS0320", lot.lead_time->law.origin,
                     "this lot has both `delivered` and `lead_time`", "remove one of the two");
    return;
  }
  if (!lot.delivered && !lot.ordered) {
    if (lot.lead_time)
      complaints.error("WS0320", lot.lead_time->law.origin,
                       "`lead_time` counts from `ordered`, which is not written",
                       "write `ordered: 2025-12`");
    else
      complaints.error("WS0320", lot.origin, "this lot has no date: when is it delivered?",
                       "write `delivered: 2025-06`, or `ordered:` and `lead_time:`");
    return;
  }
  if (lot.delivered && lot.ordered)
    if (const auto* fixed = std::get_if<FixedDate>(&lot.delivered->law.value);
        fixed && fixed->date < lot.ordered->value)
      complaints.error("WS0320", lot.delivered->law.origin,
                       fmt::format("delivered on {}, before it was ordered on {}",
                                   date_text(fixed->date), date_text(lot.ordered->value)));
}

}  // namespace

void check_fleet(const Portfolio& portfolio, Complaints& complaints) {
  for (const auto& [name, lot] : portfolio.fleet) {
    const bool chip = resolve_accelerator(lot.accelerator, complaints);
    const bool place = resolve(lot.site, portfolio.sites, "site", complaints);
    check_dates(lot, complaints);
    if (!place) continue;
    const Site& site = portfolio.sites.at(lot.site.name);
    bool halls = true;
    for (const Link& link : lot.halls)
      halls =
          text::resolve(link, names_of(site.halls), "hall of " + lot.site.name, complaints.out) &&
          halls;
    if (chip && halls) check_fit(lot, site, complaints);
  }
}

}  // namespace warmshell::model
