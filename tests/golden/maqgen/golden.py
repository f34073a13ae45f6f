#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""golden - what maqgen makes of demo_all.xml, compared with what is stored

usage: golden.py [--update]
"""
import difflib
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
MAQGEN = HERE.parents[2] / "src" / "maqgen" / "maqgen.py"


def generate(folder):
    subprocess.run([sys.executable, "-B", MAQGEN, "--out-include", folder, "--out-source",
                    folder, "--reference", folder, HERE / "demo_all.xml"], check=True)
    return {path.name: path.read_text() for path in pathlib.Path(folder).rglob("*.*")}


def main():
    expected = HERE / "expected"
    with tempfile.TemporaryDirectory() as folder:
        made = generate(folder)
    if sys.argv[1:] == ["--update"]:
        for name, text in made.items():
            (expected / (name + ".golden")).write_text(text)
    stored = {path.name.removesuffix(".golden"): path.read_text()
              for path in expected.glob("*.golden")}
    differs = False
    for name in sorted(made.keys() | stored.keys()):
        old, new = stored.get(name, ""), made.get(name, "")
        if old != new:
            differs = True
            sys.stdout.writelines(difflib.unified_diff(
                old.splitlines(True), new.splitlines(True), f"stored/{name}", f"made/{name}"))
    if differs:
        print("\nnot as stored; if that is meant: golden.py --update", file=sys.stderr)
    return 1 if differs or len(made) != 3 else 0


if __name__ == "__main__":
    sys.exit(main())
