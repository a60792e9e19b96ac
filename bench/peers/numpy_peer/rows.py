"""Rows of arrays [item][path]: as slices where they can be, so that most steps work on views."""

import numpy as np

HOURS = 730.0
NEVER = np.inf


def as_rows(indices):
    """A slice where the indices are evenly spaced, else an array of them."""
    indices = [int(i) for i in indices]
    if not indices:
        return slice(0, 0)
    step = indices[1] - indices[0] if len(indices) > 1 else 1
    if step > 0 and all(b - a == step for a, b in zip(indices, indices[1:])):
        return slice(indices[0], indices[-1] + 1, step)
    return np.array(indices, dtype=np.intp)


def put(into, rows, values):
    """Writes back what `into[rows]` handed out: a view of a slice was changed in place."""
    if type(rows) is not slice:
        into[rows] = values


def column(values):
    return np.array(values, dtype=float).reshape(-1, 1)


def unless_all(values, value):
    """A column [item][1], or None where every entry is `value`: a step that is then left out."""
    values = column(values)
    return None if (values == value).all() else values


def part_of_month(month, start, end, out=None):
    """R1: the part of the month in [start, end)."""
    out = np.maximum(start, month, out=out)
    np.subtract(np.minimum(end, month + 1), out, out=out)
    return np.maximum(out, 0, out=out)


def part_since(month, start, out=None):
    out = np.subtract(month + 1, start, out=out)
    return np.clip(out, 0, 1, out=out)


def share_that_stays(month, end):
    """Of what stood the month before, the share that stays when all of it ends at one date."""
    before, now = 1 - part_since(month - 1, end), 1 - part_since(month, end)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(before > 0, now / before, 0.0)


def spans_at(spans, month, what):
    """Average over a month of what holds from a date on until the next: peak (1) or annual (2) PUE."""
    total = 0.0
    for i, span in enumerate(spans):
        to = spans[i + 1][0] if i + 1 < len(spans) else NEVER
        total += span[what] * max(0.0, min(to, month + 1) - max(span[0], month))
    return total


def add_up(groups, items, out):
    """Sums over the items of each owner; `groups` from Model.groups."""
    covered = bool(groups) and len(range(len(out))[groups[0][1]]) == len(out) if groups and type(groups[0][1]) is slice else False
    if not covered:
        out.fill(0)
    for k, (rows, owners) in enumerate(groups):
        if k == 0 and covered:
            np.copyto(out, items[rows])
        else:
            here = out[owners]
            np.add(here, items[rows], out=here)
            put(out, owners, here)
    return out


def wide(values, width):
    """A column spread over the paths: numpy multiplies two full arrays faster than rows by a number each."""
    return np.ascontiguousarray(np.broadcast_to(np.asarray(values, dtype=float).reshape(-1, 1), (len(values), width)))


def per(x, by, out):
    """x / by, 0 where both are: a division that is asked for some entries only is far slower."""
    np.maximum(by, 1e-300, out=out)
    return np.divide(x, out, out=out)


def last_finite(dates, least=-np.inf):
    finite = dates[np.isfinite(dates)]
    return max(least, finite.max(initial=-np.inf))
