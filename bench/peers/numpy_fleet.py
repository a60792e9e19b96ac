"""The funnel on a chunk of paths in NumPy: arrays [lot][path] or [site][path], paths innermost.

Placement works in megawatts of facility power: all chips of a hall draw at its PUE, so room, power
and chips then meet in the same unit and no step needs a conversion. Rules R1 to R19 of the funnel.
Buffers are made once and written with `out=`.
"""

import numpy as np

from model import HOURS
from numpy_markets import Markets
from numpy_rows import add, drawn_by, maximum, minimum, multiply, spread, subtract, wide


class Fleet:
    def __init__(self, model, width):
        self.m, self.width = model, width
        m, n, s, r = model, model.lots, model.sites, model.ranks
        ranked = lambda: np.zeros((r, s, width))
        # stocks, MW
        self.racked, self.installed = ranked(), ranked()
        # the month
        self.opened = np.zeros((6, s, width))      # part of the month: two halls, four tranches
        self.age = np.zeros((n, width))            # months since delivery at month end
        self.arrived, self.cancelled = np.zeros((n, width)), np.zeros((n, width))
        self.present, self.waiting, self.standing = ranked(), ranked(), ranked()
        self.powered, self.placed, self.lit = ranked(), ranked(), ranked()
        self.by_s, self.by_c, self.by_h, self.by_sc = ranked(), ranked(), ranked(), ranked()
        self.crew = np.zeros((2, r, s, width))
        self.t3, self.u3 = ranked(), ranked()
        self.room = np.zeros((2, s, width))
        self.rooms = np.zeros((2, s, width))
        self.free = np.zeros((s, width))
        self.power = np.zeros((s, width))
        self.t1, self.u1 = np.zeros((2, s, width))
        self.later = np.zeros((2, s, width))
        self.dark_mw = np.zeros((4, r, s, width))   # no_shell, no_cooling, no_power, installing
        self.alone_mw = np.zeros((3, r, s, width))
        # what it says, accelerators [lot][path]
        self.ordered = np.zeros(n)
        self.gone, self.in_transit = np.zeros((n, width)), np.zeros((n, width))
        self.dark = np.zeros((4, n, width))
        self.alone = np.zeros((3, n, width))
        self.in_service, self.failed = np.zeros((n, width)), np.zeros((n, width))
        self.idle, self.busy = np.zeros((n, width)), np.zeros((n, width))
        self.no_demand, self.outclassed = np.zeros((n, width)), np.zeros((n, width))
        self.underused = np.zeros((n, width))
        self.t60, self.u60 = np.zeros((2, n, width))
        self.sellable, self.sellable_alone = np.zeros((4, n, width)), np.zeros((4, n, width))
        self.handed = np.zeros((2, n, width))
        self.all_dark, self.all_alone = np.zeros((n, width)), np.zeros((n, width))
        self.markets = Markets(model, width)
        # megawatts and energy, [site][path]
        self.contracted, self.not_energised, self.reserve = np.zeros((3, s, width))
        self.energised = np.zeros((3, s, width))  # by source
        self.firm = np.zeros((3, s, width))
        self.fleet_mw = np.zeros((s, width))
        self.used, self.installing_mw, self.customers = np.zeros((3, s, width))
        self.waiting_shell, self.waiting_chips = np.zeros((2, s, width))
        self.energy = np.zeros((s, width))
        self.source_energy = np.zeros((3, s, width))

        # constants, spread over the paths where a whole array meets them
        self.count = m.count[:, None]
        self.count_mw = wide(m.count * m.mw_each, width)
        self.per_mw = wide(1 / m.mw_each, width)
        self.failing = wide(m.failed_share, width)
        self.mw_each = wide(m.mw_each, width)
        rack = (m.per_rack * m.mw_each).reshape(r, s, 1)
        self.rack_mw, self.per_rack_mw = spread(rack, width), spread(1 / rack, width)
        self.racks = m.racks_per_month[:, None]
        self.hall_mw = m.hall_mw[:, :, None]
        self.tranche_mw = m.tranche_mw[:, :, None]
        own, other = m.hall_pue[m.hall_of_rank], m.hall_pue[[1 - h for h in m.hall_of_rank]]
        self.to_other, self.to_own = (other / own)[:, :, None], (own / other)[:, :, None]
        mwh = HOURS / 1000 * m.annual_pue
        self.idle_mwh = wide(mwh * m.idle_kw, width)
        self.busy_mwh = wide(mwh * (m.peak_kw - m.idle_kw), width)
        cheaper = lambda a, b: (m.energy_price[b] < m.energy_price[a]) | ((m.energy_price[b] == m.energy_price[a]) & (b < a))
        self.cheaper = [[cheaper(a, b).astype(float)[:, None] for b in range(3)] for a in range(3)]

    # ---- dates of a chunk

    def begin(self, gates):
        m = self.m
        delivered = maximum(gates[m.delivered_gate], m.ordered[:, None])
        never = np.full_like(delivered, np.inf)
        can = np.flatnonzero(m.cancelled_gate >= 0)
        never[can] = np.where(delivered[can] == np.inf, maximum(gates[m.cancelled_gate[can]], m.ordered[can, None]), np.inf)
        self.delivered, self.cancelled_at = delivered, never
        self.can_cancel = slice(can.min(), can.max() + 1)
        mortal = np.flatnonzero(np.isfinite(m.life))
        self.mortal = slice(mortal.min(), mortal.max() + 1)
        assert self.mortal.stop - self.mortal.start == m.sites
        self.retired = (delivered[self.mortal, :1] + m.life[self.mortal, None])
        assert (delivered[self.mortal] == delivered[self.mortal, :1]).all(), "retirement differs between paths"
        late = gates[m.source_gate[2]]
        self.opens = np.concatenate([gates[m.hall_gate[0]], gates[m.hall_gate[1]], gates[m.source_gate[0]],
                                     gates[m.source_gate[1]], late, late + m.every[:, None]]).reshape(6, m.sites, -1)
        comes = np.isfinite(self.opens[2:])
        self.nameplate = (self.tranche_mw * comes)  # of what is not cancelled, [tranche][site][path]
        self.contracted_all = self.nameplate.sum(axis=0)
        finite = lambda x: x[np.isfinite(x)].max(initial=-np.inf)
        self.last_arrival = max(finite(delivered), finite(never)) + 1
        self.last_opening = finite(self.opens) + 1
        self.settled = False

    def run_history(self, gates):
        """Months before start: the same on every path, so they run on one."""
        m = self.m
        one = Fleet(m, 1) if self.width > 1 else self
        one.begin(np.ascontiguousarray(gates[:, :1]))
        for month in range(m.first_month, 0):
            one.deliver(month)
            one.supply(month)
            one.place(month)
            one.install()
            one.markets.fail(one.in_service)
        return one.racked.copy(), one.installed.copy(), one.markets.working.copy()

    def start(self, gates):
        racked, installed, working = self.run_history(gates)
        self.begin(gates)
        self.racked[:], self.installed[:] = racked, installed
        # fail() swaps: what is `working` now is `before` after the first month
        self.markets.working[:] = working

    # ---- a month

    def month(self, month):
        self.deliver(month)
        self.supply(month)
        self.place(month)
        self.blame(month)
        self.install()
        self.states()
        self.markets.fail(self.in_service)
        self.markets.serve(month)
        self.serve(month)
        self.hand_unmet_demand(month)
        self.count_megawatts()
        self.count_energy()

    def deliver(self, month):  # R1, R2
        m = self.m
        subtract(month + 1, self.delivered, out=self.age)
        maximum(self.age, 0, out=self.age)
        np.clip(month + 1 - m.ordered, 0, 1, out=self.ordered)
        self.gone_share = np.clip(month + 1 - self.retired, 0, 1)
        gone_before = np.clip(month - self.retired, 0, 1)
        self.stays = np.where(gone_before < 1, (1 - self.gone_share) / np.maximum(1 - gone_before, 1e-300), 0)
        if not self.settled:
            self.settled = month > self.last_arrival
            minimum(self.age, 1, out=self.arrived)
            late = self.cancelled[self.can_cancel]
            np.clip(month + 1 - self.cancelled_at[self.can_cancel], 0, 1, out=late)
            multiply(self.arrived, self.count_mw, out=self.present.reshape(m.lots, -1))
            # in transit: ordered, and neither here nor cancelled
            subtract(self.ordered[:, None], self.arrived, out=self.in_transit)
            subtract(self.in_transit, self.cancelled, out=self.in_transit)
            multiply(self.in_transit, self.count, out=self.in_transit)
            multiply(self.cancelled[self.can_cancel], self.count[self.can_cancel], out=self.gone[self.can_cancel])
        old = self.mortal
        here = self.present.reshape(m.lots, -1)[old]
        subtract(self.arrived[old], self.gone_share, out=here)
        multiply(here, self.count_mw[old], out=here)
        self.gone[old] = self.count[old] * self.gone_share

    def supply(self, month):  # R3, R4, R22
        m, opened = self.m, self.opened
        if month <= self.last_opening:
            subtract(month + 1, self.opens, out=opened)
            np.clip(opened, 0, 1, out=opened)
            bridge, plain, late = self.energised
            multiply(opened[2], self.tranche_mw[0], out=bridge)
            multiply(opened[3], self.tranche_mw[1], out=plain)
            multiply(opened[4], self.tranche_mw[2], out=late)
            multiply(opened[5], self.tranche_mw[3], out=self.t1)
            add(late, self.t1, out=late)
            add(bridge, plain, out=self.not_energised)
            add(self.not_energised, late, out=self.not_energised)
            subtract(self.contracted_all, self.not_energised, out=self.not_energised)
            # the bridge yields one firm MW for each that it bridged
            share, yielded = m.firm_share[:, None], self.t1
            multiply(bridge, share, out=self.firm[0])
            minimum(self.firm[0], late, out=yielded)
            subtract(self.firm[0], yielded, out=self.firm[0])
            multiply(yielded, 1 / share, out=yielded)  # into nameplate
            subtract(bridge, yielded, out=bridge)
            subtract(self.contracted_all, yielded, out=self.contracted)
            self.firm[1:] = self.energised[1:]
            subtract(bridge, self.firm[0], out=self.reserve)
            add(self.firm[0], plain, out=self.fleet_mw)
            add(self.fleet_mw, late, out=self.fleet_mw)

    def place(self, month):  # R2, R7, R10: E
        m = self.m
        racked, installed, waiting = self.racked, self.installed, self.waiting
        r = self.mortal.start // m.sites
        if (self.stays < 1).any():
            multiply(racked[r], self.stays, out=racked[r])
            multiply(installed[r], self.stays, out=installed[r])
        subtract(self.present, racked, out=waiting)
        maximum(waiting, 0, out=waiting)
        room = self.room
        multiply(self.opened[:2], self.hall_mw, out=room)
        for k, hall in enumerate(m.hall_of_rank):
            subtract(room[hall], racked[k], out=room[hall])
        maximum(room, 0, out=room)

        power, powered, standing = self.power, self.powered, self.standing
        np.copyto(power, self.fleet_mw)
        subtract(racked, installed, out=standing)
        maximum(standing, 0, out=standing)
        for k in range(m.ranks):
            minimum(installed[k], power, out=powered[k])
            subtract(power, powered[k], out=power)
        for k in range(m.ranks):
            minimum(standing[k], power, out=self.t1)
            subtract(power, self.t1, out=power)
            add(powered[k], self.t1, out=powered[k])
        np.copyto(self.free, power)  # left when what is racked has its power

        rooms, placed = self.rooms, self.placed
        np.copyto(rooms, room)
        for k, hall in enumerate(m.hall_of_rank):
            minimum(waiting[k], rooms[hall], out=placed[k])
            minimum(placed[k], power, out=placed[k])
            subtract(power, placed[k], out=power)
            subtract(rooms[hall], placed[k], out=rooms[hall])
        add(powered, placed, out=self.lit)

    def blame(self, month):  # R10 to R13
        m = self.m
        room, rooms, waiting, power, free = self.room, self.rooms, self.waiting, self.power, self.free
        t, u = self.t1, self.u1
        # S: power unlimited
        np.copyto(rooms, room)
        for k, hall in enumerate(m.hall_of_rank):
            minimum(waiting[k], rooms[hall], out=self.by_s[k])
            subtract(rooms[hall], self.by_s[k], out=rooms[hall])
        add(self.by_s, self.racked, out=self.by_s)
        # C: the other hall too, at its PUE
        np.copyto(rooms, room)
        np.copyto(power, free)
        for k, hall in enumerate(m.hall_of_rank):
            here = self.by_c[k]
            minimum(waiting[k], rooms[hall], out=here)
            minimum(here, power, out=here)
            subtract(power, here, out=power)
            subtract(rooms[hall], here, out=rooms[hall])
            subtract(waiting[k], here, out=t)
            multiply(t, self.to_other[k], out=t)
            minimum(t, rooms[1 - hall], out=t)
            minimum(t, power, out=t)
            subtract(power, t, out=power)
            subtract(rooms[1 - hall], t, out=rooms[1 - hall])
            multiply(t, self.to_own[k], out=t)
            add(here, t, out=here)
        add(self.by_c, self.powered, out=self.by_c)
        # H: halls unlimited; a lot's own hall has the lowest PUE, so only power counts
        np.copyto(power, free)
        for k in range(m.ranks):
            minimum(waiting[k], power, out=self.by_h[k])
            subtract(power, self.by_h[k], out=power)
        add(self.by_h, self.powered, out=self.by_h)
        # SC: power and cooling; B, power and halls, is all that is present
        np.copyto(rooms, room)
        for k, hall in enumerate(m.hall_of_rank):
            here = self.by_sc[k]
            minimum(waiting[k], rooms[hall], out=here)
            subtract(rooms[hall], here, out=rooms[hall])
            subtract(waiting[k], here, out=t)
            multiply(t, self.to_other[k], out=t)
            minimum(t, rooms[1 - hall], out=t)
            subtract(rooms[1 - hall], t, out=rooms[1 - hall])
            multiply(t, self.to_own[k], out=t)
            add(here, t, out=here)
        add(self.by_sc, self.racked, out=self.by_sc)

        # R12: whether power opens later than the hall
        opens = self.opens
        next_power = t
        next_power.fill(np.inf)
        for k in range(2, 6):
            np.copyto(u, opens[k])
            u[u <= month] = np.inf
            minimum(next_power, u, out=next_power)
        for hall in range(2):
            np.copyto(u, opens[hall])
            u[u <= month] = np.inf
            np.greater(next_power, u, out=self.later[hall], casting="unsafe")

        shell, cooling, power_ = self.alone_mw
        two, two_cooling = self.t3, self.u3
        subtract(self.by_s, self.lit, out=power_)
        maximum(power_, 0, out=power_)
        best = self.by_s
        maximum(best, self.lit, out=best)
        subtract(self.by_c, best, out=cooling)
        maximum(cooling, 0, out=cooling)
        maximum(best, self.by_c, out=best)
        subtract(self.by_h, best, out=shell)
        maximum(shell, 0, out=shell)
        maximum(best, self.by_h, out=best)
        add(self.racked, waiting, out=two)
        subtract(two, best, out=two)
        maximum(two, 0, out=two)
        subtract(self.by_sc, best, out=two_cooling)
        maximum(two_cooling, 0, out=two_cooling)
        minimum(two_cooling, two, out=two_cooling)
        # charged to power where it opens later, else to the hall
        dark = self.dark_mw
        for k, hall in enumerate(m.hall_of_rank):
            multiply(two[k], self.later[hall], out=dark[2, k])
            multiply(two_cooling[k], self.later[hall], out=t)
            subtract(two_cooling[k], t, out=dark[1, k])
        subtract(two, dark[2], out=dark[0])
        subtract(dark[0], dark[1], out=dark[0])
        add(dark[:3], self.alone_mw, out=dark[:3])

    def install(self):  # R8
        m = self.m
        crew, left = self.crew, self.t1
        multiply(self.standing, self.per_rack_mw, out=crew[0])  # racks
        multiply(self.placed, self.per_rack_mw, out=crew[1])
        left[:] = self.racks
        for k in range(m.ranks):
            for which in range(2):
                minimum(crew[which, k], left, out=crew[which, k])
                subtract(left, crew[which, k], out=left)
        multiply(crew, self.rack_mw, out=crew)
        of_standing, of_placed = crew
        done, lit = self.installed, self.t3
        add(done, of_standing, out=done)
        minimum(self.powered, done, out=lit)
        add(lit, of_placed, out=lit)  # lit and installed
        multiply(lit.reshape(m.lots, -1), self.per_mw, out=self.in_service)
        subtract(self.lit, lit, out=self.dark_mw[3])
        maximum(self.dark_mw[3], 0, out=self.dark_mw[3])
        add(done, of_placed, out=done)
        add(self.racked, self.placed, out=self.racked)

    def states(self):
        """Into accelerators."""
        n, w = self.m.lots, self.width
        multiply(self.dark_mw.reshape(4, n, w), self.per_mw, out=self.dark)
        multiply(self.alone_mw.reshape(3, n, w), self.per_mw, out=self.alone)
        multiply(self.in_service, self.failing, out=self.failed)

    def serve(self, month):  # R15, R18
        m, markets = self.m, self.markets
        first, second = m.market_order
        sold = self.t60
        add(markets.sold[0], markets.sold[1], out=sold)
        subtract(markets.working, sold, out=self.idle)
        maximum(self.idle, 0, out=self.idle)
        multiply(markets.sold[second], m.busy_share[second], out=self.busy)
        subtract(markets.sold[second], self.busy, out=self.underused)
        assert m.busy_share[first] == 1
        add(self.busy, markets.sold[first], out=self.busy)  # earning

        refusing = 1 - m.accept[month]
        assert (refusing[first] == 0).all()
        self.outclassed.fill(0)
        refused = refusing[second]
        if refused.any():
            left, part = markets.left, markets.part
            np.copyto(left, markets.unmet[second])
            multiply(self.idle, markets.h100e, out=self.u60)
            for l in m.order[month]:
                share = refused[m.class_of[l]]
                if share == 0:
                    continue
                here = self.outclassed[l]
                if share < 1:
                    multiply(left, share, out=part)
                    minimum(part, self.u60[l], out=here)
                else:
                    minimum(left, self.u60[l], out=here)
                subtract(left, here, out=left)
            multiply(self.outclassed, markets.per_h100e, out=self.outclassed)
        subtract(self.idle, self.outclassed, out=self.no_demand)
        maximum(self.no_demand, 0, out=self.no_demand)

    def hand_unmet_demand(self, month):  # R19
        m, markets = self.m, self.markets
        add(self.alone[0], self.alone[1], out=self.all_alone)
        add(self.all_alone, self.alone[2], out=self.all_alone)
        add(self.all_alone, self.dark[3], out=self.all_alone)
        dark = self.all_dark
        add(self.dark[0], self.dark[1], out=dark)
        add(dark, self.dark[2], out=dark)
        add(dark, self.dark[3], out=dark)
        left_dark, total = self.t60, self.u60
        multiply(dark, markets.h100e, out=left_dark)  # h100e
        total.fill(0)
        self.sold_dark = [False, False]
        for k in m.market_order:
            unmet, handed, accept = markets.left, self.handed[k], m.accept[month, k]
            np.copyto(unmet, markets.unmet[k])
            if not unmet.any():
                handed.fill(0)
                continue
            self.sold_dark[k] = True
            for l in m.order[month]:
                here, share = handed[l], accept[m.class_of[l]]
                if share == 0:
                    here.fill(0)
                    continue
                if share < 1:
                    multiply(dark[l], share * m.h100e[l], out=here)
                    minimum(here, left_dark[l], out=here)
                    minimum(here, unmet, out=here)
                else:
                    minimum(left_dark[l], unmet, out=here)
                subtract(unmet, here, out=unmet)
            subtract(left_dark, handed, out=left_dark)
            multiply(handed, markets.per_h100e, out=handed)
            add(total, handed, out=total)
        if not any(self.sold_dark):
            self.sellable.fill(0)
            self.sellable_alone.fill(0)
            return
        # alone chips first, then the rest, each in proportion to its states
        alone, share = self.all_alone, self.t60
        minimum(total, alone, out=share)
        subtract(total, share, out=total)       # of the rest
        subtract(dark, alone, out=dark)         # the rest
        maximum(alone, 1e-300, out=alone)
        np.divide(share, alone, out=share)
        maximum(dark, 1e-300, out=dark)
        np.divide(total, dark, out=total)
        minimum(total, 1, out=total)
        maximum(total, 0, out=total)
        multiply(self.alone, share, out=self.sellable_alone[:3])
        multiply(self.dark[3], share, out=self.sellable_alone[3])
        rest = self.sellable
        subtract(self.dark[:3], self.alone, out=rest[:3])
        multiply(rest[:3], total, out=rest[:3])
        add(rest[:3], self.sellable_alone[:3], out=rest[:3])
        rest[3] = self.sellable_alone[3]

    def count_megawatts(self):  # R22
        m, s, w = self.m, self.m.sites, self.width
        mw = self.t60.reshape(m.ranks, s, w)
        flat = self.t60
        add(self.failed, self.markets.sold[0], out=flat)
        add(flat, self.markets.sold[1], out=flat)
        multiply(flat, self.mw_each, out=flat)
        add.reduce(mw, axis=0, out=self.used)
        multiply(self.idle, self.mw_each, out=flat)
        add.reduce(mw, axis=0, out=self.customers)
        add.reduce(self.dark_mw[3], axis=0, out=self.installing_mw)
        add.reduce(self.lit, axis=0, out=self.t1)
        subtract(self.fleet_mw, self.t1, out=self.t1)  # free
        maximum(self.t1, 0, out=self.t1)
        subtract(self.present, self.lit, out=mw)
        maximum(mw, 0, out=mw)
        add.reduce(mw, axis=0, out=self.u1)
        minimum(self.u1, self.t1, out=self.waiting_shell)
        subtract(self.t1, self.waiting_shell, out=self.waiting_chips)

    def count_energy(self):
        m, s, w = self.m, self.m.sites, self.width
        drawn_by(self.in_service, self.busy, self.idle_mwh, self.busy_mwh, self.t60, self.u60)
        add.reduce(self.t60.reshape(m.ranks, s, w), axis=0, out=self.energy)
        # cheapest source first, up to its firm MW; beyond them all in proportion
        most, beyond = self.t1, self.u1
        multiply(self.fleet_mw, HOURS, out=most)
        np.divide(self.energy, np.maximum(most, 1e-300), out=beyond)
        maximum(beyond, 1, out=beyond)
        beyond[most <= 0] = 1
        for a in range(3):
            given = self.source_energy[a]
            np.copyto(given, self.energy)
            for b in range(3):
                before = self.cheaper[a][b]
                if before.any():
                    multiply(self.firm[b], HOURS * before, out=most)
                    subtract(given, most, out=given)
            multiply(self.firm[a], HOURS, out=most)
            minimum(given, most, out=given)
            maximum(given, 0, out=given)
            multiply(given, beyond, out=given)


