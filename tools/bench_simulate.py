"""`./dev bench simulate`: our engine beside its peers, one after the other in one run, on the same draws: NumPy in one
process and in two, numba on two threads. Options: --paths N (100,000), --compared N (4,096). The last line is JSON."""

import argparse
import json
import os
import pathlib
import shutil
import subprocess
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
BARS = {"numpy1": 30, "numpy2": 15, "numba": 1}
WORDS = {"numpy1": "NumPy, one process", "numpy2": "NumPy, two processes", "numba": "numba, two threads"}
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


def quickest_chunk(numpy, folder, paths):
    paths = min(2048, paths)
    quick = {chunk: last_json([*numpy, folder, "--paths", paths, "--chunk", chunk])["processor_seconds"] for chunk in (256, 512, 1024, 2048)}
    chunk = min(quick, key=quick.get)
    say(f"NumPy, chunks: {', '.join(f'{c}: {s:.2f} s' for c, s in quick.items())} for {paths} paths; taken: {chunk}")
    return chunk


def differences_of(peers, folder):
    largest = {}
    for name, peer in peers.items():
        worst = last_json([*peer, folder, "--check"], folder)
        say(f"  {name}: largest differences", json.dumps(worst))
        for what, difference in worst.items():
            largest[what] = max(largest.get(what, 0), difference)
    return largest


def main(arguments):
    parser = argparse.ArgumentParser(prog="./dev bench simulate")
    parser.add_argument("--paths", type=int, default=100_000)
    parser.add_argument("--compared", type=int, default=4096)
    a = parser.parse_args(arguments)
    python = subprocess.run(["./dev", "peers"], cwd=ROOT, text=True, stdout=subprocess.PIPE, check=True).stdout.strip().splitlines()[-1]
    numpy, numba = ([python, f"bench/peers/{name}/peer.py"] for name in ("numpy_peer", "numba_peer"))
    ours_of = ["build/bench_simulate", "--paths", a.paths]
    folder = tempfile.mkdtemp(prefix="warmshell-peers-")
    try:
        say("draws for the peers ...")
        subprocess.run(["build/bench_simulate", "--export", folder, "--paths", str(a.paths), "--compared", str(a.compared)], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        say("comparing path by path ...")
        differences = differences_of({"NumPy": numpy, "numba": numba}, folder)
        chunk = quickest_chunk(numpy, folder, a.paths)
        ours = last_json(ours_of)
        runs = {"numpy1": last_json([*numpy, folder, "--chunk", chunk]),
                "numpy2": last_json([*numpy, folder, "--chunk", chunk, "--processes", 2]),
                "numba": last_json([*numba, folder, "--threads", 2], folder)}
        again = last_json(ours_of)
    finally:
        shutil.rmtree(folder, ignore_errors=True)

    for name, run in runs.items():
        if abs(run["npv"] / ours["npv"] - 1) > TOLERANCE:
            raise SystemExit(f"{name} computed another mean NPV: {run['npv']} beside {ours['npv']}")
    # measured before and after the peers: the mean, since other work may run beside
    wall = (ours["ours_seconds"] + again["ours_seconds"]) / 2
    processor = (ours["ours_processor_seconds"] + again["ours_processor_seconds"]) / 2
    ratios = {name: run["seconds"] / wall for name, run in runs.items()}
    # on idle cores processor seconds over their number are the wall
    by_processor = {name: run["processor_seconds"] / (1 if name == "numpy1" else 2) / (processor / 2) for name, run in runs.items()}
    say(f"\n{'':30}{'wall s':>10}{'processor s':>13}{'ratio':>9}{'by processor':>14}{'bar':>6}")
    say(f"{'Warmshell, two threads':30}{wall:10.2f}{processor:13.2f}")
    for name, run in runs.items():
        say(f"{WORDS[name]:30}{run['seconds']:10.2f}{run['processor_seconds']:13.2f}{ratios[name]:9.2f}{by_processor[name]:14.2f}{BARS[name]:>6}")
    beside = runs["numpy1"]["beside"] / runs["numpy1"]["processor_seconds"]
    say("NumPy, one process, processor seconds:", ", ".join(f"{part} {s:.1f}" for part, s in runs["numpy1"]["parts"].items()))
    say(f"{beside:.0%} of them are checks, cures, bands, errors and promises; without these its ratio were {ratios['numpy1'] * (1 - beside):.2f}")
    say(f"drawing, apart: {ours['draw_seconds']:.2f} s; largest difference {max(differences.values()):.2g} ({max(differences, key=differences.get)})\n")
    result = {
        "hash": ours["hash"], "paths": a.paths, "ours_seconds": round(wall, 3), "draw_seconds": round(ours["draw_seconds"], 3),
        **{f"{name}_seconds": round(run["seconds"], 3) for name, run in runs.items()},
        **{f"ratio_{name}": round(ratios[name], 3) for name in runs},
        **{f"ratio_{name}_by_processor": round(by_processor[name], 3) for name in runs},
        "numpy1_beside_share": round(beside, 3), "chunk": chunk, "compared": min(a.compared, a.paths), "differences": differences,
        "pass": verdict(ratios, differences, a.paths),
    }
    say(json.dumps(result))
    return 0
