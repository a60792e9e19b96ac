"""Placement on a chunk of paths: what is racked and stays, power, the fills of R10, crews, blame (R2, R7, R8,
R10 to R12). Everything in MW of facility power: of places at their hall's PUE, of lots at their home's.
"""

import numpy as np

from plan import retrofit
from rows import NEVER, as_rows, put, share_that_stays, wide

add, subtract, multiply, minimum, maximum = np.add, np.subtract, np.multiply, np.minimum, np.maximum


class Spread:
    """Factors of a plan over the paths: MW a chip at home, MW a rack in its place, and back."""

    def __init__(self, plan, width):
        self.mw, self.per_mw = wide(plan.mw_each, width), wide(1 / plan.mw_each, width)
        self.rack, self.per_rack = wide(plan.rack_mw, width), wide(1 / plan.rack_mw, width)


class Placement:
    def __init__(self, model, width):
        self.m, self.width = model, width
        m, w = model, width
        of_places = lambda n: np.zeros((n, m.places, w))
        of_lots = lambda n: np.zeros((n, m.lots, w))
        self.racked, self.ran = of_places(2)  # stocks: racked, and of them installed
        self.standing, self.powered, self.placed, self.crew_standing, self.crew_placed = of_places(5)
        self.lit_installed, self.lit_sum = of_places(2)
        self.waiting, self.lit, self.installed, self.installing_mw, self.lit_mw = of_lots(5)
        self.by_s, self.by_c, self.by_h, self.by_sc, self.by_b, self.left = of_lots(6)
        self.housed_of_lots, self.powered_of_lots, self.t = of_lots(3)
        self.later = of_lots(1)[0]
        self.two_lots = np.zeros(0, dtype=np.intp)  # with chips that need two cures
        self.room, self.rooms = np.zeros((2, m.halls, w))
        self.power, self.free, self.racks = np.zeros((3, m.sites, w))
        self.scratch = np.zeros((max(m.sites, 1), w))
        self.aligned, self.spreads = m.lots_are_places, {}
        self.places_of_lot = m.groups(m.lot_of_place, m.lots)
        self.tiny = 1e-12 * (m.count * m.it_mw_each).max(initial=0)
        self.retrofitted = [p for p in range(m.places) if m.halls_here[m.hall_of_place[p]]["retrofit_month"] < NEVER
                            and not retrofit(m.lots_here[m.lot_of_place[p]], m.halls_here[m.hall_of_place[p]])[1]]
        # places of lots that end, and the row of their lot among those
        mortal = np.arange(m.lots)[m.mortal].tolist()
        ends = [(p, mortal.index(l)) for p, l in enumerate(m.lot_of_place) if l in mortal]
        self.mortal_places, self.mortal_lots = as_rows([p for p, _ in ends]), as_rows([l for _, l in ends])
        self.site_of_lot = np.array(m.site_of_lot, dtype=np.intp)
        self.tranches_of_site = m.groups([m.site_of_source[i] for i, _ in m.tranches], m.sites)
        gated = [(h, l) for l, lot in enumerate(m.lots_here) for h in (m.hall_at[x] for x in lot["halls"]) if m.warm_gate[h] >= 0]
        steps = m.groups([l for _, l in gated], m.lots)
        index = np.array([h for h, _ in gated], dtype=np.intp)
        self.halls_of_lot = [(as_rows(index[items]), lots) for items, lots in steps]

    def begin(self):
        self.plan = None
        self.racked.fill(0)
        self.ran.fill(0)

    def begin_dates(self, opens, warm):
        self.power_dates, self.hall_dates = Openings(opens), Openings(warm)

    def take_over(self, one):
        """What stands at `start`, from a history that is the same on every path."""
        self.racked[:], self.ran[:], self.plan = one.racked, one.ran, one.plan

    def to_lots(self, places, out, at_home=True):
        ratio = self.plan.to_home if at_home else None
        if self.aligned and ratio is None:
            return places
        out.fill(0)
        for rows, lots in self.places_of_lot:
            out[lots] += places[rows] if ratio is None else places[rows] * ratio[rows]
        return out

    # ---- a month

    def month(self, month, plan, fleet, blame):
        if plan is not self.plan:
            if self.plan is not None and (plan.place_mw_each != self.plan.place_mw_each).any():
                rescale = plan.place_mw_each / self.plan.place_mw_each
                multiply(self.racked, rescale, out=self.racked)
                multiply(self.ran, rescale, out=self.ran)
            self.plan = plan
        if plan not in self.spreads:
            self.spreads[plan] = Spread(plan, self.width)
        self.spread = self.spreads[plan]
        self.keep_racked(month, fleet)
        self.power_racked(fleet)
        self.place()
        if blame:
            self.blame(month, fleet)
        self.install()
        if blame:
            multiply(self.installing, self.spread.per_mw, out=fleet.dark[3])

    def keep_racked(self, month, fleet):  # R2
        m, plan = self.m, self.plan
        if len(fleet.retired):
            stays = share_that_stays(month, fleet.retired)
            if stays.min() < 1:
                for stock in (self.racked, self.ran):
                    stock[self.mortal_places] *= stays[self.mortal_lots]
        for p in self.retrofitted:
            share = share_that_stays(month, np.array([m.halls_here[m.hall_of_place[p]]["retrofit_month"]]))[0]
            if share < 1:
                self.racked[p] *= share
                self.ran[p] *= share
        multiply(fleet.present, self.spread.mw, out=self.waiting)
        subtract(self.waiting, self.to_lots(self.racked, self.t), out=self.waiting)
        maximum(self.waiting, 0, out=self.waiting)
        self.any_waiting = m.lots > 0 and self.waiting.max() > self.tiny

        # what is racked beyond the open room of its hall stands dark in it
        room = self.room
        np.copyto(room, fleet.room_mw)
        for step in plan.own:
            here = room[step.halls]
            subtract(here, self.racked[step.places], out=here)
            put(room, step.halls, here)
        self.housed, self.stood, self.closed = self.racked, self.ran, None
        if m.halls and room.min() < -self.tiny:
            racked = fleet.room_mw - room
            open_ = np.where(racked > fleet.room_mw, fleet.room_mw / np.where(racked > 0, racked, 1), 1.0)
            open_ = open_[m.hall_of_place]
            self.housed, self.stood = self.racked * open_, self.ran * open_
            self.closed = self.to_lots(self.racked - self.housed, np.zeros_like(self.t))
        maximum(room, 0, out=room)

    def power_racked(self, fleet):  # R7
        plan, power, powered, standing = self.plan, self.free, self.powered, self.standing
        subtract(self.housed, self.stood, out=standing)
        maximum(standing, 0, out=standing)
        np.copyto(power, fleet.fleet_mw)
        for step in plan.own:  # all of it, if there is power for all
            here = power[step.sites]
            subtract(here, self.housed[step.places], out=here)
            put(power, step.sites, here)
        self.unlit = self.m.places > 0 and power.min() < -self.tiny
        if not self.unlit:
            np.copyto(powered, self.housed)
            maximum(power, 0, out=power)
            return
        np.copyto(power, fleet.fleet_mw)
        for stock in (self.stood, standing):
            for step in plan.own:
                left = power[step.sites]
                here = minimum(stock[step.places], left)
                subtract(left, here, out=left)
                put(power, step.sites, left)
                if stock is standing:
                    powered[step.places] += here
                else:
                    powered[step.places] = here

    def fill(self, steps, waiting, room, power, out, fits=True, closed=None, placed=None):
        """R10: MW of each lot that find a place, with some limits lifted (None). Uses up what it is given."""
        for step in steps:
            wait = waiting[step.lots]
            n = len(wait)
            direct = step.first and type(step.lots) is slice
            here = out[step.lots] if direct else self.scratch[:n]
            now = wait
            if closed is not None and step.halls is None:
                now = add(now, closed[step.lots], out=here)
            if step.ratio is not None:
                now = multiply(now, step.ratio, out=here)
            if room is not None and step.halls is not None:
                left = room[step.halls]
                now = minimum(now, left, out=here)
                if fits and step.fits is not None:
                    now = minimum(now, step.fits, out=here)
            if power is not None:
                free = power[step.sites]
                now = minimum(now, free, out=here)
                subtract(free, here, out=free)
                put(power, step.sites, free)
            if now is wait:
                np.copyto(here, wait)
            if room is not None and step.halls is not None:
                subtract(left, here, out=left)
                put(room, step.halls, left)
            if placed is not None:
                placed[step.places] = here
            if step.ratio is not None:
                multiply(here, step.back, out=here)
            if step.more:
                subtract(wait, here, out=wait)
                put(waiting, step.lots, wait)
            if not step.first:
                sum_ = out[step.lots]
                add(sum_, here, out=sum_)
                put(out, step.lots, sum_)
            elif not direct:
                out[step.lots] = here

    def spare(self, x, into):
        np.copyto(into, x)
        return into

    def place(self):
        """E: what is housed and powered this month."""
        plan, m = self.plan, self.m
        if not self.any_waiting:
            self.placed.fill(0)
            np.copyto(self.power, self.free)
            self.lit_places = self.powered
            np.copyto(self.lit, self.to_lots(self.powered, self.t))
            return
        power, rooms = self.spare(self.free, self.power), self.spare(self.room, self.rooms)
        if self.aligned:
            self.fill(plan.own, self.waiting, rooms, power, self.placed)
        else:
            self.lit.fill(0)
            self.placed.fill(0)
            self.fill(plan.own, self.spare(self.waiting, self.left), rooms, power, self.lit, placed=self.placed)
        self.lit_places = add(self.powered, self.placed, out=self.lit_sum)
        np.copyto(self.lit, self.to_lots(self.lit_places, self.t))

    def install(self):  # R8: crews in placement order, powered or not
        plan, racks = self.plan, self.racks
        done, lit = self.ran, self.lit_installed
        stands = self.m.places > 0 and self.standing.max() > self.tiny
        if not stands and not self.any_waiting:
            minimum(self.powered, self.stood, out=lit)
        else:
            crews = [(self.standing, self.crew_standing)] if stands else []
            crews += [(self.placed, self.crew_placed)] if self.any_waiting else []
            for chips, crew in crews:
                multiply(chips, self.spread.per_rack, out=crew)
            racks[:] = self.m.racks_per_month
            for step in plan.own:
                left = racks[step.sites]
                for _, crew in crews:
                    here = crew[step.places]
                    minimum(here, left, out=here)
                    subtract(left, here, out=left)
                    put(crew, step.places, here)
                put(racks, step.sites, left)
            for _, crew in crews:
                multiply(crew, self.spread.rack, out=crew)
            np.copyto(lit, self.stood)
            if stands:
                add(lit, self.crew_standing, out=lit)
                add(done, self.crew_standing, out=done)
            minimum(lit, self.powered, out=lit)
            if self.any_waiting:
                add(lit, self.crew_placed, out=lit)
                add(done, self.crew_placed, out=done)
                add(self.racked, self.placed, out=self.racked)
        self.say_installed()

    def say_installed(self):
        plan = self.plan
        installing = subtract(self.lit_places, self.lit_installed, out=self.standing)
        maximum(installing, 0, out=installing)
        home = self.to_lots(self.lit_installed, self.t)
        multiply(home, self.spread.per_mw, out=self.installed)
        self.mw_each = None
        if self.aligned and plan.to_home is None:
            self.installing_mw, self.lit_mw = installing, self.lit_places
            self.installing = installing
        else:
            mw = self.to_lots(self.lit_installed, np.zeros_like(self.t), at_home=False)
            self.mw_each = np.divide(mw, self.installed, out=np.zeros_like(mw), where=self.installed > 0)
            self.installing_mw = self.to_lots(installing, np.zeros_like(self.t), at_home=False)
            self.lit_mw = self.to_lots(self.lit_places, np.zeros_like(self.t), at_home=False)
            self.installing = self.to_lots(installing, np.zeros_like(self.t))

    def annual_pue(self, plan):
        """Of what runs of each lot: a column, or by path where its chips stand in several halls."""
        if self.aligned:
            return plan.annual
        weighted, total = np.zeros_like(self.t), np.zeros_like(self.t)
        for rows, lots in self.places_of_lot:
            chips = self.lit_installed[rows] / plan.place_mw_each[rows]
            weighted[lots] += chips * plan.annual[rows]
            total[lots] += chips
        return np.divide(weighted, total, out=np.zeros_like(total), where=total > 0)

    # ---- who keeps the rest dark (R10 to R12), chips

    def blame(self, month, fleet):
        plan, m = self.plan, self.m
        to_chips = self.spread.per_mw
        self.any_dark = self.any_waiting or self.unlit or self.closed is not None
        if not self.any_dark:
            fleet.dark[:3] = 0
            fleet.alone[:] = 0
            self.two_lots = self.two_lots[:0]
            return
        housed = self.to_lots(self.housed, self.housed_of_lots)
        powered = self.to_lots(self.powered, self.powered_of_lots)
        waiting = lambda copy: self.spare(self.waiting, self.left) if copy else self.waiting
        rooms, power = (lambda: self.spare(self.room, self.rooms)), (lambda: self.spare(self.free, self.power))
        s, c, h, sc, b = self.by_s, self.by_c, self.by_h, self.by_sc, self.by_b
        for out in () if self.aligned else (s, c, h, sc):
            out.fill(0)
        self.fill(plan.own, waiting(plan.shared_lots), rooms(), None, s)
        self.fill(plan.with_others, waiting(True), rooms(), power(), c, fits=False)
        self.fill(plan.with_others, waiting(True), rooms(), None, sc, fits=False)
        self.fill(plan.with_notional, waiting(plan.notional_needs_room), rooms() if plan.notional_needs_room else None, power(), h, closed=self.closed)
        add(s, housed, out=s)
        add(c, powered, out=c)
        add(sc, housed, out=sc)
        add(h, powered, out=h)
        add(housed, self.waiting, out=b)
        if self.closed is not None:
            add(b, self.closed, out=b)

        shell, cooling, power = fleet.alone
        best, e = s, self.lit
        subtract(s, e, out=power)
        maximum(power, 0, out=power)
        maximum(best, e, out=best)
        subtract(c, best, out=cooling)
        maximum(cooling, 0, out=cooling)
        maximum(best, c, out=best)
        subtract(h, best, out=shell)
        maximum(shell, 0, out=shell)
        maximum(best, h, out=best)
        multiply(fleet.alone, to_chips, out=fleet.alone)
        np.copyto(fleet.dark[:3], fleet.alone)
        two = subtract(b, best, out=b)
        self.two_lots = np.flatnonzero(two.max(axis=1) > 0)
        if len(self.two_lots):
            self.blame_two(month, two[self.two_lots], sc[self.two_lots] - best[self.two_lots], fleet.dark)

    def blame_two(self, month, two, two_cooling, dark):
        """Two cures, one of them cooling or not, rows of `two_lots` in MW: to the gate that opens later."""
        lots = self.two_lots
        to_chips = self.spread.per_mw[lots]
        maximum(two, 0, out=two)
        maximum(minimum(two_cooling, two, out=two_cooling), 0, out=two_cooling)
        multiply(two, to_chips, out=two)
        multiply(two_cooling, to_chips, out=two_cooling)
        self.find_later(month)
        later = self.later[lots]
        power = two * later
        subtract(two_cooling, multiply(two_cooling, later, out=later), out=two_cooling)
        subtract(two, power, out=two)
        subtract(two, two_cooling, out=two)
        for state, chips in enumerate((two, two_cooling, power)):
            dark[state, lots] += chips

    def find_later(self, month):
        """R12: 1 where the next opening of power is later than that of the lot's halls."""
        moved = self.power_dates.forget(month) | self.hall_dates.forget(month)
        if moved:
            power = self.power_dates.nearest(self.tranches_of_site, self.power)
            hall = self.hall_dates.nearest(self.halls_of_lot, self.t)
            np.copyto(self.later, power[self.site_of_lot] > hall)


class Openings:
    """Dates to come, [item][path]: those that a month has reached are forgotten."""

    def __init__(self, dates):
        self.dates = dates.copy()
        self.soonest = dates.min(axis=1, initial=NEVER)

    def forget(self, month):
        rows = np.flatnonzero(self.soonest <= month)
        if len(rows):
            dates = self.dates[rows]
            dates[dates <= month] = NEVER
            self.dates[rows] = dates
            self.soonest[rows] = dates.min(axis=1)
        return len(rows) > 0 or not hasattr(self, "asked")

    def nearest(self, groups, out):
        """Of the items of each owner."""
        self.asked = True
        out.fill(NEVER)
        for rows, owners in groups:
            here = out[owners]
            minimum(here, self.dates[rows], out=here)
            put(out, owners, here)
        return out
