# SPDX-License-Identifier: GPL-2.0-or-later
"""c_header - the public header of an interface."""
import textwrap

from c_names import Local, Names, camel, wrapped
from model import LINE, ModelError, Parameter, Ring, SCALARS, align

PAGE = 4096


def comment(text, indent=""):
    """A block comment; on one line if it fits."""
    if len(indent.replace("\t", " " * 8)) + len(text) + 6 <= 88:
        return f"{indent}/* {text} */\n"
    lines = textwrap.wrap(text, 84 - len(indent.replace("\t", " " * 8)))
    return f"{indent}/*\n" + "".join(f"{indent} * {line}\n" for line in lines) \
        + f"{indent} */\n"


def commented(code, text, indent="\t"):
    """A line of code with a comment behind it, or before it if that is too long."""
    if len(indent.replace("\t", " " * 8) + code) + len(text) + 7 <= 90:
        return f"{indent}{code} /* {text} */\n"
    return comment(text, indent) + f"{indent}{code}\n"


def parameter_doc(p):
    """name: doc (unit, range)"""
    words = [p.unit] if p.unit else []
    if p.type in ("string", "bytes"):
        words.append(f"at most {p.max} byte")
    elif p.min is not None and p.max is not None:
        words.append(f"{p.min} to {p.max}")
    elif p.min is not None or p.max is not None:
        words.append(f"at least {p.min}" if p.max is None else f"at most {p.max}")
    if p.count:
        words.append(f"{p.count} of them")
    if p.maxcount:
        words.append(f"at most {p.maxcount} of them")
    if p.optional:
        words.append("-1: absent")
    return f"{p.name}: {p.doc}" + (f" ({', '.join(words)})" if words else "")


