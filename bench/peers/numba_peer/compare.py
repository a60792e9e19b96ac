"""Compares the results of the peer with ours, path by path.

Differences are relative: accelerators to the portfolio's count (or the lot's), MW to the site's, sums over paths to their
largest entry, what has a metric's name as in ours.py.
"""

import numpy as np

import ours


class Found(ours.Differences):
    def __init__(self, model, folder):
        super().__init__()
        self.m = model
        self.by_month, self.by_lot, self.megawatts = (ours.by_path(folder, name) for name in ("states_by_month", "states_by_lot", "megawatts"))
        self.metrics = ours.metrics(folder, model.raw["metrics"])
        self.lines = dict(zip(model.raw["lines"], ours.load(folder, "lines")))
        self.dark = ours.load(folder, "dark")
        self.line_sums, self.dark_sums = None, None

    def chunk(self, first, n):
        return Seen(self, first, n)

    def sums(self, lines, dark):
        self.line_sums, self.dark_sums = lines, dark

    def worst(self):
        self.compare_lines()
        scale = np.abs(self.dark).max(axis=(0, 1, 2))
        self.note("cost_of_dark", (np.abs(self.dark_sums - self.dark) / np.maximum(scale, 1e-300)).max())
        return self.largest

    def compare_lines(self):
        m = self.m
        scale = max(np.abs(v).max() for v in self.lines.values())
        market = [x["name"] for x in m.raw["markets"]]
        sites = [s["name"] for s in m.raw["sites"]]
        for name, theirs in self.lines.items():
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
            self.note("lines", np.abs(mine - theirs).max() / scale)
            if np.abs(mine - theirs).max() / scale > 1e-9:
                self.note("line " + name, np.abs(mine - theirs).max() / scale)


class Seen:
    def __init__(self, found, first, n):
        self.f, self.first, self.n = found, first, n
        self.theirs = found.by_month(first, n)

    def states(self, by_month, by_lot, megawatts):
        self.f.note("states_by_month", np.abs(by_month - self.theirs).max() / self.f.m.count.sum())
        self.by_lot, self.megawatts = by_lot, megawatts

    def close(self, metrics):
        f, m = self.f, self.f.m
        theirs = f.by_lot(self.first, self.n)[m.lot_of]
        f.note("states_by_lot", (np.abs(self.by_lot - theirs) / (m.count[:, None, None] * m.months)).max())
        mw = f.megawatts(self.first, self.n)
        f.note("megawatts", (np.abs(self.megawatts - mw) / np.maximum(mw[:, :1], 1e-300)).max())
        part = slice(self.first, self.first + self.n)
        f.note_metrics(metrics, {name: x[part] for name, x in f.metrics.items()}, m.months, m.count.sum())
