"""Which gate cures the chips that are dark for one gate alone, and what waits for each (docs/decisions/0003).

A chip that is dark alone in a month is credited, whole, to the gate of its kind that opens next at its site on
its path, after the month's first day: for want of power a source or tranche, for want of a shell or of cooling a
hall that its lot fits, for cooling a retrofit too. A tranche with a date of its own is a gate, one at an interval
belongs to the gate that it follows. Where none is left, and for crews, a name of the site stands for it.

Lots of a site with the same gates before them share a wait, a row of `waiting`; what they wait for changes at a
few dates of each path only. So rows add up month by month and are handed to a gate when its turn ends.
"""

import numpy as np

from rows import NEVER, put

SHELL, COOLING, POWER, CREWS = range(4)


class Wait:
    """site; gates: ((row of dates, name), ...) in order; rest: the name where none of them is left.
    Rows of dates: tranches, halls, then halls' retrofits (Turns.begin)."""

    def __init__(self, site, gates, rest):
        self.site, self.gates, self.rest = site, tuple(gates), rest
        self.key = (site, self.gates)


def waits_of(model):
    """[state without crews][lot]"""
    m = model
    names, sites = m.raw["gates"], m.raw["sites"]
    row_of_tranche = {tranche: row for row, tranche in enumerate(m.tranches)}
    first_hall, first_retrofit = len(m.tranches), len(m.tranches) + m.halls

    def sources(site):
        for s in sites[site]["sources"]:
            source = m.raw["sources"][s]
            gate = source["gate"]
            for k in range(len(source["tranche_mw"])):
                own = source["tranche_gate"][k] if k < len(source["tranche_gate"]) else -1
                gate = own if own >= 0 else gate
                yield row_of_tranche[m.source_at[s], k], names[gate]

    def halls(lot, retrofits):
        for h in lot["halls"]:
            hall, at = m.raw["halls"][h], m.hall_at[h]
            if hall["warm_gate"] >= 0:
                yield first_hall + at, names[hall["warm_gate"]]
            if retrofits and hall["retrofit_month"] < NEVER:
                yield first_retrofit + at, hall["path"] + ".retrofit"

    found = [[], [], []]
    for lot, site in zip(m.lots_here, m.site_of_lot):
        path = site_path(m, site)
        found[SHELL].append(Wait(site, halls(lot, False), path + ".halls"))
        found[COOLING].append(Wait(site, halls(lot, True), path + ".cooling"))
        found[POWER].append(Wait(site, sources(lot["site"]), path + ".power"))
    return found


def site_path(model, site):
    return "sites." + model.raw["sites"][model.site_ids[site]]["name"]


class Turns:
    """When whose turn ends, on a chunk of paths. A slot is one gate of one wait."""

    def __init__(self, model, waits, width):
        self.months, self.width = model.months, width
        self.slots, together = [], {}  # slots: (wait, name)
        for wait, of in enumerate(waits):
            if of.gates:
                together.setdefault(len(of.gates), []).append((wait, len(self.slots), [row for row, _ in of.gates]))
            self.slots += [(wait, name) for _, name in of.gates]
        self.alike = [[np.array(x, dtype=np.intp) for x in zip(*entries)] for entries in together.values()]
        retrofit = np.array([[h["retrofit_month"]] for h in model.halls_here]).reshape(-1, 1)
        self.retrofits = np.repeat(retrofit, width, axis=1)

    def begin(self, opens, warm):
        """Dates [tranche][path] and [hall][path], months. A turn ends as the first month begins that begins on its date or
        after; of gates that open within a month the first has the turn, of equal dates the first in order."""
        dates, path = np.concatenate([opens, warm, self.retrofits]), np.arange(self.width)
        ends, rows, slots = [np.zeros(0, np.int16)], [np.zeros(0, np.intp)], [np.zeros(0, np.intp)]
        for wait, first_slot, gates in self.alike:
            found = dates[gates]  # [wait][gate][path]
            order = np.argsort(found, axis=1, kind="stable")
            end = np.take_along_axis(found, order, axis=1)
            has_turn = end < NEVER
            np.clip(np.ceil(end, out=end), 0, self.months, out=end)
            has_turn &= end > 0
            has_turn[:, 1:] &= end[:, 1:] != end[:, :-1]
            w, k, p = np.nonzero(has_turn)
            ends.append(end[w, k, p].astype(np.int16))
            rows.append(wait[w] * self.width + path[p])
            slots.append((first_slot[w] + order[w, k, p]) * self.width + path[p])
        ends = np.concatenate(ends)
        by_month = np.argsort(ends, kind="stable")
        self.rows, self.slot_rows = np.concatenate(rows)[by_month], np.concatenate(slots)[by_month]
        self.until = np.searchsorted(ends[by_month], np.arange(self.months + 2))

    def ending(self, month):
        """Of waits and of slots, entries laid flat, whose turn ends as the month begins."""
        here = slice(self.until[month], self.until[month + 1])
        return self.rows[here], self.slot_rows[here]


