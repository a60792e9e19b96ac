#!/usr/bin/env python3
"""The numba peer: the same model, one path at a time in scalar loops, paths spread over threads.

    peer.py DIR [--paths N] [--threads N] [--check]

It knows examples/reference alone, and leaves out what a run counts beside the valuations: the crediting of cures,
standard errors, bands of cash, the check of cash, promises and all but three checks of the ledger.
Draws are laid out path by path before the clock starts, and compiling is not timed. The last line is JSON.
"""

import argparse
import collections
import json
import math
import pathlib
import sys
import time

import numba
import numpy as np
from numba import prange

sys.path.append(str(pathlib.Path(__file__).resolve().parents[1]))  # what the peers share

import compare
from model import HOURS, Model
from fleet import OPENINGS, RANKS, SOURCES, dates_of, energy_from, history, kept_at, part, place, ranks_of_a_site, serve, tables
from rates import fast, rates_of

METRICS = ["npv", "npv_without_terminal", "npv_by_chip_count", "irr", "irr_by_chip_count", "peak_funding", "payback",
           "dark_accelerator_months", "dark_lost_margin"]
LINES = ["opex.variable", "opex.maintenance", "capex.chips", "depreciation.chips", "terminal.chips", "capex.plant",
         "depreciation.plant", "terminal.plant", "capex.building", "depreciation.building", "terminal.building", "net_cash"]


# What one path carries from month to month.
State = collections.namedtuple("State", """
    delivered cancelled racked installed working before chip_working chip_before first_growth worth grown most opens net entered
    paid""")
# What a month of a path needs beside; one for all paths of a thread.
Month = collections.namedtuple("Month", """
    present in_service failed idle busy underused outclassed all_dark all_alone handed_all dark alone sold chip_sold handed sellable
    sellable_alone sources given megawatts unmet by_rank""")


@fast()
def make_state(n, T):
    L, z = T.lots, np.zeros
    return State(z((n, L)), z((n, L)), z((n, L)), z((n, L)), z((n, L)), z((n, L)), z((n, L)), z((n, L)), z((n, L)), z((n, L)),
                 z((n, L)), z((n, L)), z((n, OPENINGS, T.sites)), z((n, 2, T.months)), z((n, T.months)), z((n, 6)))


@fast()
def make_month(T):
    L, S, z = T.lots, T.sites, np.zeros
    return Month(z(L), z(L), z(L), z(L), z(L), z(L), z(L), z(L), z(L), z(L), z((4, L)), z((3, L)), z((2, L)), z((2, L)), z((2, L)),
                 z((4, L)), z((4, L)), z((S, 6)), z(SOURCES), z((S, 10)), z(2), ranks_of_a_site())


@fast()
def begin_path(T, p, state, begin, gates, resale):
    delivered, opens = state.delivered[p], state.opens[p]
    dates_of(T, gates, delivered, state.cancelled[p], opens)
    paid = building = plant = 0.0
    for l in range(T.lots):
        state.racked[p, l], state.installed[p, l], state.working[p, l], state.chip_working[p, l] = begin[0][l], begin[1][l], begin[2][l], begin[3][l]
        state.most[p, l] = 0.0
        paid += T.cost[l] * part(-1, delivered[l])
        kept = kept_at(T, max(0.0 - delivered[l], 0.0))
        state.first_growth[p, l] = math.exp(-T.growth * delivered[l])
        state.worth[p, l] = resale[0, T.class_of[l]] * kept
        state.grown[p, l] = max(state.first_growth[p, l], 1.0)
    for k in range(OPENINGS):
        for s in range(T.sites):
            building += T.building[k, s] * part(-1, opens[k, s])
            plant += T.plant[k, s] * part(-1, opens[k, s])
    # paid so far: chips, building, plant; terminal value; dark months; lost margin
    state.paid[p, 0], state.paid[p, 1], state.paid[p, 2] = paid, building, plant
    state.paid[p, 3] = state.paid[p, 4] = state.paid[p, 5] = 0.0


