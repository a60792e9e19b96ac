"""The internal rate of return of one stream for numba: Newton where one sign change proves the root, else
every root counted by sign changes of Bernstein forms on halved pieces. NaN unless there is exactly one."""

import math

import numpy as np
from numba import njit

# Division by zero gives infinity as in NumPy; sums may be reordered and fused, infinities are kept.
def fast(**options):
    return njit(cache=True, error_model="numpy", fastmath={"reassoc", "contract", "nsz"}, **options)


EPS = np.finfo(np.float64).eps
DEEPEST = 50


@fast()
def polish(c, low, high, low_positive):
    """The root between two ends of v/(1+v) whose signs differ, as a yearly rate."""
    n = len(c)
    if low < 0.5 and high > 0.5:
        if (c.sum() > 0) == low_positive:
            low = 0.5
        else:
            high = 0.5
    inverse = high > 0.5  # in w = 1/v, the coefficients the other way round
    if inverse:
        a, b = (1 - high) / high, (1 - low) / low
        low_positive = not low_positive
    else:
        a, b = low / (1 - low), high / (1 - high)
    z = 0.5 * (a + b)
    for _ in range(200):
        p = d = 0.0
        for k in range(n - 1, -1, -1):
            d = d * z + p
            p = p * z + (c[n - 1 - k] if inverse else c[k])
        if p == 0:
            break
        if (p > 0) == low_positive:
            a = z
        else:
            b = z
        step = z - p / d if d != 0 else math.nan
        if not (a < step < b):
            step = 0.5 * (a + b)
        small = abs(step - z) <= 2 * EPS * abs(step)
        z = step
        if small:
            break
    rate = z - 1 if inverse else (1 - z) / z
    return (1 + rate) ** 12 - 1


@fast()
def rates_of(c, forms):
    """forms: scratch [2][64][months]."""
    n = len(c)
    changes, last = 0, 0.0
    for k in range(n):  # Descartes: no change of sign, no root; one, one
        if c[k] != 0:
            if last * c[k] < 0:
                changes += 1
            last = c[k]
    if changes == 0:
        return math.nan
    if changes == 1 and c[0] != 0 and c[n - 1] != 0:
        return polish(c, 0.0, 1.0, c[0] > 0)
    form, size = forms[0], forms[1]
    low, high, depth = np.empty(64), np.empty(64), np.empty(64, np.int64)
    binomial = 1.0
    for k in range(n):
        form[0, k] = c[k] / binomial
        size[0, k] = abs(form[0, k])
        binomial = binomial * (n - 1 - k) / (k + 1)
    low[0], high[0], depth[0] = 0.0, 1.0, 0
    top, found = 1, 0
    root_low = root_high = 0.0
    root_positive = False
    while top > 0:
        i = top - 1
        f, g = form[i], size[i]
        tolerance = (n + 2) * (depth[i] + 2) * EPS
        changes, certain, sure, last, leading = 0, 0, True, 0, 0
        for k in range(n):
            if g[k] == 0:
                continue
            if abs(f[k]) <= tolerance * g[k]:
                sure = False
                continue
            certain += 1
            sign = 1 if f[k] > 0 else -1
            if last == 0:
                leading = sign
            elif sign != last:
                changes += 1
            last = sign
        if sure and changes <= 1:
            if changes == 1:
                found += 1
                root_low, root_high, root_positive = low[i], high[i], leading > 0
                if found > 1:
                    return math.nan
            top -= 1
            continue
        if certain == 0 or depth[i] == DEEPEST:
            return math.nan  # two roots nearer than rounding; compare.py would tell
        # de Casteljau at the middle: the right half stays here, the left one goes on top
        for form_or_size in (form, size):
            right, left = form_or_size[i], form_or_size[i + 1]
            for step in range(n):
                left[step] = right[0]
                for k in range(n - 1 - step):
                    right[k] = 0.5 * (right[k] + right[k + 1])
        middle = 0.5 * (low[i] + high[i])
        low[i + 1], high[i + 1] = low[i], middle
        low[i] = middle
        depth[i] += 1
        depth[i + 1] = depth[i]
        top += 1
    return polish(c, root_low, root_high, root_positive) if found == 1 else math.nan
