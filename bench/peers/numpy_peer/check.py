"""Compares the results of the peer with ours, path by path.

Differences are relative: accelerators to the portfolio's count (or the lot's), MW to the site's,
money of a path to its NPV and peak funding, months in the dark to those of the path or to one of all
accelerators, sums over paths to their largest entry. Rates are compared as
they are; a rate that one side has and the other has not counts as infinite.
"""

import numpy as np

from model import WIDTH

MEGAWATTS = ["contracted", "not_energised", "reserve", "used", "installing_mw", "customers", "waiting_shell", "waiting_chips", "tenants", "firm_mw"]


class Found:
    def __init__(self, model):
        self.m, self.differences = model, {}
        ours = lambda name, **how: np.load(f"{model.folder}/ours_{name}.npy", **how)
        self.by_path = {name: ours(name, mmap_mode="r") for name in ("states_by_month", "states_by_lot", "chip_states_by_month", "megawatts")}
        self.metrics = dict(zip(model.raw["metrics"], ours("metrics")))
        self.lines, self.dark = ours("lines"), ours("dark")
        self.line_sums, self.dark_sums = np.zeros_like(self.lines), np.zeros_like(self.dark)

    def note(self, name, difference):
        worst = float(np.max(difference, initial=0.0))
        self.differences[name] = max(self.differences.get(name, 0.0), np.inf if np.isnan(worst) else worst)

    def ours(self, name, first, n):
        blocks = self.by_path[name][first // WIDTH:(first + n + WIDTH - 1) // WIDTH]
        x = np.moveaxis(blocks, 0, -2)
        return x.reshape(*x.shape[:-2], x.shape[-2] * WIDTH)[..., :n]

    def chunk(self, first, n):
        return Seen(self, first, n)

    def sums(self, chunk):
        self.line_sums += chunk.lines.sums
        self.dark_sums += chunk.dark.totals()

    def worst(self):
        scale = max(np.abs(self.lines).max(initial=0), 1e-300)
        self.note("lines", np.abs(self.line_sums - self.lines) / scale)
        for line, mine, ours in zip(self.m.raw["energised"]["lines"], self.line_sums, self.lines):
            if np.abs(mine - ours).max() / scale > 1e-9:
                self.note("line " + line["name"], np.abs(mine - ours).max() / scale)
        if self.dark.size:
            scale = np.abs(self.dark).max(axis=(0, 1, 2))
            scale = np.where(scale > 0, scale, max(self.m.count.sum() * self.m.compared, 1))  # where we have none at all
            self.note("cost_of_dark", np.abs(self.dark_sums - self.dark) / scale)
        return self.differences


class Seen:
    def __init__(self, found, first, n):
        self.f, self.first, self.n = found, first, n
        m = found.m
        self.by_month, self.chips = found.ours("states_by_month", first, n), found.ours("chip_states_by_month", first, n)
        self.by_lot, self.megawatts = np.zeros((m.lots, 10, n)), np.zeros((m.sites, 10, n))
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

    def close(self, metrics):
        f, m = self.f, self.f.m
        ours = f.ours("states_by_lot", self.first, self.n)[m.lot_ids]
        f.note("states_by_lot", np.abs(self.by_lot - ours) / (np.maximum(m.count, 1e-300)[:, :, None] * m.months))
        mw = f.ours("megawatts", self.first, self.n)[m.site_ids]
        f.note("megawatts", np.abs(self.megawatts - mw) / np.maximum(mw[:, :1], 1e-300))
        part = slice(self.first, self.first + self.n)
        size = np.abs(f.metrics["npv"][part]) + np.abs(f.metrics["peak_funding"][part])
        for name, mine in metrics.items():
            theirs = f.metrics[name][part]
            same = (mine == theirs) | (np.isnan(mine) & np.isnan(theirs))
            with np.errstate(invalid="ignore"):
                d = np.where(same, 0, np.abs(mine - theirs))
            d = np.where(np.isnan(d), np.inf, d)
            if name.startswith("npv") or name in ("peak_funding", "dark_lost_margin"):
                d = d / np.maximum(size, 1e-300)
            elif name == "dark_accelerator_months":
                d = d / np.maximum(theirs, self.count)
            elif name == "payback":
                d = d / m.months
            f.note(name, d)
