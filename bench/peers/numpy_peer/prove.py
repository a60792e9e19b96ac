#!/usr/bin/env python3
"""That the NumPy peer takes any portfolio: random ones with every rule of the funnel, exported and compared.

    prove.py [--first SEED] [--count N]        from the root, after a build; uses build/bench_simulate

Prints how many portfolios had each kind of thing, what is credited for their dark chips, and the largest difference; ends
with 1 beyond 1e-9, where a leak into the ledger is not caught, or where a check had nothing to leak into in any of them.
"""

import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import leaks
import peer
from cures import CREWS
from dark import SELLABLE
from model import Model

ROOT = pathlib.Path(__file__).resolve().parents[3]
ACCELERATORS = {"h100_sxm": 1.9, "a100_80": 1.1, "gb300_nvl72": 2.3, "ascend_910b": 0.9}  # facility MW of a thousand, roughly


class Writer:
    def __init__(self, seed):
        self.chance = random.Random(seed)
        self.pick, self.between = self.chance.choice, self.chance.uniform

    def odds(self, p):
        return self.chance.random() < p

    def date(self, early, late):
        months = int(self.between(early, late))
        return f"{2026 + months // 12}-{months % 12 + 1:02}" + self.pick(["", "", f"-{self.pick(['05', '14', '23'])}"])

    def day(self, early, late):  # in words that span() understands, later than another
        months = int(self.between(early, late))
        return f"{2026 + months // 12}-{months % 12 + 1:02}"

    def gate(self, late):
        if self.odds(0.5):
            return self.date(-6, late)
        first = int(self.between(1, late))
        return "{p10: %s, p50: %s, p90: %s}" % tuple(self.day(first + k, first + k) for k in (0, 4, 12))

    def span(self):
        first = int(self.between(0, 40))
        return f"{{from: {self.day(first, first)}-10, to: {self.day(first + 3, first + 3)}, share: {self.pick([30, 60, 100])} %}}"

    def hall(self, scale):
        cooling = self.pick(["air", "liquid", "[air, liquid]"])
        fields = [f"it_power: {scale * self.between(0.2, 1.5):.2f} MW_it", f"cooling: {cooling}", f"max_rack: {self.pick([45, 145, 145])} kW",
                  f"shell: {{warm: {self.gate(36)}, capex: 12 MUSD/MW_it}}"]
        if self.odds(0.5):
            steps = f", steps: {{{self.day(3, 30)}-10: {{peak: {self.between(1.05, 1.4):.2f}, annual: 1.04}}}}" if self.odds(0.5) else ""
            fields.append(f"pue: {{peak: {self.between(1.1, 1.5):.2f}, annual: 1.08{steps}}}")
        if self.odds(0.2):
            fields.append(f"outages: {{o: {self.span()}}}")
        if self.odds(0.15):
            fields.append(f"let: {{tenant: acme, rent: 150 USD/kW_it-month, commencement: {self.day(1, 20)}, term: 5 years, "
                          "late: {damages: 40 USD/kW_it-month, longstop: 9 months}}")
        elif cooling in ("air", "liquid") and self.odds(0.3):
            fields.append(f"retrofit: {{from: {cooling}, to: {'liquid' if cooling == 'air' else 'air'}, done: {self.day(4, 40)}-15, outage: 3 months, capex: 2 MUSD/MW_it}}")
        return "{" + ", ".join(fields) + "}"

    def source(self, number, scale):
        power = round(scale * self.between(0.3, 3), 1)
        fields = [f"kind: {self.pick(['grid', 'recip_gas'])}", f"energised: {self.gate(36)}",
                  f"price: {self.pick(['60 USD/MWh', '70 USD/MWh', '{p10: 50 USD/MWh, p50: 60 USD/MWh, p90: 90 USD/MWh}'])}"]
        if self.odds(0.2):
            fields += ["units: 8 x %.1f MW_facility" % (scale * 0.2), "spare: 1", "outage: 10 %"]
        else:
            fields.append(f"power: {power} MW_facility")
            if self.odds(0.4):
                part = round(power * 0.4, 1)
                own = self.odds(0.5)
                rest = f"{power - part:.1f} MW_facility"
                fields.append(f"tranches: {{a: {part} MW_facility, b: " + (f"{{power: {rest}, energised: {self.gate(44)}}}" if own else rest) + "}")
                fields += [] if own else ["every: 5 months"]
        fields += [f"curtailed: {self.pick(['5 %', '{p10: 1 %, p50: 4 %, p90: 10 %}'])}"] if self.odds(0.3) else []
        fields += [f"ends: {self.day(20, 50)}-12"] if self.odds(0.15) else []
        fields += ["minimum_bill: 60 %"] if self.odds(0.4) else []
        fields += [f"outages: {{o: {self.span()}}}"] if self.odds(0.2) else []
        fields += ["completes: 70 %"] if "p50" in fields[1] and self.odds(0.4) else []
        fields += [f"until: source-{number - 1}"] if number and self.odds(0.5) else []
        return "{" + ", ".join(fields) + "}"

    def lot(self, sites):
        where = self.chance.randrange(len(sites))
        accelerator = self.pick(list(ACCELERATORS))
        count = max(8, int(1000 * sites[where][0] * self.between(0.1, 1) / ACCELERATORS[accelerator]))
        fields = [f"accelerator: {accelerator}", f"count: {count}", f"site: site-{where}", "failures: {rate: 9 %/year, repair: 5 days}"]
        if self.odds(0.3):
            fields += [f"ordered: {self.day(0, 10)}", "lead_time: {p10: 4 months, p50: 6 months, p90: 11 months}"]
            fields += ["completes: 80 %"] if self.odds(0.5) else []
        else:
            fields.append(f"delivered: {self.pick([self.date(-12, 1), self.date(0, 30), self.gate(30)])}")
        fields += [f"life: {self.pick([2, 3])} years"] if self.odds(0.3) else []
        fields += ["spares: 2 %"] if self.odds(0.3) else []
        return "{" + ", ".join(fields) + "}"

    def market(self):
        fields = [f"terms: {self.pick(['on-demand', 'take-or-pay', 'internal'])}", "utilisation: 80 %"]
        contract = self.odds(0.25)
        if contract:
            fields = ["terms: contract", f"contract: {{customer: acme, ready_by: {self.day(1, 20)}, damages: 200 USD, longstop: 9 months, term: 3 years, default_rate: 3 %/year}}"]
        if contract or self.odds(0.85):  # damages on demand without end drown all other money
            fields.append(f"demand: {{now: {self.pick([10, 1000, 5000, 30000])} h100e, growth: 30 %/year}}")
        fields += [f"ramp: {self.pick([1, 2, 3.5, 6])} months"] if self.odds(0.5) else []
        fields += [f"requires: {self.pick(['{feature: fp8}', '{max_behind: 1}', '{max_behind: 0}', '{accelerators: [h100_sxm, a100_80]}'])}"] if self.odds(0.5) else []
        fields += ["rent: {per_h100e: 2 USD/h100e-h, falls: 1 %/month}"] if self.odds(0.5) else []
        return "{" + ", ".join(fields) + "}"

    def portfolio(self, seed):
        text = [f"portfolio: random {seed}", "start: 2026-01", "horizon: 5 years", "currency: USD", "sites:"]
        sites = []
        for number in range(self.pick([1, 2, 3, 4])):
            scale = self.pick([2, 10, 40])
            sites.append((scale,))
            text += [f"  site-{number}:", "    region: us-wa", "    pue: {air: {peak: 1.30, annual: 1.22}, liquid: {peak: 1.16, annual: 1.12}}"]
            text += [f"    install: {self.pick([1, 5, 30, 1000])} racks/month"] if self.odds(0.8) else []
            text += ["    halls:"] + [f"      hall-{i}: {self.hall(scale)}" for i in range(self.pick([1, 2, 3, 4]))]
            text += ["    power:"] + [f"      source-{i}: {self.source(i, scale)}" for i in range(self.pick([1, 2, 3]))]
        text += ["fleet:"] + [f"  lot-{i}: {self.lot(sites)}" for i in range(self.pick([1, 3, 5, 8]))]
        text += ["markets:"] + [f"  market-{i}: {self.market()}" for i in range(self.pick([1, 2, 3]))]
        if self.odds(0.5):
            text.append(f"releases: {{vr200_nvl72: {{available: {self.gate(20)}}}}}")
        text += ["market_value: {falls: 2 %/month}"] if self.odds(0.3) else []
        return "\n".join(text) + "\n"


