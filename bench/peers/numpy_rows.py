"""Arithmetic on arrays [item][path] that the parts of the NumPy peer share."""

import numpy as np

add, subtract, multiply, minimum, maximum = np.add, np.subtract, np.multiply, np.minimum, np.maximum


def drawn_by(in_service, busy, idle_mwh, busy_mwh, out, scratch):
    multiply(in_service, idle_mwh, out=out)
    multiply(busy, busy_mwh, out=scratch)
    add(out, scratch, out=out)


def wide(column, width):
    return np.ascontiguousarray(np.broadcast_to(np.asarray(column, dtype=float)[:, None], (len(column), width)))


def spread(x, width):
    return np.ascontiguousarray(np.broadcast_to(x, (*x.shape[:-1], width)))
