"""Compares the results of the peer with ours, path by path.

Differences are relative: accelerators to the portfolio's count (or the lot's), MW to the site's,
money of a path to the sum of its absolute discounted lines, sums over paths to their largest entry.
Rates are compared as they are; a rate that one side has and the other has not counts as infinite.
"""

import numpy as np


def laid(folder, name, width=64):
    x = np.load(f"{folder}/ours_{name}.npy", mmap_mode="r")
    return lambda first, n: np.moveaxis(x[first // width:(first + n + width - 1) // width], 0, -2).reshape(*x.shape[1:-1], -1)[..., :n]


class Found:
    def __init__(self, model, folder):
        self.m = model
        self.by_month, self.by_lot = laid(folder, "states_by_month"), laid(folder, "states_by_lot")
        self.megawatts = laid(folder, "megawatts")
        self.metrics = dict(zip(model.raw["metrics"], np.load(f"{folder}/ours_metrics.npy")))
        self.lines = dict(zip(model.raw["lines"], np.load(f"{folder}/ours_lines.npy")))
        self.dark = np.load(f"{folder}/ours_dark.npy")
        self.differences = {}
        self.line_sums, self.dark_sums = None, None

    def note(self, name, difference):
        self.differences[name] = max(self.differences.get(name, 0.0), float(difference))

    def chunk(self, first, n):
        return Seen(self, first, n)

    def sums(self, lines, dark):
        self.line_sums, self.dark_sums = lines, dark

    def worst(self):
        self.compare_lines()
        scale = np.abs(self.dark).max(axis=(0, 1, 2))
        self.note("cost_of_dark", (np.abs(self.dark_sums - self.dark) / np.maximum(scale, 1e-300)).max())
        return self.differences

    def compare_lines(self):
        m = self.m
        scale = max(np.abs(v).max() for v in self.lines.values())
        market = [x["name"] for x in m.raw["markets"]]
        sites = [s["name"] for s in m.raw["sites"]]
        for name, ours in self.lines.items():
            kind, _, what = name.partition(".")
            if kind == "revenue":
                mine = self.line_sums["revenue"][market.index(what)]
            elif kind == "energy":
                mine = self.line_sums["energy"][sites.index(what)]
            elif kind == "minimum_bill":
                site, _, source = what.partition(".")
                s = sites.index(site)
                asking = [m.raw["sources"][i]["name"] for i in m.raw["sites"][s]["sources"] if m.raw["sources"][i]["minimum_bill"] > 0]
                mine = self.line_sums["minimum_bill"][asking.index(source), s]
            elif kind == "carry":
                mine = self.line_sums["minimum_bill"][:, sites.index(what)].sum(axis=0)
            elif name == "cumulative_cash":
                mine = np.cumsum(self.line_sums["net_cash"])
            else:
                mine = self.line_sums[name]
            self.note("lines", np.abs(mine - ours).max() / scale)
            if np.abs(mine - ours).max() / scale > 1e-9:
                self.note("line " + name, np.abs(mine - ours).max() / scale)


class Seen:
    def __init__(self, found, first, n):
        self.f, self.first, self.n = found, first, n
        self.ours = found.by_month(first, n)

    def states(self, by_month, by_lot, megawatts):
        self.f.note("states_by_month", np.abs(by_month - self.ours).max() / self.f.m.count.sum())
        self.by_lot, self.megawatts = by_lot, megawatts

    def close(self, metrics):
        f, m = self.f, self.f.m
        ours = f.by_lot(self.first, self.n)[m.lot_of]
        f.note("states_by_lot", (np.abs(self.by_lot - ours) / (m.count[:, None, None] * m.months)).max())
        mw = f.megawatts(self.first, self.n)
        f.note("megawatts", (np.abs(self.megawatts - mw) / np.maximum(mw[:, :1], 1e-300)).max())
        part = slice(self.first, self.first + self.n)
        size = np.abs(f.metrics["npv"][part]) + np.abs(f.metrics["peak_funding"][part])
        for name, mine in metrics.items():
            theirs = f.metrics[name][part]
            same = (mine == theirs) | (np.isnan(mine) & np.isnan(theirs))
            with np.errstate(invalid="ignore"):
                d = np.where(same, 0, np.abs(mine - theirs))
            d = np.where(np.isnan(d), np.inf, d)
            if name.startswith("npv") or name in ("peak_funding", "dark_lost_margin"):
                d = d / size
            elif name == "dark_accelerator_months":
                d = d / np.maximum(theirs, 1)
            elif name == "payback":
                d = d / m.months
            f.note(name, d.max())
