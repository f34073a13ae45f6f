#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""test_maqgen - the rules of interface definitions, their messages, and the hashes"""
import pathlib
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3] / "src" / "maqgen"))
import c_header  # noqa: E402
import model  # noqa: E402
from parse import parse as parse_file  # noqa: E402
import shape  # noqa: E402

CALL = '<call name="go" opcode="1" doc="D."/>'
STRUCT = '<struct name="s"><field name="x" type="u32" doc="D."/></struct>'
RING = ('<page name="p" writer="client" doc="D."><ring name="r" entry="s" slots="4" '
        'signal="sig" doc="D."/></page>')
SIGNAL = '<signal name="sig" bit="0" from="client" doc="D."/>'
CURSOR = '<page name="q" writer="server" doc="D."><cursor ring="r"/></page>'


def parse(body, head='name="x" service="X" version="1"', doc="<doc>D.</doc>"):
    with tempfile.TemporaryDirectory() as folder:
        path = pathlib.Path(folder) / "x.xml"
        path.write_text(f"<interface {head}>{doc}\n{body}\n</interface>")
        return parse_file(str(path))


def call(parameters, attributes='name="go" opcode="1"'):
    return f'<call {attributes} doc="D.">{parameters}</call>'


def with_in(attributes):
    return call(f'<in name="a" {attributes} doc="D."/>')


def with_open(attributes):
    return f'<open><in name="a" {attributes} doc="D."/></open>' + CALL


def with_page(item, types=STRUCT):
    return CALL + types + SIGNAL + f'<page name="p" writer="client" doc="D.">{item}</page>'


