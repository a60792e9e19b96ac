#!/usr/bin/env python3
"""Looks at the page of a replay with a headless browser, in light and dark, wide and as on a phone: what
it draws, what it says on the console, and whether it is wider than the screen.

    tools/look_replay.py [FOLDER]     pictures and page go there; default out

Needs chromium on the PATH. Exit code 1 when something is wrong; the last line is JSON."""

import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
SCREENS = {"light": (1280, []), "dark": (1280, ["--blink-settings=preferredColorScheme=0"]), "phone": (500, [])}
# Into a copy of the page only: the page itself carries no script.
MEASURE = """<script>
const wide = document.documentElement.scrollWidth, screen_width = document.documentElement.clientWidth;
const charts = [...document.querySelectorAll('svg')].map(svg => svg.getBoundingClientRect());
document.title = JSON.stringify({wide, screen: screen_width, charts: charts.length,
  empty: charts.filter(box => box.width < 50 || box.height < 20).length,
  background: getComputedStyle(document.body).backgroundColor});
</script></body>"""


def main():
    folder = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ROOT / "out")
    folder.mkdir(parents=True, exist_ok=True)
    browser = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if not browser:
        print("no chromium on the PATH")
        return 1
    page = folder / "replay.html"
    subprocess.run([str(ROOT / "build" / "warmshell"), "replay", "examples/capped", "--jobs", "examples/capped/jobs.csv", "--html", str(page),
                    "--overlay", str(folder / "overlay.yaml"), "--on", "examples/neocloud"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    common = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--enable-logging=stderr", "--v=0"]
    found, wrong = {}, []
    with tempfile.TemporaryDirectory() as scratch:
        probe = pathlib.Path(scratch) / "probe.html"
        probe.write_text(page.read_text().replace("</body>", MEASURE))
        for name, (width, flags) in SCREENS.items():
            size = f"--window-size={width},3000"
            done = subprocess.run([*common, *flags, size, f"--screenshot={folder / f'replay-{name}.png'}", page.resolve().as_uri()],
                                  capture_output=True, text=True, timeout=180)
            console = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
            dom = subprocess.run([*common, *flags, size, "--dump-dom", probe.as_uri()], capture_output=True, text=True, timeout=180).stdout
            title = re.search(r"<title>(\{.*?\})</title>", dom)
            seen = json.loads(title.group(1).replace("&quot;", '"')) if title else {}
            seen["console"] = len(console)
            found[name] = seen
            if not seen.get("charts") or seen.get("empty") or console or seen["wide"] > seen["screen"]:
                wrong.append(name)
    if found["light"].get("background") == found["dark"].get("background"):
        wrong.append("dark is not dark")
    print(json.dumps({"screens": found, "wrong": wrong}))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
