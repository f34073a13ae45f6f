#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Compare 'maquette hid' with Genode's tool on the HID texts of a Genode tree.

Takes every text that stands in a file of its own (recipes, configurations, schemas)
and in the run scripts, then mutations of them. For each, both tools must agree on
whether it is HID; on texts as found, also on the canonical layout and the XML, and our
layout must be stable under both. Prints what differs, grouped by reason, and exits 1 if
a difference has no reason that is known.

usage: differential.py --ours PROGRAM --tool GENODE/tool/hid --tree GENODE
                       [--mutations N] [--seed N] [--jobs N] [--keep DIRECTORY]
"""
import argparse
import collections
import concurrent.futures
import html
import os
import random
import re
import subprocess
import sys

HEAD = re.compile(r"[a-z][a-z0-9_-]*( .*)?$")
END = re.compile(r"-\s*$")


def run(command, text):
    done = subprocess.run(command, input=text, capture_output=True)
    return done.returncode, done.stdout, done.stderr.decode("utf-8", "replace")


def block(lines, start):
    """The HID text that starts at a line, or None"""
    for i in range(start, len(lines)):
        if END.match(lines[i]):
            return "\n".join(lines[start:i + 1]) + "\n"
        if lines[i].rstrip() in ("}", "\"]", "]"):
            return None
    return None


# What a script inserts into a text: nothing, or a node type if one is needed there
INSERTED = re.compile(r"([+x] )?\}\s*((\[[^\]\n]*\]|\$\w+)\s*)*\{")
CONTENT = re.compile(r"([+x.:|] |[.:|]$| |-\s*$|[a-z][a-z0-9_-]*:( |$))")


def texts_of_script(lines):
    text = INSERTED.sub(lambda m: "+ inserted" if m[1] else "", "\n".join(lines))
    lines = ["-" if line == "-}" else line for line in text.split("\n")]
    for i, line in enumerate(lines[:-1]):
        if not line.rstrip().endswith(("{", '"', "<<EOF")):
            continue
        j = i + 1
        while j < len(lines) and not lines[j].strip():
            j += 1
        if j < len(lines) and HEAD.match(lines[j]):
            text = block(lines, j)
            body = [line for line in lines[j + 1:j + 4] if line.strip()]
            if text and body and CONTENT.match(body[0]):
                yield text


def texts_of_tree(tree):
    for folder, _, files in sorted(os.walk(os.path.join(tree, "repos"))):
        for file in sorted(files):
            path = os.path.join(folder, file)
            if os.path.getsize(path) > 1 << 20 or os.path.islink(path):
                continue
            with open(path, encoding="utf-8", errors="replace") as source:
                lines = source.read().split("\n")
            if file.endswith((".run", ".inc")):
                for n, text in enumerate(texts_of_script(lines)):
                    yield f"{path}#{n}", text
            elif file == "runtime" or file.endswith((".config", ".hsd", ".hid")):
                if HEAD.match(lines[0]) and any(END.match(l) for l in lines):
                    yield path, "\n".join(lines)


def mutate(text, rng):
    """One to three small accidents of an editor"""
    tokens = [" ", "  ", "|", " | ", "+", "+ ", "x ", ":", ": ", ".", ". ", "-", "\n",
              "\n-\n", "\t", "a", "A", "a: 1", "name: b", "\u00e4", "\r", "\x01"]
    for _ in range(rng.randint(1, 3)):
        at = rng.randrange(len(text) + 1)
        kind = rng.randrange(6)
        lines = text.split("\n")
        row = rng.randrange(len(lines))
        if kind == 0:
            text = text[:at] + rng.choice(tokens) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + rng.randint(1, 4):]
        elif kind == 2:
            text = text[:at] + rng.choice(tokens) + text[at + 1:]
        elif kind == 3:
            del lines[row]
            text = "\n".join(lines)
        elif kind == 4:
            lines.insert(rng.randrange(len(lines)), lines[row])
            text = "\n".join(lines)
        else:
            lines[row] = " " * rng.randint(0, 3) + lines[row].lstrip(" ")
            text = "\n".join(lines)
    return text


# What we refuse and Genode's tool lets pass, by our message
STRICTER = [
    ("expected '+ '", "text that is no HID is skipped silently"),
    ("a tab", "a tab skips the rest of its segment"),
    ("expected a space between tag and value", "tag and value without a space"),
    ("expected a space behind the node type", "type and name without a space"),
    ("expected a node type", "an anchor without a node type is skipped silently"),
    ("a control character", "control characters are let pass"),
    ("no valid UTF-8", "invalid UTF-8 is let pass"),
    ("expected the type of the top-level", "no top-level node, or not at the start"),
    ("expected a space", "bars without space that the tool takes for text"),
    ("nested too deeply", "our bound on depth"),
    ("no further left", "an attribute left of the node in front of it"),
    ("above the quoted text", "an attribute below quoted text"),
    ("is given twice", "an attribute's column is taken from the end of its value"),
]

# What Genode's tool refuses and we don't, by its message
LOOSER = [
    ("stray '|'", "bars for the eye behind an odd number of spaces"),
    ("duplicated attribute", "attributes of a node it lost are taken for its parent's"),
]


def verdict_reason(ours, theirs):
    if ours[0] == theirs[0]:
        return None
    if ours[0]:
        for message, reason in STRICTER:
            if message in ours[2].split("\n")[0]:
                return f"only we refuse: {reason}"
        return "UNKNOWN: only we refuse: " + ours[2].split("\n")[0]
    for message, reason in LOOSER:
        if message in theirs[2]:
            return f"only the tool refuses: {reason}"
    return "UNKNOWN: only the tool refuses: " + theirs[2].strip().split("\n")[0]


def loses_nodes(ours, theirs):
    """Is theirs ours without some lines, apart from the bars in front?"""
    ours = collections.Counter(line.lstrip(b" |\t") for line in ours.split(b"\n"))
    theirs = collections.Counter(line.lstrip(b" |\t") for line in theirs.split(b"\n"))
    empty = {re.sub(rb">$", b"/>", line) for line in ours}
    return all(n <= ours[line] or line in empty for line, n in theirs.items())


def loses_comments(ours, theirs):
    return re.sub(rb" \| \..*", b"", ours) == re.sub(rb" \| \..*", b"", theirs)


def xml_reason(ours, theirs):
    if ours == theirs:
        return None
    if loses_nodes(ours, theirs):
        return "XML: the tool loses nodes behind an odd number of spaces"
    unescaped = ours.replace(b"&amp;", b"&").replace(b"&lt;", b"<")
    if unescaped.replace(b"&quot;", b'"') == theirs.replace(b"&amp;", b"&").replace(
            b"&lt;", b"<").replace(b"&quot;", b'"'):
        return "XML: the tool doesn't escape & < \" in attributes"
    if html.unescape(ours.decode()) == html.unescape(theirs.decode()):
        return "XML: the tool doesn't escape quoted text beside sub nodes"
    return "UNKNOWN: XML"


def layout_reason(ours, theirs, log):
    if ours == theirs:
        return None
    if "Dropping commented-out line" in log:
        kept = [l for l in ours.split(b"\n") if not re.match(rb"[ |]*\.( |$)", l)]
        left = [l for l in theirs.split(b"\n") if not re.match(rb"[ |]*\.( |$)", l)]
        if kept == left:
            return "layout: we keep comments that the tool drops"
        return "layout: a dropped comment, and UNKNOWN more"
    if b"|  | ." in theirs:
        return "layout: the tool doubles the bar in front of a comment"
    if loses_nodes(ours, theirs):
        return "layout: the tool loses nodes behind an odd number of spaces"
    if loses_comments(ours, theirs):
        return "layout: the tool loses a comment behind a node with attributes"
    return "UNKNOWN: layout"


def compare_verdicts(job):
    options, name, text = job
    raw = text.encode("utf-8")
    reason = verdict_reason(run([options.ours, "check", "-"], raw),
                            run(["tclsh", options.tool, "check", "-"], raw))
    return name, text, [reason] if reason else []


def compare_all(job):
    options, name, text = job
    raw = text.encode("utf-8")
    tool = ["tclsh", options.tool]
    name, text, reasons = compare_verdicts(job)
    ours = run([options.ours, "format", "-"], raw)
    theirs = run(tool + ["format", "-"], raw)
    if ours[0] or theirs[0]:
        return name, text, reasons
    reasons.append(layout_reason(ours[1], theirs[1], theirs[2]))
    again = run([options.ours, "format", "-"], ours[1])
    if again[1] != ours[1]:
        reasons.append("UNKNOWN: our layout isn't stable")
    stable = run(tool + ["format", "-"], ours[1])
    if stable[1] != ours[1]:
        reason = layout_reason(ours[1], stable[1], stable[2])
        reasons.append(reason.replace("layout:", "our layout, formatted by the tool:"))
    xml = run([options.ours, "--output-xml", "format", "-"], raw)
    reasons.append(xml_reason(xml[1], run(tool + ["--output-xml", "format", "-"],
                                          raw)[1]))
    return name, text, [r for r in reasons if r]


def campaign(options, title, compare, jobs):
    groups = collections.defaultdict(list)
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for name, text, reasons in pool.map(compare, jobs):
            for reason in reasons or ["same"]:
                groups[reason].append((name, text))
    print(f"{title}: {len(jobs)}")
    for reason, found in sorted(groups.items(), key=lambda g: -len(g[1])):
        print(f"{len(found):7} {reason}   ({found[0][0]})")
        if options.keep and reason != "same":
            keep(options.keep, reason, found)
    return not any("UNKNOWN" in reason for reason in groups)


def keep(directory, reason, found):
    folder = os.path.join(directory, re.sub(r"\W+", "-", reason)[:80])
    os.makedirs(folder, exist_ok=True)
    for n, (name, text) in enumerate(found[:20]):
        with open(os.path.join(folder, f"{n}.hid"), "w", encoding="utf-8") as file:
            file.write(text)
        with open(os.path.join(folder, f"{n}.name"), "w", encoding="utf-8") as file:
            file.write(name + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    for option in ("--ours", "--tool", "--tree"):
        parser.add_argument(option, required=True)
    parser.add_argument("--mutations", type=int, default=10000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--keep", help="where to store what differs")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    found = list(texts_of_tree(options.tree))
    jobs = [(options, name, text) for name, text in found]
    well = campaign(options, "texts", compare_all, jobs)
    small = [t for t in found if len(t[1]) < 3000]
    jobs = []
    for i in range(options.mutations):
        name, text = rng.choice(small)
        jobs.append((options, f"mutation {i} of {name}", mutate(text, rng)))
    well &= campaign(options, "mutations", compare_verdicts, jobs)
    return 0 if well else 1


if __name__ == "__main__":
    sys.exit(main())
