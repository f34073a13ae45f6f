#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Make verdicts.txt: mutations of own texts, with what both tools say of them.

A line is: our verdict, that of Genode's tool, and the text with C escapes. Where the
two differ, docs/hid.md says why. Run by hand if the syntax changes; the test reads the
stored file.

usage: make_verdicts.py OUR-PROGRAM GENODE/tool/hid TEXT... > verdicts.txt
"""
import random
import sys

import differential


def verdict(command, text):
    return "refuse" if differential.run(command, text.encode())[0] else "accept"


def escape(text):
    return "".join(chr(b) if 32 <= b < 127 and b != 92 else f"\\{b:03o}"
                   for b in text.encode())


def main():
    ours, tool, paths = sys.argv[1], sys.argv[2], sys.argv[3:]
    bases = [open(path, encoding="utf-8", newline="").read() for path in paths]
    rng = random.Random(200)
    seen = set(bases)
    while len(seen) < 200 + len(bases):
        text = differential.mutate(rng.choice(bases), rng)
        if text in seen:
            continue
        seen.add(text)
        print(verdict([ours, "check", "-"], text),
              verdict(["tclsh", tool, "check", "-"], text), escape(text))


if __name__ == "__main__":
    main()
