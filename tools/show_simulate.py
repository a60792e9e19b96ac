"""What `simulate` must show: ./dev show simulate."""

import json
import re

from show import Point, last_json, tests_passed


def unittest_passed(done):
    ran = re.search(r"Ran (\d+) tests?", done.stderr)
    return f"{ran.group(1) if ran else 0} tests", done.returncode == 0 and bool(ran) and int(ran.group(1)) > 0


def end_to_end(*names):
    return "python3 tests/test_end_to_end.py " + " ".join(f"EndToEnd.{n}" for n in names)


def seconds_below(bar):
    def judge(done):
        lines = [json.loads(l)["seconds"] for l in done.stderr.splitlines() if l.startswith("{")]
        best = min(lines) if lines else float("inf")
        return f"best of {len(lines)}: {best:.3f} s", done.returncode == 0 and best <= bar
    return judge


def exit_zero(done):
    return " | ".join(done.stdout.strip().splitlines()[-2:]), done.returncode == 0


def golden(done):
    return done.stdout.strip().splitlines()[-1] if done.stdout else "nothing", done.returncode == 0


def bytes_per_path(done):
    rows = [int(x) for x in re.findall(r"Maximum resident set size \(kbytes\): (\d+)", done.stderr)]
    if len(rows) != 2:
        return "could not be measured (GNU time absent?)", False
    more = (rows[1] - rows[0]) * 1024 / (1_000_000 - 10_000)
    return f"{rows[0]} kB at 1e4 paths, {rows[1]} kB at 1e6: {more:.1f} bytes a path", more <= 100


def fuzzed(done):
    return "; ".join(done.stdout.strip().splitlines()[-3:]), done.returncode == 0


def benchmark(done):
    found = last_json(done)
    if done.returncode != 0 or "ratio_numpy1" not in found:
        return "not measured: " + done.stderr.strip()[-200:], False
    ratios = [found[f"ratio_{peer}"] for peer in ("numpy1", "numpy2", "numba")]
    worst = max(found["differences"].values())
    measured = (f"{found['paths']} paths in {found['ours_seconds']} s; one NumPy process {ratios[0]:.1f} times, two {ratios[1]:.1f}, "
                f"numba {ratios[2]:.2f}; largest difference {worst:.1g}")
    return measured, found["paths"] >= 100_000 and ratios[0] >= 30 and ratios[1] >= 15 and ratios[2] >= 1 and worst <= 1e-9


def share_of_peak(bar):
    def judge(done):
        found = last_json(done)
        if done.returncode != 0 or "share" not in found:
            return "not measured: " + done.stderr.strip()[-200:], False
        one, two = found["share"]
        return (f"{found['ops_per_path']:.3g} operations a path; share of peak {one:.3f} on one thread, {two:.3f} on two", min(one, two) >= bar)
    return judge


THREE = "for i in 1 2 3; do build/warmshell simulate {} --json --stats > /dev/null || exit 1; done"

POINTS = [
    Point("known answers: finance (IRR, NPV, levelised costs), G1 to G8", "build/test_value --gtest_brief=1 --gtest_filter=-*_full",
          "all named cases to the stated digits", tests_passed),
    Point("known answers: G2, G5 from the catalogue", "build/test_catalog --gtest_brief=1", "all", tests_passed),
    Point("G1 and G3 from their examples", end_to_end("test_known_answers_of_the_dark_h100_example", "test_rent_of_the_speed_example"),
          "stated digits", unittest_passed),
    Point("funnel: worked cases, counter-examples, properties (R23), ledger leaks, twin, seeded faults",
          "build/test_fleet --gtest_brief=1 --gtest_filter=-*_full", "all", tests_passed),
    Point("fleet kernels against the reference twin on 10,000 random portfolios", "build/test_fleet --gtest_filter=*_full --gtest_brief=1",
          "states bit-equal; every kind of thing occurs", tests_passed),
    Point("line kernels against the plain evaluator on 10,000 random portfolios", "build/test_value --gtest_filter=*_full --gtest_brief=1",
          "money to 1e-12 of the sum of absolute flows", tests_passed),
    Point("one seeded fault per kernel function of the fleet is caught", "python3 tools/faults.py fleet", "all", exit_zero, timeout_s=5400),
    Point("one seeded fault per kernel of value is caught", "python3 tools/faults.py value", "all", exit_zero, timeout_s=5400),
    Point("every example balances on every path: accelerators, MW, cash", end_to_end("test_every_example_balances_on_every_path"),
          "all checks true", unittest_passed),
    Point("the same bytes for 1, 2 and 4 threads and for x86-64-v2, v3, v4",
          end_to_end("test_threads_change_no_byte", "test_vector_levels_change_no_byte"), "equal", unittest_passed),
    Point("row N of --paths-out is --path N", end_to_end("test_a_row_of_all_paths_is_that_path_alone"), "byte for byte", unittest_passed),
    Point("draws: quantiles, correlations, shared luck, one path alone", "build/test_world --gtest_brief=1", "all", tests_passed),
    Point("wrong inputs: whole texts", "build/test_model --gtest_brief=1", "at least 40, each word for word", tests_passed),
    Point("wrong inputs: exit code 1", end_to_end("test_wrong_inputs_end_with_1"), "1 for each", unittest_passed),
    Point("reader under fuzzing and sanitizers", "./dev fuzz 600", "nothing found in ten minutes", fuzzed, timeout_s=4000),
    Point("frontier, 10,000 paths on two cores", THREE.format("examples/frontier --paths 10000"), "at most 5 s", seconds_below(5)),
    Point("neocloud, 10,000 paths", THREE.format("examples/neocloud --paths 10000"), "under 0.1 s", seconds_below(0.1)),
    Point("gates of frontier, no-slip, give the file's MW on every row date",
          end_to_end("test_gates_give_the_frontier_files_megawatts_on_every_row_date"), "1e-6", unittest_passed),
    Point("five hand-checked sites agree", "build/test_import --gtest_brief=1", "all", tests_passed),
    Point("memory per further path from 1e4 to 1e6",
          "for n in 10000 1000000; do /usr/bin/time -v build/warmshell simulate examples/speed --paths $n --json > /dev/null || exit 1; done",
          "at most 100 bytes", bytes_per_path),
    Point("speed on reference against the NumPy and numba peers", "./dev bench simulate", "100,000 paths: 30 times one NumPy process, 15 times two, not slower than numba; equal to 1e-9", benchmark, timeout_s=7200),
    Point("operations counted from the twins over the measured peak of the same mix, draws included", "./dev bench peak",
          "at least 0.3", share_of_peak(0.3)),
    Point("first sentence follows from the JSON", end_to_end("test_first_sentence_follows_from_the_result"), "every example", unittest_passed),
    Point("every number in a report stands in the JSON: a report made of the JSON alone is the same, byte for byte",
          end_to_end("test_a_report_made_of_the_json_alone_is_the_same", "test_a_result_that_lacks_anything_is_refused"), "every example", unittest_passed),
    Point("charts, tables and words of the report", "build/test_report --gtest_brief=1", "all", tests_passed),
    Point("examples and generated pages as recorded", "tools/golden.py", "no difference", golden),
    Point("the first sentence follows from the JSON on 200 random portfolios", "python3 tests/test_random_portfolios.py",
          "200, every case of R20 among them; four times the size gives four times the figures", unittest_passed),
    Point("the order of keys is irrelevant", end_to_end("test_the_order_of_keys_is_irrelevant"), "the same result", unittest_passed),
]
