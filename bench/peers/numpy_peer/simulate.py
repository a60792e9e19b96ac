"""A chunk of paths from its draws to what each path is worth; the ledger is checked every month."""

import numpy as np

from dark import Dark
from fleet import ChipCount, Fleet
from graph import Graph
from rates import Rates

add, subtract, multiply = np.add, np.subtract, np.multiply


class Ledger:
    """Ordered = ten states + gone, per lot; contracted MW = its uses, per site; the largest residual."""

    def __init__(self, model, width):
        self.lots, self.sites = np.zeros((model.lots, width)), np.zeros((model.sites, width))
        self.per_count = 1 / np.maximum(model.count, 1e-300)
        self.per_mw = 1 / np.maximum(model.capacity, 1e-300)
        self.worst = 0.0

    def see(self, t):
        if t.size:
            worst = max(t.max(), -t.min())
            self.worst = worst if not worst <= self.worst else self.worst  # what is no number stays

    def check(self, fleet):
        markets, t = fleet.markets, self.lots
        add(markets.failed, markets.no_demand, out=t)
        for state in (markets.outclassed, markets.underused, markets.busy_all):
            add(t, state, out=t)
        working = subtract(t, fleet.placement.installed, out=fleet.t)
        self.see(multiply(working, self.per_count, out=working))
        for state in (fleet.in_transit, fleet.gone, *fleet.dark):
            add(t, state, out=t)
        subtract(t, fleet.ordered, out=t)
        self.see(multiply(t, self.per_count, out=t))
        t = self.sites
        add(fleet.not_energised, fleet.reserve, out=t)
        for use in (fleet.used, fleet.installing_mw, fleet.customers, fleet.waiting_shell, fleet.waiting_chips, fleet.tenants):
            add(t, use, out=t)
        subtract(t, fleet.contracted, out=t)
        self.see(multiply(t, self.per_mw, out=t))


class Chunk:
    def __init__(self, model, plans, width):
        self.m, self.width = model, width
        self.fleet, self.chips = Fleet(model, plans, width), ChipCount(model, width)
        self.dark, self.ledger = Dark(model, width), Ledger(model, width)
        self.rates = Rates(model.months)
        shared = {column: given[:, :, 0] for column, name in (("price_per_mwh", "price"), ("demand_h100e", "demand"))
                  for given in [model.shared(name)] if given is not None}
        self.lines = Graph(model, model.raw["energised"], width, shared)
        self.chip_lines = Graph(model, model.raw["by_chip_count"], width, shared, imports=self.lines)

    def run(self, draws, watch=None):
        fleet, chips, dark = self.fleet, self.chips, self.dark
        price, curtailed, demand, accept, rent, resale = (draws[k] for k in ("price", "curtailed", "demand", "accept", "rent", "resale"))
        fleet.start(draws["gates"], curtailed, chips.markets)
        dark.start(fleet, resale)
        self.lines.begin(draws["gates"])
        self.chip_lines.begin(draws["gates"])
        for month in range(self.m.months):
            fleet.month(month, price, curtailed, demand, accept)
            self.ledger.check(fleet)
            chips.month(month, fleet, demand, accept)
            if watch:
                watch(month, fleet, chips)
            self.give(self.lines.given, month, draws, fleet.placement.installed, fleet.markets, fleet.energy)
            self.lines.month(month)
            self.give(self.chip_lines.given, month, draws, chips.installed, chips.markets, chips.energy)
            self.chip_lines.month(month)
            dark.month(month, fleet, rent[month], resale[month], price[month])
        return self.finish()

    def give(self, given, month, draws, installed, markets, energy):
        """Columns of the month for a graph of lines; what sources and tenants' halls do is the same on either basis."""
        fleet = self.fleet
        for kind, rows in given.items():
            if kind == "rent_per_hour":
                rows.value = draws["rent"][month].reshape(-1, self.width)
            elif kind == "resale_factor":
                rows.value = draws["resale"][month]
            elif kind == "price_per_mwh":
                rows.value = draws["price"][month]
            elif kind == "demand_h100e":
                rows.value = draws["demand"][month]
            elif type(kind) is tuple:
                rows.value = markets.paid(kind[1])
            elif kind == "installed":
                rows.value = installed
            elif kind == "unmet_h100e":
                rows.value = markets.unmet
            elif kind == "energy_mwh":
                rows.value = energy
            else:
                rows.value = {"delivered": fleet.delivered, "gone": fleet.gone, "delivered_age": fleet.age, "let_live_mw": fleet.live,
                              "source_energised_mw": fleet.energised, "source_energy_mwh": fleet.source_energy, "used_mw": fleet.used,
                              "installing_mw": fleet.installing_mw, "idle_lit_mw": fleet.customers}[kind]

    def finish(self):
        """What each path is worth, [path] by metric."""
        months, net = self.m.months, self.lines.net
        npv, bare = self.lines.worth()
        counted = self.chip_lines.worth()[0]
        balance = np.cumsum(net, axis=0)
        deepest = np.minimum(balance.min(axis=0), 0)
        # the last return to zero, counted evenly within its month
        before = np.vstack([np.zeros(self.width), balance[:-1]])
        back = (before < 0) & (balance >= 0)
        last = months - 1 - np.argmax(back[::-1], axis=0)
        path = np.arange(self.width)
        b, n = before[last, path], balance[last, path]
        with np.errstate(divide="ignore", invalid="ignore"):
            payback = np.where(back.any(axis=0), last + b / (b - n), 0)
        payback[balance[-1] < 0] = np.inf
        rate, chip_rate = np.split(self.rates.yearly(np.hstack([net, self.chip_lines.net])), 2)
        return {"npv": npv, "npv_without_terminal": bare, "npv_by_chip_count": counted, "npv_overstated": counted - npv,
                "irr": rate, "irr_by_chip_count": chip_rate, "peak_funding": 0 - deepest, "payback": payback,
                "dark_accelerator_months": self.dark.dark_months.copy(), "dark_lost_margin": self.dark.lost_margin.copy()}
