"""The funnel of the numba peer: tables, supply, placement, blame, crews, markets, in scalar loops over one path.
Placement works in megawatts of facility power; rules R1 to R17 and R22."""

import collections
import math

import numpy as np

from model import HOURS
from rates import fast

RANKS, HALLS, SOURCES, OPENINGS = 3, 2, 3, 6  # of a site: lots, halls, sources; halls and tranches
Tables = collections.namedtuple("Tables", """
    months sites lots classes first_month count count_mw mw_each per_mw price cost h100e per_h100e failed ordered life class_of
    delivered_gate cancelled_gate idle_mwh busy_mwh rack_mw racks hall_of other_ratio hall_mw tranche_mw firm_share hall_gate
    source_gate every order take_order market_order busy_share accept demand discount curve slope energy_price cheaper dearest ask
    building plant building_life plant_life variable_cost upkeep book_life economic_life growth growth_factor site_energy""")


def tables(m):
    f = m.finance
    own, other = m.hall_pue[m.hall_of_rank], m.hall_pue[[1 - h for h in m.hall_of_rank]]
    mwh = HOURS / 1000 * m.annual_pue
    e = m.energy_price
    cheaper = np.array([[(e[b] < e[a]) | ((e[b] == e[a]) & (b < a)) for b in range(3)] for a in range(3)])
    dearest = e.max(axis=0)
    site_energy = np.array([(m.idle_kw + share * (m.peak_kw - m.idle_kw)) * mwh * dearest[np.arange(m.lots) % m.sites]
                            for share in m.busy_share])
    growth = math.log1p(f["wacc"]) / 12
    assert m.ranks == RANKS and m.busy_share[m.market_order[0]] == 1 and f["book_life"] == int(f["book_life"])
    return Tables(
        m.months, m.sites, m.lots, m.classes, m.first_month, m.count, m.count * m.mw_each, m.mw_each, 1 / m.mw_each, m.price,
        m.count * m.price, m.h100e, 1 / m.h100e, m.failed_share, m.ordered, m.life, m.class_of, m.delivered_gate, m.cancelled_gate,
        mwh * m.idle_kw, mwh * (m.peak_kw - m.idle_kw), m.per_rack * m.mw_each, m.racks_per_month, np.array(m.hall_of_rank),
        other / own, m.hall_mw, m.tranche_mw, m.firm_share, m.hall_gate, m.source_gate, m.every, np.array(m.order),
        np.array(m.take_order), np.array(m.market_order), np.array(m.busy_share, dtype=float), m.accept, m.demand, m.discount,
        m.resale_by_year, np.append(np.diff(m.resale_by_year), 0), e, cheaper, dearest, m.minimum_bill * HOURS * e,
        m.building.reshape(OPENINGS, m.sites), m.plant.reshape(OPENINGS, m.sites), float(f["building_life"]), float(f["plant_life"]),
        m.variable_cost, m.maintenance / 12, int(f["book_life"]), float(f["economic_life"]), growth,
        np.exp(growth * np.arange(m.months + 1)), site_energy)


@fast(inline="always")
def part(month, date):
    """Of the month, after the date."""
    return min(max(month + 1 - date, 0.0), 1.0)


@fast(inline="always")
def kept_at(T, age):
    year = int(age * (1 / 12))
    return T.curve[year] + T.slope[year] * (age / 12 - year)


@fast()
def dates_of(T, gates, delivered, cancelled, opens):
    for l in range(T.lots):
        delivered[l] = max(gates[T.delivered_gate[l]], T.ordered[l])
        cancelled[l] = math.inf
        if T.cancelled_gate[l] >= 0 and delivered[l] == math.inf:
            cancelled[l] = max(gates[T.cancelled_gate[l]], T.ordered[l])
    for s in range(T.sites):
        opens[0, s], opens[1, s] = gates[T.hall_gate[0, s]], gates[T.hall_gate[1, s]]
        for k in range(SOURCES):
            opens[2 + k, s] = gates[T.source_gate[k, s]]
        opens[5, s] = opens[4, s] + T.every[s]


@fast()
def ranks_of_a_site():
    z = np.zeros
    return z(RANKS), z(RANKS), z(RANKS), z(RANKS), z(RANKS), z(RANKS), z(RANKS), z(RANKS), z(HALLS)


