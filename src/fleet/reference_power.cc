// Megawatts and energy on one path: supply, the ledger of megawatts, what is drawn.

#include "fleet/reference.h"
#include "fleet/reference_arithmetic.h"

namespace warmshell::fleet {

using namespace reference;

// R3, R4, R22: what each source is contracted for, gives, and keeps in reserve.
void Reference::supply(int month, const world::MonthColumns& draws, int site) {
  const model::LayoutSite& here = layout_.sites[site];
  Columns& out = store_.columns();
  std::vector<double> firm_ever(layout_.sources.size(), 0.0);     // opened, outages and ends aside
  std::vector<double> firm_nominal(layout_.sources.size(), 0.0);  // energised, outages aside
  for (int s : here.sources) {
    const model::LayoutSource& source = layout_.sources[s];
    const double firm_share = source.firm_share * (1.0 - draws.curtailed_share[s]);
    double contracted = 0, not_energised = 0, opened = 0, energised = 0, up = 0;
    for (std::size_t k = 0; k < source.tranche_mw.size(); ++k) {
      const double mw = source.tranche_mw[k];
      const double opens = opens_[s][k];
      if (opens == never) continue;  // cancelled
      contracted += mw * part_of_month(month, -never, source.ends_month);
      not_energised += mw * part_of_month(month, -never, smaller(opens, source.ends_month));
      opened += mw * part_since(month, opens);
      const double energised_part = part_of_month(month, opens, source.ends_month);
      energised += mw * energised_part;
      double up_part = energised_part;
      for (const model::OutageSpan& outage : source.outages)
        up_part -= outage.share * part_of_month(month, larger(opens, outage.from),
                                                smaller(source.ends_month, outage.to));
      up += mw * larger(up_part, 0.0);
    }
    source_[s].contracted = contracted;
    source_[s].not_energised = not_energised;
    source_[s].energised = energised;
    source_[s].firm = up * firm_share;
    firm_nominal[s] = energised * firm_share;
    firm_ever[s] = opened * firm_share;
  }

  // R4: the bridges of one source yield together, in name order, MW for MW, and do not come back.
  for (int x : here.sources) {
    double left = firm_ever[x];
    for (int s : here.sources) {
      if (layout_.sources[s].bridge_until != x) continue;
      const double yields = smaller(firm_nominal[s], left);
      left = larger(left - yields, 0.0);
      const double share = firm_nominal[s] > 0 ? yields / firm_nominal[s] : 0.0;
      const double kept = 1.0 - share;
      source_[s].contracted = source_[s].contracted - source_[s].energised * share;
      source_[s].energised = source_[s].energised * kept;
      source_[s].firm = source_[s].firm * kept;
    }
  }

  double firm = 0;
  for (int s : here.sources) {
    source_[s].reserve = larger(source_[s].energised - source_[s].firm, 0.0);
    firm += source_[s].firm;
    out.source_energised_mw[s] = source_[s].energised;
  }

  // Halls that are let take their megawatts first; what is left is the fleet's.
  SiteMonth& at = site_[site];
  double left = firm;
  for (std::size_t i = 0; i < here.halls.size(); ++i) {
    const model::LayoutHall& hall = layout_.halls[here.halls[i]];
    if (!hall.let) continue;
    const double live = smaller(at.room_it[i] * peak_pue(hall.pue, month), left);
    left = larger(left - live, 0.0);
    out.let_live_mw[here.halls[i]] = live;
  }
  at.fleet_mw = left;
}

// R22: every contracted megawatt has one use.
void Reference::count_megawatts(int site) {
  const model::LayoutSite& here = layout_.sites[site];
  Columns& out = store_.columns();
  const auto column = [&](Megawatt use) -> double& {
    return out.megawatt[static_cast<int>(use)][site];
  };
  double contracted = 0, not_energised = 0, reserve = 0, firm = 0;
  for (int s : here.sources) {
    contracted += source_[s].contracted;
    not_energised += source_[s].not_energised;
    reserve += source_[s].reserve;
    firm += source_[s].firm;
  }
  double tenants = 0;
  for (int h : here.halls) tenants += out.let_live_mw[h];

  double used = 0, customers = 0, installing = 0, lit = 0, could_use = 0;
  for (int l : site_[site].order) {
    const LotMonth& lot = lot_[l];
    const double mw_each = lot.installed > 0 ? lot.installed_mw / lot.installed : 0.0;
    used += mw_each * (lot.failed + lot.sold);
    customers += mw_each * lot.idle;
    installing += lot.installing_mw;
    lit += lot.lit_mw;
    could_use += larger(lot.present - lot.lit, 0.0) * lot.slots.back().mw_each;
  }
  const double free = larger(site_[site].fleet_mw - lit, 0.0);
  const double shell = smaller(could_use, free);
  column(Megawatt::contracted) = contracted;
  column(Megawatt::not_energised) = not_energised;
  column(Megawatt::reserve) = reserve;
  column(Megawatt::used) = used;
  column(Megawatt::installing) = installing;
  column(Megawatt::waiting_customers) = customers;
  column(Megawatt::waiting_shell) = shell;
  column(Megawatt::waiting_chips) = free - shell;
  column(Megawatt::tenants) = tenants;
  column(Megawatt::firm) = firm;
}

// Energy: installed chips draw idle power, busy ones their peak; chips still installing draw none.
// Sources give it cheapest first, up to their firm MW; beyond them all, in proportion.
void Reference::count_energy(int site, const world::MonthColumns& draws) {
  const model::LayoutSite& here = layout_.sites[site];
  Columns& out = store_.columns();
  double energy = 0;
  for (int l : site_[site].order) {
    const LotMonth& lot = lot_[l];
    const model::LayoutLot& facts = layout_.lots[l];
    double weighted_pue = 0;
    for (const SlotMonth& slot : lot.slots) weighted_pue += slot.lit_installed * slot.annual_pue;
    const double pue = lot.installed > 0 ? weighted_pue / lot.installed : 0.0;
    const double kw = lot.installed * facts.idle_kw + lot.busy * (facts.peak_kw - facts.idle_kw);
    energy += (kw * (hours_per_month / 1000)) * pue;
  }
  out.energy_mwh[site] = energy;
  if (mode_.lift_power) return;  // from no source

  double most = 0;
  for (int s : here.sources) most += source_[s].firm * hours_per_month;
  const double stretch = energy > most && most > 0 ? energy / most : 1.0;
  for (int s : here.sources) {
    double cheaper = 0;
    for (int other : here.sources) {
      const double price = draws.price_per_mwh[s], theirs = draws.price_per_mwh[other];
      const bool before = other < s ? theirs <= price : theirs < price;
      cheaper += before && other != s ? source_[other].firm * hours_per_month : 0.0;
    }
    const double most_here = source_[s].firm * hours_per_month;
    const double given = larger(smaller(energy - cheaper, most_here), 0.0);
    out.source_energy_mwh[s] = given * stretch;
  }
}

}  // namespace warmshell::fleet
