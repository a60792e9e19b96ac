#!/usr/bin/env python3
"""The NumPy peer: the same model for any portfolio, on chunks of paths, in one process or several.

    peer.py DIR [--paths N] [--processes N] [--chunk N] [--check]

DIR is what `build/bench_simulate --export DIR` wrote. Draws are read and laid out before the clock starts. The last line is
JSON, with `parts`, processor seconds by part of the work, and `beside`, those of what a run does beside the fleet and its two
valuations (simulate.py). With --check, results are compared with ours (check.py).
"""

import argparse
import json
import multiprocessing
import os
import pathlib
import queue
import sys
import time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # a process is one core

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))  # what the peers share

import check
from model import Model
from plan import Plans
from simulate import Chunk, Clock
from totals import Totals


def work(folder, first, count, width, batch, ready, answers):
    """Computes paths first .. first + count - 1; only the computing is timed."""
    model = Model(folder)
    plans, chunk, totals, clock = Plans(model), None, Totals(model), Clock()
    seconds, processor, npv = 0.0, 0.0, 0.0
    for at in range(first, first + count, batch):
        n = min(batch, first + count - at)
        chunks = [(min(width, at + n - a), model.draws(a, min(width, at + n - a))) for a in range(at, at + n, width)]
        if chunk is None:
            chunk = Chunk(model, plans, chunks[0][0], totals, clock)
        ready.wait()
        start, busy = time.perf_counter(), time.process_time()
        for size, draws in chunks:
            if size != chunk.width:
                chunk = Chunk(model, plans, size, totals, clock)
            npv += chunk.run(draws)["npv"].sum()
        seconds += time.perf_counter() - start
        processor += time.process_time() - busy
    answers.put((seconds, processor, npv, max(totals.worst.values()), clock.seconds))


def run(folder, paths, processes, width, batch):
    """The paths in equal parts, one a process; seconds of the slowest."""
    context = multiprocessing.get_context("fork")
    answers = context.Queue()
    share = -(-paths // (processes * 64)) * 64
    parts = [(first, min(share, paths - first)) for first in range(0, paths, share)]
    ready = context.Barrier(len(parts))  # all compute at the same time
    batch = max(width, batch // width * width)
    if len({-(-count // batch) for _, count in parts}) > 1:
        batch = share
    workers = [context.Process(target=work, args=(folder, first, count, width, batch, ready, answers)) for first, count in parts]
    for w in workers:
        w.start()
    got = []
    while len(got) < len(workers):
        try:
            got.append(answers.get(timeout=1))
        except queue.Empty:
            if any(w.exitcode for w in workers):
                raise SystemExit("a process failed")
    for w in workers:
        w.join()
    parts = {part: round(sum(g[4][part] for g in got), 4) for part in got[0][4]}
    return {"seconds": max(g[0] for g in got), "processor_seconds": sum(g[1] for g in got), "parts": parts,
            "beside": round(sum(parts[part] for part in Clock.BESIDE), 4), "npv": sum(g[2] for g in got) / paths, "ledger": max(g[3] for g in got)}


def compare(folder, width):
    """{what: largest difference}, and the sums over the paths."""
    model = Model(folder)
    plans, chunk, totals = Plans(model), None, Totals(model)
    found = check.Found(model)
    for first in range(0, model.compared, width):
        n = min(width, model.compared - first)
        if chunk is None or chunk.width != n:
            chunk = Chunk(model, plans, n, totals, Clock())
        seen = found.chunk(first, n)
        seen.close(chunk.run(model.draws(first, n), seen.watch), chunk.lines.balance)
    return found.close(totals), totals


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--paths", type=int)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--chunk", type=int, default=512)
    parser.add_argument("--batch", type=int, default=10240, help="paths whose draws are in memory at once")
    parser.add_argument("--check", action="store_true")
    a = parser.parse_args()
    if a.check:
        print(json.dumps(compare(a.folder, a.chunk)[0]))
        return 0
    paths = a.paths or Model(a.folder).paths
    result = run(a.folder, paths, a.processes, a.chunk, a.batch)
    print(json.dumps({"peer": "numpy", "paths": paths, "processes": a.processes, "chunk": a.chunk, **result}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