# body, what the message says is wrong, what it says is expected
WRONG = [
    ("", "the interface has no call", "at least one"),
    (CALL + "text", "text 'text' in <interface>", "<doc>"),
    (CALL + "<thing/>", "<thing> in <interface>", "one of cost, open"),
    (CALL * 2, "call 'go' is defined twice", "another name"),
    (CALL + call("", 'name="b" opcode="1"'), "opcode 1 follows 1", "a higher one"),
    (call("", 'name="b" opcode="0"'), "opcode 0 is outside", "1 to 65535"),
    (call("", 'name="b" opcode="x"'), "opcode 'x' is no number", "1 to 65535"),
    (call("", 'name="session" opcode="1"'), "can't be named 'session'", "another"),
    (call("", 'name="int" opcode="1"'), "'int' is no name", "no word of C"),
    (call("", 'name="Go" opcode="1"'), "'Go' is no name", "lower_case"),
    (call("", 'name="b" opcode="1" since="2"'), "since 2 is outside", "1 to 1"),
    (call("", 'name="b" opcode="1" deferred="1"'), "deferred '1' is unknown", "yes, no"),
    (call("", 'opcode="1"'), "lacks the attribute 'name'", "required"),
    (call("", 'name="b" opcode="1" more="1"'), "no attribute 'more'", "interfaces.md"),
    ('<call name="b" opcode="1"/>', "<call> has no doc", "a sentence"),
    (call("<doc>D.</doc>"), "documented twice", "one doc"),
    ('<call name="b" opcode="1" doc="a */ b"/>', "doc contains", "C comment"),
    (call("<field/>"), "<field> in <call>", "in, out or error"),
    (with_in('type="u128"'), "type 'u128' is unknown", "defined above"),
    (with_in('type="u8" max="256"'), "max 256 is outside", "0 to 255"),
    (with_in('type="u8" min="5" max="4"'), "min 5 is above max 4", "lower one first"),
    (with_in('type="bool" max="1"'), "can't have min and max", "a number"),
    (with_in('type="f32" max="nan"'), "no number", "finite"),
    (with_in('type="string"'), "lacks the attribute 'max'", "required"),
    (with_in('type="bytes"'), "lacks the attribute 'max'", "required"),
    (with_in('type="bytes" max="9" count="2"'), "can't be an array", "numbers, enums"),
    (with_in('type="u8" count="2" maxcount="2"'), "count and maxcount", "one of them"),
    (with_in('type="u8" optional="yes"'), "no attribute 'optional'", "interfaces.md"),
    (with_in('type="dataspace"'), "lacks the attribute 'access'", "required"),
    (with_in('type="dataspace" access="read" seals="wax"'), "seal 'wax' is unknown", "grow"),
    (with_in('type="dataspace" access="write" seals="write"'), "sealed against it", "read"),
    (with_in('type="dataspace" access="write" seals="future_write"'), "sealed against it",
     "read"),
    (with_in('type="dataspace" access="read" minsize="9" maxsize="8"'), "maxsize 8 is outside",
     "9 to"),
    (with_in('type="channel" count="2"'), "can't be an array", "numbers"),
    (with_in('type="bytes" max="16357"'), "may have 16385 byte", "at most 16384"),
    (call("".join(f'<in name="a{i}" type="file" doc="D."/>' for i in range(5))),
     "too many descriptors", "at most 4"),
    (call('<in name="a" type="u8" doc="D."/>' * 2), "'a' is defined twice", "another name"),
    (call('<in name="a" type="u8" doc="D."/><out name="a" type="u8" doc="D."/>'),
     "two parameters in C", "differ between in and out"),
    (call('<in name="a" type="bytes" max="2" doc="D."/><in name="a_size" type="u8" doc="D."/>'),
     "two parameters in C", "another name"),
    (call('<error name="e" value="0" doc="D."/>'), "value 0 is outside", "1 to 1000"),
    (call('<error name="gone" value="1" doc="D."/>'), "C name of the status", "another name"),
    (call('<error name="e" value="1" doc="D."/>')
     + call('<error name="e" value="2" doc="D."/>', 'name="b" opcode="2"'),
     "does not agree", "equal values"),
    (call('<error name="e" value="1" doc="D."/><error name="f" value="1" doc="D."/>'),
     "does not agree", "the other way round"),
    ('<enum name="e"></enum>' + CALL, "<enum> is empty", "<value>"),
    ('<enum name="e" base="u64"><value name="a" value="1" doc="D."/></enum>' + CALL,
     "base 'u64' is unknown", "u8, u16, u32"),
    ('<enum name="e" base="u8"><value name="a" value="256" doc="D."/></enum>' + CALL,
     "value 256 is outside", "0 to 255"),
    ('<enum name="e"><value name="a" value="1" doc="D."/><value name="b" value="1" doc="D."/>'
     '</enum>' + CALL, "value 1 is used twice", "its own"),
    ('<enum name="e"><bit name="a" bit="1" doc="D."/></enum>' + CALL, "<bit> in <enum>",
     "<value>"),
    ('<flags name="e" base="u8"><bit name="a" bit="8" doc="D."/></flags>' + CALL,
     "bit 8 is outside", "0 to 7"),
    ('<enum name="a"><value name="b_c" value="1" doc="D."/></enum>'
     '<enum name="a_b"><value name="c" value="1" doc="D."/></enum>' + CALL,
     "would have the C name", "another name"),
    (STRUCT * 2 + CALL, "type 's' exists already", "another name"),
    ('<struct name="u8"/>' + CALL, "type 'u8' exists already", "another name"),
    ('<struct name="ops"/>' + CALL, "can't be named 'ops'", "another"),
    ('<struct name="s"/>' + CALL, "<struct> is empty", "<field>"),
    ('<struct name="s"><field name="a" type="u8" doc="D."/><field name="b" type="u32" doc="D."/>'
     '</struct>' + CALL, "field 'b' at offset 1 leaves a gap of 3", "fields of 3 byte"),
    ('<struct name="s"><field name="b" type="u32" doc="D."/><field name="a" type="u8" doc="D."/>'
     '</struct>' + CALL, "of 5 byte ends in a gap of 3", "fields of 3 byte"),
    ('<struct name="s"><field name="b" type="u8" count="5000" doc="D."/></struct>' + CALL,
     "has 5000 byte", "at most 4096"),
    ('<struct name="s"><field name="b" type="string" max="4" doc="D."/></struct>' + CALL,
     "no fixed size", "fixed array"),
    ('<struct name="s"><field name="b" type="u8" maxcount="4" doc="D."/></struct>' + CALL,
     "no fixed size", "count"),
    ('<struct name="s"><field name="b" type="file" doc="D."/></struct>' + CALL,
     "descriptor 'b'", "calls only"),
    ('<struct name="s"><field name="x" type="t" doc="D."/></struct><struct name="t">'
     '<field name="x" type="u8" doc="D."/></struct>' + CALL, "type 't' is unknown", "above"),
    (with_open('type="file"'), "descriptor 'a' in <open>", "calls only"),
    (with_open('type="bytes" max="253"'), "may have 257 byte", "at most 256"),
    (with_open('type="u8" min="3" default="2"'), "default 2 is outside", "3 to 255"),
    (with_open('type="bytes" max="3" default="2"'), "can't have a default", "single value"),
    ("<open/>" + CALL, "<open> is empty", "<in>"),
    (with_open('type="u8"') + '<open><in name="b" type="u8" doc="D."/></open>',
     "a second <open>", "one"),
    ('<cost ram="x" caps="1"/>' + CALL, "ram 'x' is no number", "0 to"),
    (CALL + SIGNAL.replace('"0"', '"64"'), "bit 64 is outside", "0 to 63"),
    (CALL + SIGNAL.replace("client", "me"), "from 'me' is unknown", "client, server"),
    (CALL + SIGNAL * 2, "signal 'sig' is defined twice", "another name"),
    (CALL + SIGNAL + SIGNAL.replace('"sig"', '"other"'), "bit 0 is used twice", "its own"),
    (with_page(""), "<page> is empty", "field, ring or cursor"),
    (with_page('<field name="a" type="f32" atomic="yes" doc="D."/>'), "can't be atomic",
     "one integer"),
    (with_page('<cursor ring="r"/>'), "ring 'r' is unknown", "another page"),
    (CALL + STRUCT + SIGNAL + RING, "ring 'r' has no reader", "other side"),
    (CALL + STRUCT + SIGNAL + RING + CURSOR.replace("server", "client"),
     "written by the same side", "the side that reads"),
    (CALL + STRUCT + SIGNAL + RING + CURSOR + CURSOR.replace('"q"', '"z"'),
     "a second reader", "one"),
    (CALL + STRUCT + SIGNAL + RING.replace('"4"', '"3"') + CURSOR, "no power of two", "2, 4"),
    (CALL + STRUCT + SIGNAL + RING.replace('entry="s"', 'entry="u8"') + CURSOR,
     "entry 'u8' is no struct", "defined above"),
    (CALL + STRUCT + SIGNAL.replace("client", "server") + RING + CURSOR,
     "'sig' is no signal from client", "page's writer"),
]

