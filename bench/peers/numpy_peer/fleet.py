"""The funnel on a chunk of paths: what is delivered, open and energised, racked, lit and installed, who is
to blame for the rest (R1 to R13, R22). Rows are innermost over paths; chips unless the name says MW.

The fills of R10 and the crews work in MW (plan.py) and are in placement.py; markets in markets.py.
"""

import numpy as np

from markets import Markets
from placement import Placement
from rows import HOURS, add_up, as_rows, last_finite, part_of_month, part_since, put, wide

add, subtract, multiply, minimum, maximum = np.add, np.subtract, np.multiply, np.minimum, np.maximum


class Fleet:
    def __init__(self, model, plans, width):
        self.m, self.plans, self.width = model, plans, width
        m, w = model, width
        of_lots = lambda n: np.zeros((n, m.lots, w))
        of_sites = lambda n: np.zeros((n, m.sites, w))
        of_sources = lambda n: np.zeros((n, m.sources, w))
        # R1, R2
        self.age, self.delivered, self.cancelled, self.gone, self.in_transit, self.present = of_lots(6)
        self.dark, self.alone = of_lots(4), of_lots(3)  # no_shell, no_cooling, no_power, installing
        # R3, R4, R22
        tranches = len(m.tranches)
        self.opened, self.part, self.scratch = np.zeros((3, tranches, w))
        self.energised, self.firm, self.ever, self.source_contracted, self.source_waiting, self.source_reserve = of_sources(6)
        self.nominal, self.source_energy = of_sources(2)
        self.contracted, self.not_energised, self.reserve, self.firm_mw, self.fleet_mw, self.tenants = of_sites(6)
        self.used, self.installing_mw, self.customers, self.waiting_shell, self.waiting_chips = of_sites(5)
        self.energy, self.s1, self.s2 = of_sites(3)
        self.room_open, self.room_mw, self.live = np.zeros((3, m.halls, w))
        self.t, self.u = of_lots(2)
        self.placement = Placement(model, width)
        self.markets = Markets(model, width)
        self.tranches_of_source = m.groups(m.source_of_tranche, m.sources)
        self.sources_of_site = m.groups(m.site_of_source, m.sites)
        self.plan = None
        self.lots_of_site = m.groups(m.site_of_lot, m.sites)
        self.spread, self.price_ranks, self.source_pairs = {}, {}, None

    # ---- a chunk

    def start(self, gates, curtailed, chips):
        self.begin(gates)
        first = max(-120, int(min(0, np.floor(self.delivered_at.min(initial=0)))))
        past = minimum(gates, 0)
        if self.width > 1 and curtailed[0].shape[1] == 1 and (past == past[:, :1]).all():
            one = Fleet(self.m, self.plans, 1)  # what was before `start` is the same on every path
            one.begin(np.ascontiguousarray(past[:, :1]))
            one.begin_dates(np.where(past[:, :1] < 0, past[:, :1], np.inf))
            counted = Markets(self.m, 1, blame=False)
            one.run_history(first, curtailed, counted)
            self.placement.take_over(one.placement)
            self.markets.take_over(one.markets)
            chips.take_over(counted)
        else:
            chips.begin()
            self.run_history(first, curtailed, chips)

    def begin(self, gates):
        self.begin_dates(gates)
        self.plan = None
        self.placement.begin()
        self.markets.begin()
        for x in (self.dark, self.alone, self.live):
            x.fill(0)

    def begin_dates(self, gates):
        m = self.m
        self.delivered_at = maximum(gates[m.delivered_gate], m.ordered)
        self.leaves = self.delivered_at
        rows = m.can_cancel
        if len(rows):
            late = self.delivered_at[rows] == np.inf
            self.cancelled_at = np.where(late, maximum(gates[m.cancelled_gate], m.ordered[rows]), np.inf)
            self.leaves = self.delivered_at.copy()
            self.leaves[rows] = minimum(self.leaves[rows], self.cancelled_at)
        self.retired = self.delivered_at[m.mortal] + m.life[m.mortal]
        self.opens, self.warm = m.openings(gates), m.warm(gates)
        self.comes = np.isfinite(self.opens)
        self.nameplate = m.tranche_mw * self.comes
        self.all_contracted = add_up(self.tranches_of_source, self.nameplate, np.zeros((m.sources, gates.shape[1])))
        # the months in which a lot's chips are ordered, arrive or are cancelled, on any path
        finite = np.where(np.isfinite(self.leaves), self.leaves, -np.inf)
        self.stirs_from = minimum(self.leaves.min(axis=1), m.ordered[:, 0])
        self.stirs_to = maximum(finite.max(axis=1), m.ordered[:, 0])
        self.stirring = None
        self.cancelled.fill(0)
        self.gone.fill(0)
        self.last_opening = max(last_finite(self.opens), last_finite(m.ends)) + 1
        self.last_warm = last_finite(self.warm) + 1
        self.supply_settled = self.rooms_settled = False
        self.curtailed_before = None
        self.placement.begin_dates(self.opens, self.warm)

    def run_history(self, first, curtailed, chips):
        """The curtailment and the order of the first month stand for those before it. By chip count, too."""
        for month in range(first, 0):
            self.place(month, curtailed[0], False)
            self.markets.fail(self.placement.installed)
            chips.fail(self.present)

    # ---- a month

    def month(self, month, price, curtailed, demand, accept):
        self.place(month, curtailed[month], True)
        self.markets.fail(self.placement.installed)
        self.markets.serve(demand[month], accept[month])
        self.markets.find_outclassed(month)
        self.markets.hand_unmet_demand(month, self)
        self.count_megawatts()
        self.count_energy(price[month])

    def place(self, month, curtailed, blame):
        plan = self.plans.by_month[month]
        new_plan = plan is not self.plan
        self.deliver(month)
        self.open_halls(month, plan, new_plan)
        self.supply(month, plan, curtailed)
        self.placement.month(month, plan, self, blame)
        self.plan = plan

    def deliver(self, month):  # R1, R2
        m = self.m
        subtract(month + 1, self.delivered_at, out=self.age)
        maximum(self.age, 0, out=self.age)
        self.ordered = m.count * part_since(month, m.ordered)
        if self.stirring is None:
            rows = np.arange(m.lots)
        else:
            rows = np.flatnonzero((self.stirs_from < month + 1) & (self.stirs_to > month - 1))
        self.stirring = rows
        if len(rows):
            arrived = minimum(self.age[rows], 1)
            arrived *= m.count[rows]
            self.delivered[rows] = self.present[rows] = arrived
            # in transit: ordered, and neither here nor cancelled
            self.in_transit[rows] = self.ordered[rows] - arrived
            may_cancel = m.cancel_row[rows] >= 0
            if may_cancel.any():
                rows = rows[may_cancel]
                cancelled = m.count[rows] * part_since(month, self.cancelled_at[m.cancel_row[rows]])
                self.cancelled[rows] = self.gone[rows] = cancelled
                self.in_transit[rows] -= cancelled
        mortal = m.mortal
        if len(self.retired):
            out = m.count[mortal] * part_since(month, self.retired)
            self.present[mortal] = self.delivered[mortal] - out
            self.gone[mortal] = self.cancelled[mortal] + out

    def open_halls(self, month, plan, new_plan):  # R1
        m = self.m
        outages = [o for o in m.hall_outages if o[1] < month + 1 and o[2] > month - 1]
        if self.rooms_settled and not new_plan and not outages:
            return
        self.rooms_settled = month > self.last_warm and not outages
        part_since(month, self.warm, out=self.room_open)
        for h, start, end, share in outages:
            self.room_open[h] -= share * part_of_month(month, maximum(self.warm[h], start), end)
        multiply(maximum(self.room_open, 0, out=self.room_open), plan.hall_mw, out=self.room_mw)

    def supply(self, month, plan, curtailed):  # R3, R4, R22
        m = self.m
        outages = [o for o in m.source_outages if o[1] < month + 1 and o[2] > month - 1]
        same = self.curtailed_before is not None and np.array_equal(curtailed, self.curtailed_before)
        self.supply_moved = not (self.supply_settled and same and not outages)
        if self.supply_moved:
            self.supply_settled, self.curtailed_before = month > self.last_opening and not outages, curtailed
            self.open_sources(month, outages, curtailed)
        # Halls that are let take their megawatts first
        np.copyto(self.fleet_mw, self.firm_mw)
        for h in m.let:
            left = self.fleet_mw[m.site_of_hall[h]]
            minimum(self.room_mw[h], left, out=self.live[h])
            subtract(left, self.live[h], out=left)
        if m.let:
            subtract(self.firm_mw, self.fleet_mw, out=self.tenants)

    def open_sources(self, month, outages, curtailed):
        m, opened, part, t = self.m, self.opened, self.part, self.scratch
        part_since(month, self.opens, out=opened)
        ending = bool((m.ends < np.inf).any())
        by_source = self.tranches_of_source
        live = opened
        if ending:
            live = part_of_month(month, self.opens, m.ends, out=part)
            multiply(1 - part_since(month, m.ends), self.nameplate, out=t)
            add_up(by_source, t, self.source_contracted)
            multiply(1 - part_since(month, minimum(self.opens, m.ends)), self.nameplate, out=t)
            add_up(by_source, t, self.source_waiting)
        multiply(live, m.tranche_mw, out=t)
        add_up(by_source, t, self.energised)
        if not ending:
            np.copyto(self.source_contracted, self.all_contracted)
            subtract(self.all_contracted, self.energised, out=self.source_waiting)
        firm_share = m.firm_share * (1 - curtailed)
        multiply(self.energised, firm_share, out=self.nominal)
        np.copyto(self.firm, self.nominal)
        if outages:
            up = live.copy()
            for k, start, end, share in outages:
                up[k] -= share * part_of_month(month, maximum(self.opens[k], start), minimum(m.ends[k], end))
            multiply(maximum(up, 0, out=up), m.tranche_mw, out=t)
            multiply(add_up(by_source, t, self.firm), firm_share, out=self.firm)
        if m.bridges:
            if ending:
                multiply(opened, m.tranche_mw, out=t)
                add_up(by_source, t, self.ever)
                multiply(self.ever, firm_share, out=self.ever)
            else:
                np.copyto(self.ever, self.nominal)
            self.yield_bridges()
        subtract(self.energised, self.firm, out=self.source_reserve)
        maximum(self.source_reserve, 0, out=self.source_reserve)
        for by_source, by_site in ((self.source_contracted, self.contracted), (self.source_waiting, self.not_energised),
                                   (self.source_reserve, self.reserve), (self.firm, self.firm_mw)):
            add_up(self.sources_of_site, by_source, by_site)

    def yield_bridges(self):  # R4
        for bridges, until in self.m.bridges:
            nominal, left = self.nominal[bridges], self.ever[until]
            share = minimum(nominal, left)
            self.ever[until] = left - share
            np.divide(share, nominal, out=share, where=nominal > 0)
            energised = self.energised[bridges]
            self.source_contracted[bridges] -= energised * share
            subtract(1, share, out=share)
            self.energised[bridges] = energised * share
            self.firm[bridges] = self.firm[bridges] * share

    # ---- what comes of it

    def wide(self, name, by_lot):
        """A factor for each lot, spread over the paths; kept by plan."""
        key = (name, self.plan)
        if key not in self.spread:
            self.spread[key] = wide(by_lot, self.width)
        return self.spread[key]

    def count_megawatts(self):  # R22
        plan, place, markets, t, by_site = self.plan, self.placement, self.markets, self.t, self.lots_of_site
        # chips of a lot draw the same, but where they stand in several halls
        each = self.wide("mw_each", plan.mw_each) if place.mw_each is None else place.mw_each
        add(markets.failed, markets.sold_all, out=t)
        multiply(t, each, out=t)
        add_up(by_site, t, self.used)
        multiply(markets.idle, each, out=t)
        add_up(by_site, t, self.customers)
        add_up(by_site, place.installing_mw, self.installing_mw)
        add_up(by_site, place.lit_mw, self.s1)
        subtract(self.fleet_mw, self.s1, out=self.s1)  # free
        maximum(self.s1, 0, out=self.s1)
        if not place.any_dark:
            self.waiting_shell.fill(0)
            np.copyto(self.waiting_chips, self.s1)
            return
        multiply(self.present, self.wide("mw", plan.mw_each), out=t)
        subtract(t, place.lit, out=t)
        maximum(t, 0, out=t)
        if (plan.notional_mw_each != plan.mw_each).any():
            multiply(t, plan.notional_mw_each / plan.mw_each, out=t)
        add_up(by_site, t, self.s2)
        minimum(self.s2, self.s1, out=self.waiting_shell)
        subtract(self.s1, self.waiting_shell, out=self.waiting_chips)

    def energy_of(self, installed, busy, pue, out, name=""):
        """MWh at the meter; installed chips draw idle power, busy ones their peak."""
        m, t, u = self.m, self.t, self.u
        if pue.shape[1] == 1:
            multiply(installed, self.wide(name + "idle", m.idle_kw * pue * (HOURS / 1000)), out=t)
            multiply(busy, self.wide(name + "busy", (m.peak_kw - m.idle_kw) * pue * (HOURS / 1000)), out=u)
            add(t, u, out=t)
        else:
            multiply(installed, m.idle_kw * (HOURS / 1000), out=t)
            multiply(busy, (m.peak_kw - m.idle_kw) * (HOURS / 1000), out=u)
            add(t, u, out=t)
            multiply(t, pue, out=t)
        return add_up(self.lots_of_site, t, out)

    def count_energy(self, price):
        m = self.m
        pue = self.placement.annual_pue(self.plan)
        self.energy_of(self.placement.installed, self.markets.busy_all, pue, self.energy)
        # Sources give it cheapest first, up to their firm MW; beyond them all, in proportion.
        most, given, left = self.nominal, self.source_energy, self.s1
        multiply(self.firm, HOURS, out=most)
        if price.shape[1] == 1:
            np.copyto(left, self.energy)
            for rows, sites in self.by_price(price):
                have, can = left[sites], most[rows]
                here = minimum(have, can, out=given[rows] if type(rows) is slice else None)
                put(given, rows, here)
                subtract(have, here, out=have)
                put(left, sites, have)
        else:
            cheaper = self.ever
            cheaper.fill(0)
            for rows, others, lower in self.pairs():
                before = np.less_equal if lower else np.less
                cheaper[rows] += before(price[others], price[rows]) * most[others]
            for rows, sites in self.sources_of_site:
                given[rows] = np.clip(self.energy[sites] - cheaper[rows], 0, most[rows])
            multiply(self.firm_mw, HOURS, out=left)
            subtract(self.energy, left, out=left)
        if m.sources and left.max() > 0:
            beyond = self.firm_mw * HOURS
            has = (beyond > 0) & (self.energy > beyond)
            stretch = np.where(has, self.energy / np.where(has, beyond, 1), 1.0)
            for rows, sites in self.sources_of_site:
                given[rows] *= stretch[sites]

    def by_price(self, price):
        """Sources of all sites by rank of price, ties by name: [(sources, sites)]."""
        key = price.tobytes()
        if key not in self.price_ranks:
            ids, sites = self.m.source_ids, self.m.site_of_source
            order = sorted(range(len(ids)), key=lambda s: (price[s, 0], ids[s]))
            steps = self.m.groups([sites[s] for s in order], self.m.sites)
            index = np.array(order, dtype=np.intp)
            sorted_steps = []
            for items, owners in steps:  # in the order of rows, so that they may be slices
                pairs = sorted(zip(index[items].tolist(), np.arange(self.m.sites)[owners].tolist()))
                sorted_steps.append((as_rows([s for s, _ in pairs]), as_rows([o for _, o in pairs])))
            self.price_ranks = {key: sorted_steps}
        return self.price_ranks[key]

    def pairs(self):
        """Every source with every other of its site: [(sources, others, whether the others stand before)]."""
        if self.source_pairs is None:
            m, found = self.m, {}
            rank = {}
            for k, (rows, _) in enumerate(self.sources_of_site):
                for s in np.arange(m.sources)[rows].tolist():
                    rank[s] = k
            for s in range(m.sources):
                for o in range(m.sources):
                    if s != o and m.site_of_source[s] == m.site_of_source[o]:
                        lower = m.source_ids[o] < m.source_ids[s]
                        found.setdefault((rank[s], rank[o], lower), []).append((s, o))
            self.source_pairs = [(as_rows([s for s, _ in x]), as_rows([o for _, o in x]), kind[2]) for kind, x in found.items()]
        return self.source_pairs


class ChipCount:
    """Shell, power, cooling and crews lifted: whatever is delivered runs."""

    def __init__(self, model, width):
        self.m = model
        self.markets = Markets(model, width, blame=False)
        self.energy = np.zeros((model.sites, width))

    def month(self, month, fleet, demand, accept):
        self.installed = fleet.present
        self.markets.fail(fleet.present)
        self.markets.serve(demand[month], accept[month])
        fleet.energy_of(fleet.present, self.markets.busy_all, fleet.plan.notional_annual, self.energy, "chips")
