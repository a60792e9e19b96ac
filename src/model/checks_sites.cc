#include <algorithm>
#include <cmath>
#include <set>

#include "catalog/catalog.h"
#include "model/checks.h"
#include "model/records/fields.h"

namespace warmshell::model {
namespace {

std::string power_text(double megawatts) {
  return text::quantity_text(megawatts, text::Dimension::facility_power);
}

void check_outages(const Named<Outage>& outages, Complaints& complaints) {
  for (const auto& [name, outage] : outages)
    if (outage.to.value <= outage.from.value)
      complaints.error("WS0325", outage.to.origin,
                       fmt::format("this outage ends on {}, not after it begins on {}",
                                   date_text(outage.to.value), date_text(outage.from.value)),
                       "exchange `from` and `to`");
}

void check_pue(const Given<double>& peak, const Given<double>& annual, Complaints& complaints) {
  if (annual.value > peak.value)
    complaints.error("WS0335",
                     annual.origin.kind == Origin::Kind::catalogue ? peak.origin : annual.origin,
                     fmt::format("PUE over the year, {:.6g}, is above PUE at peak, {:.6g}",
                                 annual.value, peak.value),
                     "write both: `{peak: 1.30, annual: 1.22}`");
}

void check_pue(const PueRecord& pue, Complaints& complaints) {
  check_pue(pue.peak, pue.annual, complaints);
  for (const auto& [from, step] : pue.steps) check_pue(step.peak, step.annual, complaints);
}

const FixedDate* fixed_date(const std::optional<ShellStage>& stage) {
  return stage ? std::get_if<FixedDate>(&stage->date.law.value) : nullptr;
}

// A written date, or the median of an uncertain one.
std::optional<Date> middle(const DateLaw& law) {
  if (const auto* fixed = std::get_if<FixedDate>(&law)) return fixed->date;
  if (const auto* uncertain = std::get_if<LawDate>(&law)) return Date{p50(uncertain->months)};
  return std::nullopt;
}

bool certain(const DateLaw& law) {
  return std::holds_alternative<FixedDate>(law);
}

std::string middle_text(const DateLaw& law) {
  return (certain(law) ? "" : "the median ") + date_text(*middle(law));
}

void check_shell(const Hall& hall, Complaints& complaints) {
  if (!hall.shell) {
    complaints.error("WS0317", hall.origin, "this hall has no `shell`: when is it warm?",
                     "write `shell: {warm: 2026-05}`");
    return;
  }
  const Shell& shell = *hall.shell;
  if (!shell.warm) {
    complaints.error("WS0318", shell.origin, "this shell has no stage with a date",
                     "write `warm: 2026-05`");
    return;
  }
  const auto order = [&](const char* first_name, const std::optional<ShellStage>& first,
                         const char* second_name, const std::optional<ShellStage>& second) {
    if (!first || !second) return;
    const auto earlier = middle(first->date.law.value), later = middle(second->date.law.value);
    if (!earlier || !later || *later >= *earlier) return;
    const bool impossible = certain(first->date.law.value) && certain(second->date.law.value);
    const std::string message = fmt::format("`{}`, {}, lies before `{}`, {}", second_name,
                                            middle_text(second->date.law.value), first_name,
                                            middle_text(first->date.law.value));
    const std::string cure = "stages follow each other: cold, fitted_power, warm";
    impossible ? complaints.error("WS0319", second->date.law.origin, message, cure)
               : complaints.warning("WS0319", second->date.law.origin, message, cure);
  };
  order("cold", shell.cold, "fitted_power", shell.fitted_power);
  order("cold", shell.cold, "warm", shell.warm);
  order("fitted_power", shell.fitted_power, "warm", shell.warm);
}

void check_retrofit(const Hall& hall, Complaints& complaints) {
  if (!hall.retrofit) return;
  const Retrofit& retrofit = *hall.retrofit;
  const auto has = [&](CoolingClass cooling) {
    return std::find(hall.cooling.begin(), hall.cooling.end(), cooling) != hall.cooling.end();
  };
  if (retrofit.from == retrofit.to)
    complaints.error("WS0324", retrofit.origin, "this retrofit changes nothing: from and to agree");
  else if (!has(retrofit.from))
    complaints.error(
        "WS0324", retrofit.origin,
        fmt::format("this hall has no {} cooling to give up", text::choice_name(retrofit.from)),
        "`from` is one of the hall's `cooling`");
  else if (has(retrofit.to))
    complaints.error(
        "WS0324", retrofit.origin,
        fmt::format("this hall has {} cooling already", text::choice_name(retrofit.to)),
        "a hall with both kinds needs no retrofit");
}

void check_let(const Hall& hall, Complaints& complaints) {
  if (!hall.let) return;
  const Let& let = *hall.let;
  if (let.free && let.term && let.free->value > let.term->value)
    complaints.error("WS0323", let.free->origin, "the months without rent outlast the term");
  const FixedDate* warm = hall.shell ? fixed_date(hall.shell->warm) : nullptr;
  if (warm && let.commencement.value < warm->date)
    complaints.warning("WS0322", let.commencement.origin,
                       fmt::format("rent is promised from {}, and the hall is warm only on {}",
                                   date_text(let.commencement.value), date_text(warm->date)),
                       "rent runs from the later of the two, and damages are owed");
}

void check_hall(const Hall& hall, Complaints& complaints) {
  check_shell(hall, complaints);
  check_retrofit(hall, complaints);
  check_let(hall, complaints);
  check_outages(hall.outages, complaints);
  if (hall.pue) check_pue(*hall.pue, complaints);
  if (const auto* lease = std::get_if<Leased>(&hall.tenure))
    if (lease->free && lease->term && lease->free->value > lease->term->value)
      complaints.error("WS0323", lease->free->origin, "the months without rent outlast the term");
}

// ---- power ------------------------------------------------------------------------------------

void check_size(const PowerSource& source, Complaints& complaints) {
  const auto& tranches = source.tranches.in_order;
  if (source.power && source.units) {
    complaints.error("WS0305", source.units->origin, "this source has both `power` and `units`",
                     "write one of them: 24 x 2.5 MW_facility is 60 MW_facility");
    return;
  }
  if (!source.power && !source.units && tranches.empty()) {
    complaints.error("WS0305", source.origin, "this source has neither `power` nor `units`",
                     "write `power: 80 MW_facility` or `units: 24 x 2.5 MW_facility`");
    return;
  }
  const double total = nameplate(source).value;
  if (source.spare) {
    if (!source.units)
      complaints.error("WS0306", source.spare->origin, "`spare` counts units, and none are written",
                       "write `units: 24 x 2.5 MW_facility`");
    else if (source.spare->value >= source.units->value.units)
      complaints.error("WS0306", source.spare->origin,
                       fmt::format("{:g} spare of {:g} units leave nothing", source.spare->value,
                                   source.units->value.units));
  }
  if (tranches.empty()) return;
  double sum = 0;
  for (const auto& [name, tranche] : tranches) sum += tranche.power.value.value;
  if (std::abs(sum - total) > 1e-9 * total)
    complaints.error("WS0304", tranches.front().second.power.origin,
                     fmt::format("the tranches sum to {}, the source has {}", power_text(sum),
                                 power_text(total)),
                     fmt::format("change a tranche, or write `power: {}`", power_text(sum)));
  for (std::size_t k = 1; k < tranches.size(); ++k)
    if (!tranches[k].second.energised && !source.every) {
      complaints.error("WS0347", tranches[k].second.power.origin,
                       fmt::format("when does the tranche `{}` open?", tranches[k].first),
                       "write `every: 4 months` at the source, or `{power: ..., energised: ...}`");
      break;
    }
}

// The built-in statistics that come nearest to a region, in words.
std::string queue_statistics() {
  std::string text;
  for (const catalog::Fact& fact : catalog::facts(catalog::TableName::queue_stats))
    if (fact.metric == "withdrawn" && fact.item.empty() == false && fact.value && text.size() < 120)
      text += fmt::format("{}{} {:.0f} % withdrawn", text.empty() ? "" : ", ", fact.item,
                          100 * *fact.value);
  return text;
}

void check_date(const PowerSource& source, Complaints& complaints) {
  const bool first_tranche =
      !source.tranches.in_order.empty() && source.tranches.in_order.front().second.energised;
  const bool dated = source.energised || first_tranche;
  if (source.queue && dated) {
    complaints.error("WS0307", source.queue->place, source.queue->path,
                     "this source has both a date and a `queue`", "remove one of the two");
  } else if (source.queue) {
    complaints.error("WS0309", source.queue->place, source.queue->path,
                     fmt::format("there is no such fit yet: `{}`", source.queue->name),
                     fmt::format("write `energised:` and `completes:`; built-in statistics "
                                 "(`warmshell catalog queue_stats`): {}",
                                 queue_statistics()));
  } else if (!dated) {
    complaints.error("WS0308", source.origin, "this source has no date: when is it energised?",
                     "write `energised: {p10: 2026-10, p50: 2028-02, p90: 2030-12}`");
  }
  if (!source.ends || !source.energised) return;
  const DateLaw& law = source.energised->law.value;
  const auto energised = middle(law);
  if (!energised || source.ends->value > *energised) return;
  if (certain(law))
    complaints.error("WS0336", source.ends->origin,
                     fmt::format("this source ends on {}, before it is energised on {}",
                                 date_text(source.ends->value), date_text(*energised)));
  else
    complaints.warning("WS0336", source.ends->origin,
                       fmt::format("this source ends on {}, before the median of the date on which "
                                   "it is energised, {}",
                                   date_text(source.ends->value), date_text(*energised)),
                       "on most paths it brings nothing: check both dates");
}

void check_live_already(const PowerSource& source, Date known_at, Complaints& complaints) {
  if (!source.completes || source.completes->value.value >= 1 || !source.energised) return;
  const auto* fixed = std::get_if<FixedDate>(&source.energised->law.value);
  if (fixed && fixed->date <= known_at)
    complaints.error("WS0346", source.completes->origin,
                     fmt::format("this source is energised since {}: it can no longer fail to come",
                                 date_text(fixed->date)),
                     "remove `completes`");
}

void check_bridges(const Site& site, Complaints& complaints) {
  for (const auto& [name, source] : site.power)
    if (source.until) resolve(*source.until, site.power, "power source of this site", complaints);
  std::set<std::string> clear;
  for (const auto& [start, source] : site.power) {
    std::vector<std::string> trail;
    std::set<std::string> on_trail;
    std::string at = start;
    while (site.power.count(at) && !clear.count(at)) {
      const PowerSource& here = site.power.at(at);
      if (on_trail.count(at)) {
        std::string circle;
        for (auto each = std::find(trail.begin(), trail.end(), at); each != trail.end(); ++each)
          circle += *each + " -> ";
        complaints.error("WS0310", here.until->place, here.until->path,
                         fmt::format("bridges wait for each other in a circle: {}{}", circle, at),
                         "a bridge yields to a source that stays");
        break;
      }
      trail.push_back(at);
      on_trail.insert(at);
      if (!here.until) break;
      at = here.until->name;
    }
    clear.merge(on_trail);
  }
}

}  // namespace

void check_sites(const Portfolio& portfolio, Complaints& complaints) {
  for (const auto& [name, site] : portfolio.sites) {
    for (const auto& [cooling, pue] : site.pue) check_pue(pue, complaints);
    for (const auto& [hall_name, hall] : site.halls) check_hall(hall, complaints);
    for (const auto& [source_name, source] : site.power) {
      check_size(source, complaints);
      check_date(source, complaints);
      check_live_already(source, portfolio.known_at->value, complaints);
      check_outages(source.outages, complaints);
    }
    check_bridges(site, complaints);
  }
}

}  // namespace warmshell::model