@fast(inline="always")
def place(T, t, opens, delivered, racked, installed, blame, present, in_service, dark, alone, by_rank, all_sources, all_megawatts):
    """One month of all sites: supply, what is racked, E, crews and, if asked, blame. Chips in facility MW.

    all_sources[site][0..2] energised and [3..5] firm MW; all_megawatts[site]: contracted, not energised, reserve, -, installing, -, shell, chips.
    """
    S = T.sites
    waiting, standing, powered, placed, by_s, by_c, by_h, by_sc, room = by_rank
    for s in range(S):
        sources, megawatts = all_sources[s], all_megawatts[s]
        # ---- R3, R4
        contracted = not_energised = 0.0
        for k in range(4):
            if opens[2 + k, s] < math.inf:
                mw = T.tranche_mw[k, s]
                contracted += mw
                not_energised += mw * (1 - part(t, opens[2 + k, s]))
        bridge = T.tranche_mw[0, s] * part(t, opens[2, s])
        plain = T.tranche_mw[1, s] * part(t, opens[3, s])
        late = T.tranche_mw[2, s] * part(t, opens[4, s]) + T.tranche_mw[3, s] * part(t, opens[5, s])
        firm = bridge * T.firm_share[s]
        yields = min(firm, late)
        firm -= yields
        bridge -= yields / T.firm_share[s]
        sources[0], sources[1], sources[2], sources[3], sources[4], sources[5] = bridge, plain, late, firm, plain, late
        fleet_mw = firm + plain + late

        # ---- R1, R2
        for h in range(HALLS):
            room[h] = T.hall_mw[h, s] * part(t, opens[h, s])
        for r in range(RANKS):
            l = r * S + s
            retired = part(t, delivered[l] + T.life[l])
            if retired > 0:
                before = part(t - 1, delivered[l] + T.life[l])
                stays = (1 - retired) / (1 - before) if before < 1 else 0.0
                racked[l] *= stays
                installed[l] *= stays
            present[l] = T.count_mw[l] * (part(t, delivered[l]) - retired)
            waiting[r] = max(present[l] - racked[l], 0.0)
            standing[r] = max(racked[l] - installed[l], 0.0)
            room[T.hall_of[r]] -= racked[l]
        for h in range(HALLS):
            room[h] = max(room[h], 0.0)

        # ---- R7, then E
        power = fleet_mw
        for r in range(RANKS):
            powered[r] = min(installed[r * S + s], power)
            power -= powered[r]
        for r in range(RANKS):
            lit = min(standing[r], power)
            power -= lit
            powered[r] += lit
        free = power
        room_0, room_1 = room[0], room[1]
        some = 0.0  # that waits
        for r in range(RANKS):
            h = T.hall_of[r]
            placed[r] = min(min(waiting[r], room[h]), power)
            power -= placed[r]
            room[h] -= placed[r]
            some += waiting[r]

        if blame:
            for r in range(RANKS):
                l = r * S + s
                by_s[r] = by_sc[r] = racked[l]
                by_c[r] = by_h[r] = powered[r]
            if some > 0:
                room[0], room[1] = room_0, room_1
                for r in range(RANKS):  # S
                    h = T.hall_of[r]
                    x = min(waiting[r], room[h])
                    room[h] -= x
                    by_s[r] += x
                room[0], room[1] = room_0, room_1
                power = free
                for r in range(RANKS):  # C
                    h, ratio = T.hall_of[r], T.other_ratio[r, s]
                    x = min(min(waiting[r], room[h]), power)
                    power -= x
                    room[h] -= x
                    y = min(min((waiting[r] - x) * ratio, room[1 - h]), power)
                    power -= y
                    room[1 - h] -= y
                    by_c[r] += x + y / ratio
                power = free
                for r in range(RANKS):  # H: a lot's own hall has the lowest PUE, so only power counts
                    x = min(waiting[r], power)
                    power -= x
                    by_h[r] += x
                room[0], room[1] = room_0, room_1
                for r in range(RANKS):  # SC
                    h, ratio = T.hall_of[r], T.other_ratio[r, s]
                    x = min(waiting[r], room[h])
                    room[h] -= x
                    y = min((waiting[r] - x) * ratio, room[1 - h])
                    room[1 - h] -= y
                    by_sc[r] += x + y / ratio
            next_power = math.inf
            for k in range(2, OPENINGS):
                if opens[k, s] > t:
                    next_power = min(next_power, opens[k, s])
            for r in range(RANKS):  # R10 to R13
                l = r * S + s
                lit = powered[r] + placed[r]
                by_power = max(by_s[r] - lit, 0.0)
                best = max(by_s[r], lit)
                by_cooling = max(by_c[r] - best, 0.0)
                best = max(best, by_c[r])
                by_shell = max(by_h[r] - best, 0.0)
                best = max(best, by_h[r])
                two = max(racked[l] + waiting[r] - best, 0.0)
                two_cooling = min(max(by_sc[r] - best, 0.0), two)
                hall = opens[T.hall_of[r], s]
                later = next_power > (hall if hall > t else math.inf)
                chips = T.per_mw[l]
                alone[0, l], alone[1, l], alone[2, l] = by_shell * chips, by_cooling * chips, by_power * chips
                if later:
                    dark[0, l], dark[1, l], dark[2, l] = alone[0, l], alone[1, l], alone[2, l] + two * chips
                else:
                    dark[0, l] = alone[0, l] + (two - two_cooling) * chips
                    dark[1, l], dark[2, l] = alone[1, l] + two_cooling * chips, alone[2, l]

        # ---- R8
        crews = T.racks[s]
        all_lit = installing = could = 0.0
        for r in range(RANKS):
            l = r * S + s
            of_standing = min(crews * T.rack_mw[l], standing[r])
            crews = max(crews - of_standing / T.rack_mw[l], 0.0)
            of_placed = min(crews * T.rack_mw[l], placed[r])
            crews = max(crews - of_placed / T.rack_mw[l], 0.0)
            done = installed[l] + of_standing
            runs = min(powered[r], done) + of_placed
            lit = powered[r] + placed[r]
            in_service[l] = runs * T.per_mw[l]
            dark[3, l] = max(lit - runs, 0.0) * T.per_mw[l]
            installing += max(lit - runs, 0.0)
            installed[l] = done + of_placed
            racked[l] += placed[r]
            all_lit += lit
            could += max(present[l] - lit, 0.0)
        free = max(fleet_mw - all_lit, 0.0)
        shell = min(could, free)
        megawatts[0] = contracted - yields / T.firm_share[s]
        megawatts[1], megawatts[2], megawatts[4], megawatts[6], megawatts[7] = not_energised, bridge - firm, installing, shell, free - shell
        megawatts[9] = fleet_mw


