"""`./dev bench simulate`: our engine beside its peers, one after the other in one run, on the same draws: NumPy for
any portfolio (the bars are held against it), NumPy and numba for examples/reference alone.
Options: --paths N (100,000), --compared N (4,096). The last line is JSON."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
# numpy1, numpy2: the general peer in one and in two processes
BARS = {"numpy1": 30, "numpy2": 15, "numba": 1}
TOLERANCE = 1e-9


def last_json(command, folder=None):
    compiled = {"NUMBA_CACHE_DIR": f"{folder}/compiled"} if folder else {}
    done = subprocess.run([str(x) for x in command], cwd=ROOT, text=True, stdout=subprocess.PIPE,
                          env={**os.environ, "OPENBLAS_NUM_THREADS": "1", **compiled})
    if done.returncode != 0:
        raise SystemExit(f"{command[0]} ended with {done.returncode}\n{done.stdout}")
    return json.loads(done.stdout.strip().splitlines()[-1])


def say(*words):
    print(*words, flush=True)


def verdict(ratios, differences, paths):
    return paths >= 100_000 and all(ratios[k] >= bar for k, bar in BARS.items()) and max(differences.values()) <= TOLERANCE


def ratios_to_us(seconds, processor, runs, ours_wall, ours_processor):
    """By wall, and by processor: on two idle cores processor seconds over two are the wall."""
    by_wall = {name: seconds[name] / ours_wall for name in runs}
    by_processor = {name: processor[name] / (1 if name.startswith("numpy1") else 2) / (ours_processor / 2) for name in runs}
    return by_wall, by_processor


def quickest_chunk(peer, folder, paths, name):
    quick = {chunk: last_json([*peer, folder, "--paths", min(2048, paths), "--chunk", chunk])["processor_seconds"] for chunk in (256, 512, 1024, 2048)}
    chunk = min(quick, key=quick.get)
    say(f"{name}, chunks: {', '.join(f'{c}: {s:.2f} s' for c, s in quick.items())} for {min(2048, paths)} paths; taken: {chunk}")
    return chunk


def time_general(peer, folder, paths, chunk):
    """Runs in one and two processes, on fewer paths where the time is seen to be proportional to them."""
    part = 20 * 1024
    runs = {}
    if paths > 2 * part:
        half, whole = (last_json([*peer, folder, "--chunk", chunk, "--paths", n]) for n in (part // 2, part))
        each = [1000 * run["processor_seconds"] / run["paths"] for run in (half, whole)]
        say(f"general NumPy: {each[0]:.3f} s of processor time for 1,000 paths over {half['paths']} paths, {each[1]:.3f} s over {whole['paths']}")
        if abs(each[1] / each[0] - 1) < 0.1:
            runs["numpy1"] = whole
            runs["numpy2"] = last_json([*peer, folder, "--chunk", chunk, "--paths", part, "--processes", 2])
            say(f"proportional within a tenth: timed on {part} paths, scaled to {paths}")
            return runs, part
        say("not proportional: timed on all paths")
    for name, processes in (("numpy1", 1), ("numpy2", 2)):
        runs[name] = last_json([*peer, folder, "--chunk", chunk, "--paths", paths, "--processes", processes])
    return runs, paths


def main(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench simulate")
    parser.add_argument("--paths", type=int, default=100_000)
    parser.add_argument("--compared", type=int, default=4096)
    a = parser.parse_args(arguments)
    python = subprocess.run(["./dev", "peers"], cwd=ROOT, text=True, stdout=subprocess.PIPE, check=True).stdout.strip().splitlines()[-1]
    general, special, numba = ([python, f"bench/peers/{name}.py"] for name in ("general/peer", "numpy_peer", "numba_peer"))
    folder = tempfile.mkdtemp(prefix="warmshell-peers-")
    try:
        say("draws for the peers ...")
        subprocess.run(["build/bench_simulate", "--export", folder, "--paths", str(a.paths), "--compared", str(a.compared)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        say("comparing path by path ...")
        differences = {}
        for name, peer in (("general NumPy", general), ("NumPy for this portfolio alone", special), ("numba for this portfolio alone", numba)):
            worst = last_json([*peer, folder, "--check"], folder)
            say(f"  {name}: largest differences", json.dumps(worst))
            for what, difference in worst.items():
                differences[what] = max(differences.get(what, 0), difference)

        chunk, special_chunk = quickest_chunk(general, folder, a.paths, "general NumPy"), quickest_chunk(special, folder, a.paths, "NumPy for this portfolio alone")
        ours = last_json(["build/bench_simulate", "--paths", a.paths])
        runs, part = time_general(general, folder, a.paths, chunk)
        runs["numpy1_specialised"] = last_json([*special, folder, "--chunk", special_chunk])
        runs["numpy2_specialised"] = last_json([*special, folder, "--chunk", special_chunk, "--processes", 2])
        runs["numba"] = last_json([*numba, folder, "--threads", 2], folder)
        again = last_json(["build/bench_simulate", "--paths", a.paths])
        ours_of_part = ours if part == a.paths else last_json(["build/bench_simulate", "--paths", part])
    finally:
        shutil.rmtree(folder, ignore_errors=True)

    # measured before and after the peers: the mean, since other work may run beside
    wall = (ours["ours_seconds"] + again["ours_seconds"]) / 2
    processor = (ours["ours_processor_seconds"] + again["ours_processor_seconds"]) / 2
    for name, run in runs.items():
        same = ours_of_part if run["paths"] == part else ours
        if abs(run["npv"] / same["npv"] - 1) > TOLERANCE:
            raise SystemExit(f"{name} computed another mean NPV: {run['npv']} beside {same['npv']}")
    seconds = {name: run["seconds"] * a.paths / run["paths"] for name, run in runs.items()}
    processor_seconds = {name: run["processor_seconds"] * a.paths / run["paths"] for name, run in runs.items()}
    ratios, by_processor = ratios_to_us(seconds, processor_seconds, runs, wall, processor)
    say(f"\n{'':44}{'wall s':>10}{'processor s':>13}{'ratio':>9}{'by processor':>14}{'bar':>6}")
    say(f"{'Warmshell, two threads':44}{wall:10.2f}{processor:13.2f}")
    for name, words in (("numpy1", "general NumPy, one process"), ("numpy2", "general NumPy, two processes"),
                        ("numpy1_specialised", "NumPy for this portfolio alone, one"), ("numpy2_specialised", "NumPy for this portfolio alone, two"),
                        ("numba", "numba for this portfolio alone, two threads")):
        say(f"{words:44}{seconds[name]:10.2f}{processor_seconds[name]:13.2f}{ratios[name]:9.2f}{by_processor[name]:14.2f}{BARS.get(name, ''):>6}")
    if part != a.paths:
        say(f"general NumPy: timed on {part} paths, seconds scaled to {a.paths}")
    say(f"drawing, apart: {ours['draw_seconds']:.2f} s; largest difference {max(differences.values()):.2g} ({max(differences, key=differences.get)})\n")
    result = {
        "hash": ours["hash"], "paths": a.paths, "ours_seconds": round(wall, 3), "draw_seconds": round(ours["draw_seconds"], 3),
        **{f"{name}_seconds": round(seconds[name], 3) for name in runs},
        **{f"ratio_{name}": round(ratios[name], 3) for name in runs},
        **{f"ratio_{name}_by_processor": round(by_processor[name], 3) for name in runs},
        "general_paths": part, "chunk": chunk, "chunk_specialised": special_chunk, "compared": min(a.compared, a.paths), "differences": differences,
        "pass": verdict(ratios, differences, a.paths),
    }
    say(json.dumps(result))
    return 0
