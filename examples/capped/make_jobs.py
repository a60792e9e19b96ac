#!/usr/bin/env python3
"""Writes jobs.csv: three days of made-up jobs for the cluster beside it. The same bytes every time."""

import math

state = 20251101


def uniform():
    """Numerical Recipes' 64-bit LCG; no library, so that the file never changes."""
    global state
    state = (state * 6364136223846793005 + 1442695040888963407) % 2**64
    return (state >> 11) / 2**53


def main():
    rows = []
    hour = 0.0
    while hour < 72:
        by_day = 1.0 + 0.7 * math.sin((hour % 24 - 8) / 24 * 2 * math.pi)
        hour += -math.log(1 - uniform()) / (2.4 * by_day)
        draw = uniform()
        if draw < 0.45:
            queue, gpus, milli, hours = "notebooks", 1, 500, 0.5 + 3 * uniform()
        elif draw < 0.75:
            queue, gpus, milli, hours = "research", [1, 2, 4][int(3 * uniform())], 1000, 0.3 + 10 * uniform() ** 2
        else:
            queue, gpus, milli, hours = "training", [8, 16, 32][int(3 * uniform() ** 2)], 1000, 1 + 12 * uniform() ** 2
        estimate = hours * (1 + 2 * uniform() ** 2)
        priority = {"notebooks": 2, "research": 1, "training": 0}[queue]
        rows.append((hour, queue, gpus, milli, hours, estimate, priority))
    with open("jobs.csv", "w") as out:
        out.write("name,queue,submit_s,duration_s,estimate_s,gpus,gpu_milli,cpu_milli,memory_mib,priority\n")
        for n, (hour, queue, gpus, milli, hours, estimate, priority) in enumerate(rows):
            out.write(
                f"{queue}-{n:03},{queue},{hour * 3600:.0f},{hours * 3600:.0f},{estimate * 3600:.0f},"
                f"{gpus},{milli},{gpus * 8000},{gpus * 32768},{priority}\n"
            )


main()
