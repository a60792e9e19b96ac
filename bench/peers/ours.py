"""Our results as `build/bench_simulate --export DIR` wrote them, and how far a peer's are from them: what both peers share.

Differences are relative: money of a path to its NPV and peak funding, months in the dark to those of the path or to one
of all accelerators, payback to the horizon. Rates are compared as they are; a number that one side has and the other has
not counts as infinite.
"""

import numpy as np

WIDTH = 64  # paths of an exported block
MONEY = ("npv", "npv_without_terminal", "npv_by_chip_count", "npv_overstated", "peak_funding", "dark_lost_margin", "revenue")


def load(folder, name, **how):
    return np.load(f"{folder}/ours_{name}.npy", **how)


def by_path(folder, name):
    """From [block]...[path of the block]: a function of the first path and their number that gives ...[path]."""
    blocks = load(folder, name, mmap_mode="r")

    def rows(first, count):
        x = np.moveaxis(blocks[first // WIDTH:(first + count + WIDTH - 1) // WIDTH], 0, -2)
        return x.reshape(*x.shape[:-2], x.shape[-2] * WIDTH)[..., :count]

    return rows


class Differences:
    """The largest difference of each thing compared."""

    def __init__(self):
        self.largest = {}

    def note(self, name, difference):
        worst = float(np.max(difference, initial=0.0))
        self.largest[name] = max(self.largest.get(name, 0.0), np.inf if np.isnan(worst) else worst)

    def note_metrics(self, mine, theirs, months, accelerators):
        """mine[metric], theirs[metric]: a number of each path; accelerators of the portfolio."""
        size = np.maximum(np.abs(theirs["npv"]) + np.abs(theirs["peak_funding"]), 1e-300)
        for name, x in mine.items():
            y = theirs[name]
            same = (x == y) | (np.isnan(x) & np.isnan(y))
            with np.errstate(invalid="ignore"):
                difference = np.where(same, 0, np.abs(x - y))
            difference = np.where(np.isnan(difference), np.inf, difference)
            if name in MONEY:
                difference = difference / size
            elif name == "dark_accelerator_months":
                difference = difference / np.maximum(y, accelerators)
            elif name == "payback":
                difference = difference / months
            self.note(name, difference)


def metrics(folder, names):
    """{metric: [path]}"""
    return dict(zip(names, load(folder, "metrics")))