class ChipCount:
    """Shell, power, cooling and crews lifted: whatever is delivered runs."""

    def __init__(self, model, width):
        self.m, n = model, model.lots
        self.markets = Markets(model, width)
        self.per_mw = wide(1 / model.mw_each, width)
        self.in_service, self.busy, self.t60, self.u60 = np.zeros((4, n, width))
        self.energy = np.zeros((model.sites, width))

    def start(self, fleet, gates):
        """Before the first month what was there the month before, for the ramp."""
        m = self.m
        one = Fleet(m, 1)
        one.begin(np.ascontiguousarray(gates[:, :1]))
        one.deliver(-1)
        present = one.present.reshape(m.lots, 1) / m.mw_each[:, None]
        self.markets.working[:] = present * (1 - m.failed_share[:, None])

    def month(self, month, fleet):
        m, markets = self.m, self.markets
        multiply(fleet.present.reshape(m.lots, -1), self.per_mw, out=self.in_service)
        markets.fail(self.in_service)
        markets.serve(month)
        first, second = m.market_order
        multiply(markets.sold[second], m.busy_share[second], out=self.busy)
        add(self.busy, markets.sold[first], out=self.busy)
        drawn_by(self.in_service, self.busy, fleet.idle_mwh, fleet.busy_mwh, self.t60, self.u60)
        add.reduce(self.t60.reshape(m.ranks, m.sites, -1), axis=0, out=self.energy)
