"""That the ledger of the peer can fail: one chip, MW, MWh, h100e or dollar more in one month on one path, kind by kind."""

from model import Model
from plan import Plans
from simulate import Chunk, Clock
from totals import Totals

# check: into what it leaks, and what must be there for the check to ask, both of a chunk
LEAKS = {
    "chips": (lambda c: c.fleet.in_transit, None),
    "working": (lambda c: c.fleet.markets.no_demand, None),
    "sold": (lambda c: c.fleet.markets.sold[0], None),
    "sellable": (lambda c: c.fleet.markets.sellable_alone[3], lambda c: c.fleet.markets.sold_dark),
    "demand": (lambda c: c.fleet.markets.unmet, lambda c: ((c.fleet.markets.unmet[:, -1] > 0) & (c.fleet.markets.unmet[:, -1] < 1e8)).any()),
    "megawatts": (lambda c: c.fleet.customers, lambda c: c.fleet.contracted[:, -1].any()),
    "energy": (lambda c: c.fleet.source_energy, lambda c: c.fleet.firm_mw[:, -1].any()),
    "cash": (lambda c: c.lines.balance, None),
}
TOLERANCE = {"cash": 1e-13}  # of the month's money; others 1e-9 of a count, a demand, contracted MW or energy


class Leaking(Chunk):
    """Leaks on the last path: after the fleet's month, the first that has something to leak into, or into the balance."""

    def leak(self, what, month):
        (rows, ready), self.done = LEAKS[what], False
        check, add_totals = self.ledger.check, self.totals.add
        checked = iter(range(self.m.months))

        def check_leaking(fleet, demand):
            if next(checked) >= month and not self.done and what != "cash" and (ready is None or ready(self)):
                rows(self)[:, -1] += 1
                self.done = True
            check(fleet, demand)

        def add_leaking(chunk):
            if what == "cash":
                rows(self)[month, -1] += 1
                self.done = True
            add_totals(chunk)

        self.ledger.check, self.totals.add = check_leaking, add_leaking
        return self


def caught(folder, month, width=64):
    """{check: its residual after the leak}, without those that found nothing to leak into; raises where one is not caught."""
    model = Model(folder)
    plans, draws, found = Plans(model), model.draws(0, width), {}
    for what in LEAKS:
        totals = Totals(model)
        chunk = Leaking(model, plans, width, totals, Clock()).leak(what, month)
        chunk.run(draws)
        if chunk.done:
            found[what] = totals.worst[what]
            if not found[what] > TOLERANCE.get(what, 1e-9):
                raise SystemExit(f"{folder}: a leak of {what} is not caught: {found[what]}")
    return found
