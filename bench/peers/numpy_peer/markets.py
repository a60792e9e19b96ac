"""Who is sold, what is refused, what the dark would sell (R9, R14 to R19), on a chunk of paths.

Demand runs down lot by lot; everything else is worked out for all lots at once. Sales are computed in
h100e, since that is what demand is in, and turned into accelerators at the end.
"""

import math

import numpy as np

from rows import as_rows, per, wide

add, subtract, multiply, minimum, maximum = np.add, np.subtract, np.multiply, np.minimum, np.maximum


class Markets:
    def __init__(self, model, width, blame=True):
        self.m, self.width = model, width
        m, n, w, markets = model, model.lots, width, model.markets
        of_lots = lambda k: np.zeros((k, n, w))
        self.ring = list(of_lots(max([1, *(math.ceil(r) for r in m.ramp)])))  # working, newest first
        self.failed, self.ready, self.open, self.sold_all, self.busy_all, self.underused = of_lots(6)
        self.idle, self.outclassed, self.no_demand, self.t = of_lots(4)
        self.sold, self.busy = np.zeros((2, markets, n, w))
        self.unmet = np.zeros((markets, w))
        self.left, self.part = np.zeros((2, w))
        self.works, self.fails, self.h100e = wide(1 - m.failed_share, w), wide(m.failed_share, w), wide(m.h100e, w)
        self.plenty = [False] * markets
        self.per_h100e = wide(np.where(m.h100e > 0, 1 / np.where(m.h100e > 0, m.h100e, 1), 0), w)
        self.ramps = [r > 1 for r in m.ramp]
        self.of_class = [as_rows(np.flatnonzero(m.class_of == c)) for c in range(m.classes)]
        self.class_list = m.class_of.tolist()
        self.sells = (m.h100e[:, 0] > 0).tolist()
        self.takes = [[l for l in m.take_order[k] if m.accepts[k][l]] for k in range(markets)]
        views = lambda x: [x[l] for l in range(n)]
        self.open_rows, self.ready_rows = views(self.open), views(self.ready)
        self.sold_rows = [views(x) for x in self.sold]
        if blame:
            self.handed, self.sellable_alone = np.zeros((markets, n, w)), of_lots(4)
            self.dark_h, self.left_h, self.dark_all, self.alone_all, self.total = of_lots(5)
            self.left_rows, self.out_rows = views(self.left_h), views(self.outclassed)
            self.handed_rows = [views(x) for x in self.handed]

    def begin(self):
        for x in self.ring:
            x.fill(0)

    def take_over(self, one):
        for mine, theirs in zip(self.ring, one.ring):
            mine[:] = theirs

    def fail(self, installed):  # R9
        self.ring.insert(0, self.ring.pop())
        self.working = self.ring[0]
        multiply(installed, self.works, out=self.working)
        multiply(installed, self.fails, out=self.failed)

    def ramped(self, market, out):  # R16
        months = self.m.ramp[market]
        whole = int(months)
        add(self.ring[0], self.ring[1], out=out) if whole > 1 else np.copyto(out, self.ring[0])
        for k in range(2, whole):
            add(out, self.ring[k], out=out)
        if months > whole:
            add(out, self.ring[whole] * (months - whole), out=out)
        multiply(out, 1 / months, out=out)
        return minimum(out, self.working, out=out)

    def acceptance(self, market, accept):
        """By class: 0 or 1 where every path says so, else the row."""
        shares = []
        for c in range(self.m.classes):
            row, ever = accept[market, c], self.m.raw["markets"][market]["accepts_class"][c]
            low, high = (row.min(), row.max()) if ever else (0.0, 0.0)
            shares.append(float(low) if low == high else row)
        return shares

    # ---- R14, R15, R17

    def serve(self, demand, accept):
        m, ready, total = self.m, self.ready, self.sold_all
        multiply(self.working, self.h100e, out=ready)
        self.accepted = [self.acceptance(k, accept) for k in range(m.markets)]
        for rank, k in enumerate(m.market_order):
            shares, sold = self.accepted[k], self.sold[k]
            offered, rows = self.open, self.open_rows
            if self.ramps[k]:
                multiply(self.ramped(k, offered), self.h100e, out=offered)
                if rank:
                    subtract(offered, total, out=offered)
                    maximum(offered, 0, out=offered)
            elif rank:
                subtract(ready, total, out=offered)
            else:
                offered, rows = ready, self.ready_rows
            refused = [type(s) is float and s == 0 for s in shares]
            for c, share in enumerate(shares):
                if refused[c] or (type(share) is float and share == 1):
                    continue
                if offered is ready:
                    np.copyto(self.open, ready)
                    offered, rows = self.open, self.open_rows
                mine = self.of_class[c]
                offered[mine] = minimum(offered[mine], ready[mine] * share)
            left, taken = self.unmet[k], self.sold_rows[k]
            left[:] = demand[k]
            if len(self.takes[k]) < m.lots or any(refused):
                sold.fill(0)
            takes = [l for l in self.takes[k] if not refused[self.class_list[l]]] if any(refused) else self.takes[k]
            if not (self.plenty[k] and len(takes) == m.lots and self.sell_all(offered, left, sold)):
                for l in takes:
                    here = taken[l]
                    minimum(rows[l], left, out=here)
                    subtract(left, here, out=left)
            self.plenty[k] = m.lots > 0 and left.min() > 0
            if rank == 0:
                np.copyto(total, sold)
            else:
                add(total, sold, out=total)
        # into accelerators
        if not m.markets:
            total.fill(0)
        multiply(total, self.per_h100e, out=total)
        self.busy_all.fill(0)
        for k in range(m.markets):
            sold = multiply(self.sold[k], self.per_h100e, out=self.sold[k])
            if m.busy_share[k] == 1:
                add(self.busy_all, sold, out=self.busy_all)
            else:
                add(self.busy_all, multiply(sold, m.busy_share[k], out=self.busy[k]), out=self.busy_all)
        subtract(total, self.busy_all, out=self.underused)
        subtract(self.working, total, out=self.idle)
        maximum(self.idle, 0, out=self.idle)

    def sell_all(self, offered, left, sold):
        """Where no path wants less than it is offered, as last month: nothing runs out."""
        add.reduce(offered, axis=0, out=self.part)
        if not (self.part <= left).all():
            return False
        np.copyto(sold, offered)
        subtract(left, self.part, out=left)
        return True

    def paid(self, market):
        """Paid hours as accelerators."""
        return self.sold[market] if self.m.busy_share[market] == 1 else self.busy[market]

    # ---- R18

    def find_outclassed(self, month):
        m, outclassed = self.m, self.outclassed
        outclassed.fill(0)
        begun = False
        for k in m.market_order:
            refuses = [1 - share for share in self.accepted[k]]
            lots = [l for l in m.order[month] if self.sells[l] and not (type(refuses[self.class_list[l]]) is float and refuses[self.class_list[l]] == 0)]
            if not lots or not self.unmet[k].any():
                continue
            if not begun:
                begun = True
                multiply(self.can_be_refused(), self.h100e, out=self.left_h)
            refusing, part = self.left, self.part
            np.copyto(refusing, self.unmet[k])
            for l in lots:
                share, left, out = refuses[self.class_list[l]], self.left_rows[l], self.out_rows[l]
                here = minimum(refusing if type(share) is float and share == 1 else multiply(refusing, share, out=part), left, out=part)
                subtract(refusing, here, out=refusing)
                subtract(left, here, out=left)
                add(out, here, out=out)
        if not begun:
            np.copyto(self.no_demand, self.idle)
            return
        multiply(outclassed, self.per_h100e, out=outclassed)
        subtract(self.idle, outclassed, out=self.no_demand)
        maximum(self.no_demand, 0, out=self.no_demand)

    def can_be_refused(self):
        """Idle chips, but for those that are idle because they ramp in every market."""
        if not all(self.ramps):
            return self.idle
        best = self.ramped(0, np.zeros_like(self.idle))
        for k in range(1, self.m.markets):
            maximum(best, self.ramped(k, self.t), out=best)
        return minimum(maximum(best - self.sold_all, 0), self.idle)

    # ---- R19

    def hand_unmet_demand(self, month, fleet):
        m, dark = self.m, fleet.dark
        self.sold_dark = []  # markets whose unmet demand reached dark chips, in service order
        self.is_dark = m.lots > 0 and (fleet.placement.any_dark or dark[3].max() > 0)
        if self.is_dark:
            add(dark[0], dark[1], out=self.dark_all)
            add(self.dark_all, dark[2], out=self.dark_all)
            add(self.dark_all, dark[3], out=self.dark_all)
            some = (self.dark_all.max(axis=1) > 0).tolist()
            meets = {}
            for k in m.market_order:
                shares = self.accepted[k]
                lots = [l for l in m.order[month] if some[l] and self.sells[l]
                        and not (type(shares[self.class_list[l]]) is float and shares[self.class_list[l]] == 0)]
                if lots and self.unmet[k].any():
                    meets[k] = lots
            if meets:
                self.find_sellable(meets, dark, fleet.alone, fleet.placement.two_lots)

    def find_sellable(self, meets, dark, alone, two_lots):
        """meets[market]: the lots that its unmet demand may reach, in placement order; two_lots: those with chips that need
        two cures. Found: sellable_alone[state][lot][path], and of those lots sellable_two[state][lot][path]."""
        m, dark_h, left_h, total = self.m, self.dark_h, self.left_h, self.total
        add(alone[0], alone[1], out=self.alone_all)
        add(self.alone_all, alone[2], out=self.alone_all)
        add(self.alone_all, dark[3], out=self.alone_all)
        multiply(self.dark_all, self.h100e, out=dark_h)
        np.copyto(left_h, dark_h)
        total.fill(0)
        for k, lots in meets.items():
            shares, unmet, part = self.accepted[k], self.left, self.part
            np.copyto(unmet, self.unmet[k])
            handed, rows = self.handed[k], self.handed_rows[k]
            if len(lots) < m.lots:
                handed.fill(0)
            for l in lots:
                share, here, left = shares[self.class_list[l]], rows[l], self.left_rows[l]
                if not (type(share) is float and share == 1):
                    left = minimum(multiply(dark_h[l], share, out=part), left, out=part)
                minimum(left, unmet, out=here)
                subtract(unmet, here, out=unmet)
            self.sold_dark.append(k)
            if len(meets) > 1:
                subtract(left_h, handed, out=left_h)
            multiply(handed, self.per_h100e, out=handed)
            add(total, handed, out=total)
        # alone chips first, then the rest, each in proportion to its states
        share, of_alone = self.t, dark_h
        minimum(total, self.alone_all, out=of_alone)
        per(of_alone, self.alone_all, share)
        multiply(alone, share, out=self.sellable_alone[:3])
        multiply(dark[3], share, out=self.sellable_alone[3])
        self.sells_alone = self.sellable_alone.sum(axis=2)  # [state][lot], over paths
        self.two_lots = two_lots
        share = per(total[two_lots] - of_alone[two_lots], self.dark_all[two_lots] - self.alone_all[two_lots], share[:len(two_lots)])
        self.sellable_two = dark[:3, two_lots]
        subtract(self.sellable_two, alone[:, two_lots], out=self.sellable_two)
        multiply(self.sellable_two, minimum(share, 1, out=share), out=self.sellable_two)
