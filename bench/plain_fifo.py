#!/usr/bin/env python3
"""First come first served on the Philly trace, written plainly: the comparison for bench_replay.

usage: plain_fifo.py philly_jobs.csv STARTS.csv

50 nodes of 8 GPUs; a cap of 80 % of nameplate, admitted by nameplate: nodes draw 1.8 kW and 70 W for
each GPU, a busy GPU 700 W. Workers of a job go to the first nodes with room, all or none; behind the
first job that cannot start nobody starts. Writes `row,start_ms` in the order of starts, which must be
the file that `bench_replay --starts` writes.
"""

import csv
import datetime
import heapq
import sys
import time

NODES, GPUS = 50, 8
FLOOR_W = NODES * (1800 + GPUS * 70)
CAP_W = NODES * (1800 + GPUS * 700) * 8 // 10
BUSY_W = 700 - 70


def read(path):
    jobs = []
    with open(path) as file:
        for row, cells in enumerate(csv.DictReader(file), 1):
            when = datetime.datetime.fromisoformat(cells["timestamp"])
            seconds = (when - datetime.datetime(1970, 1, 1)) // datetime.timedelta(seconds=1)
            gpus = int(cells["num_gpus"])
            workers = 1
            while gpus // workers > GPUS or gpus % workers:
                workers += 1
            duration = round(float(cells["duration"]) * 1000)
            jobs.append((seconds * 1000, row, duration, workers, gpus // workers))
    jobs.sort(key=lambda job: job[0])  # stable: ties in the order of the trace
    first = jobs[0][0]
    return [(submit - first, row, duration, workers, each) for submit, row, duration, workers, each in jobs]


def run(jobs):
    free = [GPUS] * NODES
    busy = 0
    running = []
    starts = []
    head = arrived = 0
    now = 0
    while head < len(jobs):
        while running and running[0][0] <= now:
            _, _, places, each = heapq.heappop(running)
            for node in places:
                free[node] += each
            busy -= each * len(places)
        while arrived < len(jobs) and jobs[arrived][0] <= now:
            arrived += 1
        while head < arrived:
            _, row, duration, workers, each = jobs[head]
            if FLOOR_W + (busy + workers * each) * BUSY_W > CAP_W:
                break
            places = []
            left = list(free)
            for node in range(NODES):
                while len(places) < workers and left[node] >= each:
                    left[node] -= each
                    places.append(node)
            if len(places) < workers:
                break
            free = left
            busy += workers * each
            heapq.heappush(running, (now + duration, head, places, each))
            starts.append((row, now))
            head += 1
        following = []
        if running:
            following.append(running[0][0])
        if arrived < len(jobs):
            following.append(jobs[arrived][0])
        if not following:
            break
        now = min(following)
    return starts


def main():
    jobs = read(sys.argv[1])
    begin = time.perf_counter()
    starts = run(jobs)
    took = time.perf_counter() - begin
    with open(sys.argv[2], "w") as out:
        out.write("row,start_ms\n")
        for row, start in starts:
            out.write(f"{row},{start}\n")
    print(f"plain Python, FIFO: {len(starts)} jobs started, {took:.2f} s")


main()