# the first 8 bytes of sha256("interface x\nopen\ncall 1 in u8 out errors\n"), by sha256sum
KNOWN = 0xe538302f62d974d1


class Messages(unittest.TestCase):
    def test_rules(self):
        """Each broken rule: file, line, what is wrong, what is expected."""
        for body, wrong, expected in WRONG:
            with self.subTest(body=body):
                with self.assertRaises(model.ModelError) as caught:
                    parse(body)
                place, _, text = str(caught.exception).partition(": ")
                self.assertRegex(place, r"/x\.xml:[1-9][0-9]*$")
                before, _, behind = text.partition("; ")
                self.assertIn(wrong, before)
                self.assertIn(expected, behind)

    def test_head(self):
        for head, wrong in (('name="X" service="X" version="1"', "'X' is no name"),
                            ('name="x" service="a b" version="1"', "no name of a service"),
                            ('name="x" service="X" version="0"', "version 0 is outside"),
                            ('name="x" service="X" version="2"', "nothing is new")):
            with self.subTest(head=head), self.assertRaisesRegex(model.ModelError, wrong):
                parse(CALL, head)

    def test_versions(self):
        head = 'name="x" service="X" version="2"'
        newer = call("", 'name="b" opcode="2" since="2"')
        with self.assertRaisesRegex(model.ModelError, "since 1 follows since 2"):
            parse(CALL + newer + call("", 'name="c" opcode="3"'), head)
        value = '<value name="{}" value="{}" since="{}" doc="D."/>'
        with self.assertRaisesRegex(model.ModelError, "since 1 follows since 2"):
            parse('<enum name="e">' + value.format("a", 0, 1) + value.format("b", 1, 2)
                  + value.format("c", 2, 1) + '</enum>' + CALL, head)
        with self.assertRaisesRegex(model.ModelError, "empty in version 1"):
            parse('<enum name="e">' + value.format("a", 0, 2) + '</enum>' + CALL, head)
        error = '<error name="{}" value="{}" since="{}" doc="D."/>'
        with self.assertRaisesRegex(model.ModelError, "since 1 is outside"):
            parse(CALL + call(error.format("a", 1, 1), 'name="b" opcode="2" since="2"'), head)
        with self.assertRaisesRegex(model.ModelError, "since 1 follows since 2"):
            parse(call(error.format("a", 1, 2) + error.format("b", 2, 1)), head)
        with self.assertRaisesRegex(model.ModelError, "older client"):
            parse('<open><in name="a" type="u8" min="1" since="2" doc="D."/></open>' + CALL,
                  head)

    def test_line(self):
        with self.assertRaisesRegex(model.ModelError, r"x\.xml:4: type 'y'"):
            parse('<call name="go" opcode="1">\n<doc>D.</doc>\n'
                  '<in name="a" type="y" doc="D."/></call>')

    def test_xml(self):
        with self.assertRaisesRegex(model.ModelError, r"x\.xml:3: .*well-formed"):
            parse("<call>")
        with self.assertRaisesRegex(model.ModelError, "a readable file"):
            parse_file("/nonexistent/x.xml")

    def test_entities(self):
        with tempfile.NamedTemporaryFile("w", suffix=".xml") as file:
            file.write('<!DOCTYPE a [<!ENTITY e "x">]>\n<interface/>')
            file.flush()
            with self.assertRaisesRegex(model.ModelError, "entity"):
                parse_file(file.name)

    def test_function_names(self):
        interface = parse(CALL + call("", 'name="go_async" opcode="2"'))
        with self.assertRaisesRegex(model.ModelError, "maq_x_go_async"):
            c_header.generate(interface)


