"""What dark chips cost, by site, state and month (R19, R21), on a chunk of paths; lost margin by path too."""

import numpy as np

from cures import CREWS, Cures
from graph import resale_curve
from rows import HOURS, as_rows, per, put

add, subtract, multiply, minimum, maximum = np.add, np.subtract, np.multiply, np.minimum, np.maximum

# sums by site, state and month
ACCELERATORS, ALONE, SELLABLE, SELLABLE_ALONE, MEGAWATTS, MEGAWATTS_ALONE, REVENUE, LOST_MARGIN, MARGIN_ALONE, MARKET_VALUE, LIFE, BOOK, CAPITAL = range(13)


class Dark:
    """sums[month][lot][state][sum]: over paths, added to by every chunk."""

    def __init__(self, model, width, sums, clock):
        self.m, self.width, self.sums, self.lap = model, width, sums, clock.lap
        m, n, w, f = model, model.lots, width, model.finance
        self.curve = resale_curve(f)
        self.growth = np.log1p(f["wacc"]) / 12
        self.economic_life, self.book_life, self.variable_cost = f["economic_life"], f["book_life"], f["variable_cost"]
        self.first, self.worth, self.now, self.t = np.zeros((4, n, w))
        self.units = np.zeros((5, n, w))  # one chip; its market value, life, book, capital over the price
        self.units[0] = 1
        self.each = np.zeros((4, n, w))  # per sellable chip: revenue and margin of alone ones, of the rest
        self.alone, self.left, self.taken = np.zeros((3, n, w))
        self.revenue, self.energy = np.zeros((2, 2, n, w))
        self.dark_months, self.lost_margin = np.zeros((2, w))
        self.cures = Cures(m, w)
        self.rest, self.of_rest = np.zeros((2, CREWS, n, w))  # sellable chips with two cures, and what they would earn
        self.of_alone = np.zeros((4, n, w))
        self.rest_margin = np.zeros((CREWS, m.sites, w))
        self.by_site = np.zeros((4 * m.sites, w))
        self.lots_of_site = m.groups(m.site_of_lot, m.sites)
        self.site_of_lot = np.array(m.site_of_lot, dtype=np.intp)
        self.of_class = [(c, as_rows(np.flatnonzero(m.class_of == c))) for c in range(m.classes) if (m.class_of == c).any()]
        self.sources_of_site = m.groups(m.site_of_source, m.sites)
        # the step of PUE that holds on the month's first day
        self.annual = np.ones((m.months, n, 1))
        for l, lot in enumerate(m.lots_here):
            for start, _, annual in lot["lowest_pue"]:
                self.annual[np.arange(m.months) >= start, l, 0] = annual

    def scale(self, x, by_class, out):
        for c, rows in self.of_class:
            here = out[rows]
            multiply(x[rows], by_class[c], out=here)
            put(out, rows, here)

    def start(self, fleet, resale):
        at = fleet.delivered_at
        self.fixed = (at == at[:, :1]).all(axis=1)  # one age on every path
        self.split = [as_rows(np.flatnonzero(~self.fixed)), as_rows(np.flatnonzero(self.fixed))]
        np.copyto(self.first, np.exp(-self.growth * at))
        self.scale(self.curve(maximum(0 - at, 0)), resale[0], self.worth)
        # the months in which a chip's first one falls, on any path that has one
        self.earliest = at.min(axis=1, initial=np.inf)
        self.latest = np.where(np.isfinite(at), at, -np.inf).max(axis=1, initial=-np.inf)
        self.dark_months.fill(0)
        self.rest_margin.fill(0)
        self.cures.begin(fleet)

    def lived_in(self, month, age, life, unit):
        """Part of the month from delivery to `life` later; rows that nothing begins or ends in stay."""
        near = lambda date: (self.earliest + date - 1 <= month) & (month <= self.latest + date + 2)
        rows = np.flatnonzero(near(0) | near(life)) if month else np.arange(self.m.lots)
        if len(rows):
            part = age[rows]
            unit[rows] = np.clip(part, 0, 1) - np.clip(part - life, 0, 1)

    def capital_cost(self, month, unit):
        """(1 + wacc)^(age / 12) over the month: first = (1 + wacc)^(-delivered / 12)."""
        before, now = np.exp(self.growth * month), np.exp(self.growth * (month + 1))
        multiply(self.first, now - before, out=unit)
        rows = np.flatnonzero((self.earliest - 1 <= month) & (month <= self.latest + 2))
        if len(rows):
            first = self.first[rows]
            unit[rows] = maximum(first * now, 1) - maximum(first * before, 1)

    def month(self, month, fleet, rent, resale, price):
        """rent[market][class][path] money/h, resale[class][path] factor, price[source][path or 1] money/MWh."""
        m, now, age = self.m, self.now, fleet.age
        # ---- what each chip loses in the month, over its price
        varying, fixed = self.split
        now[varying] = self.curve(age[varying])
        now[fixed] = self.curve(age[fixed][:, :1])
        self.scale(now, resale, now)
        subtract(self.worth, now, out=self.units[1])
        np.copyto(self.worth, now)
        self.lived_in(month, age, self.economic_life, self.units[2])
        self.lived_in(month, age, self.book_life, self.units[3])
        self.lap("dark")
        self.cures.end_turns(month)
        self.lap("cures")
        if not fleet.markets.is_dark:
            return
        self.capital_cost(month, self.units[4])
        into = self.sums[month]
        costs = fleet.dark.transpose(1, 0, 2) @ self.units.transpose(1, 2, 0)  # [lot][state][unit]
        into[:, :, ACCELERATORS] += costs[:, :, 0]
        into[:, :, MARKET_VALUE:] += costs[:, :, 1:]
        into[:, CREWS, ALONE] += costs[:, CREWS, 0]
        if fleet.placement.any_dark:
            alone = fleet.alone.sum(axis=2)
            into[:, :CREWS, ALONE] += alone.T
            self.lap("dark")
            self.cures.add(Cures.ALONE, fleet.alone, alone > 0)
            self.lap("cures")
        self.dark_months += add.reduce(fleet.markets.dark_all, axis=0)
        if fleet.markets.sold_dark:
            self.margins(month, fleet.markets, rent, price)

    def energy_prices(self, price):
        """The dearest source of each lot's site, [lot][path or 1]."""
        dearest = np.zeros((self.m.sites, price.shape[1]))
        for rows, sites in self.sources_of_site:
            dearest[sites] = maximum(dearest[sites], price[rows])
        return dearest[self.site_of_lot]

    def by_chip(self, month, market, prices):
        """What a sold chip draws in the month, in money."""
        m, paid = self.m, self.m.busy_share[market]
        return (m.idle_kw + paid * (m.peak_kw - m.idle_kw)) * self.annual[month] * (HOURS / 1000) * prices

    def margins(self, month, markets, rent, price):
        """What sellable chips would earn: alone ones are served first (R19), markets in service order."""
        m, into, alone = self.m, self.sums[month], markets.sellable_alone
        some_alone = alone.sum(axis=2)
        into[:, :, SELLABLE_ALONE] += some_alone.T
        rest, of_alone, of_rest = self.rest, self.of_alone, self.of_rest
        subtract(markets.sellable[:CREWS], alone[:CREWS], out=rest)
        some_rest = rest.sum(axis=2)
        into[:, :, SELLABLE] += some_alone.T
        into[:, :CREWS, SELLABLE] += some_rest.T
        prices = self.energy_prices(price)
        if len(markets.sold_dark) == 1:
            revenue, margin = self.same_for_each(month, markets.sold_dark[0], rent, prices)
            margin_of_rest = margin
            revenues = markets.sellable.transpose(1, 0, 2) @ revenue[:, :, None]  # [lot][state][1]
        else:
            revenue, margin, revenue_of_rest, margin_of_rest = self.shared_out(month, markets, rent, prices)
            revenues = alone.transpose(1, 0, 2) @ revenue[:, :, None]
            revenues[:, :CREWS] += rest.transpose(1, 0, 2) @ revenue_of_rest[:, :, None]
        multiply(alone, margin, out=of_alone)
        multiply(rest, margin_of_rest, out=of_rest)
        into[:, :, REVENUE] += revenues[:, :, 0]
        # by path; margins are discounted, their sums by month are not
        margins = of_alone.sum(axis=2)
        self.lap("dark")
        self.cures.add(Cures.SELLABLE, alone, some_alone > 0)
        self.cures.add(Cures.MARGIN, of_alone, some_alone > 0)
        for lots, sites in self.lots_of_site:
            if some_alone[CREWS, lots].any():
                here = self.cures.crews[sites]
                put(self.cures.crews, sites, add(here, of_alone[CREWS, lots], out=here))
            for state in range(CREWS):
                if some_rest[state, lots].any():
                    here = self.rest_margin[state, sites]
                    put(self.rest_margin[state], sites, add(here, of_rest[state, lots], out=here))
        self.lap("cures")
        margins /= m.discount[month]
        into[:, :, MARGIN_ALONE] += margins.T
        into[:, :, LOST_MARGIN] += margins.T
        into[:, :CREWS, LOST_MARGIN] += of_rest.sum(axis=2).T / m.discount[month]

    def same_for_each(self, month, market, rent, prices):
        """Where one market alone takes dark chips, what each earns is the same for all of a lot."""
        m, (revenue, margin) = self.m, self.each[:2]
        revenue.fill(1)
        self.scale(revenue, rent[market] * (HOURS * m.busy_share[market]), revenue)
        multiply(revenue, 1 - self.variable_cost, out=margin)
        subtract(margin, self.by_chip(month, market, prices), out=margin)
        return revenue, multiply(margin, m.discount[month], out=margin)

    def shared_out(self, month, markets, rent, prices):
        """Each chip's part of what all markets would pay, alone ones and the rest apart."""
        m, t = self.m, self.t
        add.reduce(markets.sellable_alone, axis=0, out=self.alone)
        np.copyto(self.left, self.alone)
        self.revenue.fill(0)
        self.energy.fill(0)
        handed = self.now
        handed.fill(0)
        for k in markets.sold_dark:
            paid = m.busy_share[k]
            by_hour = rent[k] * (HOURS * paid)
            by_chip = self.by_chip(month, k, prices)
            taken = self.taken
            add(handed, markets.handed[k], out=handed)
            minimum(self.left, markets.handed[k], out=taken)
            subtract(self.left, taken, out=self.left)
            for which in range(2):
                self.scale(taken, by_hour, t)
                add(self.revenue[which], t, out=self.revenue[which])
                multiply(taken, by_chip, out=t)
                add(self.energy[which], t, out=self.energy[which])
                subtract(markets.handed[k], taken, out=taken)  # the rest
        margin = self.energy
        multiply(self.revenue, 1 - self.variable_cost, out=self.each[:2])
        subtract(self.each[:2], self.energy, out=margin)
        multiply(margin, m.discount[month], out=margin)
        served, rest, share = self.taken, self.left, self.alone
        subtract(self.alone, self.left, out=served)
        subtract(handed, self.alone, out=rest)
        multiply(handed, 1e-12, out=handed)
        per(1, served, share)
        multiply(self.revenue[0], share, out=self.each[0])
        multiply(margin[0], share, out=self.each[1])
        share.fill(0)
        np.divide(1, rest, out=share, where=rest > handed)
        multiply(self.revenue[1], share, out=self.each[2])
        multiply(margin[1], share, out=self.each[3])
        return self.each

    def finish(self):
        """[site and state][path]: lost margin discounted over the months, of chips alone and the rest."""
        self.cures.by_site(self.by_site)
        by_state = self.by_site.reshape(self.m.sites, 4, self.width)
        for state in range(CREWS):
            by_state[:, state] += self.rest_margin[state]
        add.reduce(self.by_site, axis=0, out=self.lost_margin)
        return self.by_site


def sums_by_site(model, sums):
    """[month][site][state][sum], sites as exported, from sums[month][lot][state][sum]."""
    m, s = model, sums.copy()
    peak = np.ones((m.months, m.lots, 1))
    for l, lot in enumerate(m.lots_here):
        for start, at_peak, _ in lot["lowest_pue"]:
            peak[np.arange(m.months) >= start, l, 0] = at_peak
    each = m.it_mw_each * peak
    s[..., MEGAWATTS] = s[..., ACCELERATORS] * each
    s[..., MEGAWATTS_ALONE] = s[..., SELLABLE_ALONE] * each
    s[..., MARKET_VALUE:] *= m.price[None, :, :, None]
    s[..., LIFE] /= m.finance["economic_life"]
    s[..., BOOK] /= m.finance["book_life"]
    sites = np.zeros((m.months, m.sites, 4, 13))
    for l in range(m.lots):
        sites[:, m.lots_here[l]["site"]] += s[:, l]
    return sites
