#!/usr/bin/env python3
"""The NumPy peer: the same model on chunks of paths, in one process or several.

    numpy_peer.py DIR [--paths N] [--processes N] [--chunk N] [--check]

DIR is what `build/bench_simulate --export DIR` wrote. Draws are read and laid out before the clock
starts. The last line is JSON. With --check, results are compared with ours (compare.py).
"""

import os
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a process is one core

import numpy as np

import command
import compare
from model import Model
from numpy_fleet import ChipCount, Fleet
from numpy_rows import add, subtract
from numpy_value import Dark, Value


class Ledger:
    """Ordered = ten states + gone, per lot; contracted MW = its uses, per site; the largest residual."""

    def __init__(self, model, width):
        self.t60, self.t20 = np.zeros((model.lots, width)), np.zeros((model.sites, width))
        self.per_count = (1 / model.count)[:, None]
        self.per_mw = 1 / model.tranche_mw.sum(axis=0)[:, None]
        self.worst = 0.0

    def check(self, fleet):
        t = self.t60
        add(fleet.in_transit, fleet.gone, out=t)
        for state in (*fleet.dark, fleet.failed, fleet.no_demand, fleet.outclassed, fleet.underused, fleet.busy):
            add(t, state, out=t)
        np.multiply(t, self.per_count, out=t)
        subtract(t, fleet.ordered[:, None], out=t)
        worst = max(t.max(), -t.min())
        add(fleet.failed, fleet.no_demand, out=t)
        for state in (fleet.outclassed, fleet.underused, fleet.busy):
            add(t, state, out=t)
        subtract(t, fleet.in_service, out=t)
        np.multiply(t, self.per_count, out=t)
        worst = max(worst, t.max(), -t.min())
        t = self.t20
        add(fleet.not_energised, fleet.reserve, out=t)
        for use in (fleet.used, fleet.installing_mw, fleet.customers, fleet.waiting_shell, fleet.waiting_chips):
            add(t, use, out=t)
        subtract(t, fleet.contracted, out=t)
        np.multiply(t, self.per_mw, out=t)
        self.worst = max(self.worst, worst, t.max(), -t.min())


class Chunk:
    def __init__(self, model, width):
        self.m, self.width = model, width
        self.fleet, self.chips = Fleet(model, width), ChipCount(model, width)
        self.value, self.dark = Value(model, width), Dark(model, width)
        self.ledger = Ledger(model, width)

    def run(self, draws, watch=None):
        gates, rent, resale = draws
        fleet, chips, value, dark = self.fleet, self.chips, self.value, self.dark
        fleet.start(gates)
        chips.start(fleet, gates)
        value.start(fleet)
        dark.start(fleet, resale)
        for month in range(self.m.months):
            fleet.month(month)
            self.ledger.check(fleet)
            chips.month(month, fleet)
            if watch:
                watch(month, fleet)
            value.month(month, fleet, chips, rent[month], resale[month])
            dark.month(month, fleet, rent[month], resale[month])
        metrics = value.finish()
        metrics["dark_accelerator_months"] = dark.dark_months.copy()
        metrics["dark_lost_margin"] = dark.lost_margin.copy()
        return metrics


def lay_out(model, folder, first, count, width):
    """Draws of `count` paths in chunks, each contiguous."""
    chunks = []
    for at in range(first, first + count, width):
        n = min(width, first + count - at)
        chunks.append((at, n, model.draws(folder, at, n)))
    return chunks


def work(folder, first, count, width, batch, ready, answers):
    """Computes paths first .. first+count-1; only the computing is timed."""
    model = Model(folder)
    chunk = Chunk(model, width)
    seconds, processor, npv, worst = 0.0, 0.0, 0.0, 0.0
    for at in range(first, first + count, batch):
        n = min(batch, first + count - at)
        chunks = lay_out(model, folder, at, n, width)
        ready.wait()
        start, busy = time.perf_counter(), time.process_time()
        for _, size, draws in chunks:
            if size != chunk.width:
                chunk = Chunk(model, size)
            metrics = chunk.run(draws)
            npv += metrics["npv"].sum()
            worst = max(worst, chunk.ledger.worst)
        seconds += time.perf_counter() - start
        processor += time.process_time() - busy
    answers.put((seconds, processor, npv, worst))


def check(folder, width):
    model = Model(folder)
    chunk = None
    found = compare.Found(model, folder)
    for first in range(0, model.compared, width):
        n = min(width, model.compared - first)
        if chunk is None or chunk.width != n:
            if chunk:
                found.sums(chunk.value.sums, chunk.dark.totals())
            chunk = Chunk(model, n)
        chunk_found = found.chunk(first, n)
        metrics = chunk.run(model.draws(folder, first, n), chunk_found.watch)
        chunk_found.close(metrics)
    found.sums(chunk.value.sums, chunk.dark.totals())
    return found.worst()


if __name__ == "__main__":
    sys.exit(command.main("numpy", "model.json", work, check))