class Layout(unittest.TestCase):
    def test_rings(self):
        """Cursors, entries and what follows them do not share cache lines."""
        page, other = parse(CALL + STRUCT + SIGNAL + RING.replace(
            "</page>", '<field name="f" type="u8" doc="D."/></page>') + CURSOR).pages
        ring, field = page.items
        self.assertEqual((ring.write_offset, ring.offset, field.offset, page.size),
                         (0, 64, 128, 192))
        self.assertEqual((other.items[0].offset, other.size), (0, 64))

    def test_largest_message(self):
        parse(with_in('type="bytes" max="16356"'))


class Hashes(unittest.TestCase):
    BASE = call('<in name="a" type="u8" doc="D."/>')

    def hashes(self, body, version=1):
        return shape.hashes(parse(body, f'name="x" service="X" version="{version}"'))

    def test_known(self):
        """The hash is part of the protocol: other implementations compute it, too."""
        interface = parse(self.BASE)
        self.assertEqual(shape.canonical(interface, 1),
                         "interface x\nopen\ncall 1 in u8 out errors\n")
        self.assertEqual(shape.hashes(interface), [KNOWN])

    def test_appending_keeps_older(self):
        old = self.hashes(self.BASE)
        for more in (call("", 'name="b" opcode="2" since="2"'),
                     SIGNAL.replace("/>", ' since="2"/>'),
                     '<open><in name="o" type="u8" since="2" doc="D."/></open>',
                     '<page name="p" writer="client" since="2" doc="D.">'
                     '<field name="f" type="u8" doc="D."/></page>'):
            with self.subTest(more=more):
                new = self.hashes(self.BASE + more, 2)
                self.assertEqual(new[0], old[0])
                self.assertNotEqual(new[1], old[0])

    def test_appended_values(self):
        """Values, bits and errors with a since are not in the hashes before it."""
        def enum(more):
            return '<enum name="e"><value name="v" value="1" doc="D."/>' + more + '</enum>' \
                + call('<in name="a" type="e" doc="D."/>')

        def flags(more):
            return '<flags name="e"><bit name="v" bit="1" doc="D."/>' + more + '</flags>' \
                + '<struct name="s"><field name="f" type="e" doc="D."/></struct>' \
                + call('<out name="a" type="s" maxcount="2" doc="D."/>')

        def errors(more):
            return call('<error name="v" value="1" doc="D."/>' + more)

        for body, more in ((enum, '<value name="w" value="0" {}doc="D."/>'),
                           (flags, '<bit name="w" bit="0" {}doc="D."/>'),
                           (errors, '<error name="w" value="9" {}doc="D."/>')):
            with self.subTest(more=more):
                old = self.hashes(body(""))
                new = self.hashes(body(more.format('since="2" ')), 2)
                self.assertEqual(new[0], old[0])
                self.assertEqual(new[1], self.hashes(body(more.format("")))[0])
                self.assertNotEqual(new[1], old[0])

    def test_same(self):
        old = self.hashes(self.BASE)
        for change in (self.BASE.replace('"a"', '"renamed"'), self.BASE.replace("D.", "E."),
                       self.BASE.replace('"u8"', '"u8" unit="px" min="1" max="9"'),
                       self.BASE.replace('opcode="1"', 'opcode="1" deferred="yes"'),
                       '<cost ram="1" caps="1"/>' + self.BASE):
            with self.subTest(change=change):
                self.assertEqual(self.hashes(change), old)

    def test_different(self):
        enum = '<enum name="e"><value name="v" value="1" doc="D."/></enum>' \
            + self.BASE.replace('"u8"', '"e"')
        struct = STRUCT + self.BASE.replace('"u8"', '"s"')
        text = self.BASE.replace('"u8"', '"string" max="5"')
        memory = self.BASE.replace('"u8"', '"dataspace" access="read"')
        for old, new in ((self.BASE, self.BASE.replace('"u8"', '"i8"')),
                         (self.BASE, self.BASE.replace('"1"', '"2"')),
                         (self.BASE, self.BASE.replace("<in", "<out")),
                         (self.BASE, self.BASE.replace('"u8"', '"u8" count="1"')),
                         (self.BASE, self.BASE.replace(
                             "</call>", '<error name="e" value="3" doc="D."/></call>')),
                         (text, text.replace('"5"', '"6"')),
                         (enum, enum.replace('value="1"', 'value="2"')),
                         (struct, struct.replace('"u32"', '"i32"')),
                         (memory, memory.replace('"read"', '"write"')),
                         (memory, memory.replace('"read"', '"read" seals="grow"')),
                         (CALL + SIGNAL, CALL + SIGNAL.replace('"0"', '"1"')),
                         (CALL + SIGNAL, CALL + SIGNAL.replace("client", "server"))):
            with self.subTest(new=new):
                self.assertNotEqual(self.hashes(old), self.hashes(new))


if __name__ == "__main__":
    unittest.main()
