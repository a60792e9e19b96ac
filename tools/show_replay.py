"""What `replay` must show: ./dev show replay."""

import json

from show import Point, last_json, tests_passed

OPENB = ("traces/openb/fgd_expected_allocation.csv", "traces/openb/openb_node_list_gpu_node.csv")
PHILLY = ("traces/philly/philly_jobs.csv",)


def from_json(judge):
    def read(done):
        found = last_json(done)
        if not found:
            return "no figures printed", False
        return judge(found)
    return read


def printed(done):
    tail = " | ".join(done.stdout.strip().splitlines()[-12:])
    return tail[:1500], done.returncode == 0 and bool(tail)


POINTS = [
    Point("published packing table: five deterministic policies, every value of every run; Random over seeds and streams; anchors",
          "build/test_replay --gtest_filter='PublishedTable*' --gtest_brief=1", "within 0.011; Random 0.35", tests_passed, OPENB),
    Point("packing speed against the plain scan, one run", "build/bench_packing policies", "best-fit 4 times, FGD 100 times", printed, OPENB),
    Point("packing growth from 1,000 to 100,000 nodes", "build/bench_packing growth", "near linear in placements", printed, OPENB),
    Point("all 250 deterministic runs at hand", "build/bench_packing table", "10 s on two cores", printed, OPENB),
    Point("Philly under a cap of 80 %, fair share, EASY", "build/bench_replay", "under 5 s; FIFO's median wait over an hour", printed, PHILLY),
    Point("fair shares, EASY reservations, caps and excursions, conservation, naive engine against fast", "build/test_replay --gtest_brief=1", "all", tests_passed),
    Point("an example under a cap, without outside data",
          "build/warmshell replay examples/capped --jobs examples/capped/jobs.csv --json | python3 -c 'import json,sys; d=json.load(sys.stdin); print(json.dumps({\"sum\": sum(d[\"gpu_hours\"].values()), \"excursion_minutes\": d[\"excursion_minutes\"]}))'",
          "a result", printed),
]
