"""Who is sold and what is refused (R9, R14 to R17), for the fleet as energised and by chip count."""

import numpy as np

from numpy_rows import add, minimum, multiply, subtract, wide


class Markets:
    """R14 to R18: who is sold, what is refused. One for the fleet as energised, one by chip count."""

    def __init__(self, model, width):
        self.m, self.width = model, width
        lots = model.lots
        self.sold = np.zeros((2, lots, width))
        self.unmet = np.zeros((2, width))
        self.working, self.before = np.zeros((2, lots, width))
        self.ready = np.zeros((lots, width))   # working chips, in h100e
        self.open = np.zeros((lots, width))
        self.left = np.zeros(width)
        self.part = np.zeros(width)
        self.h100e = wide(model.h100e, width)
        self.per_h100e = wide(1 / model.h100e, width)
        self.works = wide(1 - model.failed_share, width)
        assert model.ramp[model.market_order[0]] == 2 and model.ramp[model.market_order[1]] <= 1
        self.rows = [[self.open[l] for l in order] for order in model.take_order]
        self.taken = [[self.sold[k, l] for l in order] for k, order in enumerate(model.take_order)]

    def begin(self, worked_before):
        self.before[:] = worked_before

    def fail(self, installed):
        """R9, and the month before for the ramp."""
        self.working, self.before = self.before, self.working
        multiply(installed, self.works, out=self.working)

    def serve(self, month):
        """Everything here in h100e until the end."""
        m, accept = self.m, self.m.accept[month]
        for step, k in enumerate(m.market_order):
            open_ = self.open
            if step == 0:  # a ramp of two months: the average of this month and the one before
                multiply(self.working, self.h100e, out=self.ready)
                add(self.working, self.before, out=open_)
                multiply(open_, 0.5, out=open_)
                minimum(open_, self.working, out=open_)
                multiply(open_, self.h100e, out=open_)
            else:
                subtract(self.ready, self.sold[m.market_order[0]], out=open_)
            shares = accept[k]
            if step > 0 or (shares < 1).any():
                for c in range(m.classes):
                    if 0 < shares[c] < 1:
                        for l in np.flatnonzero(m.class_of == c):
                            multiply(self.ready[l], shares[c], out=self.part)
                            minimum(open_[l], self.part, out=open_[l])
            left = self.left
            left.fill(m.demand[month, k])
            refused = shares == 0
            for l, offered, taken in zip(m.take_order[k], self.rows[k], self.taken[k]):
                if refused[m.class_of[l]]:
                    taken.fill(0)
                    continue
                minimum(offered, left, out=taken)
                subtract(left, taken, out=left)
            self.unmet[k] = left
        multiply(self.sold, self.per_h100e, out=self.sold)  # into accelerators
