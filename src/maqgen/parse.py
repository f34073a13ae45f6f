# SPDX-License-Identifier: GPL-2.0-or-later
"""parse - reads the XML file of an interface definition and checks it.

What is wrong is said as `file:line: what is wrong; what is expected`.
"""
import re
import xml.parsers.expat
from dataclasses import dataclass, field

from model import (Call, Cursor, DESCRIPTORS, Enum, Interface, LINE, ModelError, Page,
                   Parameter, RESERVED, Ring, SCALARS, Signal, Struct, Value, align)

MESSAGE_MAX = 16384  # docs/protocol.md
HEADER_SIZE = 24
ARGS_MAX = 256
FDS_MAX = 4
SEALS = ("grow", "write", "future_write")
STATUSES = ("ok", "gone", "timeout", "busy", "invalid", "unsupported", "out_of_ram",
            "out_of_caps", "denied", "failed")
C_KEYWORDS = frozenset("""auto break case char const continue default do double else enum
    extern float for goto if inline int long register restrict return short signed sizeof
    static struct switch typedef union unsigned void volatile while bool true false
    asm typeof errno stdin stdout stderr linux unix""".split())
NAME = re.compile(r"[a-z][a-z0-9]*(_[a-z0-9]+)*\Z")
SERVICE = re.compile(r"[A-Za-z][A-Za-z0-9_.-]*\Z")


@dataclass
class Node:
    """An XML element as it stands in the file."""
    tag: str
    attributes: dict
    file: str
    line: int
    children: list = field(default_factory=list)
    text: str = ""

    def fail(self, wrong, expected):
        raise ModelError(f"{self.file}:{self.line}: {wrong}; {expected}")


def read_xml(path):
    parser = xml.parsers.expat.ParserCreate()
    stack = [Node("", {}, path, 0)]

    def start(tag, attributes):
        node = Node(tag, attributes, path, parser.CurrentLineNumber)
        stack[-1].children.append(node)
        stack.append(node)

    def characters(text):
        if stack[-1].tag != "doc" and text.strip():
            Node("", {}, path, parser.CurrentLineNumber).fail(
                f"text '{text.strip()}' in <{stack[-1].tag}>", "prose belongs into <doc>")
        stack[-1].text += text

    def entity(*_):
        Node("", {}, path, parser.CurrentLineNumber).fail(
            "an entity is declared", "a definition has no DOCTYPE entities")

    parser.StartElementHandler = start
    parser.EndElementHandler = lambda tag: stack.pop()
    parser.CharacterDataHandler = characters
    parser.EntityDeclHandler = entity
    parser.buffer_text = True
    try:
        with open(path, "rb") as stream:
            parser.ParseFile(stream)
    except xml.parsers.expat.ExpatError as error:
        message = xml.parsers.expat.errors.messages[error.code]
        raise ModelError(f"{path}:{error.lineno}: {message}; well-formed XML is expected"
                         ) from None
    except OSError as error:
        raise ModelError(f"{path}:0: {error.strerror}; a readable file is expected") from None
    return stack[0].children[0]


class Attributes:
    """Takes the attributes of a node one by one, and complains of those left over."""

    def __init__(self, node):
        self.node = node
        self.left = dict(node.attributes)

    def text(self, name, default=None):
        if name in self.left:
            return self.left.pop(name)
        if default is None:
            self.node.fail(f"<{self.node.tag}> lacks the attribute '{name}'", "it is required")
        return default

    def name(self, name="name"):
        text = self.text(name)
        if not NAME.match(text) or text in C_KEYWORDS:
            self.node.fail(f"'{text}' is no name",
                           "lower_case letters, digits and '_' are expected, no word of C")
        return text

    def number(self, name, low, high, default=None):
        if default is not None and name not in self.left:
            return default
        text = self.text(name)
        try:
            value = int(text, 0)
        except ValueError:
            self.node.fail(f"{name} '{text}' is no number", f"{low} to {high} is expected")
        if not low <= value <= high:
            self.node.fail(f"{name} {value} is outside its range",
                           f"{low} to {high} is expected")
        return value

    def choice(self, name, choices, default=None):
        text = self.text(name, default)
        if text not in choices:
            self.node.fail(f"{name} '{text}' is unknown",
                           "one of " + ", ".join(choices) + " is expected")
        return text

    def boolean(self, name):
        return self.choice(name, ("yes", "no"), "no") == "yes"

    def done(self):
        for name in self.left:
            self.node.fail(f"<{self.node.tag}> has no attribute '{name}' here",
                           "see docs/interfaces.md")


