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
        self.each = np.zeros((2, n, w))  # revenue and margin per chip that one gate cures
        self.alone, self.left, self.taken = np.zeros((3, n, w))
        self.revenue, self.energy = np.zeros((2, n, w))
        self.dark_months, self.lost_margin = np.zeros((2, w))
        self.cures = Cures(m, w)
        self.two_margin = np.zeros((CREWS, m.sites, w))  # of chips with two cures, discounted
        self.by_site = np.zeros((4 * m.sites, w))
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
        self.two_margin.fill(0)
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
            self.cures.add_alone(fleet.alone, alone > 0)
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
        m, into, alone, two, lots = self.m, self.sums[month], markets.sellable_alone, markets.sellable_two, markets.two_lots
        some = markets.sells_alone
        into[:, :, SELLABLE_ALONE] += some.T
        into[:, :, SELLABLE] += some.T
        prices = self.energy_prices(price)
        if len(markets.sold_dark) == 1:
            each, each_of_two = self.same_for_each(month, markets, rent, prices)
        else:
            each, each_of_two = self.shared_out(month, markets, rent, prices)
        # margins are discounted, their sums by month are not
        money = alone.transpose(1, 0, 2) @ each.transpose(1, 2, 0)  # [lot][state][revenue, margin]
        money[:, :, 1] /= m.discount[month]
        into[:, :, REVENUE:MARGIN_ALONE] += money
        into[:, :, MARGIN_ALONE] += money[:, :, 1]
        if len(lots):
            money = two.transpose(1, 0, 2) @ each_of_two.transpose(1, 2, 0)
            money[:, :, 1] /= m.discount[month]
            into[lots, :CREWS, SELLABLE] += two.sum(axis=2).T
            into[lots, :CREWS, REVENUE:MARGIN_ALONE] += money
        self.lap("dark")
        self.cures.add_sellable(alone, each[1], some > 0)
        if len(lots):
            multiply(two, each_of_two[1], out=two)
            for row, lot in enumerate(lots):
                here = self.two_margin[:, m.site_of_lot[lot]]
                add(here, two[:, row], out=here)
        self.lap("cures")

    def same_for_each(self, month, markets, rent, prices):
        """Where one market alone takes dark chips, each of a lot earns the same."""
        m, (market,), (revenue, margin) = self.m, markets.sold_dark, self.each
        revenue.fill(1)
        self.scale(revenue, rent[market] * (HOURS * m.busy_share[market]), revenue)
        multiply(revenue, 1 - self.variable_cost, out=margin)
        subtract(margin, self.by_chip(month, market, prices), out=margin)
        multiply(margin, m.discount[month], out=margin)
        return self.each, self.each[:, markets.two_lots]

    def shared_out(self, month, markets, rent, prices):
        """Each chip's part of what several markets would pay, alone ones and those with two cures apart."""
        m, t, taken, lots = self.m, self.t, self.taken, markets.two_lots
        add.reduce(markets.sellable_alone, axis=0, out=self.alone)
        np.copyto(self.left, self.alone)
        self.revenue.fill(0)
        self.energy.fill(0)
        handed, revenue_of_two, energy_of_two = np.zeros((3, len(lots), self.width))
        for k in markets.sold_dark:
            by_hour = rent[k] * (HOURS * m.busy_share[k])
            by_chip = self.by_chip(month, k, prices)
            minimum(self.left, markets.handed[k], out=taken)
            subtract(self.left, taken, out=self.left)
            self.scale(taken, by_hour, t)
            add(self.revenue, t, out=self.revenue)
            add(self.energy, multiply(taken, by_chip, out=t), out=self.energy)
            if len(lots):
                here = markets.handed[k][lots]
                handed += here
                here -= taken[lots]
                revenue_of_two += here * by_hour[m.class_of[lots]]
                energy_of_two += here * by_chip[lots]
        keep, discount = 1 - self.variable_cost, m.discount[month]
        share, (revenue, margin) = t, self.each
        per(discount, subtract(self.alone, self.left, out=taken), share)
        multiply(self.revenue, keep, out=margin)
        subtract(margin, self.energy, out=margin)
        multiply(margin, share, out=margin)
        multiply(self.revenue, share, out=revenue)
        multiply(revenue, 1 / discount, out=revenue)
        two = handed - self.alone[lots]
        share = np.divide(1, two, out=np.zeros_like(two), where=two > 1e-12 * handed)
        return self.each, np.stack([revenue_of_two * share, (revenue_of_two * keep - energy_of_two) * (share * discount)])

    def finish(self):
        """[site and state][path]: lost margin discounted over the months, of chips with one cure and with two."""
        self.cures.by_site(self.by_site)
        by_state = self.by_site.reshape(self.m.sites, 4, self.width)
        by_state[:, :CREWS] += self.two_margin.transpose(1, 0, 2)
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
