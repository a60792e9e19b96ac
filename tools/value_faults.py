#!/usr/bin/env python3
"""Put each fault of src/value/faults.txt into the kernels of value, and say whether the tests see it.

    tools/value_faults.py [BUILD] [--only TEXT]

Each fault changes one place of a copy of one file; that kernel is compiled with it at level v3, linked
before the library into the test program, and the tests of graph, rates, twins and valuation must fail. Exit 1
when a fault goes unseen, or its place is not found exactly once.
"""

import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile

from fleet_faults import ninja_command, read_faults, spaced

ROOT = pathlib.Path(__file__).resolve().parent.parent
LEVEL = 3
TESTS = "Graph.blocks*:InternalRate.*:ValueTwin.*:Valuation.*-*_full"


def compile_with(build, file, source, output):
    command = ninja_command(build, f"src/value/CMakeFiles/warmshell_value_v{LEVEL}.dir/{file}.o")
    command = [c for c in command if not c.endswith("ccache") and c != "-MD"]
    command[command.index("-o") + 1] = str(output)
    command[command.index("-c") + 1] = str(source)
    for flag in ("-MT", "-MF"):
        at = command.index(flag)
        del command[at:at + 2]
    command.append("-Wno-error")
    done = subprocess.run(command, cwd=build, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stderr


def try_fault(build, fault, link):
    source = (ROOT / "src/value" / fault["file"]).read_text()
    found = list(re.finditer(spaced(fault["old"]), source))
    if len(found) != 1:
        return f"its place stands {len(found)} times in {fault['file']}"
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        changed, output, program = folder / fault["file"], folder / "fault.o", folder / "test"
        at = found[0]
        changed.write_text(source[:at.start()] + fault["new"] + source[at.end():])
        errors = compile_with(build, fault["file"], changed, output)
        if errors:
            return "does not compile: " + errors.splitlines()[0]
        command = list(link)
        at = command.index("-o")
        command[at + 1] = str(program)
        command[at:at] = [str(output)]
        done = subprocess.run(command, cwd=build, capture_output=True, text=True)
        if done.returncode != 0:
            return "does not link: " + done.stderr[:200]
        try:
            run = subprocess.run([program, f"--gtest_filter={TESTS}", "--gtest_brief=1"], cwd=ROOT,
                                 env=dict(os.environ, WARMSHELL_KERNEL=f"v{LEVEL}"),
                                 capture_output=True, text=True, timeout=300)
        except subprocess.TimeoutExpired:
            return None
        return "the tests do not see it" if run.returncode == 0 else None


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("build", nargs="?", default=str(ROOT / "build"))
    arguments.add_argument("--only", default="")
    given = arguments.parse_args()
    build = pathlib.Path(given.build).resolve()
    link = ninja_command(build, "test_value")
    faults = [f for f in read_faults(ROOT / "src/value/faults.txt") if given.only in f["name"]]
    unseen = 0
    for fault in faults:
        problem = try_fault(build, fault, link)
        unseen += problem is not None
        print(f"{'UNSEEN' if problem else 'caught'}  {fault['kind']:8}  {fault['name']}"
              f"{': ' + problem if problem else ''}", flush=True)
    print(f"{len(faults) - unseen} of {len(faults)} faults caught")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