@fast()
def month_of_block(T, t, start, count, state, m, rent, resale, revenues, energies, bills, lines, dark_sums, by_month, by_lot, by_site, watch):
    """Paths start .. start+count-1. Sums of the month: revenues, energies, bills, lines, dark_sums."""
    L, S, M = T.lots, T.sites, T.months
    present, in_service, failed, idle, busy, underused = m.present, m.in_service, m.failed, m.idle, m.busy, m.underused
    outclassed, all_dark, all_alone, handed_all = m.outclassed, m.all_dark, m.all_alone, m.handed_all
    dark, alone, sold, chip_sold, handed = m.dark, m.alone, m.sold, m.chip_sold, m.handed
    sellable, sellable_alone, sources, given, megawatts, unmet, by_rank = m.sellable, m.sellable_alone, m.sources, m.given, m.megawatts, m.unmet, m.by_rank
    first, second = T.market_order[0], T.market_order[1]
    worst = 0.0
    for p in range(count):
        path = start + p
        w = path if watch else 0
        delivered, cancelled, racked, installed = state.delivered[p], state.cancelled[p], state.racked[p], state.installed[p]
        working, before, chip_working, chip_before = state.working[p], state.before[p], state.chip_working[p], state.chip_before[p]
        first_growth, worth, grown, most = state.first_growth[p], state.worth[p], state.grown[p], state.most[p]
        opens, net, entered = state.opens[p], state.net[p], state.entered[p]
        paid_before, building_before, plant_before = state.paid[p, 0], state.paid[p, 1], state.paid[p, 2]
        dark_months = lost = 0.0

        # ---- the funnel, the energy and its bill, site by site; sold first needs all sites
        for l in range(L):
            before[l], chip_before[l] = working[l], chip_working[l]
        place(T, t, opens, delivered, racked, installed, True, present, in_service, dark, alone, by_rank, sources, megawatts)
        entered_now = 0.0
        for l in range(L):
            failed[l] = in_service[l] * T.failed[l]
            working[l] = in_service[l] - failed[l]
            chip_working[l] = present[l] * T.per_mw[l] * (1 - T.failed[l])
            most[l] = max(most[l], in_service[l])
            entered_now += T.price[l] * most[l]
        entered[t] = entered_now
        serve(T, t, working, before, sold, unmet)
        for l in range(L):
            busy[l] = sold[first, l] + sold[second, l] * T.busy_share[second]
            underused[l] = sold[second, l] * (1 - T.busy_share[second])
            idle[l] = max(working[l] - sold[first, l] - sold[second, l], 0.0)
            outclassed[l] = 0.0

        # ---- R18
        left = unmet[second]
        for i in range(L):
            l = T.order[t, i]
            refused = 1 - T.accept[t, second, T.class_of[l]]
            if refused > 0:
                x = min(refused * left, idle[l] * T.h100e[l])
                left -= x
                outclassed[l] = x * T.per_h100e[l]

        # ---- R19
        some_sold = unmet[0] > 0 or unmet[1] > 0
        for l in range(L):
            all_alone[l] = alone[0, l] + alone[1, l] + alone[2, l] + dark[3, l]
            all_dark[l] = dark[0, l] + dark[1, l] + dark[2, l] + dark[3, l]
            dark_months += all_dark[l]
        if some_sold:
            left_0, left_1 = unmet[first], unmet[second]
            for i in range(L):
                l = T.order[t, i]
                handed[0, l] = handed[1, l] = handed_all[l] = 0.0
                for k in range(4):
                    sellable[k, l] = sellable_alone[k, l] = 0.0
                if all_dark[l] == 0:
                    continue
                c = T.class_of[l]
                x = min(T.accept[t, first, c] * all_dark[l] * T.h100e[l], left_0)
                left_0 -= x
                handed[first, l] = x * T.per_h100e[l]
                rest = all_dark[l] - handed[first, l]
                y = min(min(T.accept[t, second, c] * all_dark[l], rest) * T.h100e[l], left_1)
                left_1 -= y
                handed[second, l] = y * T.per_h100e[l]
                total = handed[first, l] + handed[second, l]
                handed_all[l] = total
                of_alone = min(total, all_alone[l])
                share = of_alone / all_alone[l] if all_alone[l] > 0 else 0.0
                rest = all_dark[l] - all_alone[l]
                share_rest = min(max(total - of_alone, 0.0) / rest, 1.0) if rest > 1e-12 * T.count[l] else 0.0
                for k in range(3):
                    sellable_alone[k, l] = alone[k, l] * share
                    sellable[k, l] = sellable_alone[k, l] + (dark[k, l] - alone[k, l]) * share_rest
                sellable_alone[3, l] = sellable[3, l] = dark[3, l] * share

        # ---- R22, energy, bills
        energy_cost = short = 0.0
        chip_short = chip_energy_cost = 0.0
        serve(T, t, chip_working, chip_before, chip_sold, unmet)
        for s in range(S):
            used = customers = energy = chip_energy = 0.0
            for r in range(RANKS):
                l = r * S + s
                used += T.mw_each[l] * (failed[l] + sold[0, l] + sold[1, l])
                customers += T.mw_each[l] * idle[l]
                energy += in_service[l] * T.idle_mwh[l] + busy[l] * T.busy_mwh[l]
                chip_busy = chip_sold[first, l] + chip_sold[second, l] * T.busy_share[second]
                chip_energy += present[l] * T.per_mw[l] * T.idle_mwh[l] + chip_busy * T.busy_mwh[l]
            mw = megawatts[s]
            mw[3], mw[5] = used, customers
            uses = mw[1] + mw[2] + mw[3] + mw[4] + mw[5] + mw[6] + mw[7]
            worst = max(worst, abs(uses - mw[0]) / mw[0])
            energy_from(T.cheaper, s, energy, sources[s], given)
            cost = asked_all = 0.0
            for a in range(SOURCES):
                bill = T.energy_price[a, s] * given[a]
                cost += bill
                asked = T.ask[a, s] * sources[s, a]
                if asked > 0:
                    x = max(asked - bill, 0.0)
                    short += x
                    bills[a, s] -= x
                    asked_all += asked
            energy_cost += cost
            energies[s] -= cost
            chip_energy_cost += T.dearest[s] * chip_energy
            chip_short += max(asked_all - T.dearest[s] * chip_energy, 0.0)

        # ---- money
        earned = chip_earned = upkeep = chip_upkeep = paid = 0.0
        for k in range(2):
            revenue = chip_revenue = 0.0
            for l in range(L):
                hourly = rent[path, t, k, T.class_of[l]]
                revenue += sold[k, l] * hourly
                chip_revenue += chip_sold[k, l] * hourly
            revenue *= HOURS * T.busy_share[k]
            revenues[k] += revenue
            earned += revenue
            chip_earned += chip_revenue * (HOURS * T.busy_share[k])
        for l in range(L):
            upkeep += T.price[l] * in_service[l]
            chip_upkeep += T.price[l] * present[l] * T.per_mw[l]
            paid += T.cost[l] * part(t, delivered[l])
        upkeep *= T.upkeep
        chip_upkeep *= T.upkeep
        building = plant = 0.0
        for k in range(OPENINGS):
            for s in range(S):
                x = part(t, opens[k, s])
                building += T.building[k, s] * x
                plant += T.plant[k, s] * x
        left_chips = left_building = left_plant = 0.0
        if t == M - 1:
            for l in range(L):
                held = part(t, delivered[l]) - part(t, delivered[l] + T.life[l])
                left_chips += T.cost[l] * held * resale[path, t, T.class_of[l]] * kept_at(T, max(t + 1 - delivered[l], 0.0))
            for k in range(OPENINGS):
                for s in range(S):
                    if opens[k, s] < math.inf:
                        x = part(t, opens[k, s])
                        left_building += T.building[k, s] * x * min(max((opens[k, s] + T.building_life - M) / T.building_life, 0.0), 1.0)
                        left_plant += T.plant[k, s] * x * min(max((opens[k, s] + T.plant_life - M) / T.plant_life, 0.0), 1.0)
        terminal = left_chips + left_building + left_plant
        bought = paid - paid_before + building - building_before + plant - plant_before
        net[0, t] = earned * (1 - T.variable_cost) - upkeep - energy_cost - short - bought + terminal
        net[1, t] = chip_earned * (1 - T.variable_cost) - chip_upkeep - chip_energy_cost - chip_short - bought + terminal
        gone_by = entered[t - T.book_life] if t >= T.book_life else 0.0
        lines[0] -= T.variable_cost * earned
        lines[1] -= upkeep
        lines[2] -= paid - paid_before
        lines[3] -= (entered[t] - gone_by) / T.book_life
        lines[4] += left_chips
        lines[5] -= plant - plant_before
        lines[6] -= plant / T.plant_life
        lines[7] += left_plant
        lines[8] -= building - building_before
        lines[9] -= building / T.building_life
        lines[10] += left_building
        lines[11] += net[0, t]
        state.paid[p, 0], state.paid[p, 1], state.paid[p, 2], state.paid[p, 3] = paid, building, plant, terminal

        # ---- cost of the dark
        for l in range(L):
            c, price = T.class_of[l], T.price[l]
            age = max(t + 1 - delivered[l], 0.0)
            now = kept_at(T, age)
            worth_now, grown_now = resale[path, t, c] * now, max(first_growth[l] * T.growth_factor[t + 1], 1.0)
            value_lost, capital = price * (worth[l] - worth_now), price * (grown_now - grown[l])
            worth[l], grown[l] = worth_now, grown_now
            if all_dark[l] == 0:
                continue
            age_before = max(t - delivered[l], 0.0)
            life = price * (min(age, T.economic_life) - min(age_before, T.economic_life)) / T.economic_life
            book = price * (min(age, T.book_life) - min(age_before, T.book_life)) / T.book_life
            revenue_alone = revenue_rest = margin_alone = margin_rest = 0.0
            if some_sold and handed_all[l] > 0:
                mine = sellable_alone[0, l] + sellable_alone[1, l] + sellable_alone[2, l] + sellable_alone[3, l]
                left = mine
                for i in range(2):
                    k = T.market_order[i]
                    revenue = rent[path, t, k, c] * (HOURS * T.busy_share[k])
                    margin = revenue * (1 - T.variable_cost) - T.site_energy[k, l]
                    x = min(left, handed[k, l])
                    left -= x
                    y = handed[k, l] - x
                    revenue_alone += x * revenue
                    margin_alone += x * margin
                    revenue_rest += y * revenue
                    margin_rest += y * margin
                served, rest = mine - left, handed_all[l] - mine
                lost += T.discount[t] * (margin_alone + margin_rest)
                x = 1 / served if served > 0 else 0.0
                y = 1 / rest if rest > 1e-12 * handed_all[l] else 0.0
                revenue_alone, margin_alone, revenue_rest, margin_rest = revenue_alone * x, margin_alone * x, revenue_rest * y, margin_rest * y
            for k in range(4):
                chips = dark[k, l]
                if chips == 0:
                    continue
                into = dark_sums[l, k]
                into[0] += chips
                into[1] += alone[k, l] if k < 3 else chips
                into[9] += chips * value_lost
                into[10] += chips * life
                into[11] += chips * book
                into[12] += chips * capital
                if some_sold:
                    x, y = sellable_alone[k, l], sellable[k, l] - sellable_alone[k, l]
                    into[2] += sellable[k, l]
                    into[3] += x
                    into[6] += x * revenue_alone + y * revenue_rest
                    into[7] += x * margin_alone + y * margin_rest
                    into[8] += x * margin_alone

        # ---- the ledger
        for l in range(L):
            gone = T.count[l] * (part(t, delivered[l] + T.life[l]) + part(t, cancelled[l]))
            ordered = part(t, T.ordered[l]) * T.count[l]
            transit = ordered - T.count[l] * (part(t, delivered[l]) + part(t, cancelled[l]))
            no_demand = max(idle[l] - outclassed[l], 0.0)
            counted = failed[l] + no_demand + outclassed[l] + underused[l] + busy[l]
            worst = max(worst, abs(transit + all_dark[l] + counted + gone - ordered) / T.count[l])
            worst = max(worst, abs(counted - in_service[l]) / T.count[l])
            if watch:
                states = (transit, dark[0, l], dark[1, l], dark[2, l], dark[3, l], failed[l], no_demand, outclassed[l], underused[l], busy[l])
                for i in range(10):
                    by_month[w, t, i] += states[i]
                    by_lot[w, l, i] += states[i]
        if watch:
            for s in range(S):
                for i in range(10):
                    by_site[w, s, i] += megawatts[s, i]
        state.paid[p, 4] += dark_months
        state.paid[p, 5] += lost
    return worst


