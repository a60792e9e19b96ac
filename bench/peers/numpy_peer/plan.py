"""What placement asks of a month and is the same on every path: PUE, what a chip draws in each place,
and the sequences in which the lots of a site take its places (R6, R7, R10).

Sites do not touch each other, so step j of a sequence is the j-th place of every site at once. Power
and room are in MW of facility power at the PUE of the place, chips of a lot at that of the first of
its own halls (its home); `ratio` takes the one to the other.
"""

import numpy as np

from model import LONGEST_HISTORY
from rows import NEVER, as_rows, column, part_since, spans_at, unless_all


class Step:
    """Rows that move together: of lots, places (own halls only), halls (None: the notional one), sites."""

    def __init__(self, entries, plan):
        lots, places, halls, sites = zip(*[e[:4] for e in entries])
        self.first, self.more = entries[0][4:6]
        self.lots, self.sites = as_rows(lots), as_rows(sites)
        self.places = as_rows(places) if places[0] is not None else None
        self.halls = as_rows(halls) if halls[0] is not None else None
        pue = plan.hall_pue[list(halls)] if self.halls is not None else plan.notional_pue[list(lots)]
        self.ratio = unless_all(pue / plan.home_pue[list(lots)], 1)
        self.back = None if self.ratio is None else 1 / self.ratio
        self.fits = None
        if self.places is not None and plan.fits is not None:
            self.fits = plan.fits[list(places)] * plan.model.it_mw[list(halls)] * pue


class Plan:
    def __init__(self, model, site_order, pues):
        self.model, m = model, model
        self.hall_pue, self.hall_annual, self.notional_pue, self.notional_annual, self.fits = pues
        # a chip's MW in each place, at home, and of one that waits for any place
        of_place = m.lot_of_place
        self.place_pue = self.hall_pue[m.hall_of_place]
        first = {}
        for p, l in enumerate(of_place):
            h = m.hall_of_place[p]
            if l not in first or m.lots_here[l]["halls"].index(m.hall_ids[h]) == 0:
                first[l] = p
        self.home_pue = np.array([self.place_pue[first[l], 0] if l in first else self.notional_pue[l, 0]
                                  for l in range(m.lots)]).reshape(-1, 1)
        self.mw_each = m.it_mw_each * self.home_pue
        self.notional_mw_each = m.it_mw_each * self.notional_pue
        self.place_mw_each = m.it_mw_each[of_place] * self.place_pue
        self.rack_mw = m.per_rack[of_place] * self.place_mw_each
        self.to_home = unless_all(self.home_pue[of_place] / self.place_pue, 1)
        self.annual = self.hall_annual[m.hall_of_place]
        self.hall_mw = m.it_mw * self.hall_pue

        own = [[self.own_places(l, s) for l in order] for s, order in enumerate(site_order)]
        other = [[[(l, None, m.hall_at[h], s) for h in m.lots_here[l]["other_halls"]] for l in order] for s, order in enumerate(site_order)]
        notional = [[[(l, None, None, s)] for l in order] for s, order in enumerate(site_order)]
        # Where all halls of a site's lots have the PUE of the notional one, chips that may go there
        # need not ask for room first.
        free = [all(self.hall_pue[h, 0] == self.notional_pue[l, 0] for places in own[s] for l, _, h, _ in places) for s in range(m.sites)]
        self.own = self.sequence(own)
        self.with_others = self.sequence([[a + b for a, b in zip(x, y)] for x, y in zip(own, other)])
        self.with_notional = self.sequence([[b if free[s] else a + b for a, b in zip(own[s], notional[s])] for s in range(m.sites)])
        self.shared_lots = any(step.more or not step.first for step in self.own)
        self.notional_needs_room = not all(free)

    def own_places(self, lot, site):
        m = self.model
        return [(lot, m.place_at[m.lot_ids[lot], h], m.hall_at[h], site) for h in m.lots_here[lot]["halls"]]

    def sequence(self, by_site):
        """by_site[site][lot in order] = its places in order."""
        flat = [[(*place, k == 0, k + 1 < len(places)) for places in lots for k, place in enumerate(places)] for lots in by_site]
        steps = []
        for j in range(max((len(x) for x in flat), default=0)):
            together = {}
            for entries in flat:
                if j < len(entries):
                    e = entries[j]
                    kind = (e[4], e[5], e[1] is None, e[2] is None)
                    together.setdefault(kind, []).append(e)
            steps += [Step(entries, self) for entries in together.values()]
        return steps


class Plans:
    """Plans by month; months that ask the same share one."""

    def __init__(self, model):
        self.m, self.known, self.by_month = model, {}, {}
        for month in range(-LONGEST_HISTORY, model.months):
            order = model.site_orders[max(month, 0)]
            pues = self.pues(month)
            key = (order, *[None if x is None else x.tobytes() for x in pues])
            if key not in self.known:
                self.known[key] = Plan(model, order, pues)
            self.by_month[month] = self.known[key]

    def pues(self, month):
        """[hall] peak and annual, [lot] both of the notional hall, [place] part of the month in which the lot fits."""
        m = self.m
        peak = column([spans_at(h["pue"], month, 1) for h in m.halls_here])
        annual = column([spans_at(h["pue"], month, 2) for h in m.halls_here])
        notional, notional_annual = np.ones((2, m.lots, 1))
        for l, lot in enumerate(m.lots_here):
            if lot["lowest_pue"]:
                notional[l], notional_annual[l] = (spans_at(lot["lowest_pue"], month, what) for what in (1, 2))
            elif lot["halls"]:
                notional[l], notional_annual[l] = (min(x[m.hall_at[h], 0] for h in lot["halls"]) for x in (peak, annual))
        fits = np.ones((m.places, 1))
        for p, (l, h) in enumerate(zip(m.lot_of_place, m.hall_of_place)):
            before, later = retrofit(m.lots_here[l], m.halls_here[h])
            if m.halls_here[h]["retrofit_month"] < NEVER and not (before and later):
                after = part_since(month, np.array([m.halls_here[h]["retrofit_month"]]))[0]
                fits[p] = (1 - after) * before + after * later
        return peak, annual, notional, notional_annual, None if (fits == 1).all() else fits


def retrofit(lot, hall):
    """Whether the hall takes the lot before its retrofit, and after."""
    return ((lot["cooling_mask"] & hall["cooling_mask"]) != 0 and lot["rack_kw"] <= hall["max_rack_kw"],
            (lot["cooling_mask"] & hall["retrofit_mask"]) != 0 and lot["rack_kw"] <= hall["retrofit_max_rack_kw"])
