"""What dark chips cost, by site, state and month (R19, R21), on a chunk of paths."""

import numpy as np

from graph import resale_curve
from rows import HOURS, as_rows, per, put

add, subtract, multiply, minimum, maximum = np.add, np.subtract, np.multiply, np.minimum, np.maximum

# sums by site, state and month
ACCELERATORS, ALONE, SELLABLE, SELLABLE_ALONE, MEGAWATTS, MEGAWATTS_ALONE, REVENUE, MARGIN, MARGIN_ALONE, MARKET_VALUE, LIFE, BOOK, CAPITAL = range(13)


class Dark:
    def __init__(self, model, width):
        self.m, self.width = model, width
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
        self.sums = np.zeros((m.months, n, 4, 13))
        self.site_of_lot = np.array(m.site_of_lot, dtype=np.intp)
        self.of_class = [(c, as_rows(np.flatnonzero(m.class_of == c))) for c in range(m.classes) if (m.class_of == c).any()]
        self.sources_of_site = m.groups(m.site_of_source, m.sites)
        # the step of PUE that holds on the month's first day
        self.peak, self.annual = np.ones((2, m.months, n, 1))
        for l, lot in enumerate(m.lots_here):
            for start, peak, annual in lot["lowest_pue"]:
                later = np.arange(m.months) >= start
                self.peak[later, l, 0], self.annual[later, l, 0] = peak, annual

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
        self.lost_margin.fill(0)

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
        if not fleet.markets.is_dark:
            return
        self.capital_cost(month, self.units[4])
        into = self.sums[month]
        costs = fleet.dark.transpose(1, 0, 2) @ self.units.transpose(1, 2, 0)  # [lot][state][unit]
        into[:, :, ACCELERATORS] += costs[:, :, 0]
        into[:, :, MARKET_VALUE:] += costs[:, :, 1:]
        into[:, :3, ALONE] += fleet.alone.sum(axis=2).T
        into[:, 3, ALONE] += costs[:, 3, 0]
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

    def one_market(self, month, markets, rent, prices):
        m, (k,) = self.m, markets.sold_dark
        revenue, margin = self.each[:2]
        revenue.fill(1)
        self.scale(revenue, rent[k] * (HOURS * m.busy_share[k]), revenue)
        multiply(revenue, 1 - self.variable_cost, out=margin)
        subtract(margin, self.by_chip(month, k, prices), out=margin)
        self.lost_margin += m.discount[month] * add.reduce(multiply(markets.handed[k], margin, out=self.t), axis=0)
        into, alone, sellable = self.sums[month], markets.sellable_alone, markets.sellable
        into[:, :, REVENUE:MARGIN_ALONE] += sellable.transpose(1, 0, 2) @ self.each[:2].transpose(1, 2, 0)
        into[:, :, MARGIN_ALONE] += (alone.transpose(1, 0, 2) @ margin[:, :, None])[:, :, 0]
        into[:, :, SELLABLE_ALONE] += alone.sum(axis=2).T
        into[:, :, SELLABLE] += sellable.sum(axis=2).T

    def margins(self, month, markets, rent, price):
        m, t, prices = self.m, self.t, self.energy_prices(price)
        if len(markets.sold_dark) == 1:  # every chip at the same price
            self.one_market(month, markets, rent, prices)
            return
        add.reduce(markets.sellable_alone, axis=0, out=self.alone)
        np.copyto(self.left, self.alone)
        self.revenue.fill(0)
        self.energy.fill(0)
        handed = self.now
        handed.fill(0)
        for k in markets.sold_dark:  # alone chips are served first
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
        add(margin[0], margin[1], out=t)
        self.lost_margin += m.discount[month] * add.reduce(t, axis=0)
        # per chip
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

        into, alone = self.sums[month], markets.sellable_alone
        of_alone = alone.transpose(1, 0, 2) @ self.each[:2].transpose(1, 2, 0)
        into[:, :, SELLABLE_ALONE] += alone.sum(axis=2).T
        into[:, :, SELLABLE] += markets.sellable.sum(axis=2).T
        subtract(markets.sellable, alone, out=markets.sellable)
        of_rest = markets.sellable.transpose(1, 0, 2) @ self.each[2:].transpose(1, 2, 0)
        into[:, :, REVENUE:MARGIN_ALONE] += of_alone + of_rest
        into[:, :, MARGIN_ALONE] += of_alone[:, :, 1]

    def totals(self):
        """[month][site][state][sum], sites as exported, summed over paths."""
        m, s = self.m, self.sums.copy()
        each = m.it_mw_each * self.peak
        s[..., MEGAWATTS] = s[..., ACCELERATORS] * each
        s[..., MEGAWATTS_ALONE] = s[..., SELLABLE_ALONE] * each
        s[..., MARKET_VALUE:] *= m.price[None, :, :, None]
        s[..., LIFE] /= self.economic_life
        s[..., BOOK] /= self.book_life
        sites = np.zeros((m.months, m.sites, 4, 13))
        for l in range(m.lots):
            sites[:, m.lots_here[l]["site"]] += s[:, l]
        return sites
