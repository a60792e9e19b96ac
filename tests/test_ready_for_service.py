#!/usr/bin/env python3
"""What is ready for service by quarter, in JSON, page and summary, against the gate dates that each path tells in
words: halls and power are added up here once more, and quantiles taken from sorted values. A figure that is 1 % wrong
fails. Run from the root after a build; standard library only."""

import collections
import json
import math
import pathlib
import re
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
PATHS = 120
QUARTER_ENDS = {"Q1": "03-31", "Q2": "06-30", "Q3": "09-30", "Q4": "12-31"}


def warmshell(*arguments):
    done = subprocess.run([str(ROOT / "build" / "warmshell"), *arguments], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def gate_dates(example):
    """Of every path: gate -> date as text, `never` after all of them."""
    dates = []
    for path in range(PATHS):
        told = warmshell("simulate", f"examples/{example}", "--path", str(path), "--explain")
        gates = told.split("Gates, in the order in which they open\n")[1].split("\n\n")[0]
        dates.append({name.strip(): date for date, name in re.findall(r"^ *(\S+)  (.+)$", gates, re.M)})
    return dates


def opened(date, day):
    return date < day  # as text; a month stands for its first day, a drawn day is told without its hour


def neocloud(dates, day):
    """Facility MW of one path: two halls under two sources, and gas engines until the second."""
    site = "sites.quincy."
    halls = {"hall-1": 36 * 1.30, "hall-2": 60 * 1.16}   # IT MW x peak PUE of its cooling
    room = sum(mw for hall, mw in halls.items() if opened(dates[f"{site}halls.{hall}.shell.warm"], day))
    grid = site + "power.grid-2.energised"
    grid_2 = sum(mw for gate, mw in [(grid, 20), (grid + " (tranche 2)", 20), (grid + " (tranche 3)", 40)]
                 if opened(dates[gate], day))
    gas = 60 if opened(dates[site + "power.gas.energised"], day) else 0
    grid_1 = 45 if opened(dates[site + "power.grid-1.energised"], day) else 0
    return min(room, grid_1 + grid_2 + max(0, gas - grid_2))


class Frontier:
    """The sites of the example by its lines, one for each hall and source."""

    def __init__(self):
        self.sites = collections.defaultdict(lambda: {"halls": [], "power": []})
        site = part = None
        for line in (ROOT / "examples/frontier/portfolio.yaml").read_text().split("\nsites:\n")[1].splitlines():
            if re.match(r"\S", line):
                break
            if named := re.fullmatch(r"  ([\w-]+):", line):
                site = named[1]
            elif named := re.fullmatch(r"    (halls|power):", line):
                part = named[1]
            elif named := re.match(r"      ([\w-]+): \{", line):
                self.sites[site][part].append((named[1], line))

    @staticmethod
    def left(line, day):
        return 1 - sum(float(share) / 100 for begin, end, share in
                       re.findall(r"from: ([\d-]+), to: ([\d-]+), share: ([\d.]+) %", line) if begin <= day < end)

    def megawatts(self, dates, day):
        total = 0
        for site, parts in self.sites.items():
            room = power = 0
            for hall, line in parts["halls"]:
                if opened(dates[f"sites.{site}.halls.{hall}.shell.warm"], day):
                    pue = [float(re.search(r"pue: \{peak: ([\d.]+)", line)[1])]
                    pue += [float(peak) for date, peak in re.findall(r"(\d{4}[\d-]*): \{peak: ([\d.]+)", line) if date <= day]
                    room += float(re.search(r"it_power: ([\d.]+) MW_it", line)[1]) * pue[-1] * self.left(line, day)
            for source, line in parts["power"]:
                gate = f"sites.{site}.power.{source}"
                whole = float(re.search(r"power: ([\d.]+) MW_facility", line)[1])
                rest = re.search(r"rest: \{power: ([\d.]+) MW_facility", line)
                later = float(rest[1]) if rest else 0
                open_mw = whole - later if opened(dates[gate + ".energised"], day) else 0
                if rest and open_mw and opened(dates[gate + ".tranches.rest.energised"], day):
                    open_mw += later
                power += open_mw * self.left(line, day)
            total += min(room, power)
        return total


class ReadyForService(unittest.TestCase):
    def hold(self, example, megawatts):
        dates = gate_dates(example)
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "page.html")
            result = json.loads(warmshell("simulate", f"examples/{example}", "--paths", str(PATHS), "--json", "--html", str(file)))
            page = file.read_text()
        summary = warmshell("simulate", f"examples/{example}", "--paths", str(PATHS))
        summary = summary.split("Facility MW ready for service")[1].split("\n\n")[0]
        self.assertLessEqual(result["live_by"]["quarters_resolution"], 0.001)
        quarters, in_summary, varying = result["live_by"]["quarters"], 0, 0
        self.assertGreaterEqual(len(quarters), 19)
        for quarter in quarters:
            name = quarter["quarter"]
            day = f"{name[:4]}-{QUARTER_ENDS[name[5:]]}"
            ready = sorted(megawatts(path, day) for path in dates)
            varying += ready[0] < ready[-1]
            expected = {key: ready[math.ceil(share * PATHS - 1e-9) - 1] for key, share in [("p10", 0.1), ("p50", 0.5), ("p90", 0.9)]}
            for key, mw in expected.items():
                self.assertAlmostEqual(quarter[key + "_gw"] * 1000, mw, delta=0.001 * mw, msg=(example, name, key))
            cells = page.split(f">{name}<")[1].split("</tr>")[0]
            cells = [float(cell) for cell in re.findall(r'data-v="([^"]*)"', cells)]
            self.assertEqual(cells[:3], [quarter[key + "_gw"] for key in expected], name)
            if row := re.search(rf"^ +{name}((?: +[\d,.]+)+)", summary, re.M):
                in_summary += 1
                shown = [float(cell.replace(",", "")) for cell in row[1].split()]
                for cell, mw in zip(shown[:3], expected.values(), strict=True):
                    self.assertAlmostEqual(cell, mw, delta=0.001 * mw + 0.5, msg=(example, name))
        self.assertGreaterEqual(in_summary, 4)
        self.assertGreater(varying, len(quarters) // 2)

    def test_one_site_with_tranches_and_a_bridge(self):
        self.hold("neocloud", neocloud)

    def test_all_sites_of_the_frontier(self):
        self.hold("frontier", Frontier().megawatts)


if __name__ == "__main__":
    unittest.main(verbosity=2)