class Cures:
    """What waits for each gate on each path of a chunk. by_name[name][path]: lost margin, discounted."""

    ALONE, SELLABLE, MARGIN = range(3)  # chips, chips, money discounted; each summed over months

    def __init__(self, model, width):
        self.m, self.waits, self.of_state, self.groups = model, [], [], []
        for by_lot in waits_of(model):  # numbered as lots come, so that rows lie side by side
            number = {}
            mine = [number.setdefault(wait.key, (len(number), wait))[0] for wait in by_lot]
            self.of_state.append(slice(len(self.waits), len(self.waits) + len(number)))
            self.waits += [wait for _, wait in number.values()]
            self.groups.append(model.groups(mine, len(number)))
        self.turns = Turns(model, self.waits, width)
        slots = self.turns.slots
        self.waiting = np.zeros((3, len(self.waits), width))
        self.handed = np.zeros((3, len(slots), width))
        self.crews = np.zeros((model.sites, width))
        self.lots_of_site = model.groups(model.site_of_lot, model.sites)
        self.scratch = np.zeros((model.lots, width))
        crews = [site_path(model, site) + ".install" for site in range(model.sites)]
        self.names = sorted({name for _, name in slots} | {wait.rest for wait in self.waits} | set(crews))
        at = {name: i for i, name in enumerate(self.names)}
        self.name_of_slot = [at[name] for _, name in slots]
        self.name_of_rest = [at[wait.rest] for wait in self.waits]
        self.name_of_crews = [at[name] for name in crews]
        self.by_name = np.zeros((len(self.names), width))
        # rows of lost margin, by what they are summed into
        self.into_names = [model.groups(owners, len(self.names)) for owners in (self.name_of_slot, self.name_of_rest, self.name_of_crews)]
        state_of = np.repeat(np.arange(len(self.of_state)), [x.stop - x.start for x in self.of_state])
        place = lambda wait: self.waits[wait].site * 4 + int(state_of[wait])
        self.into_sites = [model.groups([place(wait) for wait, _ in slots], 4 * model.sites),
                           model.groups([place(wait) for wait in range(len(self.waits))], 4 * model.sites),
                           model.groups([4 * site + CREWS for site in range(model.sites)], 4 * model.sites)]

    def begin(self, fleet):
        self.turns.begin(fleet.opens, fleet.warm)
        for rows in (self.waiting, self.handed, self.crews):
            rows.fill(0)
        self.some_wait = False

    def end_turns(self, month):
        if self.some_wait:
            rows, slots = self.turns.ending(month)
            waiting, handed = self.waiting.reshape(3, -1), self.handed.reshape(3, -1)
            handed[:, slots] = waiting[:, rows]  # a gate has one turn
            waiting[:, rows] = 0

    def add_alone(self, chips, some):
        """chips[state][lot][path] are dark for one gate alone this month; some[state][lot]: on any path."""
        for state, groups in enumerate(self.groups):
            for lots, waits in groups:
                if some[state, lots].any():
                    self.some_wait = True
                    self.add(self.ALONE, state, waits, chips[state, lots])

    def add_sellable(self, chips, margin, some):
        """chips[state][lot][path] of them would sell; margin[lot][path] of each, discounted."""
        for state, groups in enumerate(self.groups):
            for lots, waits in groups:
                if some[state, lots].any():
                    here = chips[state, lots]
                    self.add(self.SELLABLE, state, waits, here)
                    self.add(self.MARGIN, state, waits, np.multiply(here, margin[lots], out=self.scratch[:len(here)]))
        for lots, sites in self.lots_of_site:
            if some[CREWS, lots].any():
                here, into = chips[CREWS, lots], self.crews[sites]
                np.add(into, np.multiply(here, margin[lots], out=self.scratch[:len(here)]), out=into)
                put(self.crews, sites, into)

    def add(self, what, state, waits, rows):
        waiting = self.waiting[what, self.of_state[state]]
        here = waiting[waits]
        np.add(here, rows, out=here)
        put(waiting, waits, here)

    def finish(self):
        """After the last month. Chips alone and sellable of each name [name], summed over paths; crews' are in the sums by state."""
        self.end_turns(self.m.months)
        self.sum_up(self.into_names, self.by_name)
        chips = np.zeros((2, len(self.names)))
        for owners, rows in ((self.name_of_slot, self.handed), (self.name_of_rest, self.waiting)):
            for what in (self.ALONE, self.SELLABLE):
                chips[what] += np.bincount(owners, rows[what].sum(axis=1), minlength=len(self.names))
        return chips

    def sum_up(self, into, out):
        """Lost margin of slots, of what is left waiting, and of crews."""
        out.fill(0)
        for groups, rows in zip(into, (self.handed[self.MARGIN], self.waiting[self.MARGIN], self.crews)):
            for items, owners in groups:
                here = out[owners]
                np.add(here, rows[items], out=here)
                put(out, owners, here)

    def by_site(self, out):
        """Lost margin of chips alone, [site and state][path]."""
        self.sum_up(self.into_sites, out)
        return out
