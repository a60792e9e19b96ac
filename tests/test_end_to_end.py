#!/usr/bin/env python3
"""The program as a user runs it: exit codes, bytes on any number of threads, one path alone, the gates
of the frontier on every row date. Run from the root after a build; standard library only."""

import collections
import csv
import json
import os
import pathlib
import signal
import statistics
import subprocess
import tempfile
import time
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
EXAMPLES = ["dark-h100", "speed", "neocloud", "zhisuan", "reference", "frontier"]
DARK = ["no_shell", "no_cooling", "no_power", "installing"]


def warmshell(*arguments, **more):
    environment = {**os.environ, **more}
    return subprocess.run([str(ROOT / "build" / "warmshell"), *arguments], cwd=ROOT, capture_output=True, text=True, env=environment)


def simulate(example, *arguments, **more):
    done = warmshell("simulate", f"examples/{example}", "--json", *arguments, **more)
    assert done.returncode == 0, done.stderr
    return done.stdout


def simulate_text(text, *arguments):
    """What `simulate` prints as JSON of a portfolio given as YAML."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "portfolio.yaml"
        file.write_text(text)
        done = warmshell("simulate", str(file), "--json", *arguments)
    assert done.returncode == 0, done.stderr
    return done.stdout


def reversed_maps(lines):
    """The block maps of YAML (two spaces a level, no lists) with their keys in reverse, on every level."""
    lines = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    entries = []
    for line in lines:
        if line.startswith(" "):
            entries[-1].append(line[2:])
        else:
            entries.append([line])
    return [line for entry in reversed(entries)
            for line in [entry[0], *("  " + inner for inner in reversed_maps(entry[1:]))]]


class EndToEnd(unittest.TestCase):
    def test_every_example_balances_on_every_path(self):
        for example in EXAMPLES:
            result = json.loads(simulate(example, "--paths", "300"))
            self.assertTrue(all(result["checks"].values()), (example, result["checks"]))
            self.assertEqual(result["status"], "complete")

    def test_the_program_can_open_no_connection_and_start_no_other(self):
        named = subprocess.run(["nm", "-D", "--undefined-only", str(ROOT / "build" / "warmshell")], capture_output=True, text=True, check=True)
        wanted = {line.split()[-1].split("@")[0] for line in named.stdout.splitlines()}
        self.assertIn("write", wanted)  # the list is not empty
        self.assertEqual(wanted & {"socket", "connect", "bind", "sendto", "sendmsg", "getaddrinfo", "gethostbyname", "system", "popen",
                                   "fork", "vfork", "execv", "execve", "execvp", "posix_spawn", "posix_spawnp", "dlopen"}, set())

    def test_a_report_loads_nothing_from_elsewhere(self):
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder, "report.html")
            warmshell("simulate", "examples/speed", "--paths", "64", "--html", str(page))
            text = page.read_text(encoding="utf-8")
        self.assertIn("<svg", text)
        for loads in ['src=', '<link', '@import', 'url(', 'fetch(', 'XMLHttpRequest', 'WebSocket', 'sendBeacon', 'import(']:
            self.assertNotIn(loads, text)

    def test_threads_change_no_byte(self):
        for example in ["neocloud", "reference"]:
            one = simulate(example, "--paths", "1300", "--threads", "1")
            for threads in ["2", "4"]:
                self.assertTrue(one == simulate(example, "--paths", "1300", "--threads", threads), (example, threads))

    def test_vector_levels_change_no_byte(self):
        for example in ["neocloud", "reference"]:
            widest = simulate(example, "--paths", "700")
            for level in ["v2", "v3", "v4"]:
                self.assertTrue(widest == simulate(example, "--paths", "700", WARMSHELL_KERNEL=level), (example, level))

    def test_a_row_of_all_paths_is_that_path_alone(self):
        for example in ["neocloud", "reference"]:
            with tempfile.TemporaryDirectory() as folder:
                file = pathlib.Path(folder) / "paths.csv"
                simulate(example, "--paths", "200", "--paths-out", str(file))
                rows = file.read_bytes().splitlines(keepends=True)
            for path in [0, 1, 71, 72, 137, 199]:
                alone = warmshell("simulate", f"examples/{example}", "--path", str(path)).stdout.encode()
                self.assertEqual(alone, rows[0] + rows[path + 1], (example, path))

    def test_the_commands_of_all_readmes_run_as_written(self):
        examples = [str(file.relative_to(ROOT)) for file in ROOT.glob("examples/*/README.md")]
        self.assertGreaterEqual(len(examples), 6)
        for page in ["README.md", "README.zh-CN.md", *sorted(examples)]:
            commands = [line.split("  #")[0].strip() for line in (ROOT / page).read_text().splitlines()
                        if line.startswith(("    build/warmshell ", "build/warmshell "))]
            self.assertGreaterEqual(len(commands), 0 if page.startswith("examples/reference/") else 1 if page in examples else 6, page)
            with tempfile.TemporaryDirectory() as folder:
                for name in ["build", "examples"]:
                    (pathlib.Path(folder) / name).symlink_to(ROOT / name)
                for command in commands:
                    done = subprocess.run(command, shell=True, cwd=folder, capture_output=True, text=True)
                    self.assertEqual(done.returncode, 0, (page, command, done.stderr))

    def test_the_order_of_keys_is_irrelevant(self):
        for example in ["dark-h100", "neocloud", "zhisuan", "reference"]:
            lines = (ROOT / "examples" / example / "portfolio.yaml").read_text().splitlines()
            with tempfile.TemporaryDirectory() as folder:
                file = pathlib.Path(folder) / "portfolio.yaml"
                file.write_text("\n".join(reversed_maps(lines)) + "\n")
                done = warmshell("simulate", str(file), "--json", "--paths", "200")
            self.assertEqual(done.returncode, 0, done.stderr)
            one, other = json.loads(simulate(example, "--paths", "200")), json.loads(done.stdout)
            for result in (one, other):
                del result["inputs_sha256"]                      # of the bytes of the file
                for diagnostic in result["diagnostics"]:
                    del diagnostic["line"], diagnostic["column"], diagnostic["file"]
                result["diagnostics"].sort(key=json.dumps)       # as the file lists them
                result["defaults_used"].sort(key=json.dumps)
            for key in one:
                self.assertEqual(one[key], other[key], (example, key))

    def test_first_sentence_follows_from_the_result(self):
        for example in EXAMPLES:
            result = json.loads(simulate(example, "--paths", "500"))
            binds = result["binds"]
            alone = {}  # state -> site -> lost margin
            for site, states in result["cost_of_dark"].items():
                for state, cost in states.items():
                    alone.setdefault(state, {})[site] = cost["lost_margin_alone"]
            if binds["case"] == "gate":
                state = max(alone, key=lambda state: sum(alone[state].values()))
                self.assertEqual((binds["state"], binds["site"]), (state, max(alone[state], key=alone[state].get)), example)
                self.assertIn(binds["site"], result["summary"])
            if binds["case"] == "demand":
                dark = [result["ledger"]["states"].index(s) for s in DARK]
                self.assertGreater(sum(row[i] for row in result["ledger"]["mean_accelerators"] for i in dark), 0)
                self.assertIn("another MW is worth nothing", result["summary"])
            if binds["case"] in ("orders_and_gates", "balanced"):
                self.assertEqual(sum(max(0, c) for sites in alone.values() for c in sites.values()), 0, example)

    def test_two_sites_without_power_outweigh_a_dearer_one_without_a_shell(self):
        # R20: the state with the largest cost alone, over all sites, then its worst site; the ribbon by month the same.
        site = "  %s:\n    halls: {k: {it_power: 16 MW_it, cooling: air, shell: {warm: %s, capex: 0 USD/MW_it}}}\n" \
               "    power: {g: {kind: grid, power: 20 MW_facility, energised: %s, price: 100 USD/MWh}}\n"
        text = "portfolio: three sites\nstart: 2026-01\nhorizon: 12 months\ncurrency: USD\nsites:\n"
        text += site % ("a", "2025-07", "2028-01") + site % ("b", "2025-07", "2028-01") + site % ("c", "2028-07", "2025-01") + "fleet:\n"
        for name, count in [("a", 3000), ("b", 3000), ("c", 4000)]:
            text += f"  {name}: {{accelerator: h100_sxm, count: {count}, delivered: 2025-01, site: {name}, price: 30000 USD}}\n"
        text += "markets:\n  m: {terms: take-or-pay, utilisation: 70 %, rent: {per_h100e: 2 USD/h100e-h}}\n"
        result = json.loads(simulate_text(text, "--paths", "1"))
        cost, binds = result["cost_of_dark"], result["binds"]
        self.assertGreater(cost["c"]["no_shell"]["lost_margin_alone"], cost["a"]["no_power"]["lost_margin_alone"])
        self.assertEqual((binds["state"], binds["site"], binds["sites_waiting"]), ("no_power", "a", 2))
        self.assertEqual(binds["lost_margin"], cost["a"]["no_power"]["lost_margin_alone"])
        self.assertEqual(binds["lost_margin_all_sites"], 2 * binds["lost_margin"])
        self.assertEqual(binds["by_month"], ["no_power"] * 12)
        self.assertTrue(result["summary"].startswith("Power binds at a from 2026-01"), result["summary"])
        self.assertIn("2 sites lack power, at 82.", result["summary"])

    def test_what_binds_changes_with_the_assumptions_switched_off(self):
        off = ["shell-slip", "power-slip", "year-end-shift", "lead-time-spread", "shared-luck"]
        beside = [flag for name in off for flag in ("--beside", f"chips-on-time-without-{name}")]
        with tempfile.TemporaryDirectory() as folder:
            page = pathlib.Path(folder) / "page.html"
            done = warmshell("simulate", "examples/frontier", "--scenario", "chips-on-time", *beside, "--paths", "300", "--html", str(page))
            self.assertEqual(done.returncode, 0, done.stderr)
            told = " ".join(done.stdout[done.stdout.index("Scenario by scenario"):].split())
            self.assertIn('id="scenarios"', page.read_text())
        self.assertIn("chips-on-time-without-power-slip: Warm shells bind", told)
        self.assertIn("chips-on-time-without-shell-slip: Power binds", told)
        for name in off:
            self.assertIn(f"chips-on-time-without-{name}: ", told)

    def test_a_report_made_of_the_json_alone_is_the_same(self):
        with tempfile.TemporaryDirectory() as folder:
            for example in EXAMPLES:
                run = f"{folder}/{example}"
                simulate(example, "--paths", "200", "--out", run)
                done = warmshell("report", run, "--html", f"{run}/again.html")
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertTrue(pathlib.Path(run, "report.html").read_bytes() == pathlib.Path(run, "again.html").read_bytes(), example)

    def test_a_contract_that_owes_nothing_is_told_alike_live_and_from_the_json(self):
        text = """portfolio: contract
