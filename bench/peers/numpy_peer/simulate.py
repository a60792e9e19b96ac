"""A chunk of paths from its draws to what each path is worth; ledger and cash are checked every month on every path."""

import time

import numpy as np

from dark import Dark
from fleet import ChipCount, Fleet
from graph import Graph
from ledger import Ledger, cash_residual
from rates import Rates


class Clock:
    """Processor seconds by part of the work."""

    BESIDE = ("ledger", "more checks", "cures", "cash", "promises", "totals")  # what is not the fleet, the lines or the dark's cost

    def __init__(self):
        self.seconds = {}

    def start(self):
        self.at = time.thread_time()

    def lap(self, part):
        now = time.thread_time()
        self.seconds[part] = self.seconds.get(part, 0.0) + now - self.at
        self.at = now


class Chunk:
    """Paths side by side; what it sums over paths goes to `totals`."""

    def __init__(self, model, plans, width, totals, clock):
        self.m, self.width, self.totals = model, width, totals
        self.fleet, self.chips = Fleet(model, plans, width), ChipCount(model, width)
        self.dark, self.ledger = Dark(model, width, totals.dark, clock), Ledger(model, width, clock)
        self.rates, self.clock = Rates(model.months), clock
        shared = {column: given[:, :, 0] for column, name in (("price_per_mwh", "price"), ("demand_h100e", "demand"))
                  for given in [model.shared(name)] if given is not None}
        self.lines = Graph(model, model.raw["energised"], width, shared, totals.lines)
        self.chip_lines = Graph(model, model.raw["by_chip_count"], width, shared, totals.chip_lines, imports=self.lines)

    def run(self, draws, watch=None):
        """What each path is worth, [path] by metric."""
        fleet, chips, dark, lap = self.fleet, self.chips, self.dark, self.clock.lap
        price, curtailed, demand, accept, rent, resale = (draws[k] for k in ("price", "curtailed", "demand", "accept", "rent", "resale"))
        self.clock.start()
        fleet.start(draws["gates"], curtailed, chips.markets)
        self.ledger.begin()
        lap("fleet")
        dark.start(fleet, resale)
        lap("dark")
        self.lines.begin(draws["gates"])
        self.chip_lines.begin(draws["gates"])
        lap("lines")
        for month in range(self.m.months):
            fleet.month(month, price, curtailed, demand, accept)
            lap("fleet")
            self.ledger.check(fleet, demand[month])
            chips.month(month, fleet, demand, accept)
            lap("by chip count")
            if watch:
                watch(month, fleet, chips)
            self.give(self.lines.given, month, draws, fleet.placement.installed, fleet.markets, fleet.energy)
            self.lines.month(month)
            self.give(self.chip_lines.given, month, draws, chips.installed, chips.markets, chips.energy)
            self.chip_lines.month(month)
            lap("lines")
            self.lines.keep_cash(month)
            lap("cash")
            self.find_promises(month, demand[month])
            lap("promises")
            dark.month(month, fleet, rent[month], resale[month], price[month])
            lap("dark")
        metrics = self.finish()
        lap("returns")
        self.totals.add(self)
        metrics["dark_lost_margin"] = dark.lost_margin.copy()
        cash = cash_residual(self.lines.flows, self.lines.sizes, self.lines.balance)
        worth = np.isfinite(metrics["npv"]).all() and np.isfinite(metrics["npv_by_chip_count"]).all()
        self.totals.see({**self.ledger.worst, "cash": cash if worth else np.inf})
        lap("totals")
        return metrics

    def find_promises(self, month, demand):
        """On how many paths a market is short; whether what is promised for the month is there."""
        markets, totals = self.fleet.markets, self.totals
        short = markets.unmet > 1e-9 * demand
        totals.unmet[month] += np.count_nonzero(short.any(axis=0))
        for k, promise in enumerate(self.m.raw["promises"]):
            if promise["month"] == month:
                if promise["market"] >= 0:
                    kept = ~short[promise["market"]]
                else:
                    kept = self.fleet.live[self.m.hall_at[promise["hall"]]] >= promise["full_mw"] * (1 - 1e-9)
                totals.promises_kept[k] += np.count_nonzero(kept)

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
        months, net, balance, worth = self.m.months, self.lines.net, self.lines.balance, self.lines.worth
        npv, bare, counted = worth(net), worth(self.lines.operating), worth(self.chip_lines.net)
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
                "dark_accelerator_months": self.dark.dark_months.copy(), "revenue": worth(self.lines.revenue)}
