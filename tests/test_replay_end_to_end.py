#!/usr/bin/env python3
"""`warmshell replay` as a user runs it: the outcome of a replay, on a page and on a portfolio.
Run from the root after a build; standard library only."""

import json
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
# The controller's published thresholds throttle a row that is loaded to its cap all day; higher
# ones leave it to run.
LATE = ["--set", "power.control.thresholds={late: {at: 97 %, low: 1, high: 1}}"]


def warmshell(*arguments, code=0):
    done = subprocess.run([str(ROOT / "build" / "warmshell"), *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == code, (arguments, done.returncode, done.stderr)
    return done.stdout


def capped(*arguments):
    return json.loads(warmshell("replay", "examples/capped", "--jobs", "examples/capped/jobs.csv", "--json", *arguments))


def npv(*arguments):
    return json.loads(warmshell("simulate", *arguments, "--json", "--paths", "2000", "--seed", "1"))["metrics"]["npv"]["mean"]


def numbers_of(thing):
    if isinstance(thing, (int, float)) and not isinstance(thing, bool):
        yield float(thing)
    elif isinstance(thing, dict):
        for each in thing.values():
            yield from numbers_of(each)
    elif isinstance(thing, list):
        for each in thing:
            yield from numbers_of(each)


class ReplayEndToEnd(unittest.TestCase):
    def test_parts_add_up_and_so_does_the_waterfall(self):
        result = capped("--waterfall", "--marginal")
        parts = dict(result["gpu_hours"])
        whole = parts.pop("all")
        self.assertAlmostEqual(sum(parts.values()) / whole, 1, places=12)
        waterfall = result["waterfall"]
        steps = [step["in_turn"] for step in waterfall["steps"]]
        self.assertGreaterEqual(len(steps), 6)
        self.assertAlmostEqual(waterfall["plain"] + sum(steps), waterfall["all"], places=6)
        for name in ["facility_mw", "oversubscription"]:
            self.assertEqual(len(result["marginal"][name]["useful_gpu_hours"]), 5)
        self.assertGreater(result["marginal"]["facility_mw"]["value"], 0)

    def test_malformed_rows_are_counted_named_and_an_error_when_strict(self):
        rows = ["name,queue,submit_s,duration_s,gpus,gpu_types", "first,training,0,60,1,", "backwards,training,10,-5,1,",
                "first,training,20,50,1,", "cut,training,30,5", "text,training,soon,50,1,", "unknown,training,40,50,1,k80", "last,training,50,60,1,"]
        with tempfile.TemporaryDirectory() as folder:
            trace = pathlib.Path(folder) / "jobs.csv"
            trace.write_text("\n".join(rows) + "\n")
            for strict, code in [([], 0), (["--strict"], 1)]:
                done = subprocess.run([str(ROOT / "build/warmshell"), "replay", "examples/capped", "--jobs", str(trace), *strict],
                                      cwd=ROOT, capture_output=True, text=True)
                self.assertEqual(done.returncode, code, done.stderr)
                for row, word in [(2, "negative"), (3, "seen before"), (4, "cells"), (5, "soon"), (6, "k80")]:
                    self.assertRegex(done.stderr, f"row {row}\\b.*{word}")
                self.assertIn(f"5 rows of {trace} were passed over", done.stderr)
                if not strict:
                    self.assertIn("2 of 2 jobs completed", done.stdout)

    def test_the_page_shows_only_numbers_of_its_json(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "replay.html"
            result = capped("--html", str(page), "--overlay", str(pathlib.Path(folder) / "o.yaml"), "--on", "examples/neocloud", *LATE)
            text = page.read_text()
        known = set(numbers_of(result))
        shown = [float(value) for value in re.findall(r'data-v="([^"]*)"', text)]
        self.assertGreater(len(shown), 2000)
        self.assertEqual([value for value in shown if value not in known], [])
        for forbidden in ["<script", "http://", "https://", "src=", "url("]:
            self.assertNotIn(forbidden, text)

    def test_an_overlay_is_worth_megawatts_on_a_portfolio(self):
        with tempfile.TemporaryDirectory() as folder:
            overlay = str(pathlib.Path(folder) / "overlay.yaml")
            found = capped("--overlay", overlay, "--on", "examples/neocloud", *LATE)
            answer = found["equivalent_mw"]
            self.assertEqual(answer["case"], "equivalent")
            self.assertEqual(answer["site"], "quincy")
            self.assertLess(answer["tolerance_mw"], 0.05)
            self.assertGreater(answer["mw_facility"], 10 * answer["se"])

            # simulate reads the file and gains the same
            before = npv("examples/neocloud")
            gain = answer["npv_gain_of_overlay"]["mean"]
            self.assertAlmostEqual((npv("examples/neocloud", "--overlay", overlay) - before) / gain, 1, places=9)
            # so does so much power, written by hand
            power = f"{{kind: other, power: {answer['mw_facility']} MW_facility, energised: 2025-11, outage: 0 %, price: {answer['energy_price_per_mwh']} USD/MWh}}"
            by_hand = npv("examples/neocloud", "--set", "sites.quincy.power.equivalent=" + power)
            self.assertAlmostEqual((by_hand - before) / gain, 1, delta=0.002)

    def test_where_demand_binds_another_megawatt_is_worth_nothing(self):
        answer = capped("--on", "examples/zhisuan", *LATE)["equivalent_mw"]
        self.assertEqual(answer["binds"], "demand")
        self.assertEqual(answer["case"], "worth_nothing")
        self.assertIsNone(answer["mw_facility"])
        self.assertLessEqual(answer["power_for_all"]["npv_gain"]["mean"], 0)
        self.assertIn("another MW at guian is worth nothing", answer["sentence"])

    def test_an_overlay_that_gains_nothing_says_so(self):
        answer = capped("--on", "examples/neocloud")["equivalent_mw"]
        self.assertEqual(answer["case"], "no_gain")
        self.assertLess(answer["npv_gain_of_overlay"]["mean"], 0)

    def test_each_factor_moves_npv_its_way(self):
        before = npv("examples/dark-h100")
        less = npv("examples/dark-h100", "--set", "replayed.h100_sxm.provisioned=80 %")
        same = npv("examples/dark-h100", "--set", "replayed.h100_sxm.throughput=100 %")
        slower = npv("examples/dark-h100", "--set", "replayed.h100_sxm.throughput=90 %")
        self.assertGreater(less, before)
        self.assertEqual(same, before)
        self.assertLess(slower, before)


if __name__ == "__main__":
    unittest.main()
