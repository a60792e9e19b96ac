#!/usr/bin/env python3
"""Runs the test programs of build/ and closes on one line: N passed, N failed, N skipped.

--quick leaves out tests whose name ends in _long or _full; the default leaves out _full; --full runs
everything. A skipped test is named with its reason. Exit code 1 when a test failed or none ran.
"""

import argparse
import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
BUILD = ROOT / "build"
LEFT_OUT = {"quick": "-*_long:*_full", "default": "-*_full", "full": "*"}
LEFT_OUT_LABELS = {"quick": "gtest|long|full", "default": "gtest|full", "full": "gtest"}
SLOW_SECONDS = 10


def programs(name):
    found = sorted(p for p in BUILD.glob("test_*") if p.is_file() and os.access(p, os.X_OK))
    return [p for p in found if name in p.name]


def run_gtest(program, level, scratch):
    report = pathlib.Path(scratch) / (program.name + ".json")
    begin = time.monotonic()
    done = subprocess.run(
        [str(program), f"--gtest_output=json:{report}", "--gtest_brief=1", f"--gtest_filter={LEFT_OUT[level]}"],
        cwd=ROOT, capture_output=True, text=True, errors="replace")
    seconds = time.monotonic() - begin
    passed, failed, skipped, slow = 0, [], [], []
    if not report.exists() or done.returncode not in (0, 1):
        failed.append(f"{program.name} ended with {done.returncode}")
    for suite in json.loads(report.read_text())["testsuites"] if report.exists() else []:
        for case in suite["testsuite"]:
            label = f"{suite['name']}.{case['name']}"
            if case.get("result") == "SKIPPED":
                reasons = [s["message"].strip().splitlines()[-1] for s in case.get("skipped", []) if s.get("message", "").strip()]
                skipped.append((label, "; ".join(reasons)))
            elif case.get("failures"):
                failed.append(label)
            elif case.get("status") == "RUN":
                passed += 1
            if float(case.get("time", "0s").rstrip("s")) > SLOW_SECONDS:
                slow.append((label, case["time"]))
    return program.name, seconds, passed, failed, skipped, slow, done.stdout + done.stderr


def run_scripts(level):
    """Tests that are not gtest programs (no ctest label `gtest`): must not compile, includes, end to end."""
    command = ["ctest", "--test-dir", str(BUILD), "--output-on-failure", "-j", str(os.cpu_count()), "-LE", LEFT_OUT_LABELS[level]]
    with tempfile.TemporaryDirectory() as scratch:
        report = pathlib.Path(scratch) / "ctest.xml"
        done = subprocess.run(command + ["--output-junit", str(report)], cwd=ROOT, capture_output=True, text=True)
        if not report.exists():
            return 0, [], [], done.stdout + done.stderr
        suite = xml.etree.ElementTree.parse(report).getroot()
    status = {"run": [], "fail": [], "other": []}
    for case in suite.iter("testcase"):
        status.get(case.get("status"), status["other"]).append(case.get("name"))
    skipped = [(name, "not run") for name in status["other"]]
    return len(status["run"]), status["fail"], skipped, done.stdout if status["fail"] else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    level = parser.add_mutually_exclusive_group()
    level.add_argument("--quick", action="store_const", const="quick", dest="level", default="default")
    level.add_argument("--full", action="store_const", const="full", dest="level")
    parser.add_argument("name", nargs="?", default="", help="only programs whose name holds this")
    arguments = parser.parse_args()

    passed, failed, skipped = 0, [], []
    with tempfile.TemporaryDirectory() as scratch, concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        jobs = [pool.submit(run_gtest, p, arguments.level, scratch) for p in programs(arguments.name)]
        for job in concurrent.futures.as_completed(jobs):
            name, seconds, ok, bad, left, slow, output = job.result()
            print(f"{name}: {ok} passed, {len(bad)} failed, {len(left)} skipped in {seconds:.1f} s", flush=True)
            for label, duration in slow:
                print(f"  slow: {label} {duration}")
            if bad:
                print(output[-8000:])
            passed, failed, skipped = passed + ok, failed + bad, skipped + left
    if not arguments.name:
        ok, bad, left, output = run_scripts(arguments.level)
        print(f"scripts: {ok} passed, {len(bad)} failed, {len(left)} skipped\n{output}")
        passed, failed, skipped = passed + ok, failed + bad, skipped + left

    for label in failed:
        print(f"failed: {label}")
    for label, why in skipped:
        print(f"skipped: {label}: {why}")
    print(f"{passed} passed, {len(failed)} failed, {len(skipped)} skipped")
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
