#!/usr/bin/env python3
"""Prints the polynomial coefficients of src/base/math.h, lowest power first, as hexadecimal floats.

Each polynomial interpolates its function at Chebyshev nodes (within a small factor of minimax),
computed with 60 digits (mpmath). The largest error on a dense grid stands beside each.
Run it to see where the numbers come from; the output is pasted, not generated at build time.
"""
import functools

from mpmath import atanh, cos, erfc, erfinv, exp, expm1, log, lu_solve, matrix, mp, mpf, nstr, pi, sqrt

mp.dps = 60


def nodes(count, low, high):
    return [(low + high) / 2 + (high - low) / 2 * cos((2 * k + 1) * pi / (2 * count)) for k in range(count)]


def value(coefficients, x):
    total = mpf(0)
    for c in reversed(coefficients):
        total = total * x + c
    return total


def fit(name, function, low, high, degree, scale):
    xs = nodes(degree + 1, mpf(low), mpf(high))
    a = matrix(degree + 1, degree + 1)
    b = matrix(degree + 1, 1)
    for i, x in enumerate(xs):
        for j in range(degree + 1):
            a[i, j] = x**j
        b[i] = function(x)
    c = [mpf(float(v)) for v in lu_solve(a, b)]  # rounded to double, as used
    worst = max(abs(value(c, x) - function(x)) / scale(x) for x in nodes(301, mpf(low), mpf(high)))
    print(f"// {name}, degree {degree}, error {nstr(worst, 2)}")
    print(",\n".join(float(v).hex() for v in c) + "\n")


def upper(z):  # 1 - Phi(z)
    return erfc(z / sqrt(mpf(2))) / 2


# (e^r - 1 - r)/r^2, error relative to e^r - 1
def exp_tail(r):
    return (expm1(r) - r) / r**2 if abs(r) > mpf(10)**-20 else mpf(1) / 2 + r / 6


fit("exp_tail", exp_tail, -log(2) / 2 - mpf(2)**-20, log(2) / 2 + mpf(2)**-20, 10, lambda r: abs(expm1(r)) / r**2)


# log((1+s)/(1-s)) = 2 s + s z L(z), z = s^2, error relative to the logarithm
def log_tail(z):
    if z < mpf(10)**-25:
        return mpf(2) / 3
    s = sqrt(z)
    return (2 * atanh(s) - 2 * s) / (s * z)


S = (sqrt(2) - 1) / (sqrt(2) + 1)
fit("log_tail", log_tail, 0, S * S * (1 + mpf(2)**-10), 7, lambda z: 2 / z)


# The same after two terms: 2 s + (2/3) s z + s z^2 L2(z), for pow
def log_tail2(z):
    if z < mpf(10)**-12:
        return mpf(2) / 5 + 2 * z / 7
    s = sqrt(z)
    return (2 * atanh(s) - 2 * s - 2 * s * z / 3) / (s * z * z)


fit("log_tail2", log_tail2, 0, S * S * (1 + mpf(2)**-10), 7, lambda z: 2 / z**2)

# Normal quantile. Centre, p = min(u, 1-u) > 0.0225: z/(u - 1/2) as a function of t = w - w_middle,
# w = -log(4 p (1-p)); analytic within 2 pi of 0.
P_EDGE = mpf("0.0225")


def z_of_tail(minus_log_p):
    z = sqrt(2 * minus_log_p) - mpf("0.3")
    for _ in range(100):
        p = upper(z)
        step = (log(p) + minus_log_p) * p / (exp(-z * z / 2) / sqrt(2 * pi))
        z += step
        if abs(step) < mpf(10)**-55:
            break
    return z


@functools.lru_cache(None)
def centre(w):
    if w < mpf(10)**-40:
        return sqrt(2 * pi)
    x = sqrt(-expm1(-w))  # |2u - 1|
    return 2 * sqrt(mpf(2)) * erfinv(x) / x


W_EDGE = -log(4 * P_EDGE * (1 - P_EDGE))



def nearly_double(function, start):  # an argument near start whose value loses least as a double
    tries = [mpf(start) - mpf(i) / 2**20 for i in range(200)]
    return min(tries, key=lambda x: abs(function(x) - mpf(float(function(x)))))


W_MIDDLE = nearly_double(centre, "1.21875")
print("w_middle", float(W_MIDDLE).hex())
fit("quantile_centre", lambda t: centre(t + W_MIDDLE), -W_MIDDLE, (W_EDGE - W_MIDDLE) * mpf("1.0001"), 18,
    lambda t: centre(t + W_MIDDLE))

# Tail: z/v as a function of s = (v-a)/(v+b), v = sqrt(-log p), for p from 2^-53 and from 2^-1074.


def tail(name, low, high, a, b, degree):
    v_of = lambda s: (a + b * s) / (1 - s)
    s_of = lambda v: (v - a) / (v + b)
    z_over_v = functools.lru_cache(None)(lambda s: z_of_tail(v_of(s)**2) / v_of(s))
    fit(name, z_over_v, s_of(low), s_of(high), degree, z_over_v)


V_MIDDLE = nearly_double(lambda v: z_of_tail(v**2) / v, "3.25")
print("v_middle", float(V_MIDDLE).hex())
tail("quantile_tail", sqrt(-log(P_EDGE)) * mpf("0.9999"), sqrt(53 * log(2)) * mpf("1.0001"), V_MIDDLE, mpf("1.5"), 18)
tail("quantile_far_tail", sqrt(53 * log(2)) * mpf("0.999"), sqrt(1075 * log(2)), mpf(13), mpf(13), 22)

# Normal distribution function: (t + b) e^(t^2/2) Phi(-t) as a function of s = (t-k)/(t+k), 0 <= t <= 39.
# b = sqrt(2/pi) makes both ends 1/sqrt(2 pi), so the function is nearly constant.
B = mpf("0.796875")


def mills(t):
    return (t + B) * exp(t * t / 2) * upper(t)


K = nearly_double(mills, "4")
print("cdf_k", float(K).hex())
mills_of_s = lambda s: mills(K * (1 + s) / (1 - s))
fit("cdf", mills_of_s, -1, (39 - K) / (39 + K), 24, mills_of_s)