def take_doc(node, attributes):
    """The documentation, from the attribute or the element; takes the element away."""
    children = [child for child in node.children if child.tag == "doc"]
    node.children = [child for child in node.children if child.tag != "doc"]
    text = attributes.text("doc", "")
    if len(children) + bool(text) > 1:
        node.fail(f"<{node.tag}> is documented twice", "one doc is expected")
    for child in children:
        Attributes(child).done()
        text = child.text
    text = " ".join(text.split())
    if not text:
        node.fail(f"<{node.tag}> has no doc", "a sentence is expected")
    if "*/" in text or "/*" in text:
        node.fail("doc contains '*/' or '/*'", "text that may stand in a C comment is expected")
    return text


def no_children(node):
    for child in node.children:
        child.fail(f"<{child.tag}> in <{node.tag}>", "nothing is expected there")


def c_names_of(p):
    """The names of C parameters that p becomes."""
    if p.type == "bytes":
        return [p.name, p.name + "_size"]
    return [p.name] + [p.name + "_count"] * (p.maxcount is not None)


def wire_size(offset, parameters):
    """The greatest offset behind parameters that start at offset."""
    for p in parameters:
        if p.is_descriptor:
            offset += p.optional
        elif p.type in ("string", "bytes"):
            offset = align(offset, 4) + 4 + p.max + (p.type == "string")
        elif p.maxcount is not None:
            offset = align(align(offset, 4) + 4, p.alignment) + p.element_size * p.maxcount
        else:
            offset = align(offset, p.alignment) + p.size
    return offset


