"""What a run keeps when its paths are gone: sums, spreads and bands over all paths of a process."""

import numpy as np

from bands import Bands, Spread
from cures import CREWS
from dark import ACCELERATORS, SELLABLE, sums_by_site


class Totals:
    """Of the lines on either basis, [line][month]; of the dark, [month][lot][state][sum] and, by path and discounted,
    lost margin of each site and state and of each name of a cure; bands of cumulative cash by month."""

    def __init__(self, model):
        m = self.m = model
        self.lines = np.zeros((len(m.raw["energised"]["lines"]), m.months))
        self.chip_lines = np.zeros((len(m.raw["by_chip_count"]["lines"]), m.months))
        self.dark = np.zeros((m.months, m.lots, 4, 13))
        self.dark_margin = Spread(4 * m.sites)
        self.bands = Bands(m.months)
        self.unmet = np.zeros(m.months)  # paths on which a market is short
        self.promises_kept = np.zeros(len(m.raw["promises"]))
        self.worst = {}  # residuals
        self.names = None

    def add(self, chunk):
        """The paths of a chunk that has run; what is a sum over months and paths it has added already."""
        cures = chunk.dark.cures
        if self.names is None:
            self.names, self.cure_chips, self.cure_margin = cures.names, np.zeros((2, len(cures.names))), Spread(len(cures.names))
            self.names_of_crews = cures.name_of_crews
        self.cure_chips += cures.finish()
        self.cure_margin.add(cures.by_name)
        self.dark_margin.add(chunk.dark.finish())
        self.bands.add(chunk.lines.balance)

    def see(self, worst):
        for name, residual in worst.items():
            if not residual <= self.worst.get(name, 0.0):
                self.worst[name] = residual
            self.worst.setdefault(name, 0.0)

    # ---- as exported

    def dark_by_site(self):
        """[month][site][state][sum]"""
        return sums_by_site(self.m, self.dark)

    def dark_margins(self):
        """[site and state][mean, standard error]"""
        found = np.stack([self.dark_margin.mean, self.dark_margin.standard_error()], axis=1).reshape(self.m.sites, 4, 2)
        by_site = np.empty_like(found)
        by_site[self.m.site_ids] = found
        return by_site.reshape(-1, 2)

    def cures_of_gates(self):
        """Chips alone and sellable that wait for gates, crews left out."""
        return self.cure_chips.sum(axis=1)

    def cures(self):
        """{name: [chips alone, sellable, both over months and paths, mean lost margin, standard error]}"""
        chips, errors = self.cure_chips.copy(), self.cure_margin.standard_error()
        for site, name in enumerate(self.names_of_crews):  # crews hold up all that is being installed
            lots = np.flatnonzero(np.array(self.m.site_of_lot) == site)
            chips[0, name] += self.dark[:, lots, CREWS, ACCELERATORS].sum()
            chips[1, name] += self.dark[:, lots, CREWS, SELLABLE].sum()
        return dict(zip(self.names, np.stack([*chips, self.cure_margin.mean, errors], axis=1)))
