#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""tutorial.py PAGE PROJECT - whether the page shows the files of the project as they are

A code block is marked with the name of its file: ```c greeter.c. Every file of the project
is to be shown, and every marked block to be the file's whole text, but for the licence line.
Output is TAP.
"""
import os
import re
import sys

BLOCK = re.compile(r"^```\w* (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def text_of(path):
    with open(path, encoding="utf-8") as stream:
        lines = stream.readlines()
    return "".join(line for line in lines if "SPDX-License-Identifier" not in line)


def files_of(project):
    for folder, _, names in os.walk(project):
        for name in names:
            yield os.path.relpath(os.path.join(folder, name), project)


def main():
    page, project = sys.argv[1:]
    with open(page, encoding="utf-8") as stream:
        blocks = dict(BLOCK.findall(stream.read()))
    files = set(files_of(project))
    names = sorted(files | set(blocks))
    failed = 0
    print(f"TAP version 13\n1..{len(names)}")
    for number, name in enumerate(names, 1):
        if name not in files:
            fault = "the project has no such file"
        elif name not in blocks:
            fault = "the page does not show it"
        elif blocks[name] != text_of(os.path.join(project, name)):
            fault = "the page shows it otherwise"
        else:
            fault = None
        print(f"{'not ' if fault else ''}ok {number} - {name}")
        if fault:
            print(f"# {fault}")
            failed += 1
    return 1 if failed else 0


sys.exit(main())
