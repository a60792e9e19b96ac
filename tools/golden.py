#!/usr/bin/env python3
"""Recorded outputs: what every example says, and the generated pages. `--accept` records anew.

A golden file is the whole text of a command. It guards against change unseen; known answers are tests.
"""

import difflib
import pathlib
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
GOLDEN = ROOT / "tests" / "golden"
EXAMPLES = ["dark-h100", "speed", "neocloud", "zhisuan"]
COMMANDS = {f"simulate-{e}.txt": ["simulate", f"examples/{e}", "--paths", "1000"] for e in EXAMPLES}
COMMANDS |= {f"simulate-{e}.json": ["simulate", f"examples/{e}", "--paths", "200", "--json"] for e in ["dark-h100", "speed"]}
COMMANDS["../../docs/reference.md"] = ["schema", "--reference"]
COMMANDS["../../docs/portfolio.schema.json"] = ["schema"]


def main():
    accept = "--accept" in sys.argv[1:]
    GOLDEN.mkdir(parents=True, exist_ok=True)
    differ = 0
    for name, arguments in COMMANDS.items():
        done = subprocess.run(["build/warmshell", *arguments], cwd=ROOT, capture_output=True, text=True)
        path = (GOLDEN / name).resolve()
        if done.returncode != 0:
            print(f"{' '.join(arguments)} ended with {done.returncode}\n{done.stderr}")
            differ += 1
        elif accept:
            path.write_text(done.stdout)
        elif not path.exists() or path.read_text() != done.stdout:
            differ += 1
            before = path.read_text().splitlines() if path.exists() else []
            print(f"{path.relative_to(ROOT)} differs from: warmshell {' '.join(arguments)}")
            print("\n".join(list(difflib.unified_diff(before, done.stdout.splitlines(), "recorded", "now", lineterm=""))[:40]))
    print(f"{len(COMMANDS) - differ} as recorded, {differ} differ" + (" (recorded anew)" if accept else "; ./dev golden --accept records them" if differ else ""))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
