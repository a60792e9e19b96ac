"""Money on a chunk of paths in NumPy: lines by month, both valuations, the cost of the dark."""

import numpy as np

from model import HOURS
from numpy_irr import Rates
from numpy_rows import add, maximum, minimum, multiply, subtract, wide


class ByClass:
    """Lots of a class as a slice, so that sums and products by class need no copies."""

    def __init__(self, model):
        self.parts = []
        for rank in range(model.ranks):
            lots = np.arange(rank * model.sites, (rank + 1) * model.sites)
            for c in sorted(set(model.class_of[lots])):
                mine = lots[model.class_of[lots] == c]
                step = mine[1] - mine[0] if len(mine) > 1 else 1
                assert (np.diff(mine) == step).all()
                self.parts.append((c, slice(mine[0], mine[-1] + 1, step)))

    def scale(self, x, by_class, out):
        for c, part in self.parts:
            multiply(x[part], by_class[c], out=out[part])


class Value:
    def __init__(self, model, width):
        self.m, self.width = m, w = model, width
        f = m.finance
        self.by_class = ByClass(m)
        self.rates = Rates(m.months)
        self.net = np.zeros((2, m.months, w))  # as energised, by chip count
        self.terminal = np.zeros(w)
        # what opens: spending and wear, as building and as plant
        self.capex = np.stack([m.building, m.plant])
        lives = np.array([f["building_life"], f["plant_life"]])[:, None]
        self.lives, self.wear = lives, np.concatenate([self.capex, self.capex / lives])
        self.cost = m.count * m.price
        self.capex_before, self.cost_before = np.zeros((2, w)), np.zeros(w)
        # energy and minimum bills
        self.price = m.energy_price  # [source][site]
        self.dearest = self.price.max(axis=0)
        asks = np.flatnonzero((m.minimum_bill > 0).any(axis=1))
        self.asking = slice(asks.min(), asks.max() + 1)
        self.ask = (m.minimum_bill * HOURS * self.price)[self.asking][:, :, None]
        n = self.asking.stop - self.asking.start
        self.asked, self.short = np.zeros((2, n, m.sites, w))
        self.asking_price = self.price[self.asking][:, :, None]
        self.asked_all, self.t1 = np.zeros((2, m.sites, w))
        self.revenue = np.zeros((2, w))
        self.most = np.zeros((m.lots, w))  # that ever ran
        self.book_life = int(f["book_life"])
        assert self.book_life == f["book_life"]
        self.entered = np.zeros((m.months, w))
        self.lines = {}
        self.line_names = (["revenue", "energy", "minimum_bill", "opex.variable", "opex.maintenance", "capex.chips",
                            "depreciation.chips", "terminal.chips", "capex.plant", "depreciation.plant", "terminal.plant",
                            "capex.building", "depreciation.building", "terminal.building", "net_cash"])
        self.sums = {"revenue": np.zeros((2, m.months)), "energy": np.zeros((m.sites, m.months)),
                     "minimum_bill": np.zeros((n, m.sites, m.months))}
        for name in self.line_names[3:]:
            self.sums[name] = np.zeros(m.months)

    def start(self, fleet):
        before = np.clip(0 - fleet.opens, 0, 1).reshape(-1, self.width)
        np.dot(self.capex, before, out=self.capex_before)
        np.dot(self.cost, np.clip(0 - fleet.delivered, 0, 1), out=self.cost_before)
        self.most.fill(0)
        self.terminal.fill(0)
        # life that is left of what opens, at the horizon's end
        assert fleet.opens.min() + self.lives.min() > self.m.months, "plant that wears out within the horizon"

    def income(self, markets, rent):
        """Revenue of each market [market][path]."""
        m = self.m
        self.revenue.fill(0)
        for k in range(2):
            for c, part in self.by_class.parts:
                busy = add.reduce(markets.sold[k][part], axis=0)
                multiply(busy, rent[k, c], out=busy)
                add(self.revenue[k], busy, out=self.revenue[k])
            multiply(self.revenue[k], HOURS * m.busy_share[k], out=self.revenue[k])
        return self.revenue

    def month(self, month, fleet, chips, rent, resale):
        m, sums = self.m, self.sums
        # ---- as energised
        revenue = self.income(fleet.markets, rent)
        sums["revenue"][:, month] += revenue.sum(axis=1)
        earned = revenue[0] + revenue[1]
        upkeep = m.price @ fleet.in_service
        upkeep *= m.maintenance / 12
        energy = self.price.ravel() @ fleet.source_energy.reshape(3 * m.sites, -1)
        sums["energy"][:, month] -= (self.price * fleet.source_energy.sum(axis=2)).sum(axis=0)
        if month <= fleet.last_opening:
            multiply(fleet.energised[self.asking], self.ask, out=self.asked)
            add.reduce(self.asked, axis=0, out=self.asked_all)
        multiply(fleet.source_energy[self.asking], self.asking_price, out=self.short)
        subtract(self.asked, self.short, out=self.short)
        maximum(self.short, 0, out=self.short)
        short = self.short.reshape(-1, self.width)
        sums["minimum_bill"][:, :, month] -= self.short.sum(axis=2)

        # ---- what is bought: the part of the month after each opening or delivery
        spent = self.wear @ fleet.opened.reshape(-1, self.width)  # building, plant, wear of each
        building, plant = spent[:2] - self.capex_before
        self.capex_before[:] = spent[:2]
        paid = self.cost @ fleet.arrived
        capex = paid - self.cost_before
        self.cost_before = paid
        maximum(self.most, fleet.in_service, out=self.most)
        entered = np.dot(m.price, self.most, out=self.entered[month])
        wear = entered - self.entered[month - self.book_life] if month >= self.book_life else entered

        # after the last month what is left
        if month == m.months - 1:
            left = self.terminal_values(fleet, resale)
            for name, row in zip(("terminal.chips", "terminal.building", "terminal.plant"), left):
                sums[name][month] += row.sum()
            np.sum(left, axis=0, out=self.terminal)

        shared = self.t1[0]  # of both valuations
        add(capex, building, out=shared)
        add(shared, plant, out=shared)
        net = self.net[0, month]
        multiply(earned, 1 - m.variable_cost, out=net)
        for cost in (upkeep, energy, add.reduce(short, axis=0), shared):
            subtract(net, cost, out=net)
        if month == m.months - 1:
            add(net, self.terminal, out=net)
        for name, row in (("opex.variable", earned * -m.variable_cost), ("opex.maintenance", -upkeep), ("capex.chips", -capex),
                          ("capex.building", -building), ("capex.plant", -plant), ("depreciation.building", -spent[2]),
                          ("depreciation.plant", -spent[3]), ("net_cash", net)):
            sums[name][month] += row.sum()
        sums["depreciation.chips"][month] -= wear.sum() / self.book_life

        # ---- by chip count
        net = self.net[1, month]
        shared = shared.copy()
        revenue = self.income(chips.markets, rent)
        earned = revenue[0] + revenue[1]
        multiply(earned, 1 - m.variable_cost, out=net)
        subtract(net, (m.price @ chips.in_service) * (m.maintenance / 12), out=net)
        subtract(net, self.dearest @ chips.energy, out=net)
        top_up = self.t1
        multiply(chips.energy, self.dearest[:, None], out=top_up)
        subtract(self.asked_all, top_up, out=top_up)
        maximum(top_up, 0, out=top_up)
        subtract(net, add.reduce(top_up, axis=0), out=net)
        subtract(net, shared, out=net)
        if month == m.months - 1:
            add(net, self.terminal, out=net)

    def terminal_values(self, fleet, resale):
        m = self.m
        held = np.maximum(m.count[:, None] * fleet.arrived - fleet.gone, 0)  # a cancelled order was never held
        kept = curve(m.resale_by_year, fleet.age)
        self.by_class.scale(kept, resale, kept)
        chips = m.price @ (held * kept)
        opens = fleet.opens.reshape(-1, self.width)
        building, plant = (cost @ (fleet.opened.reshape(-1, self.width)
                                   * np.clip(np.where(np.isfinite(opens), (opens + life - m.months) / life, 0), 0, 1))
                           for cost, life in zip(self.capex, self.lives[:, 0]))
        return chips, building, plant

    def finish(self):
        """npv, npv_without_terminal, npv_by_chip_count, irr, irr_by_chip_count, peak_funding, payback [path]."""
        m, net = self.m, self.net
        npv = m.discount @ net[0]
        balance = np.cumsum(net[0], axis=0)
        never = balance[-1] < 0
        deepest = np.minimum(balance.min(axis=0), 0)
        # the last return to zero, counted evenly within its month
        before = np.vstack([np.zeros(self.width), balance[:-1]])
        back = (before < 0) & (balance >= 0)
        last = m.months - 1 - np.argmax(back[::-1], axis=0)
        path = np.arange(self.width)
        b, n = before[last, path], balance[last, path]
        with np.errstate(divide="ignore", invalid="ignore"):
            payback = np.where(back.any(axis=0), last + b / (b - n), 0)
        payback[never] = np.inf
        rate, chip_rate = np.split(self.rates.yearly(np.hstack(net)), 2)
        return {"npv": npv, "npv_without_terminal": npv - m.discount[-1] * self.terminal,
                "npv_by_chip_count": m.discount @ net[1], "irr": rate, "irr_by_chip_count": chip_rate,
                "peak_funding": 0 - deepest, "payback": payback}


