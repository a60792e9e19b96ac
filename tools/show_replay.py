"""What `replay` must show: ./dev show replay."""

import json
import re
import shlex

from show import DATA, Point, last_json, tests_passed

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


def ratios(found):
    text = f"best-fit {found['best-fit ratio']:.1f} times, fgd {found['fgd ratio']:.1f} times, {found['fgd pods/s']:.0f} pods/s by fgd"
    same = found["best-fit same placements"] == 1 and found["fgd same placements"] == 1
    return text, same and found["best-fit ratio"] >= 4 and found["fgd ratio"] >= 100


def all_runs(found):
    text = f"{found['published runs exact']} of {found['published runs']} exact in {found['published runs seconds']:.2f} s"
    return text, found["published runs exact"] == found["published runs"] and found["published runs seconds"] <= 10


def philly(done):
    rows = {}
    for line in done.stdout.splitlines():
        match = re.match(r"(.+?)\s{2,}([\d.]+) s \(.*completed (\d+)/(\d+)\s+wait p50\s+([\d.]+) h.*conserved (\w+)", line)
        if match:
            rows[match.group(1)] = [float(match.group(2)), match.group(3) == match.group(4), float(match.group(5)), match.group(6) == "yes"]
    if "fifo" not in rows or "fair share, easy" not in rows:
        return "no figures printed", False
    fair, fifo = rows["fair share, easy"], rows["fifo"]
    kept = all(row[1] and row[3] for row in rows.values())
    return f"fair share with EASY {fair[0]} s; FIFO's median wait {fifo[2]} h; conserved in all {len(rows)} runs: {kept}", fair[0] <= 5 and fifo[2] > 1 and kept


def curves(found):
    parts = []
    for gpu in ("v100", "a40"):
        for limit, errors in found[gpu].items():
            if 0.6 - 1e-9 < float(limit) < 0.8 + 1e-9:
                parts.append((f"{gpu} at {float(limit):.0%}: {errors['draw']:.1%} against {errors['median']:.1%}", errors["draw"] < errors["median"]))
    return "; ".join(text for text, _ in parts), found["pass"] and len(parts) == 5 and all(better for _, better in parts)


def polca(found):
    first = ", ".join(f"{latency} s: {servers}" for latency, servers in found["first_brake_servers"].items())
    text = (f"{found['servers']} servers: {found['brakes']} brakes in five seeds, {found['brakes_without_thresholds']} without thresholds; "
            f"answers of low priority p99 {found['low_answer_p99_loss']:+.1%}, high {found['high_answer_p99_loss']:+.1%}; servers at the first brake by latency {first}")
    worked = found["servers"] >= 52 and found["brakes"] == 0 and found["brakes_without_thresholds"] > 0
    return text, found["pass"] and worked and {"5", "10", "20", "40"} <= set(found["first_brake_servers"])


def growth(found):
    """Steps of the index, which any machine counts alike, at most logarithmic; time, with memory further away, less than a square root."""
    parts, good = [], True
    for policy in ("best-fit", "fgd"):
        at = [found[f"{policy} {what} per pod at {nodes} nodes"] for what in ("steps", "us") for nodes in (1000, 100000)]
        steps, power = found[f"{policy} growth of steps per pod"], found[f"{policy} growth power"]
        parts.append(f"{policy} {at[0]:.1f} steps a pod at 1,000 nodes, {at[1]:.1f} at 100,000 ({steps:.2f} times); {at[2]:.2f} and {at[3]:.2f} us (a power of {power:.2f})")
        good = good and steps <= 5 / 3 and power <= 0.5
    return "; ".join(parts), good


def caps(done):
    """Each fall of useful GPU-hours against the cap before is named by what took them: the changes add up to nothing."""
    falls, unnamed, last = [], [], None
    for line in done.stdout.splitlines():
        match = re.match(r"\s*(\d+) %\s+useful\s+(\d+) GPU-h\s+[\d.]+ per MWh(.*)", line)
        if not match:
            continue
        percent, useful = int(match.group(1)), float(match.group(2))
        changes = {name: float(change) for name, change in re.findall(r"(\w+) ([+-]\d+)", match.group(3))}
        if last is not None and useful < last:
            falls.append(percent)
            if abs(sum(changes.values())) > 8 or not any(change > 0 for change in changes.values()):
                unnamed.append(percent)
        last = useful
    return f"falls at {falls} % of nameplate, not named by their reasons: {unnamed}", done.returncode == 0 and len(falls) >= 3 and not unnamed


def long_trace(found):
    runs = found["runs"]
    text = "; ".join(f"{r['gb']:.1f} GB, {r['rows']:,} rows: at most {r['mb']:.0f} MB, {r['found']} of {r['faults']} faults" for r in runs)
    small, large = runs[0], runs[-1]
    return text, all(r["right"] for r in runs) and large["gb"] >= 10 and large["mb"] <= 1.25 * small["mb"]


def page(found):
    screens = found["screens"]
    text = ", ".join(f"{name}: {seen['charts']} charts, {seen['console']} console lines, {seen['wide']} of {seen['screen']} pixels wide" for name, seen in screens.items())
    return text, not found["wrong"] and len(screens) == 3


def unittest_passed(done):
    text = done.stdout + done.stderr
    match = re.search(r"Ran (\d+) test", text)
    return (match.group(0) if match else "no test ran"), done.returncode == 0 and bool(match) and int(match.group(1)) > 0


