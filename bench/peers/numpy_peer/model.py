"""The portfolio as `build/bench_simulate --export DIR` writes it (portfolio.json) and its draws.

Items are kept in an order of our own, so that the sequences of the rules meet rows that lie side by
side: sites by their number of places for chips, most first; lots rank by rank of the first month's
placement order; places (a lot's own hall) step by step of it; halls and sources position by
position. `*_ids` give the exported number of each. Months count from `start`, dates too; MW is of
facility power; nothing below assumes that sites look alike, only that it is quicker if they do.
"""

import json
import pathlib

import numpy as np

from rows import NEVER, as_rows, column

WIDTH = 64  # of the exported blocks
LONGEST_HISTORY = 120


def numbers(x):
    """Infinities are written as words."""
    if isinstance(x, dict):
        return {k: numbers(v) for k, v in x.items()}
    if isinstance(x, list):
        return [numbers(v) for v in x]
    return float(x) if x in ("inf", "-inf") else x


class Model:
    def __init__(self, folder):
        self.folder = folder
        m = self.raw = numbers(json.loads((pathlib.Path(folder) / "portfolio.json").read_text()))
        self.months, self.paths, self.compared, self.classes = m["months"], m["paths"], m["compared"], m["classes"]
        self.given = {name: np.load(f"{folder}/{name}.npy", mmap_mode="r")
                      for name in ("gates", "rent", "resale", "demand", "price", "curtailed", "accept")}
        self._order_items()
        self._read_lots()
        self._read_halls_and_sources()
        self._read_markets()
        f = self.finance = m["finance"]
        self.discount = np.array(f["discount"])
        self.resale_by_year = np.array(f["resale_by_year"])

    # ---- items in our order

    def _order_items(self):
        m = self.raw
        lots, sites = m["lots"], m["sites"]
        by_site = [self.of_site(m["order"][0], s) for s in range(len(sites))]
        places = [[(l, h) for l in by_site[s] for h in lots[l]["halls"]] for s in range(len(sites))]
        self.site_ids = sorted(range(len(sites)), key=lambda s: (-len(places[s]), -len(by_site[s]), s))

        def side_by_side(lists):
            longest = max((len(x) for x in lists), default=0)
            return [lists[s][k] for k in range(longest) for s in self.site_ids if k < len(lists[s])]

        dear = np.asarray(self.given["price"])[0] if self.given["price"].ndim == 2 else np.asarray(self.given["price"][0, 0, :, 0])
        self.lot_ids = side_by_side(by_site)
        self.place_ids = side_by_side(places)
        self.hall_ids = side_by_side([s["halls"] for s in sites])
        self.source_ids = side_by_side([sorted(s["sources"], key=lambda i: (dear[i], i)) for s in sites])
        where = lambda ids: {one: i for i, one in enumerate(ids)}
        self.site_at, self.lot_at, self.hall_at = where(self.site_ids), where(self.lot_ids), where(self.hall_ids)
        self.source_at, self.place_at = where(self.source_ids), where(self.place_ids)
        self.sites, self.lots, self.halls = len(self.site_ids), len(self.lot_ids), len(self.hall_ids)
        self.sources, self.places = len(self.source_ids), len(self.place_ids)
        self.lots_here = [lots[l] for l in self.lot_ids]
        self.halls_here = [m["halls"][h] for h in self.hall_ids]
        self.sources_here = [m["sources"][s] for s in self.source_ids]
        self.site_of_lot = [self.site_at[lot["site"]] for lot in self.lots_here]
        self.site_of_source = [self.site_at[s["site"]] for s in self.sources_here]
        self.site_of_hall = [self.site_at[h["site"]] for h in self.halls_here]
        self.lot_of_place = [self.lot_at[l] for l, _ in self.place_ids]
        self.hall_of_place = [self.hall_at[h] for _, h in self.place_ids]
        self.lots_are_places = self.lot_of_place == list(range(self.lots))
        # order of the month: lots of the portfolio, and of each site
        self.order = [[self.lot_at[l] for l in order] for order in m["order"]]
        self.take_order = [[self.lot_at[l] for l in order] for order in m["take_order"]]
        self.site_orders = [tuple(tuple(l for l in order if self.site_of_lot[l] == s) for s in range(self.sites))
                            for order in self.order]

    def of_site(self, order, site):
        return [l for l in order if self.raw["lots"][l]["site"] == site]

    def groups(self, owners, count):
        """Items by their owner, one of each owner at a time: [(items, owners)], each as rows."""
        seen, steps = [0] * count, []
        for item, owner in enumerate(owners):
            while len(steps) <= seen[owner]:
                steps.append(([], []))
            steps[seen[owner]][0].append(item)
            steps[seen[owner]][1].append(owner)
            seen[owner] += 1
        return [(as_rows(items), as_rows(whose)) for items, whose in steps]

    # ---- facts

    def _read_lots(self):
        lots = self.lots_here
        of = lambda name: column([lot[name] for lot in lots])
        self.count, self.ordered, self.life = of("count"), of("ordered_month"), of("life_months")
        self.price, self.h100e = of("price"), of("h100e")
        self.it_mw_each = of("provisioned_kw") / 1000
        self.idle_kw, self.peak_kw, self.per_rack = of("idle_kw"), of("peak_kw"), of("accelerators_per_rack")
        self.failed_share = np.minimum(of("failed_share") + of("spares_share"), 1)
        self.class_of = np.array([lot["class"] for lot in lots], dtype=np.intp)
        self.delivered_gate = np.array([lot["delivered_gate"] for lot in lots], dtype=np.intp)
        self.can_cancel = np.array([i for i, lot in enumerate(lots) if lot["cancelled_gate"] >= 0], dtype=np.intp)
        self.cancelled_gate = np.array([lots[i]["cancelled_gate"] for i in self.can_cancel], dtype=np.intp)
        self.cancel_row = np.full(self.lots, -1)  # of a lot, among those that can be
        self.cancel_row[self.can_cancel] = np.arange(len(self.can_cancel))
        self.mortal = as_rows([i for i in range(self.lots) if self.life[i] < NEVER])
        self.racks_per_month = column([self.raw["sites"][s]["racks_per_month"] for s in self.site_ids])

    def _read_halls_and_sources(self):
        halls, sources = self.halls_here, self.sources_here
        self.it_mw = column([h["it_mw"] for h in halls])
        self.warm_gate = [h["warm_gate"] for h in halls]
        self.hall_outages = [(i, *span) for i, h in enumerate(halls) for span in h["outages"]]
        self.let = [i for i, h in enumerate(halls) if h["let"]]
        # a tranche: source, MW, and how it opens
        longest = max((len(s["tranche_mw"]) for s in sources), default=0)
        self.tranches = [(i, k) for k in range(longest) for i, s in enumerate(sources) if k < len(s["tranche_mw"])]
        self.tranche_mw = column([sources[i]["tranche_mw"][k] for i, k in self.tranches])
        self.source_of_tranche = [i for i, _ in self.tranches]
        self.ends = column([sources[i]["ends_month"] for i, _ in self.tranches])
        self.firm_share = column([s["firm_share"] for s in sources])
        self.source_outages = [(t, *span) for t, (i, _) in enumerate(self.tranches) for span in sources[i]["outages"]]
        # bridges of one source yield one after the other, in the order of names (R4)
        bridges = [(self.source_at[s], self.source_at[self.raw["sources"][s]["bridge_until"]])
                   for s in range(self.sources) if self.raw["sources"][s]["bridge_until"] >= 0]
        by_step = self.groups([until for _, until in bridges], self.sources)
        index = np.array([b for b, _ in bridges], dtype=np.intp)
        self.bridges = [(as_rows(index[items]), until) for items, until in by_step]
        self.capacity = column(np.bincount(self.site_of_source, minlength=self.sites) * 0.0)
        for (i, _), mw in zip(self.tranches, self.tranche_mw[:, 0]):
            self.capacity[self.site_of_source[i]] += mw

    def openings(self, gates):
        """R3: [tranche][path]; in their order, none overtakes."""
        opens, before = np.empty((len(self.tranches), gates.shape[1])), {}
        for t, (i, k) in enumerate(self.tranches):
            source = self.sources_here[i]
            own = source["tranche_gate"][k] if k < len(source["tranche_gate"]) else -1
            if k == 0:
                opens[t] = gates[own if own >= 0 else source["gate"]]
            elif own >= 0:
                np.maximum(gates[own], opens[before[i]], out=opens[t])
            else:
                np.add(opens[before[i]], source["every"], out=opens[t])
            before[i] = t
        return opens

    def warm(self, gates):
        dates = np.full((self.halls, gates.shape[1]), -np.inf)
        for i, gate in enumerate(self.warm_gate):
            if gate >= 0:
                dates[i] = gates[gate]
        return dates

    def _read_markets(self):
        markets = self.raw["markets"]
        self.markets, self.market_order = len(markets), self.raw["market_order"]
        self.ramp = [x["ramp_months"] for x in markets]
        self.busy_share = [1.0 if x["paid_idle"] else x["utilisation"] for x in markets]
        sells = self.h100e[:, 0] > 0
        self.accepts = [np.array([sells[l] and x["accepts_class"][c] for l, c in enumerate(self.class_of)], dtype=bool) for x in markets]

    # ---- draws

    def shared(self, name):
        """[month][row][1] where it is the same on every path, else None."""
        if self.given[name].ndim != 2:
            return None
        x = np.array(self.given[name])[:, :, None]
        return x[:, self.source_ids] if name == "price" else x

    def draws(self, first, count):
        """Paths first .. first + count - 1. What is the same on every path has one column; else [month][row][path]."""
        assert first % WIDTH == 0
        blocks = slice(first // WIDTH, (first + count + WIDTH - 1) // WIDTH)

        def side_by_side(name):
            x = self.given[name]
            if x.ndim == 2:
                return np.array(x)[:, :, None]
            x = np.moveaxis(x[blocks], 0, -2)
            return np.ascontiguousarray(x.reshape(*x.shape[:-2], x.shape[-2] * WIDTH)[..., :count])

        draws = {name: side_by_side(name) for name in self.given}
        sources = np.array(self.source_ids, dtype=np.intp)
        for name in ("price", "curtailed"):
            draws[name] = np.ascontiguousarray(draws[name][:, sources])
        shape = (self.months, self.markets, self.classes)
        draws["rent"] = draws["rent"].reshape(*shape, count)
        draws["accept"] = draws["accept"].reshape(*shape, draws["accept"].shape[-1])
        return draws