start: 2026-01
horizon: 36 months
currency: USD
sites:
  s:
    halls: {h: {it_power: 20 MW_it, cooling: air, shell: {warm: 2025-06}}}
    power: {g: {kind: grid, power: 30 MW_facility, energised: 2025-06, price: 100 USD/MWh}}
fleet: {a: {accelerator: h100_sxm, count: 1000, delivered: 2025-01, site: s, price: 30000 USD}}
markets:
  acme: {terms: contract, demand: {now: 1000 h100e}, rent: {per_h100e: 2 USD/h100e-h},
         contract: {customer: x, ready_by: 2026-06, damages: 1000 USD, longstop: 6 months, term: 12 months}}
"""
        with tempfile.TemporaryDirectory() as folder:
            result = json.loads(simulate_text(text, "--paths", "50", "--out", folder))
            self.assertEqual([(p["odds"], p["damages"]) for p in result["promises"]], [(1, 0)])
            done = warmshell("report", folder, "--html", f"{folder}/again.html")
            self.assertEqual(done.returncode, 0, done.stderr)
            page = pathlib.Path(folder, "report.html").read_text()
            self.assertTrue(page == pathlib.Path(folder, "again.html").read_text())
            for text in [page, *(table.read_text() for table in pathlib.Path(folder).glob("*.csv"))]:
                self.assertNotRegex(text, r"[^0-9A-Za-z-]-0(\.0*)?([^0-9.-]|$)")

    def test_differences_to_the_first_scenario_are_those_of_its_paths(self):
        with tempfile.TemporaryDirectory() as folder:
            rows = {}
            for scenario in ["chips-on-time", "chips-on-time-without-power-slip"]:
                file = f"{folder}/{scenario}.csv"
                simulate("frontier", "--scenario", scenario, "--paths", "130", "--paths-out", file)
                with open(file, newline="") as opened:
                    rows[scenario] = list(csv.DictReader(opened))
        first, other = rows
        result = json.loads(simulate("frontier", "--scenario", first, "--beside", other, "--paths", "130"))
        self.assertEqual([s["scenario"] for s in result["scenarios"]], [first, other])
        self.assertEqual(result["scenarios"][0], json.loads(simulate("frontier", "--scenario", first, "--paths", "130")))
        (difference,) = result["differences"]
        self.assertEqual((difference["scenario"], difference["to"], difference["paths"]), (other, first, 130))
        for name in ["npv", "npv_without_terminal", "dark_accelerator_months", "dark_lost_margin"]:
            by_path = [float(b[name]) - float(a[name]) for a, b in zip(rows[first], rows[other], strict=True)]
            told = difference["metrics"][name]
            self.assertAlmostEqual(told["mean"], statistics.fmean(by_path), delta=1e-9 * abs(told["mean"]) + 1e-9)
            self.assertAlmostEqual(told["se"], statistics.stdev(by_path) / 130 ** 0.5, delta=1e-9 * told["se"] + 1e-9)
            self.assertLess(told["se"], result["scenarios"][0]["metrics"][name]["se"], name)  # luck is shared

    def test_runs_that_are_kept_are_compared_as_those_that_run_side_by_side(self):
        names = ["chips-on-time", "chips-on-time-without-power-slip"]
        with tempfile.TemporaryDirectory() as folder:
            kept, told, again = (f"{folder}/{name}" for name in ("kept", "told.html", "again.html"))
            done = warmshell("simulate", "examples/frontier", "--scenario", names[0], "--beside", names[1], "--paths", "130",
                             "--html", told, "--out", kept, "--csv", f"{folder}/tables")
            self.assertEqual(done.returncode, 0, done.stderr)
            for name in names:
                self.assertEqual({f.name for f in pathlib.Path(folder, "tables", name).iterdir()},
                                 {"ledger.csv", "megawatts.csv", "lines.csv", "lines_by_chip_count.csv", "gates.csv"})
                alone = json.loads(simulate("frontier", "--scenario", name, "--paths", "130"))
                self.assertEqual(json.loads(pathlib.Path(kept, name, "simulate.json").read_text()), alone)
            both = [f"{kept}/{name}" for name in names]
            self.assertEqual(warmshell("report", *both).stdout, done.stdout)
            self.assertEqual(warmshell("report", *both, "--html", again).returncode, 0)
            page = pathlib.Path(told).read_text()
            self.assertTrue(page == pathlib.Path(again).read_text() == pathlib.Path(kept, "report.html").read_text())
            self.assertEqual(len(json.loads(pathlib.Path(kept, "scenarios.json").read_text())["differences"]), 1)
            pathlib.Path(both[1], "paths.csv").write_text("path\n")
            done = warmshell("report", *both)
            self.assertEqual((done.returncode, "WS0015" in done.stderr), (1, True), done.stderr)
            pathlib.Path(both[1], "paths.csv").unlink()
            said = " ".join(warmshell("report", *both).stdout.split())
            self.assertIn(f"No differences of {names[1]} to {names[0]} are shown: a run has no paths, or no paths.csv", said)
            said = warmshell("report", both[0], both[0]).stdout  # told apart by their folders
            self.assertIn(f"{names[0]} ({both[0]})", " ".join(said.split()))
            done = warmshell("report", kept)
            self.assertEqual((done.returncode, f"warmshell report {both[0]} {both[1]}" in done.stderr), (1, True), done.stderr)

    def test_rows_that_are_not_of_the_run_are_refused_and_a_folder_tells_of_one_kind_of_run(self):
        with tempfile.TemporaryDirectory() as folder:
            kept, other = f"{folder}/kept", f"{folder}/other"
            simulate("neocloud", "--paths", "70", "--out", kept)
            simulate("neocloud", "--paths", "70", "--seed", "2", "--out", other)
            rows = pathlib.Path(kept, "paths.csv")
            right = rows.read_text()
            second = right.splitlines()[2].split(",")
            wrong = [pathlib.Path(other, "paths.csv").read_text()]
            for cell in ("", "nan", "inf", "1e308"):
                wrong.append(right.replace(",".join(second), ",".join([second[0], cell, *second[2:]])))
            for text in wrong:
                rows.write_text(text)
                done = warmshell("report", kept, other, "--html", f"{folder}/page.html")
                self.assertEqual((done.returncode, "WS0015" in done.stderr), (1, True), done.stderr)
            rows.write_text(right)
            result = pathlib.Path(kept, "simulate.json")
            less = json.loads(result.read_text())
            del less["metrics"]["dark_lost_margin"]
            result.write_text(json.dumps(less))
            done = warmshell("report", other, kept)
            self.assertEqual((done.returncode, "WS0015" in done.stderr), (1, True), done.stderr)
            simulate("neocloud", "--paths", "70", "--beside", "no-bridge", "--out", kept)
            self.assertEqual([pathlib.Path(kept, f).exists() for f in ("simulate.json", "paths.csv", "scenarios.json")], [False, False, True])
            simulate("neocloud", "--paths", "70", "--out", kept)
            self.assertEqual([pathlib.Path(kept, f).exists() for f in ("simulate.json", "paths.csv", "scenarios.json")], [True, True, False])

    def test_luck_is_shared_by_what_two_portfolios_call_the_same(self):
        text = (ROOT / "examples/neocloud/portfolio.yaml").read_text()
        with tempfile.TemporaryDirectory() as folder:
            simulate("neocloud", "--paths", "70", "--out", f"{folder}/one")
            simulate_text(text.replace("quincy", "moses-lake"), "--paths", "70", "--out", f"{folder}/other")
            # of the hall, the two sources and the delivery only this last has kept its name
            said = " ".join(warmshell("report", f"{folder}/one", f"{folder}/other").stdout.split())
            self.assertIn("on the same 70 paths", said)
            self.assertIn("Luck goes by name: 1 of the 7 uncertain dates are called the same in both runs", said)
            said = warmshell("report", f"{folder}/one", f"{folder}/one").stdout
            self.assertNotIn("Luck goes by name", said)

    def test_a_run_of_many_paths_is_kept_told_and_compared(self):
        with tempfile.TemporaryDirectory() as folder:
            done = warmshell("simulate", "examples/dark-h100", "--paths", "400000", "--out", folder)
            size = pathlib.Path(folder, "paths.csv").stat().st_size
            self.assertGreater(size, 64 << 20)  # more than is read of a file by default
            self.assertIn(f"note: {folder}/paths.csv is {size / 1e6:.0f} MB, a row per path; "
                          "only a `warmshell report` of several runs reads it\n", done.stderr)
            self.assertIn("on the same 400000 paths", " ".join(warmshell("report", folder, folder).stdout.split()))
            done = warmshell("simulate", "examples/dark-h100", "--paths", "1000", "--out", folder)
            self.assertNotIn("paths.csv", done.stderr)

    def test_one_path_takes_no_flag_that_it_would_not_heed(self):
        for flag in ("--html", "--json", "--out", "--paths-out", "--beside"):
            done = warmshell("simulate", "examples/neocloud", "--path", "3", flag, "no-bridge")
            self.assertEqual((done.returncode, "excludes" in done.stderr), (2, True), done.stderr)

    def test_the_levelised_cost_of_compute_is_that_of_a_calculation_by_hand(self):
        text = """portfolio: Levelised
