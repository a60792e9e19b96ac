#!/usr/bin/env python3
"""./dev show TOPIC [POINT]: every point an issue must show, each by a command that anyone can run.

A topic is tools/show_TOPIC.py with a list POINTS. A row prints the point, the command, what was
measured, the bar and whether it passed. Exit code 1 when a point failed.
"""

import dataclasses
import importlib
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
DATA = pathlib.Path(os.environ.get("WARMSHELL_DATA", ROOT / ".." / "shared" / "data"))


@dataclasses.dataclass
class Point:
    """`judge` gets the finished process and returns (measured text, passed)."""
    point: str
    command: str
    bar: str
    judge: object
    needs: tuple = ()  # files under DATA without which the point cannot be shown
    timeout_s: float = 1800


def tests_passed(done):
    """All tests of a gtest run passed, at least one ran and none was skipped."""
    text = done.stdout + done.stderr
    passed = re.search(r"\[  PASSED  \] (\d+) test", text)
    skipped = re.search(r"\[  SKIPPED \] (\d+) test", text)
    count = int(passed.group(1)) if passed else 0
    measured = f"{count} tests passed" + (f", {skipped.group(1)} skipped" if skipped else "")
    return measured, done.returncode == 0 and count > 0 and not skipped


def last_json(done):
    """The last line of stdout that is a JSON object: what a benchmark measured."""
    for line in reversed(done.stdout.splitlines()):
        if line.startswith("{"):
            return json.loads(line)
    return {}


def show(points):
    failed = 0
    for number, point in enumerate(points, 1):
        absent = [name for name in point.needs if not (DATA / name).exists()]
        begin = time.monotonic()
        if absent:
            measured, passed = f"not shown: {', '.join(absent)} absent (set WARMSHELL_DATA)", False
        else:
            try:
                done = subprocess.run(["bash", "-c", point.command], cwd=ROOT, capture_output=True, text=True,
                                      errors="replace", timeout=point.timeout_s)
                measured, passed = point.judge(done)
                if not passed:
                    measured += f" (exit {done.returncode}) {(done.stderr or done.stdout)[-600:]}"
            except subprocess.TimeoutExpired:
                measured, passed = f"no end within {point.timeout_s} s", False
        failed += not passed
        print(f"{number:2}. {point.point}\n    command   {point.command}\n    measured  {measured}"
              f"\n    bar       {point.bar}\n    {'PASS' if passed else 'FAIL'}      ({time.monotonic() - begin:.1f} s)\n", flush=True)
    print(f"{len(points) - failed} of {len(points)} points pass")
    return 1 if failed else 0


def main():
    if len(sys.argv) < 2:
        topics = sorted(p.stem.removeprefix("show_") for p in (ROOT / "tools").glob("show_*.py"))
        print(f"usage: ./dev show {{{', '.join(topics)}}} [NUMBER ...]", file=sys.stderr)
        return 2
    sys.path.insert(0, str(ROOT / "tools"))
    sys.modules["show"] = sys.modules["__main__"]  # topics import Point from here
    try:
        points = importlib.import_module(f"show_{sys.argv[1]}").POINTS
    except ModuleNotFoundError:
        print(f"no topic {shlex.quote(sys.argv[1])}", file=sys.stderr)
        return 2
    chosen = [points[int(n) - 1] for n in sys.argv[2:]] if len(sys.argv) > 2 else points
    return show(chosen)


if __name__ == "__main__":
    sys.exit(main())