@fast()
def end_path(T, p, state, forms, metrics):
    M, net = T.months, state.net[p]
    npv = chip_npv = balance = deepest = payback = 0.0
    for t in range(M):
        npv += net[0, t] * T.discount[t]
        chip_npv += net[1, t] * T.discount[t]
        was = balance
        balance += net[0, t]
        deepest = min(deepest, balance)
        if balance < 0:
            payback = math.inf
        elif was < 0:
            payback = t + was / (was - balance)
    metrics[0], metrics[1], metrics[2] = npv, npv - T.discount[M - 1] * state.paid[p, 3], chip_npv
    metrics[3], metrics[4] = rates_of(net[0], forms), rates_of(net[1], forms)
    metrics[5], metrics[6], metrics[7], metrics[8] = -deepest, payback, state.paid[p, 4], state.paid[p, 5]


BLOCK = 64  # paths that walk through the months together: the sums of a month then stay in cache


@fast(parallel=True)
def all_paths(T, begin, gates, rent, resale, parts, metrics, revenues, energies, bills, lines, dark_sums, by_month, by_lot, by_site, watch):
    """Paths in `parts` runs of neighbours; each run has its own state and sums."""
    n = len(gates)
    worst = np.zeros(parts)
    for i in prange(parts):
        state, month, forms = make_state(BLOCK, T), make_month(T), np.zeros((2, 64, T.months))
        end = (i + 1) * n // parts
        for start in range(i * n // parts, end, BLOCK):
            count = min(BLOCK, end - start)
            for p in range(count):
                begin_path(T, p, state, begin, gates[start + p], resale[start + p])
            for t in range(T.months):
                x = month_of_block(T, t, start, count, state, month, rent, resale, revenues[i, t], energies[i, t], bills[i, t],
                                   lines[i, t], dark_sums[i, t], by_month, by_lot, by_site, watch)
                worst[i] = max(worst[i], x)
            for p in range(count):
                end_path(T, p, state, forms, metrics[start + p])
    return worst.max()


class Run:
    def __init__(self, model, parts):
        m = model
        self.m, self.parts, self.T = m, parts, tables(m)
        self.sums = (np.zeros((parts, m.months, 2)), np.zeros((parts, m.months, m.sites)), np.zeros((parts, m.months, SOURCES, m.sites)),
                     np.zeros((parts, m.months, len(LINES))), np.zeros((parts, m.months, m.lots, 4, 13)))
        self.begin = None

    def draws(self, folder, first, count):
        gates, rent, resale = self.m.draws(folder, first, count)
        path_first = lambda x: np.ascontiguousarray(np.moveaxis(x, -1, 0))
        return path_first(gates), path_first(rent), path_first(resale)

    def __call__(self, draws, watch=False):
        m, n = self.m, len(draws[0])
        if self.begin is None:
            self.begin = history(self.T, draws[0][0])
        metrics = np.empty((n, len(METRICS)))
        k = n if watch else 1
        seen = np.zeros((k, m.months, 10)), np.zeros((k, m.lots, 10)), np.zeros((k, m.sites, 10))
        worst = all_paths(self.T, self.begin, *draws, self.parts, metrics, *self.sums, *seen, watch)
        return metrics, seen, worst

    def totals(self):
        m = self.m
        *by_month, dark = (x.sum(axis=0) for x in self.sums)
        revenues, energies, bills, lines = (np.moveaxis(x, 0, -1) for x in by_month)
        dark[..., 4] = dark[..., 0] * m.mw_each[None, :, None]
        dark[..., 5] = dark[..., 3] * m.mw_each[None, :, None]
        asking = (m.minimum_bill > 0).any(axis=1)
        named = {"revenue": revenues, "energy": energies, "minimum_bill": bills[asking], **dict(zip(LINES, lines))}
        return named, dark.reshape(m.months, m.ranks, m.sites, 4, 13).sum(axis=1)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--paths", type=int)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--batch", type=int, default=10240, help="paths whose draws are in memory at once")
    parser.add_argument("--check", action="store_true")
    a = parser.parse_args()
    numba.set_num_threads(min(a.threads, numba.config.NUMBA_NUM_THREADS))
    model = Model(a.folder)
    run = Run(model, 4 * a.threads)
    if a.check:
        found = compare.Found(model, a.folder)
        for first in range(0, model.compared, 1024):
            n = min(1024, model.compared - first)
            metrics, seen, worst = run(run.draws(a.folder, first, n), True)
            chunk = found.chunk(first, n)
            chunk.states(*(np.moveaxis(x, 0, -1) for x in seen))
            chunk.close(dict(zip(METRICS, metrics.T)))
            found.note("ledger", worst)
        found.sums(*run.totals())
        print(json.dumps(found.worst()))
        return 0
    paths = a.paths or model.paths
    draws = run.draws(a.folder, 0, 64)
    run(tuple(x[:8] for x in draws))  # compiles
    seconds = processor = npv = worst = 0.0
    for first in range(0, paths, a.batch):
        draws = run.draws(a.folder, first, min(a.batch, paths - first))
        start, busy = time.perf_counter(), time.process_time()
        metrics, _, ledger = run(draws)
        seconds += time.perf_counter() - start
        processor += time.process_time() - busy
        npv += metrics[:, 0].sum()
        worst = max(worst, ledger)
    print(json.dumps({"peer": "numba", "paths": paths, "threads": a.threads, "seconds": seconds, "processor_seconds": processor,
                      "npv": npv / paths, "ledger": worst}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
