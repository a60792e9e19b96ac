"""The ledger of a chunk of paths, checked every month on every path: the stock moves by named flows, the states are
counted apart, and the two must meet (design section 3, R22). Residuals are relative to a lot's count, a market's
demand, a site's contracted MW and energy, and the month's money; what is no number stays."""

import numpy as np

from rows import add_up

add, subtract, multiply = np.add, np.subtract, np.multiply

CHECKS = ("chips", "working", "sold", "sellable", "demand", "megawatts", "energy")


def inverse(x):
    """1 / x, 0 where there is nothing."""
    with np.errstate(divide="ignore"):
        return np.where(x > 0, 1 / x, 0)


class Ledger:
    """worst: the largest residual of each check."""

    def __init__(self, model, width, clock):
        self.m, self.lap = model, clock.lap
        m = model
        self.t, self.u, self.delivered, self.gone = np.zeros((4, m.lots, width))
        self.energised, self.given, *self.of_site = np.zeros((5, m.sites, width))
        self.per_count = inverse(m.count[:, 0])
        self.h100e = m.h100e[:, 0].copy()
        self.sources_of_site = m.groups(m.site_of_source, m.sites)
        self.worst = dict.fromkeys(CHECKS, 0.0)

    def note(self, name, residual):
        if not residual <= self.worst[name]:
            self.worst[name] = float(residual)

    def note_lots(self, name, difference):
        """difference[lot][path], chips"""
        if difference.size:
            most = np.maximum(difference.max(axis=1), -difference.min(axis=1))
            self.note(name, (most * self.per_count).max())

    def note_excess(self, name, difference, lots=slice(None)):
        """difference[lot][path], chips, must not be above zero."""
        if difference.size:
            self.note(name, (difference.max(axis=1) * self.per_count[lots]).max())

    def begin(self):
        self.ordered = np.zeros_like(self.m.count)
        self.delivered.fill(0)
        self.gone.fill(0)
        self.begun = False

    def check(self, fleet, demand):
        """demand[market][path or 1], h100e"""
        self.check_states(fleet)
        self.lap("ledger")
        self.check_dates(fleet)
        self.check_sold(fleet.markets)
        if fleet.markets.sold_dark:
            self.check_sellable(fleet.markets, fleet.dark)
        self.check_demand(fleet.markets, demand)
        self.check_sites(fleet)
        self.lap("more checks")

    def check_states(self, fleet):
        """installed = what becomes of it; ordered = the ten states and gone."""
        markets, t = fleet.markets, self.t
        add(markets.failed, markets.no_demand, out=t)
        for state in (markets.outclassed, markets.underused, markets.busy_all):
            add(t, state, out=t)
        self.note_lots("working", subtract(t, fleet.placement.installed, out=self.u))
        add(t, fleet.in_transit, out=t)
        add(t, fleet.gone, out=t)
        for state in fleet.dark if fleet.placement.any_dark else fleet.dark[3:]:
            add(t, state, out=t)
        self.note_lots("chips", subtract(t, fleet.ordered, out=t))

    def check_dates(self, fleet):
        """Nothing ordered, delivered or gone is taken back; nothing is delivered that was not ordered."""
        self.note_excess("chips", self.ordered - fleet.ordered)
        rows = fleet.stirring if self.begun else np.arange(self.m.lots)
        if len(rows):
            delivered, gone = fleet.delivered[rows], fleet.gone[rows]
            for excess in (self.delivered[rows] - delivered, delivered - fleet.ordered[rows], self.gone[rows] - gone):
                self.note_excess("chips", excess, rows)
            self.delivered[rows], self.gone[rows] = delivered, gone
        if len(fleet.retired):
            mortal = self.m.mortal
            self.note_excess("chips", self.gone[mortal] - fleet.gone[mortal], mortal)
            self.gone[mortal] = fleet.gone[mortal]
        self.ordered, self.begun = fleet.ordered, True

    def check_sold(self, markets):
        """Over markets, what is sold is earning or underused, and what is busy is earning."""
        sold, busy = self.t, self.u
        count = self.m.markets
        if count == 0:
            return
        first, *rest = range(count)
        subtract(markets.sold[first], markets.underused, out=sold)
        for k in rest:
            add(sold, markets.sold[k], out=sold)
        subtract(sold, markets.busy_all, out=sold)
        self.note_lots("sold", sold)
        subtract(markets.paid(first), markets.busy_all, out=busy)
        for k in rest:
            add(busy, markets.paid(k), out=busy)
        self.note_lots("sold", busy)

    def check_sellable(self, markets, dark):
        """What markets were handed is what the states sell, and no state sells more than it has."""
        alone, two, lots = markets.sellable_alone, markets.sellable_two, markets.two_lots
        t = add.reduce(alone, axis=0, out=self.t)
        t[lots] += add.reduce(two, axis=0)
        for k in markets.sold_dark:
            subtract(t, markets.handed[k], out=t)
        self.note_lots("sellable", t)
        states, sell = np.nonzero(markets.sells_alone)
        excess = alone[states, sell]
        excess -= dark[states, sell]
        self.note_excess("sellable", excess, sell)
        excess = alone[:3, lots] + two
        excess -= dark[:3, lots]
        for of_state in excess:
            self.note_excess("sellable", of_state, lots)

    def check_demand(self, markets, demand):
        """h100e sold and unmet are what is asked."""
        for k, asked in enumerate(demand):
            met = self.h100e @ markets.sold[k]
            met += markets.unmet[k]
            met -= asked
            self.note("demand", (np.abs(met, out=met) * inverse(asked)).max())

    def check_sites(self, fleet):
        """R22 and energy, per site: what is contracted is used in eight ways, firm is what is energised less reserve,
        sources have energised what is contracted and not waiting, and give what is drawn where there is firm power."""
        uses, firm, live = self.of_site
        add(fleet.not_energised, fleet.reserve, out=uses)
        for use in (fleet.used, fleet.installing_mw, fleet.customers, fleet.waiting_shell, fleet.waiting_chips, fleet.tenants):
            add(uses, use, out=uses)
        subtract(fleet.contracted, uses, out=uses)
        if fleet.supply_moved:
            self.per_mw, self.powered = inverse(fleet.contracted), fleet.firm_mw > 0
            subtract(fleet.contracted, fleet.not_energised, out=live)
            subtract(live, fleet.reserve, out=firm)
            subtract(fleet.firm_mw, firm, out=firm)
            self.note_sites(firm)
            subtract(add_up(self.sources_of_site, fleet.energised, self.energised), live, out=live)
            self.note_sites(live)
        self.note_sites(uses)
        if self.m.sources:
            given = add_up(self.sources_of_site, fleet.source_energy, self.given)
            subtract(fleet.energy, given, out=given)
            multiply(given, self.powered, out=given)
            self.note("energy", (np.abs(given, out=given) / np.maximum(fleet.energy, 1e-300)).max())

    def note_sites(self, difference):
        if difference.size:
            self.note("megawatts", multiply(np.abs(difference, out=difference), self.per_mw, out=difference).max())


def cash_residual(flows, sizes, balance):
    """The largest difference over months and paths between the lines of cash and the change of the balance, over the
    sizes of the lines and of both balances; all [month][path]."""
    off = balance - flows
    off[1:] -= balance[:-1]
    size = np.abs(balance)
    sizes += size
    sizes[1:] += size[:-1]
    np.abs(off, out=off)
    np.divide(off, np.maximum(sizes, 1e-300, out=sizes), out=off)
    return float(off.max(initial=0.0))