def kinds(m):
    """What a portfolio has that needs a rule of its own."""
    r = m.raw
    yield from (name for name, has in {
        "several halls for a lot": any(len(l["halls"]) > 1 for l in r["lots"]),
        "a lot without a hall": any(not l["halls"] for l in r["lots"]),
        "other halls": any(l["other_halls"] for l in r["lots"]),
        "sites that differ": len({(len(s["halls"]), len(s["sources"]), len(s["lots"])) for s in r["sites"]}) > 1,
        "a let hall": bool(m.let), "a retrofit": any(h["retrofit_month"] < 1e9 for h in r["halls"]),
        "an outage of a hall": bool(m.hall_outages), "an outage of a source": bool(m.source_outages),
        "steps of PUE": any(len(h["pue"]) > 1 for h in r["halls"]), "a bridge": bool(m.bridges),
        "a source that ends": any(s["ends_month"] < 1e9 for s in r["sources"]),
        "a tranche with its own date": any(g >= 0 for s in r["sources"] for g in s["tranche_gate"][1:]),
        "units": any(s["firm_share"] < 1 for s in r["sources"]),
        "an end of life": any(l["life_months"] < 1e9 for l in r["lots"]), "an order that may be cancelled": len(m.can_cancel) > 0,
        "a fractional ramp": any(x != int(x) for x in m.ramp), "only ramped markets": bool(m.ramp) and min(m.ramp) > 1,
        "several orders of lots": len(set(m.site_orders)) > 1, "several orders of the portfolio": len(set(map(tuple, m.order))) > 1,
        "prices by path": m.given["price"].ndim == 4, "curtailment by path": m.given["curtailed"].ndim == 4,
        "curtailment": bool(m.given["curtailed"].any()), "acceptance by path": m.given["accept"].ndim == 4,
        "part of a month accepted": bool(((m.given["accept"] > 0) & (m.given["accept"] < 1)).any()),
        "damages": any(line["name"].startswith("damages") for line in r["energised"]["lines"]),
    }.items() if has)


