#!/usr/bin/env python3
"""What must hold of any portfolio, on random ones, from the file to the JSON: the first sentence is what rule R20
says of the figures (rule and sentence are written here a second time); a portfolio of four times the size has
four times the figures, to the last bit. Run from the root after a build; standard library only."""

import collections
import decimal
import itertools
import json
import pathlib
import random
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent
DARK = ["no_shell", "no_cooling", "no_power", "installing"]
FITS_NO_HALL = "error[WS0316]"
NOTHING = 1e-9  # accelerator-months, mean over paths

# Each with the cooling its rack wants and the facility MW of a thousand of them, roughly: sizes that bind now and then.
ACCELERATORS = {"h100_sxm": ("air", 1.9), "a100_80": ("air", 1.1), "gb300_nvl72": ("liquid", 2.3), "ascend_910b": ("air", 0.9)}


def random_portfolio(seed, size=1):
    """YAML with one to three sites, up to three halls and two sources each, up to three lots and two markets.
    Counts, MW, racks a month and demand are `size` times as large."""
    chance = random.Random(seed)
    mw = lambda x: f"{size * decimal.Decimal(f'{x:.2f}')}"
    pick, between, odds = chance.choice, chance.uniform, lambda p: chance.random() < p

    def date(early, late):
        months = int(between(early, late))
        return f"{2026 + months // 12}-{months % 12 + 1:02}"

    def gate(late):
        if odds(0.5):
            return date(0, late)
        first = between(1, late)
        return "{p10: %s, p50: %s, p90: %s}" % (date(first, first + 0.9), date(first + 4, first + 4.9), date(first + 12, first + 12.9))

    def site(number):
        halls = {f"hall-{i}": pick(["air", "liquid"]) for i in range(pick([1, 2, 2, 3]))}
        scale = pick([2, 10, 40])
        lines = [f"  site-{number}:", "    region: us-wa", f"    install: {size * pick([1, 5, 30, 1000])} racks/month", "    halls:"]
        for name, cooling in halls.items():
            lines.append(f"      {name}: {{it_power: {mw(scale * between(0.3, 2))} MW_it, cooling: {cooling}, max_rack: {pick([20, 45, 145])} kW, "
                         f"shell: {{warm: {pick([date(0, 1), gate(40)])}}}}}")
        lines.append("    power:")
        for i in range(pick([1, 2])):
            energised = pick([date(0, 1), gate(40)])
            completes = ", completes: 70 %" if "p50" in energised and odds(0.4) else ""
            lines.append(f"      source-{i}: {{kind: grid, power: {mw(scale * between(0.3, 4))} MW_facility, "
                         f"energised: {energised}, price: 60 USD/MWh{completes}}}")
        return lines, scale

    text = [f"portfolio: random {seed}", "start: 2026-01", "horizon: 4 years", "currency: USD", "sites:"]
    scales = []
    for number in range(pick([1, 1, 2, 3])):
        lines, scale = site(number)
        text += lines
        scales.append(scale)
    lots = ["fleet:"]
    for number in range(pick([1, 1, 2, 3])):
        where = chance.randrange(len(scales))
        accelerator = pick(list(ACCELERATORS))
        count = max(8, int(1000 * scales[where] * between(0.1, 2) / ACCELERATORS[accelerator][1]))
        delivered = pick([date(0, 1), date(0, 30), gate(30)])
        lots.append(f"  lot-{number}: {{accelerator: {accelerator}, count: {size * count}, delivered: {delivered}, site: site-{where}}}")
    text += lots if odds(0.95) else ["fleet: {}"]
    text.append("markets:")
    for number in range(pick([1, 1, 2])):
        requires = pick(["", "", ", requires: {feature: fp8}", ", requires: {max_behind: 1}"])
        demand = pick([0, 10, 1000, 30000, 10000000])
        text.append(f"  market-{number}: {{demand: {{now: {size * demand} h100e}}, terms: on-demand, utilisation: 80 %{requires}}}")
    return "\n".join(text) + "\n"


def worst(costs, sellable, margin):
    """State, site, its margin, sites and their margin: the state that costs most over all sites, then its worst site. Ties go
    to the first, sites by name. None where nothing is sellable."""
    sites = {state: [site for site in sorted(costs) if costs[site].get(state, {sellable: 0})[sellable] > NOTHING] for state in DARK}
    lost = lambda state: [costs[site][state][margin] for site in sites[state]]
    waiting = [state for state in DARK if sites[state]]
    if not waiting:
        return None
    state = max(waiting, key=lambda state: sum(lost(state)))
    site = max(sites[state], key=lambda site: costs[site][state][margin])
    return state, site, costs[site][state][margin], len(sites[state]), sum(lost(state))


def rule_20(result):
    """Case and what is worst, from the costs of the dark and the share of paths with unmet demand."""
    costs = result["cost_of_dark"]
    nowhere = ("", "", 0, 0, 0)
    if one := worst(costs, "sellable_alone", "lost_margin_alone"):
        return "gate", one
    if both := worst(costs, "sellable", "lost_margin"):
        return "two_gates", both
    if sum(cost["accelerator_months"] for states in costs.values() for cost in states.values()) > NOTHING:
        return "demand", nowhere
    if any(result["binds"]["unmet_share"]):
        return "orders_and_gates", nowhere
    return "balanced", nowhere


def money(amount, currency):
    for size, letter in [(1e9, "B"), (1e6, "M"), (1e3, "k")]:
        if abs(amount) >= size * 0.9995:
            return f"{amount / size:.2f} {letter}{currency}"
    return f"{amount:.2f} {currency}"


