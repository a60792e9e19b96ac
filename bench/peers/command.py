"""The command line of the NumPy peers, and their processes side by side."""

import argparse
import json
import multiprocessing
import pathlib


def run(work, folder, paths, processes, width, batch):
    """work(folder, first, count, width, batch, ready, answers) in each process; seconds of the slowest."""
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
    got = [answers.get() for _ in workers]
    for w in workers:
        w.join()
    return {"seconds": max(g[0] for g in got), "processor_seconds": sum(g[1] for g in got),
            "npv": sum(g[2] for g in got) / paths, "ledger": max(g[3] for g in got)}


def main(name, tables, work, check):
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--paths", type=int)
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--chunk", type=int, default=512)
    parser.add_argument("--batch", type=int, default=10240, help="paths whose draws are in memory at once")
    parser.add_argument("--check", action="store_true")
    a = parser.parse_args()
    if a.check:
        print(json.dumps(check(a.folder, a.chunk)))
        return 0
    paths = a.paths or json.loads(pathlib.Path(a.folder, tables).read_text())["paths"]
    result = run(work, a.folder, paths, a.processes, a.chunk, a.batch)
    print(json.dumps({"peer": name, "paths": paths, "processes": a.processes, "chunk": a.chunk, **result}))
    return 0
