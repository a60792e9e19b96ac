#!/usr/bin/env python3
"""The general NumPy peer: the same model for any portfolio, on chunks of paths, in one process or several.

    peer.py DIR [--paths N] [--processes N] [--chunk N] [--check]

DIR is what `build/bench_simulate --export DIR` wrote. Draws are read and laid out before the clock
starts. The last line is JSON. With --check, results are compared with ours (check.py).
"""

import os
import pathlib
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a process is one core

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent))

import check
import command
from simulate import Chunk
from model import Model
from plan import Plans


def work(folder, first, count, width, batch, ready, answers):
    """Computes paths first .. first + count - 1; only the computing is timed."""
    model = Model(folder)
    plans, chunk = Plans(model), None
    seconds, processor, npv, worst = 0.0, 0.0, 0.0, 0.0
    for at in range(first, first + count, batch):
        n = min(batch, first + count - at)
        chunks = [(min(width, at + n - a), model.draws(a, min(width, at + n - a))) for a in range(at, at + n, width)]
        if chunk is None:
            chunk = Chunk(model, plans, chunks[0][0])
        ready.wait()
        start, busy = time.perf_counter(), time.process_time()
        for size, draws in chunks:
            if size != chunk.width:
                chunk = Chunk(model, plans, size)
            npv += chunk.run(draws)["npv"].sum()
            worst = max(worst, chunk.ledger.worst)
        seconds += time.perf_counter() - start
        processor += time.process_time() - busy
    answers.put((seconds, processor, npv, worst))


def compare(folder, width):
    model = Model(folder)
    plans, chunk = Plans(model), None
    found = check.Found(model)
    for first in range(0, model.compared, width):
        n = min(width, model.compared - first)
        if chunk is None or chunk.width != n:
            if chunk:
                found.sums(chunk)
            chunk = Chunk(model, plans, n)
        seen = found.chunk(first, n)
        seen.close(chunk.run(model.draws(first, n), seen.watch))
    found.sums(chunk)
    found.note("ledger", chunk.ledger.worst)
    return found.worst()


if __name__ == "__main__":
    sys.exit(command.main("numpy_general", "general.json", work, compare))
