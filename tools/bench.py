#!/usr/bin/env python3
"""./dev bench [NAME]: runs the benchmark programs of build/ (bench_NAME), all of them without a name.

`./dev bench simulate` runs the peers of bench/peers beside the program: bench_simulate.py."""

import pathlib
import subprocess
import sys

import bench_simulate

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    programs = {p.name.removeprefix("bench_"): p for p in sorted((ROOT / "build").glob("bench_*")) if p.is_file()}
    wanted = sys.argv[1:2] or list(programs)
    for name in wanted:
        if name not in programs:
            print(f"no benchmark `{name}`; there are {', '.join(programs)}", file=sys.stderr)
            return 2
        print(f"== {name}", flush=True)
        if name == "simulate":
            if bench_simulate.main(sys.argv[2:]) != 0:
                return 1
        elif subprocess.run([str(programs[name]), *sys.argv[2:]], cwd=ROOT).returncode != 0:
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
