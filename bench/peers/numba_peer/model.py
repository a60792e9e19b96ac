"""The tables and draws that `build/bench_simulate --export DIR` writes, for the numba peer.

It knows only what examples/reference uses, and says so when given anything else. Lots are kept
rank by rank: every site places its lots in the same order in every month, so lot `r * sites + s` is
the r-th that site s places, and a rank is one slice. Units: MW of facility power, accelerators,
months since start, money.
"""

import json
import math
import pathlib

import numpy as np

HOURS = 730.0


def number(x):
    return math.inf if x is None else x


class Model:
    def __init__(self, folder):
        m = json.loads((pathlib.Path(folder) / "reference.json").read_text())
        self.raw = m
        self.months, self.paths, self.compared = m["months"], m["paths"], m["compared"]
        self.sites, self.classes = len(m["sites"]), m["classes"]
        sites = m["sites"]

        # ---- lots by rank of placement
        ranks = None
        for order in m["order"]:
            by_site = [[l for l in order if m["lots"][l]["site"] == s] for s in range(self.sites)]
            if ranks is None:
                ranks = by_site
            assert by_site == ranks, "sites place their lots in another order in some month"
        self.ranks = len(ranks[0])
        assert all(len(r) == self.ranks for r in ranks), "sites have different numbers of lots"
        self.lot_of = [ranks[s][r] for r in range(self.ranks) for s in range(self.sites)]
        self.lots = len(self.lot_of)
        place = {l: i for i, l in enumerate(self.lot_of)}
        lots = [m["lots"][l] for l in self.lot_of]
        self.order = [[place[l] for l in order] for order in m["order"]]
        self.take_order = [[place[l] for l in order] for order in m["take_order"]]
        self.market_order = m["market_order"]

        def column(name):
            return np.array([number(lot[name]) for lot in lots], dtype=float)

        self.count, self.price = column("count"), column("price")
        self.ordered = np.array([-math.inf if lot["ordered_month"] is None else lot["ordered_month"] for lot in lots])
        self.life, self.h100e = column("life_months"), column("h100e")
        self.failed_share = column("failed_share")
        self.it_mw_each = column("provisioned_kw") / 1000
        self.idle_kw, self.peak_kw = column("idle_kw"), column("peak_kw")
        self.per_rack = column("accelerators_per_rack")
        self.class_of = np.array([lot["class"] for lot in lots])
        self.delivered_gate = np.array([lot["delivered_gate"] for lot in lots])
        self.cancelled_gate = np.array([lot["cancelled_gate"] for lot in lots])
        assert (self.h100e > 0).all()

        # ---- two halls a site; each lot has one of its own, at the lowest PUE it could have
        assert all(len(s["halls"]) == 2 for s in sites)
        self.hall_of_rank = []
        halls = m["halls"]
        for r in range(self.ranks):
            own = {sites[s]["halls"].index(lots[r * self.sites + s]["halls"][0]) for s in range(self.sites)}
            assert len(own) == 1
            self.hall_of_rank.append(own.pop())
        for i, lot in enumerate(lots):
            assert len(lot["halls"]) == 1 and len(lot["other_halls"]) == 1
            assert halls[lot["halls"][0]]["peak_pue"] == lot["lowest_peak_pue"]
            assert halls[lot["halls"][0]]["annual_pue"] == lot["lowest_annual_pue"]
        self.hall_ids = [[s["halls"][h] for s in sites] for h in range(2)]
        by_hall = [[halls[i] for i in ids] for ids in self.hall_ids]
        self.hall_gate = np.array([[h["warm_gate"] for h in row] for row in by_hall])
        self.hall_pue = np.array([[h["peak_pue"] for h in row] for row in by_hall])
        self.hall_mw = np.array([[h["it_mw"] for h in row] for row in by_hall]) * self.hall_pue
        self.mw_each = self.it_mw_each * np.array([lot["lowest_peak_pue"] for lot in lots])
        self.annual_pue = np.array([lot["lowest_annual_pue"] for lot in lots])

        # ---- three sources a site: a bridge until the third, one grid connection, one in two tranches
        self.sources = [[s["sources"][k] for s in sites] for k in range(3)]
        by_source = [[m["sources"][i] for i in ids] for ids in self.sources]
        for bridge, plain, late in zip(*by_source):
            assert bridge["bridge_until"] == sites[late["site"]]["sources"][2]
            assert plain["bridge_until"] < 0 and late["bridge_until"] < 0
            assert (len(bridge["tranche_mw"]), len(plain["tranche_mw"]), len(late["tranche_mw"])) == (1, 1, 2)
            assert late["tranche_gate"][1] < 0 and plain["firm_share"] == late["firm_share"] == 1
        self.source_gate = np.array([[s["gate"] for s in row] for row in by_source])
        self.tranche_mw = np.array([[s["tranche_mw"][0] for s in by_source[0]],
                                    [s["tranche_mw"][0] for s in by_source[1]],
                                    [s["tranche_mw"][0] for s in by_source[2]],
                                    [s["tranche_mw"][1] for s in by_source[2]]], dtype=float)
        self.every = np.array([s["every"] for s in by_source[2]], dtype=float)
        self.firm_share = np.array([s["firm_share"] for s in by_source[0]])
        self.minimum_bill = np.array([[s["minimum_bill"] for s in row] for row in by_source], dtype=float)
        self.racks_per_month = np.array([number(s["racks_per_month"]) for s in sites], dtype=float)

        # ---- markets: two, nothing refused by name
        assert len(m["markets"]) == 2 and all(all(x["accepts_class"]) for x in m["markets"])
        self.ramp = [x["ramp_months"] for x in m["markets"]]
        self.busy_share = [x["busy_share"] for x in m["markets"]]
        assert sorted(self.ramp)[0] <= 1 and all(r <= 1 or r == int(r) for r in self.ramp)

        # ---- money
        f = m["finance"]
        self.finance = f
        self.discount = np.array(f["discount"])
        self.resale_by_year = np.array(f["resale_by_year"])
        self.variable_cost, self.maintenance = f["variable_cost"], f["maintenance"]
        shell = np.array([[h["it_mw"] * h["capex_per_it_mw"] for h in row] for row in by_hall])
        structure = np.array([[h["structure_share"] for h in row] for row in by_hall])
        grid = np.array([[s["grid"] for s in row] for row in (by_source[0], by_source[1], by_source[2], by_source[2])])
        per_mw = np.array([[s["capex_per_mw"] for s in row] for row in (by_source[0], by_source[1], by_source[2], by_source[2])])
        source = self.tranche_mw * per_mw
        # what opens: halls, then tranches, [6 sites]; what each costs as building and as plant
        self.building = np.concatenate([shell * structure, source * grid]).ravel()
        self.plant = np.concatenate([shell * (1 - structure), source * ~grid]).ravel()

        self.demand = np.load(f"{folder}/demand.npy")
        self.accept = np.load(f"{folder}/accept.npy").reshape(self.months, 2, self.classes)
        price = np.load(f"{folder}/price.npy")
        curtailed = np.load(f"{folder}/curtailed.npy")
        assert (price == price[0]).all() and (curtailed == 0).all(), "prices that change, or curtailment"
        self.energy_price = price[0][np.array(self.sources)]  # [source][site]

        # ---- history: dates before start are the same on every path
        self.first_month = -int(min(120, max(0, -math.floor(self._first_delivery(folder)))))

    def _first_delivery(self, folder):
        gates = np.load(f"{folder}/gates.npy", mmap_mode="r")
        first = np.asarray(gates[0, :, 0])
        varies = np.zeros(len(first), dtype=bool)
        for block in gates:
            different = (block != first[:, None])
            varies |= different.any(axis=1)
        for block in gates:
            assert (block[varies] >= 0).all(), "a date before start differs between paths"
        return first[self.delivered_gate].min()

    def draws(self, folder, first, count):
        """Paths first .. first+count-1: gates [gate][path], rent [month][market][class][path], resale [month][class][path]."""
        width = 64
        assert first % width == 0
        blocks = slice(first // width, (first + count + width - 1) // width)

        def side_by_side(name):
            x = np.load(f"{folder}/{name}.npy", mmap_mode="r")[blocks]
            x = np.moveaxis(x, 0, -2)
            return x.reshape(*x.shape[:-2], -1)[..., :count]

        gates = np.ascontiguousarray(side_by_side("gates"))
        rent = np.ascontiguousarray(side_by_side("rent"))
        resale = np.ascontiguousarray(side_by_side("resale"))
        return gates, rent.reshape(self.months, 2, self.classes, count), resale