BINDS = {"no_shell": "Warm shells bind", "no_cooling": "Cooling binds", "no_power": "Power binds", "installing": "Installation binds"}
THING = {"no_shell": "shell", "no_cooling": "cooling", "no_power": "power", "installing": "installation"}

LACKED = {"no_shell": "a warm shell", "no_cooling": "cooling", "no_power": "power", "installing": "crews"}


def sentence(result):
    binds = result["binds"]
    lost = money(binds["lost_margin"], result["currency"])
    in_all = ""
    if binds["sites_waiting"] > 1:
        in_all = (f"; {binds['sites_waiting']} sites lack {LACKED[binds['state']]}, "
                  f"at {money(binds['lost_margin_all_sites'], result['currency'])} in all")
    match binds["case"]:
        case "gate":
            return (f"{BINDS[binds['state']]} at {binds['site']} from {binds['from']}: {binds['mw']:.1f} MW of sellable accelerators "
                    f"wait for it alone, at a lost margin of {lost}{in_all}.")
        case "two_gates":
            return (f"Two gates bind together at {binds['site']}: no dark accelerator lights by {THING[binds['state']]} or by "
                    f"{THING[binds['second_state']]} alone; {binds['mw']:.1f} MW wait for both, at a lost margin of {lost}{in_all}.")
        case "demand":
            return "Demand binds: accelerators are dark and none of them would find a customer; another MW is worth nothing."
        case "orders_and_gates" if binds["latest_gate"]:
            return (f"Orders and gates bind: nothing is dark and demand is unmet; {binds['mw']:.1f} MW stand behind the latest gate, "
                    f"{binds['latest_gate']}.")
        case "orders_and_gates":
            return "Orders and gates bind: nothing is dark and demand is unmet."
        case "balanced" if not any(result["ledger"]["ordered"]):
            return ("No accelerator is owned or ordered, so none is dark: what a late gate costs shows in "
                    "rent, damages and NPV.")
        case "balanced":
            return "Nothing binds: no accelerator is dark and no demand is unmet."


def runs(folder, **more):
    """Results of simulate, a portfolio after the other; those with a lot that fits no hall are left out."""
    file = pathlib.Path(folder) / "portfolio.yaml"
    for seed in itertools.count():
        file.write_text(random_portfolio(seed, **more))
        done = subprocess.run([ROOT / "build/warmshell", "simulate", file, "--paths", "40", "--json"], capture_output=True, text=True)
        if FITS_NO_HALL in done.stderr:
            continue
        assert done.returncode == 0, (seed, done.stderr, file.read_text())
        yield seed, json.loads(done.stdout)


# Neither counts nor money; or read from histograms, whose steps do not scale.
OF_NO_SIZE = {"irr", "irr_by_chip_count", "payback", "levelised_cost", "share", "undefined_share", "unmet_share", "never", "odds", "residuals", "diagnostics",
              "paths", "paths_asked", "seed", "inputs_sha256", "summary", "summary_chinese", "defaults_used", "live_by", "cumulative_cash", "sites_waiting"}


def differences(small, large, size, path=""):
    """Paths at which `large` is not `size` times `small`."""
    if isinstance(small, dict):
        if small.keys() != large.keys():
            return [path]
        return [d for key in small if key not in OF_NO_SIZE for d in differences(small[key], large[key], size, f"{path}.{key}")]
    if isinstance(small, list):
        return [d for i, (a, b) in enumerate(zip(small, large, strict=True)) for d in differences(a, b, size, f"{path}[{i}]")]
    expected = size * small if isinstance(small, (int, float)) and not isinstance(small, bool) else small
    return [] if large == expected else [f"{path}: {large} is not {size} times {small}"]


class RandomPortfolios(unittest.TestCase):
    def test_the_first_sentence_follows_from_the_json_on_200(self):
        seen = collections.Counter()
        with tempfile.TemporaryDirectory() as folder:
            for seed, result in itertools.islice(runs(folder), 200):
                binds = result["binds"]
                case, told = rule_20(result)
                self.assertEqual(binds["case"], case, seed)
                keys = ["lost_margin", "sites_waiting", "lost_margin_all_sites"] + (["state", "site"] if told[0] else [])
                state, site, *rest = told
                self.assertEqual([binds[key] for key in keys], rest + ([state, site] if state else []), seed)
                if binds["latest_gate"]:
                    self.assertIn(binds["latest_gate"], [gate["id"] for gate in result["gates"]], seed)
                self.assertEqual(result["summary"], sentence(result), seed)
                seen[case + ("." + binds["state"] if case == "gate" else "")] += 1
        print(dict(seen))
        for kind in ["gate.no_shell", "gate.no_cooling", "gate.no_power", "gate.installing", "two_gates", "demand", "orders_and_gates", "balanced"]:
            self.assertGreater(seen[kind], 0, f"no random portfolio in which the case is {kind}")

    def test_four_times_the_size_gives_four_times_the_figures_to_the_bit(self):
        with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as other:
            for (seed, small), (_, large) in itertools.islice(zip(runs(folder), runs(other, size=4)), 50):
                self.assertEqual(differences(small, large, 4)[:5], [], seed)
                for name in ["irr", "irr_by_chip_count", "payback", "levelised_cost"]:
                    self.assertEqual(small["metrics"].get(name), large["metrics"].get(name), seed)


if __name__ == "__main__":
    unittest.main()