@fast(inline="always")
def serve(T, t, working, before, sold, unmet):
    """R14 to R17; the first market ramps over two months, the second does not ramp."""
    first = T.market_order[0]
    for step in range(2):
        k = T.market_order[step]
        left = T.demand[t, k]
        for i in range(T.lots):
            l = T.take_order[k, i]
            if step == 0:
                offered = min((working[l] + before[l]) * 0.5, working[l])
            else:
                offered = max(working[l] - sold[first, l], 0.0)
            offered = min(T.accept[t, k, T.class_of[l]] * working[l], offered) * T.h100e[l]
            taken = min(offered, left)
            left -= taken
            sold[k, l] = taken * T.per_h100e[l]
        unmet[k] = left


@fast(inline="always")
def energy_from(cheaper, s, energy, sources, given):
    """Cheapest source first, up to its firm MW; beyond them all in proportion."""
    most = (sources[3] + sources[4] + sources[5]) * HOURS
    beyond = energy / most if energy > most and most > 0 else 1.0
    for a in range(SOURCES):
        left = energy
        for b in range(SOURCES):
            if cheaper[a, b, s]:
                left -= sources[3 + b] * HOURS
        given[a] = max(min(left, sources[3 + a] * HOURS), 0.0) * beyond


@fast()
def history(T, gates):
    """Months before start, the same on every path: racked, installed, working, and what a chip count has."""
    L = T.lots
    delivered, cancelled, opens = np.empty(L), np.empty(L), np.empty((OPENINGS, T.sites))
    dates_of(T, gates, delivered, cancelled, opens)
    racked, installed, present, in_service = np.zeros(L), np.zeros(L), np.zeros(L), np.zeros(L)
    dark, alone, sources, megawatts = np.zeros((4, L)), np.zeros((3, L)), np.zeros((T.sites, 6)), np.zeros((T.sites, 10))
    by_rank = ranks_of_a_site()
    for t in range(T.first_month, 0):
        place(T, t, opens, delivered, racked, installed, False, present, in_service, dark, alone, by_rank, sources, megawatts)
    return racked, installed, in_service * (1 - T.failed), present * T.per_mw * (1 - T.failed)