def credited(m, totals):
    """What stands for the chips that one cure lights."""
    ends = {"retrofit": "a retrofit", "power": "power that no gate brings", "halls": "halls that no gate brings",
            "cooling": "cooling that no gate brings", "install": "crews"}
    own = [m.raw["gates"][g] for s in m.raw["sources"] for g in s["tranche_gate"][1:] if g >= 0]
    behind = {m.raw["gates"][s["gate"]] for s in m.raw["sources"] if len(s["tranche_mw"]) > len([g for g in s["tranche_gate"] if g >= 0]) > 0}
    for name, (alone, sellable, *_) in totals.cures().items():
        if alone > 0:
            last = name.rpartition(".")[2]
            what = ends.get(last, "a hall" if last == "warm" else "a tranche with its own date" if name in own
                            else "a source with tranches at intervals" if name in behind else "a source")
            yield what
            if sellable > 0:
                yield what + ", sellable"
    if totals.dark[:, :, :CREWS, SELLABLE].sum() > totals.cures_of_gates()[1] * (1 + 1e-9):
        yield "two cures, sellable"


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--first", type=int, default=0)
    parser.add_argument("--count", type=int, default=40)
    parser.add_argument("--leaky", type=int, default=3, help="portfolios whose ledger is made to leak")
    a = parser.parse_args()
    seen, cured, caught, worst, refused, done = collections.Counter(), collections.Counter(), set(), ("", 0.0), 0, 0
    for seed in range(a.first, a.first + a.count):
        with tempfile.TemporaryDirectory() as folder:
            (pathlib.Path(folder) / "portfolio.yaml").write_text(Writer(seed).portfolio(seed))
            out = subprocess.run([ROOT / "build/bench_simulate", "--folder", folder, "--export", folder + "/out", "--paths", "192", "--compared", "160"],
                                 capture_output=True, text=True)
            if out.returncode:
                refused += 1
                print(seed, "refused:", out.stderr.splitlines()[0] if out.stderr else out.returncode)
                continue
            model = Model(folder + "/out")
            seen.update(kinds(model))
            done += 1
            found, totals = peer.compare(folder + "/out", 128)
            cured.update(set(credited(model, totals)))
            if done <= a.leaky:
                caught.update(leaks.caught(folder + "/out", model.months // 3))
            bad = {k: v for k, v in found.items() if not v <= 1e-9}
            if bad:
                print(seed, json.dumps(bad))
            for name, difference in found.items():
                if difference > worst[1]:
                    worst = (f"{name} of {seed}", difference)
    for name, count in sorted(seen.items()):
        print(f"{count:5} {name}")
    for name, count in sorted(cured.items()):
        print(f"{count:5} credited: {name}")
    print(f"leaks caught of {len(caught)} kinds: {', '.join(sorted(caught))}")
    print(f"{done} portfolios, {refused} refused by the reader; largest difference {worst[1]:.2g} ({worst[0]})")
    return 0 if worst[1] <= 1e-9 and len(caught) == len(leaks.LEAKS) else 1


if __name__ == "__main__":
    sys.exit(main())