class Parser:
    """Turns the nodes of one file into an Interface."""

    def __init__(self, path):
        self.root = read_xml(path)
        self.types = {}
        self.rings = {}  # name: Ring and Node
        self.cursors = []  # Node, Page, Cursor, name of the ring
        self.constants = {}  # C constants, to find equal ones

    def interface(self):
        node = self.root
        if node.tag != "interface":
            node.fail(f"the outermost element is <{node.tag}>", "<interface> is expected")
        a = Attributes(node)
        it = self.it = Interface(a.name(), a.text("service"), a.number("version", 1, 1000),
                                 take_doc(node, a), node.file)
        a.done()
        if not SERVICE.match(it.service) or len(it.service) > 64:
            node.fail(f"service '{it.service}' is no name of a service",
                      "a letter, then letters, digits, '_', '.', '-' are expected, at most 64")
        for status in STATUSES:
            self.constants[status] = "the status"
        parts = {"cost": self.cost, "open": self.open, "enum": self.enum,
                 "flags": self.enum, "struct": self.struct, "call": self.call,
                 "signal": self.signal, "page": self.page}
        for child in node.children:
            if child.tag not in parts:
                child.fail(f"<{child.tag}> in <interface>",
                           "one of " + ", ".join(parts) + " is expected")
        # types first: open stands before them, and pages may stand before signals
        stages = (("cost",), ("enum", "flags", "struct"), ("open", "call", "signal"), ("page",))
        for stage in stages:
            for child in node.children:
                if child.tag in stage:
                    parts[child.tag](child)
        if not it.calls:
            node.fail("the interface has no call", "at least one is expected")
        self.check_versions()
        self.join_cursors()
        return it

    def check_versions(self):
        newest = max([x.since for x in
                      self.it.open + self.it.calls + self.it.signals + self.it.pages
                      + [e for call in self.it.calls for e in call.errors]
                      + [v for t in self.it.types if isinstance(t, Enum) for v in t.values]])
        if newest < self.it.version:
            self.root.fail(f"nothing is new in version {self.it.version}",
                           "something with that since, or a lower version, is expected")

    def since(self, a, before):
        since = a.number("since", 1, self.it.version, 1)
        if before and since < before[-1].since:
            a.node.fail(f"since {since} follows since {before[-1].since}",
                        "what is newer is appended at the end")
        return since

    def unique(self, node, name, others, what):
        if any(other.name == name for other in others):
            node.fail(f"{what} '{name}' is defined twice", "another name is expected")

    def constant(self, node, name, what):
        if name in self.constants:
            node.fail(f"{what} would have the C name of {self.constants[name]} '{name}'",
                      "another name is expected")
        self.constants[name] = what

    def cost(self, node):
        a = Attributes(node)
        if self.it.ram or self.it.caps:
            node.fail("a second <cost>", "one is expected")
        self.it.ram = a.number("ram", 0, 2**32 - 1)
        self.it.caps = a.number("caps", 0, 2**16 - 1)
        a.done()
        no_children(node)

    # types

    def type_name(self, node, a):
        name = a.name()
        if name in self.types or name in SCALARS or name in DESCRIPTORS \
                or name in ("string", "bytes"):
            node.fail(f"type '{name}' exists already", "another name is expected")
        if name in ("error", "ops", "service") or name.endswith(("_done", "_page")):
            node.fail(f"a type can't be named '{name}'",
                      "generated code has a type of that name; another is expected")
        return name

    def enum(self, node):
        a = Attributes(node)
        is_flags = node.tag == "flags"
        name = self.type_name(node, a)
        base = a.choice("base", ("u8", "u16", "u32"), "u32")
        doc = take_doc(node, a) if "doc" in a.left or \
            any(child.tag == "doc" for child in node.children) else ""
        a.done()
        values = []
        key, tag = ("bit", "bit") if is_flags else ("value", "value")
        highest = SCALARS[base][0] * 8 - 1 if is_flags else SCALARS[base][2]
        for child in node.children:
            if child.tag != tag:
                child.fail(f"<{child.tag}> in <{node.tag}>", f"<{tag}> is expected")
            c = Attributes(child)
            value = Value(c.name(), c.number(key, 0, highest), take_doc(child, c),
                          self.since(c, values))
            c.done()
            no_children(child)
            self.unique(child, value.name, values, tag)
            if any(other.value == value.value for other in values):
                child.fail(f"{key} {value.value} is used twice", "each has its own")
            self.constant(child, f"{name}_{value.name}", f"{tag} of {name}")
            values.append(value)
        if not values:
            node.fail(f"<{node.tag}> is empty", f"at least one <{tag}> is expected")
        if values[0].since > 1:
            node.fail(f"<{node.tag}> is empty in version 1", f"a <{tag}> of that version is "
                      "expected: a new type needs no since")
        self.types[name] = Enum(name, base, values, doc, is_flags)
        self.it.types.append(self.types[name])

    def struct(self, node):
        a = Attributes(node)
        struct = Struct(self.type_name(node, a), [], "")
        struct.doc = take_doc(node, a) if "doc" in a.left or \
            any(child.tag == "doc" for child in node.children) else ""
        a.done()
        for child in node.children:
            if child.tag != "field":
                child.fail(f"<{child.tag}> in <struct>", "<field> is expected")
            p = self.parameter(child, "field")
            self.unique(child, p.name, struct.fields, "field")
            gap = -struct.size % p.alignment
            if gap:
                child.fail(f"field '{p.name}' at offset {struct.size} leaves a gap of {gap}",
                           f"fields of {gap} byte before it are expected")
            p.offset = struct.size
            struct.size += p.size
            struct.alignment = max(struct.alignment, p.alignment)
            struct.fields.append(p)
        if not struct.fields:
            node.fail("<struct> is empty", "at least one <field> is expected")
        gap = -struct.size % struct.alignment
        if gap:
            node.fail(f"struct '{struct.name}' of {struct.size} byte ends in a gap of {gap}",
                      f"fields of {gap} byte at its end are expected")
        if struct.size > 4096:
            node.fail(f"struct '{struct.name}' has {struct.size} byte",
                      "at most 4096 are expected")
        self.types[struct.name] = struct
        self.it.types.append(struct)

    # parameters

    def parameter(self, node, where, before=()):
        """where: in, out, open, field (of a struct) or page."""
        a = Attributes(node)
        p = Parameter(a.name(), a.text("type"), take_doc(node, a))
        p.unit = a.text("unit", "")
        if p.type in self.types:
            p.named = self.types[p.type]
        elif p.type not in SCALARS and p.type not in DESCRIPTORS \
                and p.type not in ("string", "bytes"):
            node.fail(f"type '{p.type}' is unknown",
                      "a type of docs/interfaces.md or one defined above is expected")
        self.bounds(node, a, p)
        self.counts(a, p, where)
        if p.is_descriptor:
            self.descriptor(node, a, p)
        if where == "page":
            p.atomic = a.boolean("atomic")
            if p.atomic and (p.is_array or p.is_struct or p.type in ("f32", "f64")):
                node.fail(f"'{p.name}' can't be atomic", "one integer is expected")
        if where == "open":
            p.since = self.since(a, before)
            self.default(node, a, p)
            if p.since > 1 and not p.has_default:
                node.fail(f"'{p.name}' of an older client would be outside its range",
                          "a default is expected")
        a.done()
        no_children(node)
        if where in ("field", "page", "open") and p.is_descriptor:
            node.fail(f"descriptor '{p.name}' in <{'open' if where == 'open' else where}>",
                      "descriptors are parameters of calls only")
        if where in ("field", "page") and p.type in ("string", "bytes"):
            node.fail(f"'{p.name}' has no fixed size", "a fixed array is expected")
        return p

    def bounds(self, node, a, p):
        if p.type in ("string", "bytes"):
            p.max = a.number("max", 0 if p.type == "string" else 1, MESSAGE_MAX)
            return
        limits = SCALARS.get(p.type)
        if not ("min" in a.left or "max" in a.left):
            return
        if not limits or p.type == "bool":
            node.fail(f"'{p.name}' of type {p.type} can't have min and max",
                      "a number, string or bytes is expected")
        for key in ("min", "max"):
            if key not in a.left:
                continue
            if limits[1] is not None:
                setattr(p, key, a.number(key, limits[1], limits[2]))
                continue
            try:
                value = float(a.text(key))
            except ValueError:
                value = float("nan")
            if value - value != 0:
                node.fail(f"{key} of '{p.name}' is no number", "a finite number is expected")
            setattr(p, key, value)
        if p.min is not None and p.max is not None and p.min > p.max:
            node.fail(f"min {p.min} is above max {p.max}", "the lower one first")

    def counts(self, a, p, where):
        for key in ("count", "maxcount"):
            if key not in a.left:
                continue
            if p.is_descriptor or p.type in ("string", "bytes"):
                a.node.fail(f"'{p.name}' of type {p.type} can't be an array",
                            "numbers, enums, flags or structs are expected")
            setattr(p, key, a.number(key, 1, MESSAGE_MAX))
        if p.count is not None and p.maxcount is not None:
            a.node.fail(f"'{p.name}' has count and maxcount", "one of them is expected")
        if p.maxcount is not None and where in ("field", "page"):
            a.node.fail(f"'{p.name}' has no fixed size", "count is expected")

    def descriptor(self, node, a, p):
        p.optional = a.boolean("optional")
        if p.type != "dataspace":
            return
        p.access = a.choice("access", ("read", "write"))
        p.seals = tuple(a.text("seals", "").split())
        for seal in p.seals:
            if seal not in SEALS:
                node.fail(f"seal '{seal}' is unknown",
                          "one of " + ", ".join(SEALS) + " is expected")
        if p.access == "write" and "write" in p.seals + ("write",) * ("future_write" in p.seals):
            node.fail(f"'{p.name}' is to be written but sealed against it",
                      "access read, or no such seal, is expected")
        p.minsize = a.number("minsize", 1, 2**63 - 1, 1)
        p.maxsize = a.number("maxsize", p.minsize, 2**63 - 1, 0)

    def default(self, node, a, p):
        if "default" not in a.left:
            return
        if p.is_array or p.is_struct or p.type == "bytes":
            node.fail(f"'{p.name}' can't have a default", "only a single value has one")
        if p.type == "string":
            p.default = a.text("default", "")
        elif p.type == "bool":
            p.default = int(a.boolean("default"))
        elif p.is_enum:
            name = a.text("default")
            known = {v.name: 1 << v.value if p.named.is_flags else v.value
                     for v in p.named.values}
            if name not in known:
                node.fail(f"default '{name}' is no value of {p.type}",
                          "one of " + ", ".join(known) + " is expected")
            p.default = known[name]
        elif SCALARS[p.type][1] is None:
            p.default = float(a.text("default"))
        else:
            low, high = SCALARS[p.type][1:]
            p.default = a.number("default", low if p.min is None else p.min,
                                 high if p.max is None else p.max)

    def parameters(self, node, tag, where):
        result = []
        for child in node.children:
            if child.tag == tag:
                p = self.parameter(child, where, result)
                self.unique(child, p.name, result, "parameter")
                for name in c_names_of(p):
                    if any(name in c_names_of(other) for other in result):
                        child.fail(f"'{name}' would be two parameters in C",
                                   "another name is expected")
                result.append(p)
        return result

    # the parts

    def open(self, node):
        Attributes(node).done()
        if self.it.open:
            node.fail("a second <open>", "one is expected")
        for child in node.children:
            if child.tag != "in":
                child.fail(f"<{child.tag}> in <open>", "<in> is expected")
        self.it.open = self.parameters(node, "in", "open")
        if not self.it.open:
            node.fail("<open> is empty", "at least one <in> is expected")
        if wire_size(0, self.it.open) > ARGS_MAX:
            node.fail(f"open parameters may have {wire_size(0, self.it.open)} byte",
                      f"at most {ARGS_MAX} are expected")

    def call(self, node):
        a = Attributes(node)
        doc = take_doc(node, a)
        call = Call(a.name(), a.number("opcode", 1, 2**16 - 1), self.since(a, self.it.calls),
                    a.boolean("deferred"), doc, [], [], [])
        a.done()
        self.unique(node, call.name, self.it.calls, "call")
        if call.name in RESERVED:
            node.fail(f"a call can't be named '{call.name}'",
                      "every interface has a function of that name; another is expected")
        if self.it.calls and call.opcode <= self.it.calls[-1].opcode:
            node.fail(f"opcode {call.opcode} follows {self.it.calls[-1].opcode}",
                      "a higher one is expected")
        for child in node.children:
            if child.tag == "error":
                call.errors.append(self.error(child, call))
            elif child.tag not in ("in", "out"):
                child.fail(f"<{child.tag}> in <call>", "in, out or error is expected")
        call.ins = self.parameters(node, "in", "in")
        call.outs = self.parameters(node, "out", "out")
        for p in call.outs:
            for other in call.ins:
                for name in c_names_of(p):
                    if name in c_names_of(other):
                        node.fail(f"'{name}' would be two parameters in C",
                                  "names are expected to differ between in and out, too")
        for parameters, what in ((call.ins, "call"), (call.outs, "reply")):
            size = wire_size(HEADER_SIZE, parameters)
            if size > MESSAGE_MAX:
                node.fail(f"the {what} '{call.name}' may have {size} byte",
                          f"at most {MESSAGE_MAX} are expected")
            if sum(p.is_descriptor for p in parameters) > FDS_MAX:
                node.fail(f"the {what} '{call.name}' has too many descriptors",
                          f"at most {FDS_MAX} are expected")
        self.it.calls.append(call)

    def error(self, node, call):
        a = Attributes(node)
        error = Value(a.name(), a.number("value", 1, 1000), take_doc(node, a),
                      a.number("since", call.since, self.it.version, call.since))
        if call.errors and error.since < call.errors[-1].since:
            node.fail(f"since {error.since} follows since {call.errors[-1].since}",
                      "what is newer is appended at the end")
        a.done()
        no_children(node)
        self.unique(node, error.name, call.errors, "error")
        known = [e for c in self.it.calls + [call] for e in c.errors]
        for other in known:
            if (other.name == error.name) != (other.value == error.value):
                node.fail(f"error '{error.name}' {error.value} does not agree with "
                          f"'{other.name}' {other.value}",
                          "equal names have equal values, and the other way round")
        if not any(other.name == error.name for other in known):
            self.constant(node, error.name, "the error")
        return error

    def signal(self, node):
        a = Attributes(node)
        doc = take_doc(node, a)
        signal = Signal(a.name(), a.number("bit", 0, 63),
                        a.choice("from", ("client", "server")),
                        self.since(a, self.it.signals), doc)
        a.done()
        no_children(node)
        self.unique(node, signal.name, self.it.signals, "signal")
        if any(other.bit == signal.bit for other in self.it.signals):
            node.fail(f"bit {signal.bit} is used twice", "each signal has its own")
        self.it.signals.append(signal)

    def page(self, node):
        a = Attributes(node)
        doc = take_doc(node, a)
        page = Page(a.name(), a.choice("writer", ("client", "server")),
                    self.since(a, self.it.pages), doc, [])
        a.done()
        self.unique(node, page.name, self.it.pages, "page")
        parts = {"field": self.page_field, "ring": self.ring, "cursor": self.cursor}
        for child in node.children:
            if child.tag not in parts:
                child.fail(f"<{child.tag}> in <page>", "field, ring or cursor is expected")
            page.items.append(parts[child.tag](child, page))
        if not page.items:
            node.fail("<page> is empty", "a field, ring or cursor is expected")
        lay_out(page)
        self.it.pages.append(page)

    def page_field(self, node, page):
        p = self.parameter(node, "page")
        self.unique(node, p.name, [i for i in page.items if isinstance(i, Parameter)],
                    "field")
        return p

    def ring(self, node, page):
        a = Attributes(node)
        doc = take_doc(node, a)
        name, entry, slots = a.name(), a.text("entry"), a.number("slots", 2, 65536)
        signal = a.text("signal")
        a.done()
        no_children(node)
        if name in self.rings:
            node.fail(f"ring '{name}' is defined twice", "another name is expected")
        if not isinstance(self.types.get(entry), Struct):
            node.fail(f"entry '{entry}' is no struct", "one defined above is expected")
        if slots & (slots - 1):
            node.fail(f"slots {slots} is no power of two", "2, 4, 8 ... 65536 are expected")
        known = [s for s in self.it.signals if s.name == signal and s.sender == page.writer]
        if not known:
            node.fail(f"'{signal}' is no signal from {page.writer}",
                      "a signal of the page's writer, defined above, is expected")
        ring = Ring(name, self.types[entry], slots, known[0], doc)
        self.rings[name] = (ring, node)
        ring.page = page
        return ring

    def cursor(self, node, page):
        a = Attributes(node)
        name = a.name("ring")
        a.done()
        no_children(node)
        cursor = Cursor(None)
        self.cursors.append((node, page, cursor, name))
        return cursor

    def join_cursors(self):
        """Finds the rings of cursors, which may stand in later pages."""
        for node, page, cursor, name in self.cursors:
            if name not in self.rings:
                node.fail(f"ring '{name}' is unknown", "one of another page is expected")
            ring = cursor.ring = self.rings[name][0]
            if ring.reader:
                node.fail(f"ring '{name}' has a second reader", "one is expected")
            if ring.page.writer == page.writer:
                node.fail(f"ring '{name}' is written by the same side",
                          "a cursor belongs to the side that reads")
            ring.reader = page
        for ring, node in self.rings.values():
            if not ring.reader:
                node.fail(f"ring '{ring.name}' has no reader",
                          "a <cursor> in a page of the other side is expected")


def lay_out(page):
    """Gives each item of a page its offset; cursors have a line of their own."""
    at, alone = 0, False
    for item in page.items:
        if alone or not isinstance(item, Parameter):
            at = align(at, LINE)
        if isinstance(item, Parameter):
            item.offset = align(at, item.alignment)
            at = item.offset + item.size
            alone = False
        elif isinstance(item, Ring):
            item.write_offset = at
            item.offset = at + LINE
            at = item.offset + item.entry.size * item.slots
            alone = True
        else:
            item.offset = at
            at += 8
            alone = True
    page.size = align(at, LINE)


def parse(path):
    return Parser(path).interface()
