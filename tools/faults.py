#!/usr/bin/env python3
"""Put each fault of src/COMPONENT/faults.txt into the kernels, and say whether the tests see it.

    tools/faults.py fleet|value [BUILD] [--only TEXT]

Each fault changes one place of a copy of one file; what is made of that file is compiled with it at
level v3, linked before the library into the test program, and the tests named below must fail. Exit 1
when a fault goes unseen, or its place is not found exactly once.
"""

import argparse
import os
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
LEVEL = 3
KERNELS = {"fleet": f"fleet_kernels_v{LEVEL}", "value": f"warmshell_value_v{LEVEL}"}
TESTS = {"fleet": "Twin.kernel*:Ledger.*:Marks.*:-*_full",
         "value": "Fan.*:Graph.blocks*:InternalRate.*:ValueTwin.*:Valuation.*-*_full"}


def read_faults(path):
    faults, entry = [], None
    for line in path.read_text().splitlines():
        if line.startswith("#") or not line.strip():
            continue
        if line.startswith("- "):
            entry["old"] = line[2:]
        elif line.startswith("+ "):
            entry["new"] = line[2:]
            faults.append(entry)
        else:
            name, kind, file = (part.strip() for part in line.split(" | "))
            entry = {"name": name, "kind": kind, "file": file}
    return faults


def ninja_command(build, target):
    out = subprocess.run(["ninja", "-C", str(build), "-t", "commands", target], check=True,
                         capture_output=True, text=True).stdout.strip().splitlines()
    return shlex.split(out[-1].removeprefix(": && ").removesuffix(" && :"))


def spaced(text):
    """A pattern for `text` with any white space between its words: files are formatted."""
    return r"\s*".join(re.escape(part) for part in re.findall(r"\w+|[^\w\s]", text))


def seed(component, fault, folder):
    source = (ROOT / "src" / component / fault["file"]).read_text()
    found = list(re.finditer(spaced(fault["old"]), source))
    if len(found) != 1:
        return f"its place stands {len(found)} times in {fault['file']}"
    at = found[0]
    target = folder / component / fault["file"]
    target.parent.mkdir()
    target.write_text(source[:at.start()] + fault["new"] + source[at.end():])
    return None


def kernels_with(component, header):
    """The kernel files that see a header of the component, through others too."""
    seen, files = {header}, sorted((ROOT / "src" / component).glob("*"))
    while True:
        names = [f'"{component}/{name}"' for name in seen]
        more = {f.name for f in files if f.suffix in (".h", ".cc") and any(name in f.read_text() for name in names)} - seen
        if not more:
            return sorted(name for name in seen if name.endswith("_kernel.cc"))
        seen |= more


def compile_with(build, component, file, folder):
    library = KERNELS[component] if file.endswith("_kernel.cc") else f"warmshell_{component}"
    command = ninja_command(build, f"src/{component}/CMakeFiles/{library}.dir/{file}.o")
    command = [c for c in command if not c.endswith("ccache") and c != "-MD"]
    source = folder / component / file
    if not source.exists():
        source = ROOT / "src" / component / file
    output = folder / (file + ".o")
    command[command.index("-o") + 1] = str(output)
    command[command.index("-c") + 1] = str(source)
    for flag in ("-MT", "-MF"):
        at = command.index(flag)
        del command[at:at + 2]
    command[1:1] = [f"-I{folder}"]
    command.append("-Wno-error")
    done = subprocess.run(command, cwd=build, capture_output=True, text=True)
    return str(output), "" if done.returncode == 0 else done.stderr


def try_fault(build, component, fault, link):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        problem = seed(component, fault, folder)
        if problem:
            return problem
        file, objects = fault["file"], []
        for source in [file] if file.endswith(".cc") else kernels_with(component, file):
            output, errors = compile_with(build, component, source, folder)
            if errors:
                return "does not compile: " + errors.splitlines()[0]
            objects.append(output)
        program, command = folder / "test", list(link)
        at = command.index("-o")
        command[at + 1] = str(program)
        command[at:at] = objects
        done = subprocess.run(command, cwd=build, capture_output=True, text=True)
        if done.returncode != 0:
            return "does not link: " + done.stderr[:200]
        environment = dict(os.environ, WARMSHELL_KERNEL=f"v{LEVEL}")
        environment.setdefault("WARMSHELL_PORTFOLIOS", "300")
        try:
            run = subprocess.run([program, f"--gtest_filter={TESTS[component]}", "--gtest_brief=1"], cwd=ROOT,
                                 env=environment, capture_output=True, text=True, timeout=300)
        except subprocess.TimeoutExpired:
            return None
        return "the tests do not see it" if run.returncode == 0 else None


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("component", choices=KERNELS)
    arguments.add_argument("build", nargs="?", default=str(ROOT / "build"))
    arguments.add_argument("--only", default="")
    given = arguments.parse_args()
    build, component = pathlib.Path(given.build).resolve(), given.component
    link = ninja_command(build, f"test_{component}")
    faults = [f for f in read_faults(ROOT / "src" / component / "faults.txt") if given.only in f["name"]]
    unseen = 0
    for fault in faults:
        problem = try_fault(build, component, fault, link)
        unseen += problem is not None
        print(f"{'UNSEEN' if problem else 'caught'}  {fault['kind']:8}  {fault['name']}"
              f"{': ' + problem if problem else ''}", flush=True)
    print(f"{len(faults) - unseen} of {len(faults)} faults caught")
    return 1 if unseen else 0


if __name__ == "__main__":
    sys.exit(main())
