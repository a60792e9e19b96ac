#!/usr/bin/env python3
"""Reads a trace of 10 GB in constant memory: jobs are made on the fly and piped into
`warmshell replay --check`, with known faults among them; nothing of it is written to disk but the
sorted ids (16 bytes a row, a temporary file that has no name).

    bench/long_trace.py [GIGABYTES ...]     default 0.5 10

Prints, for each size, rows, seconds, the most memory the program held and the faults found; the last
line is JSON. Exit code 1 when a fault is missed or told too often."""

import json
import pathlib
import subprocess
import sys
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
HEADER = "name,queue,submit_s,duration_s,estimate_s,gpus,gpu_milli,cpu_milli,memory_mib,priority\n"
BLOCK = 20_000
ROW = "training-of-a-model-with-a-long-name-{0:012d},training,{1},3600,7200,8,1000,64000,262144,0\n"


def blocks(size):
    """Text of about `size` bytes, block by block; every 50th block holds one fault of each kind."""
    sent, number, faults = 0, 0, 0
    while sent < size:
        rows = [ROW.format(n, n // 10) for n in range(number * BLOCK, (number + 1) * BLOCK)]
        if number % 50 == 49:
            rows[7] = ROW.format(number * BLOCK // 2, 5)           # an id from far before
            rows[11] = rows[10]                                     # the id of the row before
            rows[13] = rows[13].replace(",3600,", ",-3600,")        # time runs backwards
            rows[17] = rows[17][:60] + "\n"                         # a line cut off
            rows[19] = rows[19].replace(",training,", ",nobody,")   # no such queue
            faults += 5
        text = "".join(rows).encode()
        yield text, faults, len(rows)
        sent += len(text)
        number += 1


def run(gigabytes):
    command = [str(ROOT / "build" / "warmshell"), "replay", "examples/capped", "--jobs", "/dev/stdin", "--format", "own", "--check", "--json"]
    begin = time.monotonic()
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    highest = 0

    def watch():
        nonlocal highest
        while process.poll() is None:
            try:
                status = pathlib.Path(f"/proc/{process.pid}/status").read_text()
                highest = max(highest, *(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)
            except (OSError, ValueError):
                pass
            time.sleep(0.05)

    watcher = threading.Thread(target=watch)
    watcher.start()
    sent = rows = faults = 0
    process.stdin.write(HEADER.encode())
    for text, faults_so_far, count in blocks(gigabytes * 1e9):
        process.stdin.write(text)
        sent, rows, faults = sent + len(text), rows + count, faults_so_far
    process.stdin.close()
    found = json.loads(process.stdout.read())
    process.wait()
    watcher.join()
    right = found["problems"] == faults and found["ids_checked"] and abs(found["rows"] - rows) <= faults
    print(f"{sent / 1e9:6.2f} GB  {rows:12,} rows  {time.monotonic() - begin:7.1f} s  at most {highest / 1024:7.1f} MB  "
          f"{found['problems']} of {faults} faults found: {'right' if right else 'WRONG'}", flush=True)
    return {"gb": sent / 1e9, "rows": rows, "mb": highest / 1024, "faults": faults, "found": found["problems"], "right": right}


def main():
    runs = [run(float(size)) for size in sys.argv[1:] or ["0.5", "10"]]
    print(json.dumps({"runs": runs}))
    return 0 if all(each["right"] for each in runs) else 1


if __name__ == "__main__":
    sys.exit(main())