def outcome(done):
    found = json.loads(done.stdout)
    parts = dict(found["gpu_hours"])
    whole = parts.pop("all")
    marginal, steps = found["marginal"], found["waterfall"]["steps"]
    left = found["waterfall"]["plain"] + sum(step["in_turn"] for step in steps) - found["waterfall"]["all"]
    text = (f"useful {parts['useful']:.0f} of {whole:.0f} GPU-hours, parts less whole {sum(parts.values()) - whole:.1e}; one more MW {marginal['facility_mw']['value']:.0f} "
            f"(se {marginal['facility_mw']['se']:.0f}) useful GPU-hours, one more % of oversubscription {marginal['oversubscription']['value']:.1f} "
            f"(se {marginal['oversubscription']['se']:.1f}); waterfall of {len(steps)} policies, left over {left:.1e}")
    return text, abs(sum(parts.values()) - whole) < 1e-6 * whole and abs(left) < 1e-6 * whole and marginal["facility_mw"]["value"] > 0


def equivalent(done):
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    text = " | ".join(answer["sentence"] for answer in answers)
    cases = [answer["case"] for answer in answers]
    return text, cases == ["equivalent", "worth_nothing"] and answers[0]["mw_facility"] > 2 * answers[0]["se"]


def plain_fifo(done):
    times = re.findall(r"(?:fifo, first-fit|plain Python, FIFO)[^\n]*?([\d.]+) s", done.stdout)
    if len(times) != 2:
        return "no times printed", False
    ours, plain = map(float, times)
    return f"the same starts; plain Python {plain} s, the engine {ours} s: {plain / ours:.1f} times", done.returncode == 0


CAPPED = "build/warmshell replay examples/capped --jobs examples/capped/jobs.csv --json"
LATE = "--set 'power.control.thresholds={late: {at: 97 %, low: 1, high: 1}}'"
ONE_LINE = "python3 -c 'import json,sys; print(json.dumps(json.load(sys.stdin)[\"equivalent_mw\"]))'"

POINTS = [
    Point("published packing table: five deterministic policies, every value of every run; Random over seeds and streams; anchors",
          "build/test_replay --gtest_filter='PublishedTable*' --gtest_brief=1", "within 0.011; Random 0.35", tests_passed, OPENB),
    Point("packing speed against the plain scan, one run", "build/bench_packing policies", "best-fit 4 times, FGD 100 times, same placements", from_json(ratios), OPENB),
    Point("packing growth from 1,000 to 100,000 nodes", "build/bench_packing growth", "steps of a placement at most logarithmic in nodes (1.67 times); time below a square root", from_json(growth), OPENB),
    Point("all 250 deterministic runs at hand", "build/bench_packing table", "exact, 10 s on two cores", from_json(all_runs), OPENB),
    Point("Philly under a cap of 80 %, fair share, EASY", "build/bench_replay", "under 5 s; FIFO's median wait over an hour; conserved", philly, PHILLY),
    Point("fair shares, EASY reservations, caps and excursions, conservation, naive engine against fast", "build/test_replay --gtest_brief=1", "all", tests_passed),
    Point("first come first served on Philly, through the engine and through plain Python",
          f"build/bench_replay --starts build/starts.csv && python3 bench/plain_fifo.py {shlex.quote(str(DATA))}/traces/philly/philly_jobs.csv build/starts-plain.csv "
          "&& cmp build/starts.csv build/starts-plain.csv", "the same order of starts; the ratio of times", plain_fifo, PHILLY),
    Point("malformed rows are counted and named, and an error when strict",
          "python3 tests/test_replay_end_to_end.py ReplayEndToEnd.test_malformed_rows_are_counted_named_and_an_error_when_strict", "exit 0, then 1", unittest_passed),
    Point("useful GPU-hours of Philly by the last submission at caps of 100 to 50 %", "build/bench_replay --caps", "each fall named", caps, PHILLY),
    Point("an example under a cap, without outside data: where GPU-hours went, marginal values, waterfall of policies",
          f"{CAPPED} --marginal --waterfall", "parts and waterfall add up to the whole", outcome),
    Point("cap model, one network left out at a time: mean error of throughput against the median curve", "build/bench_curves",
          "better than the median curve at 60 to 80 %", from_json(curves), ("power_cap/zeus_v100.csv", "power_cap/zeus_a40.csv")),
    Point("POLCA's claim re-run: a row of 40 servers takes 30 % more without a brake; latency 5 to 40 s; where it breaks", "build/bench_polca",
          "no brake at 52 servers", from_json(polca), ("power_cap/splitwise_perf.csv", "traces/azure_llm/code_2023.csv")),
    Point("an overlay that simulate reads, and the megawatts it is worth: capped on neocloud, on zhisuan",
          f"mkdir -p out; for p in neocloud zhisuan; do {CAPPED} {LATE} --overlay out/overlay.yaml --on examples/$p | {ONE_LINE}; done",
          "equivalent MW with its error; worth nothing where demand binds", equivalent),
    Point("the overlay's file, the same power written by hand, and the page against its JSON", "python3 tests/test_replay_end_to_end.py",
          "the same NPV; every number of the page in the JSON", unittest_passed),
    Point("an HTML report of a replay in a browser: light, dark, phone", "python3 tools/look_replay.py", "charts drawn, nothing on the console, no wider than the screen",
          from_json(page)),
    Point("malformed rows in a trace of 10 GB, piped: counted, in constant memory", "python3 bench/long_trace.py 0.5 10", "all faults found; memory as of 0.5 GB",
          from_json(long_trace)),
]
