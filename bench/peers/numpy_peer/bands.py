"""Quantiles over paths by month from fixed histograms, and means with their standard errors: what is kept of numbers
by path when the paths are gone. Both join chunk by chunk."""

import numpy as np


class Bands:
    """A bin is a 64th part of an octave of either sign, from 2^-20 to 2^60; what is smaller is one bin at zero, what is
    larger stands in the outermost. The bits of a number, in order, are those of its octave and of its part."""

    PARTS, LOWEST, HIGHEST = 64, -20, 60
    SIDE = (HIGHEST - LOWEST) * PARTS

    def __init__(self, rows):
        self.bins = 2 * self.SIDE + 1
        self.counts = np.zeros(rows * self.bins, dtype=np.int32)
        self.first = (np.arange(rows) * self.bins + self.SIDE).reshape(-1, 1)
        self.least, self.most = np.full(rows, np.inf), np.full(rows, -np.inf)
        self.paths = 0

    def add(self, x):
        """x[row][path]"""
        bits = x.view(np.int64)
        place = (bits & 0x7FFF_FFFF_FFFF_FFFF) >> 46
        place -= (1023 + self.LOWEST) * self.PARTS - 1
        np.clip(place, 0, self.SIDE, out=place)
        np.negative(place, out=place, where=bits < 0)
        place += self.first
        np.add.at(self.counts, place.ravel(), 1)
        np.minimum(self.least, x.min(axis=1), out=self.least)
        np.maximum(self.most, x.max(axis=1), out=self.most)
        self.paths += x.shape[1]

    def quantiles(self, shares):
        """[row][share]: the middle of the bin in which that share of the paths is reached, within what occurred."""
        below = np.cumsum(self.counts.reshape(-1, self.bins), axis=1)
        found = np.empty((len(below), len(shares)))
        for k, share in enumerate(shares):
            which = np.argmax(below >= share * self.paths, axis=1) - self.SIDE
            octave, part = np.divmod(np.abs(which) - 1, self.PARTS)
            size = np.ldexp(1 + (part + 0.5) / self.PARTS, self.LOWEST + octave)
            found[:, k] = np.clip(np.sign(which) * size, self.least, self.most)
        return found


class Spread:
    """Mean and standard error over paths of each row."""

    def __init__(self, rows):
        self.count, self.mean, self.squares = 0, np.zeros(rows), np.zeros(rows)

    def add(self, x):
        """x[row][path]; sums of squared deviations join as in Chan, Golub and LeVeque (1979). Equal numbers have none."""
        n = x.shape[1]
        off = x - x[:, :1]
        mean = off.mean(axis=1)
        off -= mean[:, None]
        mean += x[:, 0]
        squares = np.einsum("rp,rp->r", off, off)
        between, total = mean - self.mean, self.count + n
        self.squares += squares + between * between * (self.count * n / total)
        self.mean += between * (n / total)
        self.count = total

    def standard_error(self):
        return np.sqrt(self.squares / max(self.count - 1, 1) / self.count) if self.count > 1 else np.zeros_like(self.mean)
