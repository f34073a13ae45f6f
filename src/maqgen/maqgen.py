#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""maqgen - makes C code and reference pages from interface definitions

usage: maqgen.py [--out-include DIR] [--out-source DIR] [--out-fuzz DIR]
                 [--reference DIR] [--check] NAME.xml ...

A file is only written if its content changes. With --check nothing is written: the exit
code is 1 if a file is missing or not current. 2: a definition is wrong.
"""
import argparse
import os
import sys

import c_header
import c_source
import fuzz
import model
import parse
import reference


def write(path, text, check):
    """Whether the file was current already."""
    data = text if isinstance(text, bytes) else text.encode()
    try:
        with open(path, "rb") as stream:
            if stream.read() == data:
                return True
    except FileNotFoundError:
        pass
    if check:
        print(f"{path}: not current; run maqgen", file=sys.stderr)
        return False
    os.makedirs(os.path.dirname(path) or ".", exist_ok=True)
    with open(path, "wb") as stream:
        stream.write(data)
    return False


def outputs(interface, options):
    """Pairs of path and content."""
    name = interface.name
    if options.out_include:
        yield os.path.join(options.out_include, "maq", name + ".h"), \
            c_header.generate(interface)
    if options.out_source:
        yield os.path.join(options.out_source, name + ".c"), c_source.generate(interface)
    if options.out_fuzz:
        yield os.path.join(options.out_fuzz, f"fuzz_{name}.c"), fuzz.generate(interface)
        for seed, data in fuzz.seeds(interface):
            yield os.path.join(options.out_fuzz, "seeds-" + name, seed), data
    if options.reference:
        yield os.path.join(options.reference, name + ".md"), reference.generate(interface)


def main():
    parser = argparse.ArgumentParser(description="generator of interfaces")
    parser.add_argument("--out-include", metavar="DIR", help="headers, in DIR/maq")
    parser.add_argument("--out-source", metavar="DIR", help="C sources")
    parser.add_argument("--out-fuzz", metavar="DIR", help="fuzz targets, and their seeds")
    parser.add_argument("--reference", metavar="DIR", help="Markdown pages")
    parser.add_argument("--check", action="store_true", help="only compare")
    parser.add_argument("files", nargs="+", metavar="NAME.xml")
    options = parser.parse_args()
    current = True
    for path in options.files:
        try:
            interface = parse.parse(path)
            made = list(outputs(interface, options))
        except model.ModelError as error:
            print(error, file=sys.stderr)
            return 2
        if os.path.basename(path) != interface.name + ".xml":
            print(f"{path}:1: the interface is called '{interface.name}'; "
                  f"{interface.name}.xml is expected", file=sys.stderr)
            return 2
        for target, text in made:
            current = write(target, text, options.check) and current
    return 1 if options.check and not current else 0


if __name__ == "__main__":
    sys.exit(main())
