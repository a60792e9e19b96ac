#!/usr/bin/env python3
"""Checks that GCC turns every loop over paths of a kernel file into vector code.

    python3 tools/check_vectorised.py COMPILER SOURCES KERNEL_FILE [FLAGS...]

A loop over paths is a line with WARMSHELL_EACH_PATH. Prints `file:line: ...` for each one that stays
scalar, and exits 1 if there is any: such a loop gives the same results, several times slower.
"""
import re
import subprocess
import sys
from pathlib import Path


def main():
    compiler, sources, kernel, *flags = sys.argv[1:]
    loops = {
        number
        for number, line in enumerate(Path(kernel).read_text(encoding="utf-8").splitlines(), start=1)
        if "WARMSHELL_EACH_PATH" in line and not line.startswith("#define")
    }
    run = subprocess.run(
        [compiler, "-std=c++20", *flags, f"-I{sources}", "-S", kernel, "-o", "/dev/null", "-fopt-info-vec-optimized"],
        capture_output=True, text=True, check=False)
    if run.returncode != 0:
        print(run.stderr)
        return 1
    found = re.findall(re.escape(Path(kernel).name) + r":(\d+):\d+: optimized: loop vectorized", run.stderr)
    scalar = sorted(loops - {int(number) for number in found})
    for number in scalar:
        print(f"{kernel}:{number}: this loop stays scalar")
    if not loops:
        print(f"{kernel}: no loop over paths")
    return 1 if scalar or not loops else 0


if __name__ == "__main__":
    sys.exit(main())
