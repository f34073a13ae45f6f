# SPDX-License-Identifier: GPL-2.0-or-later
"""reference - the Markdown page of an interface, for people."""
import textwrap

import shape
from model import Cursor, Parameter, Ring


def prose(text):
    return textwrap.fill(text, 88) + "\n"


def cell(text):
    return str(text).replace("|", "\\|")


def table(head, rows):
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell(c) for c in row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def values_table(name, value, values, with_since):
    """Named numbers; the column since only where there is something to say."""
    if not with_since:
        return table((name, value, "meaning"),
                     [(f"`{v.name}`", v.value, v.doc) for v in values])
    return table((name, value, "since", "meaning"),
                 [(f"`{v.name}`", v.value, v.since, v.doc) for v in values])


def type_text(p):
    """The type with its limits, as a reader wants it."""
    text = f"`{p.type}`"
    if p.count is not None:
        text = f"{p.count} × {text}"
    if p.maxcount is not None:
        text = f"0 to {p.maxcount} × {text}"
    notes = []
    if p.type in ("string", "bytes"):
        notes.append(f"at most {p.max} byte")
    elif p.min is not None and p.max is not None:
        notes.append(f"{p.min} to {p.max}")
    elif p.min is not None:
        notes.append(f"at least {p.min}")
    elif p.max is not None:
        notes.append(f"at most {p.max}")
    if p.unit:
        notes.append(p.unit)
    if p.optional:
        notes.append("optional")
    if p.type == "dataspace":
        notes.append("the receiver may " + ("read and write" if p.access == "write" else "read"))
        notes += [f"sealed {' '.join(p.seals)}"] * bool(p.seals)
        notes += [f"at least {p.minsize} byte"] * (p.minsize > 1)
        notes += [f"at most {p.maxsize} byte"] * bool(p.maxsize)
    if p.atomic:
        notes.append("atomic")
    return text + (f" ({', '.join(notes)})" if notes else "")


class Page:
    def __init__(self, interface):
        self.it = interface
        self.parts = []

    def add(self, text):
        self.parts.append(text)

    def build(self):
        it = self.it
        self.add(f"# {it.service}\n")
        self.add(f"<!-- made by maqgen from {it.name}.xml -->\n")
        self.add(prose(it.doc))
        self.add(prose(f"Header `<maq/{it.name}.h>`. A session costs its server at least "
                       f"{it.ram} byte of RAM and {it.caps} capabilities, which the client "
                       "donates."))
        if it.open:
            self.add("## Opening a session\n")
            self.add(table(("parameter", "type", "since", "meaning"),
                           [(f"`{p.name}`", type_text(p), p.since, p.doc) for p in it.open]))
        self.add("## Calls\n")
        for call in it.calls:
            self.call(call)
        self.signals()
        if it.types:
            self.add("## Types\n")
        for named in it.types:
            self.named(named)
        if it.pages:
            self.add("## Shared pages\n")
        for page in it.pages:
            self.page(page)
        self.add("## Versions\n")
        self.add(table(("version", "interface hash"),
                       [(v, f"`{value:016x}`") for v, value in enumerate(shape.hashes(it), 1)]))
        return "\n".join(self.parts)

    def call(self, call):
        since = f", since version {call.since}" * (call.since > 1)
        self.add(f"### {call.name}\n")
        self.add(f"Operation {call.opcode}{since}"
                 f"{', answered when the server likes' * call.deferred}.\n")
        self.add(prose(call.doc))
        rows = [(way, f"`{p.name}`", type_text(p), p.doc)
                for way, parameters in (("in", call.ins), ("out", call.outs))
                for p in parameters]
        if rows:
            self.add(table(("", "parameter", "type", "meaning"), rows))
        if call.errors:
            newer = any(e.since > call.since for e in call.errors)
            self.add(values_table("outcome", "value", call.errors, newer))

    def signals(self):
        if not self.it.signals:
            return
        self.add("## Signals\n")
        self.add(table(("signal", "bit", "from", "since", "meaning"),
                       [(f"`{s.name}`", s.bit, s.sender, s.since, s.doc)
                        for s in self.it.signals]))

    def named(self, named):
        self.add(f"### {named.name}\n")
        if hasattr(named, "fields"):
            self.add(f"A struct of {named.size} byte.\n")
            self.add(prose(named.doc) if named.doc else "")
            self.add(table(("offset", "field", "type", "meaning"),
                           [(p.offset, f"`{p.name}`", type_text(p), p.doc)
                            for p in named.fields]))
            return
        self.add(f"{'Flags' if named.is_flags else 'An enum'} in a `{named.base}`.\n")
        self.add(prose(named.doc) if named.doc else "")
        self.add(values_table("name", "bit" if named.is_flags else "value", named.values,
                              named.sinces))

    def page(self, page):
        self.add(f"### {page.name}\n")
        self.add(f"{page.size} byte, written by the {page.writer}.\n")
        self.add(prose(page.doc))
        rows = []
        for item in page.items:
            if isinstance(item, Parameter):
                rows.append((item.offset, f"`{item.name}`", type_text(item), item.doc))
            elif isinstance(item, Ring):
                rows.append((item.write_offset, f"`{item.name}` write cursor", "`u32` (atomic)",
                             f"Moved before the signal `{item.signal.name}`."))
                rows.append((item.offset, f"`{item.name}`",
                             f"{item.slots} × `{item.entry.name}`", item.doc))
            elif isinstance(item, Cursor):
                rows.append((item.offset, f"`{item.ring.name}` read cursor", "`u32` (atomic)",
                             f"Of the ring in the page `{item.ring.page.name}`."))
                rows.append((item.offset + 4, f"`{item.ring.name}` sleeping", "`u32` (atomic)",
                             "1: the writer shall send the ring's signal."))
        self.add(table(("offset", "field", "type", "meaning"), rows))


def generate(interface):
    text = Page(interface).build()
    while "\n\n\n" in text:
        text = text.replace("\n\n\n", "\n\n")
    return text