class Header:
    def __init__(self, interface):
        self.it = interface
        self.n = Names(interface)
        self.text = ""
        self.declared = set()

    def add(self, text=""):
        self.text += text + "\n"

    def declare(self, result, name, parameters):
        """A prototype; two of one name are an error of the definition."""
        if name in self.declared:
            raise ModelError(f"{self.it.file}:1: two functions would be called {name}; "
                             "another name of a call, signal or struct is expected")
        self.declared.add(name)
        blank = "" if result.endswith("*") else " "
        self.text += wrapped(f"{result}{blank}{name}(", parameters or ["void"], ");")

    def build(self):
        it, n = self.it, self.n
        guard = f"MAQ_{it.name.upper()}_H"
        self.add("// SPDX-License-Identifier: LGPL-2.1-or-later")
        self.text += "/*\n" + "".join(f" * {line}\n" for line in [
            f"{it.name} - sessions of the service {it.service}",
            f"made by maqgen from {it.name}.xml", "", *textwrap.wrap(it.doc, 84)]
        ).replace(" * \n", " *\n") + " */\n"
        self.add(f"#ifndef {guard}\n#define {guard}\n")
        self.add("#include <maq/session.h>")
        if it.pages:
            self.add("#include <maq/ring.h>\n#include <stddef.h>\n#include <stdatomic.h>")
        self.add(f"\ntypedef struct {n.type} {n.type}; /* a client's end: a MaqSession */\n")
        self.add(f"extern const MaqInterface {n.prefix}interface;\n")
        self.errors()
        for named in it.types:
            (self.enum if hasattr(named, "values") else self.struct)(named)
        for page in it.pages:
            self.page(page)
        for page in it.pages:
            for item in page.items:
                if isinstance(item, Ring):
                    self.ring(page, item)
        self.client()
        self.server()
        self.add("\n#endif")
        return self.text

    def errors(self):
        n = self.n
        self.add("typedef enum {")
        self.add(f"\t{n.upper}OK = 0,")
        for error in self.it.errors:
            self.text += commented(f"{n.constant(error.name)} = {error.value},", error.doc)
        for number, status in enumerate(("gone", "timeout", "busy", "invalid", "unsupported",
                                         "out_of_ram", "out_of_caps", "denied", "failed"), 1):
            self.add(f"\t{n.constant(status)} = -{number},")
        self.add(f"}} {n.error}; /* negative: see MaqStatus */\n")

    def enum(self, enum):
        n = self.n
        c_type = n.named_type(enum)
        if enum.doc:
            self.text += comment(enum.doc)
        self.add(f"typedef guint{SCALARS[enum.base][0] * 8} {c_type};")
        numbers = [(n.constant(enum.name, v.name), 1 << v.value if enum.is_flags else v.value,
                    v.doc) for v in enum.values]
        if max(number for _, number, _ in numbers) < 2**31:
            self.add("enum {")
            for name, number, doc in numbers:
                self.text += commented(
                    f"{name} = {hex(number) if enum.is_flags else number},", doc)
            self.add("};\n")
            return
        for name, number, doc in numbers:  # an enumerator is an int
            self.text += commented(f"#define {name} (({c_type})"
                                   f"{hex(number) if enum.is_flags else number}u)", doc, "")
        self.add()

    def fields(self, fields, align=""):
        for p in fields:
            atomic = "_Atomic " if p.atomic else ""
            array = f"[{p.count}]" if p.count is not None else ""
            self.text += commented(
                f"{align}{atomic}{self.n.element(p, True)} {p.name}{array};",
                parameter_doc(p).split(": ", 1)[1])

    def struct(self, struct):
        c_type = self.n.named_type(struct)
        if struct.doc:
            self.text += comment(struct.doc)
        self.add("typedef struct {")
        self.fields(struct.fields)
        self.add(f"}} {c_type};")
        self.add(f"G_STATIC_ASSERT(sizeof({c_type}) == {struct.size});")
        for p in struct.fields:
            self.add(f"G_STATIC_ASSERT(offsetof({c_type}, {p.name}) == {p.offset});")
        self.add("/* Whether every field is in its range. */")
        self.declare("bool", f"{self.n.prefix}{struct.name}_valid", [f"const {c_type} *value"])
        self.add()

    def page(self, page):
        n, c_type = self.n, self.n.page_type(page)
        self.text += comment(f"{page.doc} Written by the {page.writer} only.")
        self.add("typedef struct {")
        offsets, alone = [], True
        for item in page.items:
            if isinstance(item, Parameter):
                self.fields([item], f"_Alignas({LINE}) " if alone else "")
                offsets.append((item.name, item.offset))
                alone = False
                continue
            alone = True
            if isinstance(item, Ring):
                self.text += comment(item.doc, "\t")
                self.add(f"\t_Alignas({LINE}) _Atomic guint32 {item.name}_write;")
                self.add(f"\t_Alignas({LINE}) {n.named_type(item.entry)} "
                         f"{item.name}[{item.slots}];")
                offsets += [(item.name + "_write", item.write_offset),
                            (item.name, item.offset)]
            else:
                name = item.ring.name
                self.add(f"\t_Alignas({LINE}) _Atomic guint32 {name}_read;")
                self.add(f"\t_Atomic guint32 {name}_sleeping;")
                offsets += [(name + "_read", item.offset),
                            (name + "_sleeping", item.offset + 4)]
        self.add(f"}} {c_type};")
        self.add(f"G_STATIC_ASSERT(sizeof({c_type}) == {page.size});")
        for name, offset in offsets:
            self.add(f"G_STATIC_ASSERT(offsetof({c_type}, {name}) == {offset});")
        self.add(f"#define {n.constant(page.name, 'page_size')} {align(page.size, PAGE)}"
                 " /* bytes of the dataspace */\n")

    def ring(self, page, ring):
        n = self.n
        writer, reader = n.page_type(page), n.page_type(ring.reader)
        for kind, own, peer in (("Writer", writer, reader), ("Reader", reader, writer)):
            name = f"{n.prefix}{ring.name}_{kind.lower()}"
            self.declared.add(name)
            self.add(f"/* The {kind.lower()}'s end of the ring {ring.name}, both pages fresh. */")
            self.text += wrapped(f"static inline void {name}(",
                                 [f"MaqRing{kind} *ring", f"{own} *own",
                                  f"const {peer} *peer"], ")")
            sides = ("own", "peer", "peer", "own") if kind == "Writer" else \
                ("peer", "own", "own", "peer")
            cast = "guint8 *" if kind == "Writer" else "const guint8 *"
            self.add("{")
            self.add(f"\t*ring = (MaqRing{kind}){{")
            self.add(f"\t\t.write = &{sides[0]}->{ring.name}_write,")
            self.add(f"\t\t.read = &{sides[1]}->{ring.name}_read,")
            self.add(f"\t\t.sleeping = &{sides[2]}->{ring.name}_sleeping,")
            self.add(f"\t\t.entries = ({cast}){sides[3]}->{ring.name},")
            self.add(f"\t\t.slots = {ring.slots},")
            self.add(f"\t\t.entry_size = sizeof({n.named_type(ring.entry)}),")
            self.add("\t};\n}\n")

    # client

    def values(self, parameters):
        return [d for p in parameters for d in self.n.by_value(p)]

    def pointers(self, parameters):
        return [d for p in parameters for d in self.n.by_pointer(p)]

    def call_doc(self, call):
        lines = textwrap.wrap(call.doc, 84)
        for p in call.ins:
            lines += textwrap.wrap("in  " + parameter_doc(p), 84, subsequent_indent="    ")
        for p in call.outs:
            lines += textwrap.wrap("out " + parameter_doc(p), 84, subsequent_indent="    ")
        if call.errors:
            lines += textwrap.wrap("Errors: " + ", ".join(
                self.n.constant(e.name) for e in call.errors) + " and those below 0.", 84)
        return "/*\n" + "".join(f" * {x}\n" for x in lines) + " */\n"

    def client(self):
        it, n, common = self.it, self.n, self.n.common
        self.add("/* ---- client ---- */\n")
        self.add("/*\n * What calls give back through pointers is valid until the next call in "
                 "the same env,\n * and is only set if the call returns 0. Descriptors are given "
                 "borrowed and got owned.\n * A pointer may be NULL: not wanted.\n */")
        if it.open:
            self.add("/* Encodes open parameters into MAQ_ARGS_MAX bytes aligned to 8; G_MAXSIZE: "
                     "one is\n * outside its range. */")
            self.declare("gsize", n.prefix + "encode_args",
                         ["void *buffer", *self.values(it.open)])
            self.text += "/*\n" + "".join(
                f" * {x}\n" for p in it.open for x in textwrap.wrap(parameter_doc(p), 84)
            ) + " */\n"
        self.declare(f"{n.type} *", common["open"],
                     [f"MaqEnv *{Local(it.open)('env')}", f"const char *{Local(it.open)('label')}",
                      *self.values(it.open), f"GError **{Local(it.open)('error')}"])
        self.declare(f"{n.type} *", common["attach"], ["MaqEnv *env", "int channel"])
        self.declare("void", common["close"], [f"{n.type} *self"])
        self.declare("MaqSession *", common["session"], [f"{n.type} *self"])
        for call in it.calls:
            local = Local(call.ins + call.outs)
            self.add()
            self.text += self.call_doc(call)
            self.declare(n.error, n.prefix + call.name,
                         [f"{n.type} *{local('self')}", *self.values(call.ins),
                          *self.pointers(call.outs)])
            done = f"{n.type}{camel(call.name)}Done"
            self.text += wrapped(f"typedef void (*{done})(",
                                 [f"void *{local('data')}", f"{n.error} {local('status')}",
                                  *self.values(call.outs)], ");")
            self.declare("void", f"{n.prefix}{call.name}_async",
                         [f"{n.type} *{local('self')}", *self.values(call.ins),
                          f"{done} {local('done')}", f"void *{local('data')}"])
        self.add()
        for signal in it.signals:
            self.text += comment(signal.doc)
            if signal.sender == "server":
                self.declare("void", f"{n.prefix}on_{signal.name}",
                             [f"{n.type} *self", "MaqHandler handler", "void *data"])
            else:
                self.declare("void", f"{n.prefix}signal_{signal.name}", [f"{n.type} *self"])

    # server

    def operation(self, call):
        """The parameters of a server's operation, behind client."""
        local = Local(call.ins + call.outs)
        ins = [d for p in call.ins for d in
               (self.n.by_pointer(p) if p.is_descriptor else self.n.by_value(p))]
        if call.deferred:
            return [f"void *{local('client')}", f"MaqCall *{local('call')}", *ins]
        return [f"void *{local('client')}", *ins, *self.pointers(call.outs)]

    def server(self):
        it, n, common = self.it, self.n, self.n.common
        self.add("\n/* ---- server ---- */\n")
        self.add("/*\n * An operation that is NULL answers MAQ_UNSUPPORTED. What it is given is "
                 "valid while it\n * runs; descriptors are closed afterwards unless taken by "
                 "maq_steal_fd. What it gives\n * back is copied when it returns; descriptors "
                 "are closed then.\n */")
        self.add("typedef struct {")
        for call in it.calls:
            result = "void" if call.deferred else n.error
            self.text += wrapped(f"{result} (*{call.name})(", self.operation(call), ");", "\t")
        for signal in it.signals:
            if signal.sender == "client":
                self.add(f"\tvoid (*{signal.name})(void *client); /* signal */")
        self.add(f"}} {n.type}Ops;\n")
        self.add("/* open: NULL accepts every client, and client is service then. */")
        self.add("typedef struct {")
        self.add(f"\t{n.type}Ops ops;")
        local = Local(it.open)
        self.text += wrapped(
            "MaqStatus (*open)(", [f"void *{local('service')}", f"MaqPeer *{local('peer')}",
                                   *self.values(it.open), f"void **{local('client')}"], ");",
            "\t")
        self.add("\tvoid (*close)(void *client);")
        self.add("\tbool fast; /* calls through shared pages, see docs/protocol.md */")
        self.add(f"}} {n.type}Service;\n")
        self.add(f"extern const MaqSkeleton {n.prefix}skeleton;\n")
        self.declare("bool", common["provide"],
                     ["MaqEnv *env", f"const {n.type}Service *table", "void *service",
                      "GError **error"])
        self.add("/* Serves a channel (owned) that came otherwise than by the parent. */")
        self.declare("MaqPeer *", common["serve"],
                     ["MaqEnv *env", f"const {n.type}Service *table", "void *service",
                      "const char *label", "int channel"])
        for call in it.calls:
            if call.deferred:
                local = Local(call.outs)
                takes = any(p.is_descriptor for p in call.outs)
                self.add(f"/* Answers {call.name}{'; takes the descriptors' * takes}. */")
                self.declare("void", f"{n.prefix}{call.name}_reply",
                             [f"MaqCall *{local('call')}", f"{n.error} {local('status')}",
                              *self.values(call.outs)])
        for signal in it.signals:
            if signal.sender == "server":
                self.text += comment(signal.doc)
                self.declare("void", f"{n.prefix}signal_{signal.name}", ["MaqPeer *peer"])


def generate(interface):
    return Header(interface).build()
