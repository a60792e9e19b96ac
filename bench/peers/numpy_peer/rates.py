"""Internal rates of return of many streams at once: every root above -100 % is counted, by the sign
changes of Bernstein forms on halved pieces; where there is exactly one, Newton inside its bracket."""

import math

import numpy as np

EPS = np.finfo(float).eps
DEEPEST = 50


def halving(n):
    """Matrices that take a Bernstein form of n + 1 coefficients to its halves."""
    left, right = np.zeros((2, n + 1, n + 1))
    for k in range(n + 1):
        for j in range(k + 1):
            left[k, j] = math.comb(k, j) / 2.0**k
            right[n - k, n - j] = left[k, j]
    return left, right


class Rates:
    def __init__(self, months):
        self.n = months - 1
        self.binomial = np.array([float(math.comb(self.n, k)) for k in range(months)])[:, None]
        self.left, self.right = halving(self.n)

    def yearly(self, flows):
        """[month][path] -> yearly rate [path], NaN unless there is exactly one."""
        paths = flows.shape[1]
        at, low, high, low_positive = self.isolate(flows)
        count = np.bincount(at, minlength=paths)
        one = np.flatnonzero(count[at] == 1)
        one = one[~np.isnan(low[one])]
        result = np.full(paths, np.nan)
        at = at[one]
        result[at] = (1 + self.polish(flows[:, at], low[one], high[one], low_positive[one])) ** 12 - 1
        return result

    def isolate(self, flows):
        """Pieces of v/(1+v), v = 1/(1+rate), with one root each: path, ends, whether positive at the low end."""
        form = flows / self.binomial
        path = np.arange(flows.shape[1])
        low, high = np.zeros(len(path)), np.ones(len(path))
        absolute = np.abs(form)
        found = []
        for depth in range(DEEPEST + 1):
            tolerance = (self.n + 3) * (depth + 2) * EPS
            certain = np.abs(form) > tolerance * absolute
            unsure = (~certain & (absolute != 0)).any(axis=0)
            sign = np.where(certain, np.sign(form), 0)
            for k in np.flatnonzero((sign == 0).any(axis=0) & ~unsure):  # months without any flow
                s = sign[:, k]
                last = np.maximum.accumulate(np.where(s != 0, np.arange(len(s)), -1))
                s[:] = np.where(last >= 0, s[np.maximum(last, 0)], s[np.flatnonzero(s)[0]])
            changes = (sign[1:] != sign[:-1]).sum(axis=0)
            single = ~unsure & (changes == 1)
            found.append((path[single], low[single], high[single], sign[0, single] > 0))
            touch = ~single & (unsure & ~certain.any(axis=0) | (depth == DEEPEST) & (unsure | (changes > 1)))
            found.append((path[touch], low[touch] * np.nan, high[touch], sign[0, touch] > 0))
            more = (unsure | (changes > 1)) & ~touch
            if not more.any():
                break
            form, absolute, path, low, high = form[:, more], absolute[:, more], path[more], low[more], high[more]
            middle = 0.5 * (low + high)
            form = np.hstack([self.left @ form, self.right @ form])
            absolute = np.hstack([self.left @ absolute, self.right @ absolute])
            path = np.hstack([path, path])
            low, high = np.hstack([low, middle]), np.hstack([middle, high])
        return [np.concatenate(x) for x in zip(*found)]

    def polish(self, flows, low, high, low_positive):
        wide = (low < 0.5) & (high > 0.5)
        middle_positive = flows.sum(axis=0) > 0
        up = wide & (middle_positive == low_positive)
        low, high = np.where(up, 0.5, low), np.where(wide & ~up, 0.5, high)
        inverse = high > 0.5  # searched in w = 1/v, the coefficients the other way round
        c = np.where(inverse, flows[::-1], flows)
        with np.errstate(divide="ignore"):
            a = np.where(inverse, (1 - high) / high, low / (1 - low))
            b = np.where(inverse, (1 - low) / low, high / (1 - high))
        a_positive = np.where(inverse, ~low_positive, low_positive)
        z = 0.5 * (a + b)
        result, active = z.copy(), np.arange(len(z))
        for _ in range(200):
            if len(active) == 0:
                break
            p, d = np.zeros((2, len(z)))
            for row in c[::-1]:
                np.multiply(d, z, out=d)
                np.add(d, p, out=d)
                np.multiply(p, z, out=p)
                np.add(p, row, out=p)
            same = (p > 0) == a_positive
            a, b = np.where(same, z, a), np.where(same, b, z)
            with np.errstate(divide="ignore", invalid="ignore"):
                step = z - p / d
            step = np.where((step > a) & (step < b), step, 0.5 * (a + b))
            done = (p == 0) | (np.abs(step - z) <= 2 * EPS * np.abs(step))
            result[active] = np.where(p == 0, z, step)
            keep = ~done
            active, z, a, b, a_positive = active[keep], step[keep], a[keep], b[keep], a_positive[keep]
            c = c[:, keep]
        return np.where(inverse, result - 1, (1 - result) / result)
