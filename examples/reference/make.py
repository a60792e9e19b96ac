#!/usr/bin/env python3
"""Writes portfolio.yaml beside it: 20 sites, by arithmetic alone, for benchmarks. Run: python3 make.py"""

import pathlib

SITES = 20


def date(year, month, plus):
    months = year * 12 + month - 1 + plus
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def quantiles(months):
    return "{{p10: {}, p50: {}, p90: {}}}".format(*(date(2026, 1, m) for m in months))


def site(i):
    name = f"site-{i + 1:02d}"
    factor = ["north", "south", "west"][i % 3]
    air, liquid = 16 + i % 5 * 2, 24 + i % 4 * 6
    first = round(0.6 * air * 1.3)
    second = round(0.5 * air * 1.3 + liquid * 1.16)
    bridge = 4 + i % 6
    warm = (2 + i % 7, 8 + i % 7 + i % 3, 16 + i % 13)
    grid = (8 + i % 6, 20 + i % 11, 46 + i % 17)
    return f"""\
  {name}:
    pue: {{air: {{peak: 1.30, annual: 1.22}}, liquid: {{peak: 1.16, annual: 1.12}}}}
    install: {6 + i % 5 * 2} racks/month
    halls:
      air: {{it_power: {air} MW_it, cooling: air, max_rack: 60 kW, shell: {{warm: {date(2024, 3, i)}, capex: 11 MUSD/MW_it}}}}
      liquid:
        it_power: {liquid} MW_it
        cooling: liquid
        max_rack: 145 kW
        shell: {{warm: {quantiles(warm)}, capex: 15 MUSD/MW_it, loads: {{builders: 0.5}}}}
    power:
      grid-1: {{kind: grid, power: {first} MW_facility, energised: {date(2024, 3, i)}, price: {55 + 3 * (i % 8)} USD/MWh, minimum_bill: 50 %, capex: 0 USD/MW_facility}}
      grid-2:
        kind: grid
        power: {second} MW_facility
        tranches: {{a: {second - second // 2} MW_facility, b: {second // 2} MW_facility}}
        every: {3 + i % 4} months
        completes: {60 + i % 5 * 8} %
        energised: {quantiles(grid)}
        loads: {{{factor}: 0.7}}
        price: {60 + 2 * (i % 9)} USD/MWh
        minimum_bill: 60 %
        capex: 250 USD/kW_facility
      gas:
        kind: recip_gas
        units: {bridge} x 2.5 MW_facility
        spare: 1
        outage: 8 %
        energised: {quantiles((6 + i % 3, 10 + i % 4, 18 + i % 5))}
        until: grid-2
        price: 85 USD/MWh
        capex: 1900 USD/kW_facility
"""


def lots(i):
    name = f"site-{i + 1:02d}"
    failures = "failures: {rate: 9 %/year, repair: 5 days}"
    old, count, price = ("a100_80", 9600 + 320 * (i % 6), 22) if i % 2 else ("h100_sxm", 6400 + 320 * (i % 6), 47)
    return f"""\
  old-{i + 1:02d}: {{accelerator: {old}, count: {count}, delivered: {date(2024, 6, i % 12)}, site: {name}, price: {price}k USD, life: {6 + i % 3} years, {failures}}}
  air-{i + 1:02d}:
    accelerator: b200_hgx
    count: {3200 + 160 * (i % 7)}
    ordered: {date(2025, 10, i % 9)}
    lead_time: {{p10: 4 months, p50: 6 months, p90: 11 months}}
    completes: {90 + i % 4 * 2} %
    site: {name}
    price: 57k USD
    {failures}
  racks-{i + 1:02d}:
    accelerator: gb300_nvl72
    count: {72 * (110 + 10 * (i % 8))}
    ordered: {date(2025, 11, i % 14)}
    lead_time: {{p10: 4 months, p50: 7 months, p90: 12 months}}
    site: {name}
    price: 64k USD
    {failures}
"""


TEXT = f"""\
# Written by make.py: change that, not this.
portfolio: Reference for benchmarks
start: 2026-01
horizon: 120 months
currency: USD

factors: {{economy: {{}}, north: {{loads: {{economy: 0.4}}}}, south: {{loads: {{economy: 0.4}}}}, west: {{loads: {{economy: 0.4}}}}, builders: {{loads: {{economy: 0.3}}}}}}

sites:
{"".join(site(i) for i in range(SITES))}
fleet:
{"".join(lots(i) for i in range(SITES))}
markets:
  inference:
    demand: {{now: 120k h100e, growth: 25 %/year}}
    terms: take-or-pay
    utilisation: 80 %
    ramp: 2 months
  training:
    demand: {{now: 260k h100e, growth: 15 %/year}}
    requires: {{max_behind: 1}}
    terms: on-demand
    utilisation: 85 %

finance: {{wacc: 12 %/year, tax: 21 %, book_life: 6 years, economic_life: 3 years, plant_life: 15 years, building_life: 30 years, variable_cost: 8 %, maintenance: 3 %/year}}
"""

pathlib.Path(__file__).with_name("portfolio.yaml").write_text(TEXT)
