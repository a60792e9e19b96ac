#!/usr/bin/env python3
"""Checks that no component of src/ includes what stands above it (design, section 12).

    python3 tools/check_includes.py [ROOT]

Prints one line per breach, `file:line: ...`, and exits 1 if there is any. A component is a folder of
src/; an include in quotes must name a file of src/ from its root, so that the border it crosses shows.
"""
import re
import sys
from pathlib import Path

# Bottom first. Each stands on those before it.
SPINE = ["base", "text", "catalog", "model", "world", "fleet", "value", "study", "report", "cli"]
# Beside the spine: stands on the first, may be used by the second.
BESIDE = {
    "import": (["base", "text", "catalog"], ["study", "report", "cli"]),
    "replay": (["base", "text", "catalog"], ["study", "report", "cli"]),
}


def allowed(component):
    """The components that a file of this one may include."""
    if component in BESIDE:
        return {component, *BESIDE[component][0]}
    below = set(SPINE[: SPINE.index(component) + 1])
    return below | {name for name, (_, users) in BESIDE.items() if component in users}


INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"')


def breaches(source):
    for file in sorted(source.rglob("*")):
        if file.suffix not in (".h", ".cc"):
            continue
        component = file.relative_to(source).parts[0]
        if component not in SPINE and component not in BESIDE:
            yield file, 1, f"the component {component} has no place in tools/check_includes.py"
            continue
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            match = INCLUDE.match(line)
            if not match:
                continue
            path = match.group(1)
            if not (source / path).is_file():
                yield file, number, f'"{path}" is no file of src/, named from its root'
            elif Path(path).parts[0] not in allowed(component):
                yield file, number, f'{component} must not include "{path}", which stands above or beside it'


def main():
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent)
    found = 0
    for file, line, text in breaches(root / "src"):
        print(f"{file.relative_to(root)}:{line}: {text}")
        found += 1
    if not any((root / "src").rglob("*.h")):
        print(f"{root}/src holds no headers")
        found += 1
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
