"""Compares what the peer finds with ours: by path where a path has the number, over the paths where only sums are kept.

Differences are relative: accelerators to the portfolio's count (or the lot's), MW to the site's, what has a metric's name
as in ours.py, sums over paths and their standard errors to the largest of their kind. Residuals of the ledger are compared
as they are. Bands are compared by quantile, relative to the month's largest balance.
"""

import json
import pathlib

import numpy as np

import ours
from dark import REVENUE

MEGAWATTS = ["contracted", "not_energised", "reserve", "used", "installing_mw", "customers", "waiting_shell", "waiting_chips", "tenants", "firm_mw"]


def over_largest(mine, theirs, least=1e-300):
    """|mine - theirs| over the largest of theirs, by what the last axis tells apart."""
    largest = np.abs(theirs).max(axis=tuple(range(theirs.ndim - 1)), initial=0)
    return np.abs(mine - theirs) / np.maximum(largest, least)


class Found(ours.Differences):
    def __init__(self, model):
        super().__init__()
        self.m = model
        self.rest = json.loads((pathlib.Path(model.folder) / "ours.json").read_text())
        self.by_path = {name: ours.by_path(model.folder, name)
                        for name in ("states_by_month", "states_by_lot", "chip_states_by_month", "megawatts", "cash", "revenue")}
        self.metrics = ours.metrics(model.folder, model.raw["metrics"])

    def chunk(self, first, count):
        return Seen(self, first, count)

    # ---- sums over paths

    def close(self, totals):
        """Of all paths compared; {what: largest difference}."""
        load = lambda name: ours.load(self.m.folder, name)
        self.compare_lines("line", self.m.raw["energised"]["lines"], totals.lines, load("lines"))
        self.compare_lines("chip line", self.m.raw["by_chip_count"]["lines"], totals.chip_lines, load("chip_lines"))
        chips, paths = max(self.m.count.sum(), 1e-300), self.m.compared
        dark, theirs = totals.dark_by_site(), load("dark")
        nothing = np.full(13, chips * paths)  # where we have none at all
        price = max(self.m.price.max(initial=0), 1)
        nothing[REVENUE:] *= price
        if theirs.size:
            largest = np.abs(theirs).max(axis=(0, 1, 2))
            self.note("cost_of_dark", np.abs(dark - theirs) / np.where(largest > 0, largest, nothing))
            self.note("dark_margin_errors", over_largest(totals.dark_margins(), load("dark_margin"), price))
        self.compare_cures(totals, load("cures"), chips, price)
        scale = np.maximum(np.abs(load("bands")).max(axis=1, initial=0), 1)[:, None]
        self.note("bands", np.abs(totals.bands.quantiles(self.rest["band_shares"]) - load("bands")) / scale)
        self.note("unmet", np.abs(totals.unmet - self.rest["unmet"]) / paths)
        self.note("promises_kept", np.abs(totals.promises_kept - self.rest["promises_kept"]) / paths)
        for name, residual in self.rest["residuals"].items():
            self.note("residual " + name, abs(totals.worst[name] - float(residual)))
        return self.largest

    def compare_lines(self, kind, lines, mine, theirs):
        difference = np.abs(mine - theirs).max(axis=1, initial=0) / max(np.abs(theirs).max(initial=0), 1e-300)
        self.note(kind + "s", difference)
        for line, one in zip(lines, difference):
            if one > 1e-9:
                self.note(f"{kind} {line['name']}", one)

    def compare_cures(self, totals, theirs, chips, price):
        mine = totals.cures()
        assert len(set(self.rest["cures"])) == len(self.rest["cures"]), "a name of two cures"
        assert set(mine) <= set(self.rest["cures"]), set(mine) - set(self.rest["cures"])
        found = np.array([mine.get(name, np.zeros(4)) for name in self.rest["cures"]]).reshape(-1, 4)
        for k, name in enumerate(("alone", "sellable", "lost_margin", "error")):
            self.note("cures " + name, over_largest(found[:, k:k + 1], theirs[:, k:k + 1], chips if k < 2 else price))


class Seen:
    """Paths first .. first + count - 1, month by month."""

    def __init__(self, found, first, count):
        self.f, self.first, self.n = found, first, count
        m = found.m
        self.by_month, self.chips = (found.by_path[name](first, count) for name in ("states_by_month", "chip_states_by_month"))
        self.by_lot, self.megawatts = np.zeros((m.lots, 10, count)), np.zeros((m.sites, 10, count))
        self.count = max(m.count.sum(), 1e-300)

    def watch(self, month, fleet, chips):
        f, markets, counted = self.f, fleet.markets, chips.markets
        states = [fleet.in_transit, *fleet.dark, markets.failed, markets.no_demand, markets.outclassed, markets.underused, markets.busy_all]
        for i, x in enumerate(states):
            f.note("states_by_month", np.abs(x.sum(axis=0) - self.by_month[month, i]) / self.count)
            self.by_lot[:, i] += x
        for i, x in ((5, counted.failed), (8, counted.underused), (9, counted.busy_all)):
            f.note("chip_states_by_month", np.abs(x.sum(axis=0) - self.chips[month, i]) / self.count)
        for i, name in enumerate(MEGAWATTS):
            self.megawatts[:, i] += getattr(fleet, name)

    def close(self, metrics, balance):
        """metrics[name][path]; balance[month][path] of cash."""
        f, m = self.f, self.f.m
        theirs = f.by_path["states_by_lot"](self.first, self.n)[m.lot_ids]
        f.note("states_by_lot", np.abs(self.by_lot - theirs) / (np.maximum(m.count, 1e-300)[:, :, None] * m.months))
        mw = f.by_path["megawatts"](self.first, self.n)[m.site_ids]
        f.note("megawatts", np.abs(self.megawatts - mw) / np.maximum(mw[:, :1], 1e-300))
        part = slice(self.first, self.first + self.n)
        ours_here = {name: x[part] for name, x in f.metrics.items()}
        ours_here["revenue"] = f.by_path["revenue"](self.first, self.n)
        f.note_metrics(metrics, ours_here, m.months, self.count)
        size = np.abs(ours_here["npv"]) + np.abs(ours_here["peak_funding"])
        f.note("cash_by_month", np.abs(balance - f.by_path["cash"](self.first, self.n)) / np.maximum(size, 1e-300))