def curve(by_year, age):
    """Share of its price that a chip of some age keeps: straight lines between whole years."""
    year = (age * (1 / 12)).astype(np.int64)
    slope = np.diff(by_year)
    return by_year[year] + slope[year] * (age / 12 - year)


class Dark:
    """R19, R21: what dark chips cost, by site, state and month; lost margin and dark months by path."""

    KINDS = ["accelerators", "alone", "sellable", "sellable_alone", "megawatts", "megawatts_sellable_alone", "lost_revenue",
             "lost_margin", "lost_margin_alone", "market_value", "life", "book", "capital"]

    def __init__(self, model, width):
        self.m, m, w = model, model, width
        n = m.lots
        f = m.finance
        self.by_class = ByClass(m)
        self.growth = np.log1p(f["wacc"]) / 12
        self.economic_life, self.book_life = f["economic_life"], f["book_life"]
        self.first, self.now, self.before, self.t60 = np.zeros((4, n, w))
        self.kept, self.worth, self.lived, self.booked, self.grown = np.zeros((5, n, w))
        self.units = np.zeros((5, n, w))  # one chip, market value, life, book, capital
        self.units[0] = 1
        self.each = np.zeros((4, n, w))  # per sellable chip: revenue and margin of alone ones, of the rest
        self.alone, self.left, self.taken = np.zeros((3, n, w))
        self.revenue, self.energy = np.zeros((2, 2, n, w))
        self.dark_months, self.lost_margin = np.zeros((2, w))
        site = np.arange(n) % m.sites
        price = m.energy_price.max(axis=0)[site]
        self.energy_of = [wide((m.idle_kw + share * (m.peak_kw - m.idle_kw)) * m.annual_pue * (HOURS / 1000) * price, w)
                          for share in m.busy_share]
        self.sums = np.zeros((m.months, n, 4, 13))
        self.varying = None

    def start(self, fleet, resale):
        m = self.m
        self.first[:] = np.exp(-self.growth * fleet.delivered)
        age = np.maximum(0 - fleet.delivered, 0)
        self.kept[:] = curve(m.resale_by_year, age)
        self.by_class.scale(self.kept, resale[0], self.worth)
        minimum(age, self.economic_life, out=self.lived)
        minimum(age, self.book_life, out=self.booked)
        maximum(self.first, 1, out=self.grown)
        self.dark_months.fill(0)
        self.lost_margin.fill(0)

    def step(self, now, before, unit):
        """unit = now - before, and before becomes now."""
        subtract(now, before, out=unit)
        np.copyto(before, now)

    def month(self, month, fleet, rent, resale):
        m, now = self.m, self.now
        old = fleet.mortal
        # ---- what each chip loses in the month, over its price
        age = fleet.age
        self.kept[:old.start] = curve(m.resale_by_year, age[:old.start])
        self.kept[old] = curve(m.resale_by_year, age[old, :1])  # delivered before start: one age
        self.by_class.scale(self.kept, resale, now)
        subtract(self.worth, now, out=self.units[1])
        np.copyto(self.worth, now)
        minimum(age, self.economic_life, out=now)
        self.step(now, self.lived, self.units[2])
        minimum(age, self.book_life, out=now)
        self.step(now, self.booked, self.units[3])
        multiply(self.first, np.exp(self.growth * (month + 1)), out=now)
        maximum(now, 1, out=now)
        self.step(now, self.grown, self.units[4])

        into = self.sums[month]
        by_lot = fleet.dark.transpose(1, 0, 2)  # [lot][state][path]
        costs = by_lot @ self.units.transpose(1, 2, 0)  # [lot][state][unit]
        into[:, :, 0] += costs[:, :, 0]
        into[:, :, 9:] += costs[:, :, 1:]
        into[:, :3, 1] += fleet.alone.sum(axis=2).T
        into[:, 3, 1] += costs[:, 3, 0]
        self.dark_months += add.reduce(fleet.dark.reshape(-1, fleet.width), axis=0)
        if any(fleet.sold_dark):
            self.margins(month, fleet, rent)

    def margins(self, month, fleet, rent):
        m, t = self.m, self.t60
        add.reduce(fleet.sellable_alone, axis=0, out=self.alone)
        np.copyto(self.left, self.alone)
        self.revenue.fill(0)
        self.energy.fill(0)
        handed = self.now
        handed.fill(0)
        for k in m.market_order:  # alone chips are served first
            if not fleet.sold_dark[k]:
                continue
            paid = rent[k] * (HOURS * m.busy_share[k])
            taken = self.taken
            add(handed, fleet.handed[k], out=handed)
            minimum(self.left, fleet.handed[k], out=taken)
            subtract(self.left, taken, out=self.left)
            for which in range(2):
                self.by_class.scale(taken, paid, t)
                add(self.revenue[which], t, out=self.revenue[which])
                multiply(taken, self.energy_of[k], out=t)
                add(self.energy[which], t, out=self.energy[which])
                subtract(fleet.handed[k], taken, out=taken)  # the rest
        margin = self.energy
        multiply(self.revenue, 1 - m.variable_cost, out=self.each[:2])
        subtract(self.each[:2], self.energy, out=margin)
        add(margin[0], margin[1], out=t)
        self.lost_margin += m.discount[month] * add.reduce(t, axis=0)
        # per chip
        served, rest = self.taken, self.left
        subtract(self.alone, self.left, out=served)
        subtract(handed, self.alone, out=rest)
        share = self.alone
        multiply(handed, 1e-12, out=handed)
        share.fill(0)
        np.divide(1, served, out=share, where=served > 0)
        multiply(self.revenue[0], share, out=self.each[0])
        multiply(margin[0], share, out=self.each[1])
        share.fill(0)
        np.divide(1, rest, out=share, where=rest > handed)
        multiply(self.revenue[1], share, out=self.each[2])
        multiply(margin[1], share, out=self.each[3])

        into = self.sums[month]
        alone = fleet.sellable_alone
        of_alone = alone.transpose(1, 0, 2) @ self.each[:2].transpose(1, 2, 0)
        into[:, :, 3] += alone.sum(axis=2).T
        into[:, :, 2] += fleet.sellable.sum(axis=2).T
        subtract(fleet.sellable, alone, out=fleet.sellable)
        of_rest = fleet.sellable.transpose(1, 0, 2) @ self.each[2:].transpose(1, 2, 0)
        into[:, :, 6:8] += of_alone + of_rest
        into[:, :, 8] += of_alone[:, :, 1]

    def totals(self):
        """[month][site][state][kind], summed over paths."""
        m, s = self.m, self.sums.copy()
        s[..., 4] = s[..., 0] * m.mw_each[None, :, None]
        s[..., 5] = s[..., 3] * m.mw_each[None, :, None]
        s[..., 9:] *= m.price[None, :, None, None]
        s[..., 10] /= self.economic_life
        s[..., 11] /= self.book_life
        return s.reshape(m.months, m.ranks, m.sites, 4, 13).sum(axis=1)