start: 2026-01
horizon: 24 months
currency: USD
finance: {wacc: 10 %/year, variable_cost: 0 %, maintenance: 3 %/year}
sites:
  s:
    pue: {air: {peak: 1.30, annual: 1.22}}
    halls: {h: {it_power: 20 MW_it, cooling: air, shell: {warm: 2025-06}}}
    power: {g: {kind: grid, power: 30 MW_facility, energised: 2025-06, price: 100 USD/MWh}}
fleet: {a: {accelerator: h100_sxm, count: 1000, delivered: 2026-01, site: s, price: 30000 USD, it_power_each: 1 kW}}
markets:
  cloud: {terms: take-or-pay, demand: {now: 5000 h100e}, rent: {per_h100e: 2 USD/h100e-h}}
"""
        # 30 MUSD at the end of the first month; a month: 1 MW x 1.22 x 730 h x 100 USD/MWh, and 3 % a year of 30 MUSD
        factors = [1.1 ** (-(month + 1) / 12) for month in range(24)]
        paid = 30e6 * factors[0] + (1.22 * 730 * 100 + 0.03 * 30e6 / 12) * sum(factors)
        by_hand = paid / (730 * 1000 * sum(factors))
        told = json.loads(simulate_text(text, "--paths", "50"))["metrics"]["levelised_cost"]
        self.assertEqual(told["unit"], "USD/accelerator-h")
        self.assertAlmostEqual(told["mean"], by_hand, delta=1e-12)
        self.assertAlmostEqual(told["se"], 0, delta=1e-9)
        idle = json.loads(simulate_text(text.replace("{now: 5000 h100e}", "{now: 0 h100e}"), "--paths", "50"))
        self.assertNotIn("levelised_cost", idle["metrics"])

    def test_the_levelised_cost_of_compute_follows_from_lines_and_ledger(self):
        for example in ["neocloud", "zhisuan"]:
            result = json.loads(simulate(example, "--paths", "300", "--set", "finance.wacc=11 %/year"))
            earning = result["ledger"]["states"].index("earning")
            factors = [1.11 ** (-(month + 1) / 12) for month in range(len(result["months"]))]
            hours = 730 * sum(f * row[earning] for f, row in zip(factors, result["ledger"]["mean_accelerators"], strict=True))
            taken_off = [series for name, series in result["lines"].items() if name.startswith(("terminal.", "revenue."))]
            paid = sum(f * (sum(series[month] for series in taken_off) - result["lines"]["net_cash"][month])
                       for month, f in enumerate(factors))
            self.assertAlmostEqual(result["metrics"]["levelised_cost"]["mean"] / (paid / hours), 1, delta=1e-9, msg=example)
        self.assertNotIn("levelised_cost", json.loads(simulate("speed", "--paths", "50"))["metrics"])  # owns no accelerator

    def test_a_result_that_lacks_anything_is_refused(self):
        with tempfile.TemporaryDirectory() as folder:
            whole = simulate("neocloud", "--paths", "50", "--out", folder)
            broken = [whole[:len(whole) // 2], "", "[]", "{}", whole.replace('"2025-12",', "", 1), "[" * 100000]
            for key in json.loads(whole):
                if key in ("summary", "summary_chinese", "figures"):  # told again from the rest
                    continue
                result = json.loads(whole)
                del result[key]
                broken.append(json.dumps(result))
                broken.append(json.dumps({**result, key: 7 if key not in ("paths", "paths_asked", "seed") else "7"}))
            for text in broken:
                pathlib.Path(folder, "simulate.json").write_text(text)
                done = warmshell("report", folder)
                self.assertEqual(done.returncode, 1, text[:200])
                self.assertIn("WS0015", done.stderr)
                self.assertNotIn("json.exception", done.stderr)
            pathlib.Path(folder, "simulate.json").unlink()
            done = warmshell("report", folder)
            self.assertEqual((done.returncode, done.stderr),
                             (1, f"{folder}: error[WS0015]: this folder holds no run: simulate.json is missing\n"
                                 "   help: give a folder that `warmshell simulate --out` wrote\n"))

    def test_ledger_adds_up_by_state_and_by_site(self):
        result = json.loads(simulate("reference", "--paths", "400"))
        ledger = result["ledger"]
        for month, states in enumerate(ledger["mean_accelerators"]):
            self.assertAlmostEqual(sum(states) + ledger["gone"][month], ledger["ordered"][month], delta=1e-7 * ledger["ordered"][month] + 1e-7)
        for state in range(len(ledger["states"])):
            self.assertGreater(sum(month[state] for month in ledger["mean_accelerators"]), 0, ledger["states"][state])

    def test_gates_give_the_frontier_files_megawatts_on_every_row_date(self):
        with open(ROOT / "examples/frontier/epoch/epoch_data_center_timelines_2026-05.csv", newline="") as file:
            rows = [r for r in csv.DictReader(file) if not r["Data center"].startswith("EdgeCore Mesa")]
        by_site = collections.defaultdict(list)
        for row in sorted(rows, key=lambda r: r["Date"]):
            by_site[row["Data center"]].append(row)
        for date in sorted({r["Date"] for r in rows}):
            it = facility = 0.0
            for states in by_site.values():
                at = {"IT power (MW)": 0.0, "Power (MW)": 0.0}
                for row in states:
                    if row["Date"] <= date:
                        at = {key: float(row[key]) if row[key] else at[key] for key in at}
                it, facility = it + at["IT power (MW)"], facility + at["Power (MW)"]
            done = warmshell("gates", "examples/frontier", "--scenario", "no-slip", "--at", date, "--paths", "1", "--json")
            result = json.loads(done.stdout)
            self.assertAlmostEqual(result["it_mw"], it, delta=1e-6, msg=date)
            self.assertAlmostEqual(result["facility_mw"], facility, delta=1e-6, msg=date)

    def test_wrong_inputs_end_with_1(self):
        folders = sorted(p.parent for p in (ROOT / "tests/wrong_inputs").glob("*/expected.txt"))
        self.assertGreaterEqual(len(folders), 40)
        for folder in folders:
            arguments = []
            if (folder / "arguments.txt").exists():
                for line in (folder / "arguments.txt").read_text().split():
                    flag, value = line.split("=", 1)
                    arguments += [f"--{flag}", value]
            done = warmshell("check", str(folder.relative_to(ROOT)), *arguments)
            self.assertEqual(done.returncode, 1, folder.name)

    def test_wrong_usage_ends_with_2(self):
        for arguments in [[], ["simulate"], ["simulte", "x"], ["simulate", "examples/speed", "--paths", "0"], ["catalog"]]:
            self.assertEqual(warmshell(*arguments).returncode, 2, arguments)

    def test_interrupt_leaves_a_valid_partial_result(self):
        process = subprocess.Popen([str(ROOT / "build/warmshell"), "simulate", "examples/reference", "--paths", "2000000", "--json"],
                                   cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        time.sleep(3)
        process.send_signal(signal.SIGINT)
        out, _ = process.communicate(timeout=120)
        result = json.loads(out)
        self.assertEqual(process.returncode, 4)
        self.assertEqual(result["status"], "interrupted")
        self.assertLess(result["paths"], result["paths_asked"])
        self.assertTrue(all(result["checks"].values()))

    def test_templates_run(self):
        for line in warmshell("init").stdout.splitlines():
            with tempfile.TemporaryDirectory() as folder:
                name = line.split()[0]
                self.assertEqual(warmshell("init", folder, "--template", name).returncode, 0)
                done = warmshell("simulate", folder, "--paths", "50")
                self.assertEqual((done.returncode, done.stderr), (0, ""), name)

    def test_import_writes_the_committed_example(self):
        with tempfile.TemporaryDirectory() as folder:
            epoch = "examples/frontier/epoch/epoch_data_center"
            done = warmshell("import", "epoch", f"{epoch}s_2026-05.csv", f"{epoch}_timelines_2026-05.csv", "--overrides",
                             "examples/frontier/overrides.yaml", "--out", folder)
            self.assertEqual(done.returncode, 0, done.stderr)
            written = sorted(str(path.relative_to(folder)) for path in pathlib.Path(folder).rglob("*.yaml"))
            self.assertEqual(len(written), 8, written)
            for name in written:
                self.assertTrue((pathlib.Path(folder) / name).read_bytes() == (ROOT / "examples/frontier" / name).read_bytes(), name)

    def test_known_answers_of_the_dark_h100_example(self):
        # The thought experiment of 25 BUSD of chips dark for 18 months: 531,915 H100 at 47k need 970 MW.
        result = json.loads(simulate("dark-h100", "--paths", "1"))
        dark = [costs for costs in result["cost_of_dark"]["quincy"].values()]
        self.assertEqual(len(dark), 1)
        self.assertAlmostEqual(dark[0]["accelerator_months"] / 18, 531915, delta=1)
        self.assertEqual(round(result["binds"]["mw"]), 970)

    def test_rent_of_the_speed_example(self):
        # 100 MW at 175 USD/kW_it-month is 17.5 MUSD a month; twelve months of slip are 210 MUSD.
        result = json.loads(simulate("speed", "--paths", "1"))
        rents = [monthly for name, monthly in result["lines"].items() if name.startswith("rent.")]
        self.assertEqual(len(rents), 1)
        full = [x for x in rents[0] if x > 0]
        self.assertAlmostEqual(full[1], 17.5e6, delta=1e-6 * 17.5e6)
        self.assertAlmostEqual(12 * full[1], 210e6, delta=1e-6 * 210e6)


if __name__ == "__main__":
    unittest.main(verbosity=2)
