# SPDX-License-Identifier: GPL-2.0-or-later
"""c_source - the C client, server skeleton, validation and trace table of an interface."""
import shape
from c_names import Local, Names, camel, element_check, literal, variable, variables, wrapped
from model import SCALARS

SEAL_FLAGS = {"grow": "F_SEAL_GROW", "write": "F_SEAL_WRITE",
              "future_write": "F_SEAL_FUTURE_WRITE"}


def used_enums(interface):
    """The enums that some check needs, in order."""
    def of(parameters):
        for p in parameters:
            if p.is_enum:
                yield p.named.name

    used = set(of(interface.open))
    for call in interface.calls:
        used.update(of(call.ins + call.outs))
    for named in interface.types:
        if hasattr(named, "fields"):
            used.update(of(named.fields))
    return [t for t in interface.types if hasattr(t, "values") and t.name in used]


def written(interface):
    """The names of the types that some message is made of."""
    names = {p.named.name for c in interface.calls for p in c.ins + c.outs if p.named} \
        | {p.named.name for p in interface.open if p.named}
    for named in reversed(interface.types):  # structs stand behind what they are made of
        if hasattr(named, "fields") and named.name in names:
            names |= {f.named.name for f in named.fields if f.named}
    return names


def has_floats(interface):
    lists = [interface.open] + [c.ins + c.outs for c in interface.calls] \
        + [t.fields for t in interface.types if hasattr(t, "fields")]
    return any(p.type in ("f32", "f64") for parameters in lists for p in parameters)


class Source:
    def __init__(self, interface):
        self.it = interface
        self.n = Names(interface)
        self.text = ""

    def add(self, text=""):
        self.text += text + "\n"

    def wrap(self, head, items, tail, indent=""):
        self.text += wrapped(head, items, tail, indent)

    def build(self):
        it, n = self.it, self.n
        self.add("// SPDX-License-Identifier: LGPL-2.1-or-later")
        self.add(f"/*\n * {it.name} - client and server of the service {it.service}\n"
                 f" * made by maqgen from {it.name}.xml\n */")
        self.add(f"#include <maq/{it.name}.h>")
        if any(p.seals for c in it.calls for p in c.ins + c.outs):
            self.add("#include <fcntl.h>")
        if has_floats(it):
            self.add("#include <math.h>")
        self.add()
        self.table()
        for enum in used_enums(it):
            self.enum_check(enum)
        for struct in it.types:
            if hasattr(struct, "fields"):
                self.struct_check(struct)
        for named in it.types:
            if hasattr(named, "fields") and named.name in written(it) and named.sinces:
                self.struct_check_in(named)
            elif named.name in written(it) and named.sinces:
                self.enum_check_in(named)
        self.common()
        for call in it.calls:
            self.add(f"/* ---- {call.name} ---- */\n")
            self.client_call(call)
            self.server_call(call)
        self.signals()
        self.skeleton()
        return self.text.rstrip("\n") + "\n"

    # tables

    def table(self):
        it, n = self.it, self.n
        self.add("/* What traces are decoded by. */")
        self.add("static const MaqOperation operations[] = {")
        for c in it.calls:
            head = f"{{{c.opcode}, {c.since}, {'true' if c.deferred else 'false'}, "
            self.wrap(head, [f'"{c.name}"', *map(quoted, (shape.trace_line(c.ins),
                                                         shape.trace_line(c.outs)))], "},", "\t")
        self.add("};\n")
        self.args_size()
        self.add("static const guint64 hashes[] = {")
        for value in shape.hashes(it):
            self.add(f"\tG_GUINT64_CONSTANT(0x{value:016x}),")
        self.add("};\n")
        bits = {side: sum(1 << s.bit for s in it.signals if s.sender == side)
                for side in ("server", "client")}
        self.add(f"const MaqInterface {n.prefix}interface = {{")
        self.add(f'\t.name = "{it.name}",\n\t.service = "{it.service}",')
        self.add(f"\t.version = {it.version},\n\t.hashes = hashes,")
        self.add(f"\t.ram = {it.ram}u,\n\t.caps = {it.caps}u,")
        self.add(f"\t.from_server = G_GUINT64_CONSTANT({bits['server']:#x}),")
        self.add(f"\t.from_client = G_GUINT64_CONSTANT({bits['client']:#x}),")
        if any(p.since > 1 for p in it.open):
            self.add("\t.args_size = args_size,")
        self.add("\t.operations = operations,")
        self.add("\t.n_operations = G_N_ELEMENTS(operations),\n};\n")

    def args_size(self):
        """static gsize args_size(args, size, version): how much of them a version has."""
        it = self.it
        if not any(p.since > 1 for p in it.open):
            return
        self.add("/* What of open parameters a server of an older version is to get. */")
        self.add("static gsize args_size(const void *args, gsize size, unsigned version)\n{")
        self.add("\tMaqReader reader = maq_reader(args, 0, size, NULL, 0);\n")
        for since in sorted({p.since for p in it.open}):
            if since > 1:
                self.add(f"\tif (version < {since})\n\t\treturn reader.at;")
            for p in it.open:
                if p.since == since:
                    self.skip(p)
        self.add("\treturn reader.at;\n}\n")

    def skip(self, p):
        """Statements that read the open parameter p, and forget it."""
        size = f"sizeof({self.n.element(p, True)})"
        if p.type == "string":
            self.add(f"\tmaq_get_string(&reader, {p.max});")
        elif p.type == "bytes":
            self.add(f"\tmaq_get_array(&reader, &(gsize){{0}}, {p.max}, 1, 1);")
        elif p.maxcount is not None:
            self.wrap("maq_get_array(", ["&reader", "&(gsize){0}", str(p.maxcount), size,
                                         str(p.alignment)], ");", "\t")
        elif p.count is not None or p.is_struct:
            self.add(f"\tmaq_get_room(&reader, {p.count or 1} * {size}, {p.alignment});")
        else:
            self.add(f"\tmaq_get_{p.scalar}(&reader);")

    # validation

    def enum_check(self, enum):
        c_type = self.n.named_type(enum)
        self.add(f"static bool valid_{enum.name}({c_type} value)\n{{")
        if enum.is_flags:
            outside = enum.mask ^ (2 ** (SCALARS[enum.base][0] * 8) - 1)
            self.add(f"\treturn (value & {outside:#x}u) == 0;" if outside
                     else "\t(void)value;\n\treturn true;")
        else:
            self.add("\tswitch (value) {")
            for value in enum.values:
                self.add(f"\tcase {self.n.constant(enum.name, value.name)}:")
            self.add("\t\treturn true;\n\tdefault:\n\t\treturn false;\n\t}")
        self.add("}\n")

    def struct_check(self, struct):
        n = self.n
        c_type = n.named_type(struct)
        self.add(f"bool {n.prefix}{struct.name}_valid(const {c_type} *value)\n{{")
        conditions = []
        for p in struct.fields:
            if p.is_array:
                check = element_check(n, p, f"value->{p.name}[i]", True)
                if check:
                    self.add(f"\tfor (gsize i = 0; i < {p.count}; i++)")
                    self.add(f"\t\tif (!({check}))\n\t\t\treturn false;")
            else:
                check = element_check(n, p, f"value->{p.name}", True)
                conditions += [check] if check else []
        if not conditions and "i++" not in self.text.rsplit("\n{", 1)[1]:
            self.add("\t(void)value;")
        self.text += wrapped("return ", conditions or ["true"], ";", "\t", " && ")
        self.add("}\n")

    # what a peer of an older version does not know

    def enum_check_in(self, enum):
        c_type = self.n.named_type(enum)
        self.add(f"static bool valid_{enum.name}_in({c_type} value, unsigned version)\n{{")
        for since in enum.sinces:
            self.add(f"\tif (version < {since})")
            if enum.is_flags:
                outside = enum.mask_of(since - 1) ^ (2 ** (SCALARS[enum.base][0] * 8) - 1)
                self.add(f"\t\treturn (value & {outside:#x}u) == 0;")
            else:
                equal = [f"value == {self.n.constant(enum.name, v.name)}"
                         for v in enum.known(since - 1)]
                self.text += wrapped("return ", equal, ";", "\t\t", " || ")
        self.add(f"\treturn valid_{enum.name}(value);\n}}\n")

    def struct_check_in(self, struct):
        n = self.n
        self.add(f"static bool valid_struct_{struct.name}_in("
                 f"const {n.named_type(struct)} *value, unsigned version)\n{{")
        conditions = [f"{n.prefix}{struct.name}_valid(value)"]
        for p in struct.fields:
            if not p.named or not p.named.sinces:
                continue
            name = f"value->{p.name}" + "[i]" * p.is_array
            check = element_check(n, p, name, True, "version")
            if p.is_array:
                self.add(f"\tfor (gsize i = 0; i < {p.count}; i++)")
                self.add(f"\t\tif (!{check})\n\t\t\treturn false;")
            else:
                conditions.append(check)
        self.text += wrapped("return ", conditions, ";", "\t", " && ")
        self.add("}\n")

    def check(self, p, ok, indent="\t", version=None):
        """Statements that clear ok if the parameter p, a C variable, is out of range."""
        n = self.n
        if p.is_array:
            count = p.count if p.count is not None else p.name + "_count"
            check = element_check(n, p, f"{p.name}[i]", True, version)
            if check:
                self.add(f"{indent}for (gsize i = 0; {ok} && i < {count}; i++)")
                self.add(f"{indent}\t{ok} = {check};")
            return
        if p.is_struct:
            check = f"valid_struct_{p.named.name}_in({p.name}, {version})" \
                if version and p.named.sinces else f"{n.prefix}{p.named.name}_valid({p.name})"
            self.add(f"{indent}{ok} = {ok} && {check};")
            return
        if p.is_descriptor or p.type in ("string", "bytes"):
            return
        check = element_check(n, p, p.name, False, version)
        if check:
            self.add(f"{indent}{ok} = {ok} && {check};")

    def put(self, parameters, w, indent="\t"):
        """Statements that write parameters (variables of by_value) after checking them."""
        for p in parameters:
            if p.count is not None or p.is_struct and p.maxcount is None:
                self.add(f"{indent}{w}->ok = {w}->ok && {p.name};")
            self.check(p, f"{w}->ok", indent, f"{w}->version")
            if p.type == "string":
                self.add(f"{indent}maq_put_string({w}, {p.name}, {p.max});")
            elif p.type == "bytes":
                self.add(f"{indent}maq_put_array({w}, {p.name}, {p.name}_size, {p.max}, 1, 1);")
            elif p.is_descriptor:
                if p.optional:
                    self.add(f"{indent}maq_put_bool({w}, {p.name} >= 0);")
                    self.add(f"{indent}if ({p.name} >= 0)")
                self.add(f"{indent}{'	' * p.optional}maq_put_fd({w}, {p.name});")
            elif p.maxcount is not None:
                self.wrap("maq_put_array(", [w, p.name, p.name + "_count", str(p.maxcount),
                                             f"sizeof *{p.name}", str(p.alignment)], ");",
                          indent)
            elif p.count is not None or p.is_struct:
                size = f"{p.count} * sizeof *{p.name}" if p.count is not None \
                    else f"sizeof *{p.name}"
                self.wrap("maq_put_block(", [w, p.name, size, str(p.alignment)], ");", indent)
            else:
                self.add(f"{indent}maq_put_{p.scalar}({w}, {p.name});")

    def get(self, parameters, r, indent="\t", declare=True, prefix=""):
        """Statements that read and check parameters into variables of by_value."""
        n = self.n
        for p in parameters:
            element = n.element(p)
            name = p.name
            kind = (lambda text: text + " ") if declare else (lambda text: "")
            pointer = kind(f"const {element}") + "*" if declare else ""
            if p.type == "string":
                self.add(f"{indent}{'const char *' * declare}{name} = "
                         f"maq_get_string({r}, {p.max});")
            elif p.type == "bytes":
                if declare:
                    self.add(f"{indent}gsize {name}_size = 0;")
                self.add(f"{indent}{'const void *' * declare}{name} = "
                         f"maq_get_array({r}, &{name}_size, {p.max}, 1, 1);")
            elif p.is_descriptor:
                self.get_descriptor(p, r, indent)
            elif p.maxcount is not None:
                if declare:
                    self.add(f"{indent}gsize {name}_count = 0;")
                self.wrap(f"{pointer}{name} = maq_get_array(",
                          [r, f"&{name}_count", str(p.maxcount), f"sizeof *{name}",
                           str(p.alignment)], ");", indent)
            elif p.count is not None or p.is_struct:
                size = f"{p.count} * sizeof *{name}" if p.count is not None \
                    else f"sizeof *{name}"
                self.wrap(f"{pointer}{name} = maq_get_room(", [r, size, str(p.alignment)],
                          ");", indent)
            else:
                self.add(f"{indent}{kind(element)}{name} = maq_get_{p.scalar}({r});")
            self.check(p, f"{r}->ok", indent)

    def get_descriptor(self, p, r, indent):
        self.add(f"{indent}maq_autofd int {p.name} = -1;")
        if p.optional:
            self.add(f"{indent}if (maq_get_bool({r}))")
            indent += "\t"
        if p.type == "dataspace":
            seals = " | ".join(SEAL_FLAGS[seal] for seal in p.seals) or "0"
            shape_ = f"&(MaqDataspaceShape){{{'true' if p.access == 'write' else 'false'}, " \
                f"{seals}, {p.minsize}, {p.maxsize}}}"
            self.wrap(f"{p.name} = maq_get_dataspace(", [r, shape_], ");", indent)
        elif p.type == "channel":
            self.add(f"{indent}{p.name} = maq_get_channel({r});")
        else:
            self.add(f"{indent}{p.name} = maq_get_fd({r});")

    # client

    def common(self):
        it, n, common = self.it, self.n, self.n.common
        values = [d for p in it.open for d in n.by_value(p)]
        names = variables(values)
        local = Local(it.open)
        env, label, error = local("env"), local("label"), local("error")
        if it.open:
            buffer, writer, w = local("buffer"), local("writer"), local("w")
            self.wrap(f"gsize {n.prefix}encode_args(", [f"void *{buffer}", *values], ")")
            self.add(f"{{\n\tMaqWriter {writer} = maq_writer({buffer}, 0, MAQ_ARGS_MAX, NULL);")
            self.add(f"\tMaqWriter *{w} = &{writer};\n")
            self.put(it.open, w)
            self.add(f"\treturn {w}->ok ? {w}->at : G_MAXSIZE;\n}}\n")
        self.wrap(f"{n.type} *{common['open']}(",
                  [f"MaqEnv *{env}", f"const char *{label}", *values, f"GError **{error}"], ")")
        self.add("{")
        if it.open:
            args, size = local("args"), local("size")
            self.add(f"\t_Alignas(8) guint8 {args}[MAQ_ARGS_MAX];")
            self.wrap(f"gsize {size} = {n.prefix}encode_args(", [args, *names], ");", "\t")
            self.add(f"\n\tif ({size} == G_MAXSIZE) {{")
            self.add(f"\t\tg_set_error({error}, MAQ_ERROR, MAQ_INVALID,")
            self.add(f'\t\t\t"a parameter of {it.service} is outside its range");')
            self.add("\t\treturn NULL;\n\t}")
        else:
            args, size = "NULL", "0"
        self.wrap(f"return ({n.type} *)maq_session_open(",
                  [env, f"&{n.prefix}interface", label, args, size, error], ");", "\t")
        self.add("}\n")
        self.add(f"{n.type} *{common['attach']}(MaqEnv *env, int channel)\n{{")
        self.wrap(f"return ({n.type} *)maq_session_attach(",
                  ["env", f"&{n.prefix}interface", "channel"], ");", "\t")
        self.add("}\n")
        self.add(f"void {common['close']}({n.type} *self)\n{{")
        self.add("\tmaq_session_close((MaqSession *)self);\n}\n")
        self.add(f"MaqSession *{common['session']}({n.type} *self)\n{{")
        self.add("\treturn (MaqSession *)self;\n}\n")

    def struct_members(self, parameters):
        return "".join(f"\t{d};\n" for p in parameters for d in
                       ([f"{self.n.element(p)} {p.name}"] if self.copied(p)
                        else self.n.by_value(p)))

    @staticmethod
    def copied(p):
        return p.is_struct and not p.is_array

    def client_call(self, call):
        n = self.n
        self.begin(call)
        self.take(call)
        local = Local(call.ins + call.outs)
        self_, reply, status = local("self"), local("reply"), local("status")
        tries = local("tries")
        ins = [d for p in call.ins for d in n.by_value(p)]
        outs = [d for p in call.outs for d in n.by_pointer(p)]
        self.wrap(f"{n.error} {n.prefix}{call.name}(", [f"{n.type} *{self_}", *ins, *outs], ")")
        self.add("{")
        self.add(f"\tMaqReader {reply};\n\tint {status};\n\tunsigned {tries} = 0;\n\n\tdo {{")
        self.wrap(f"begin_{call.name}(", [f"(MaqSession *){self_}", *variables(ins)], ");",
                  "\t\t")
        self.add(f"\t\t{status} = maq_session_call((MaqSession *){self_}, &{reply});")
        self.add(f"\t}} while ({status} != 0 &&\n\t\tmaq_session_afford((MaqSession *){self_}, "
                 f"{status}, {tries}++));")
        self.add(f"\tif ({status} != 0)\n\t\treturn ({n.error}){status};")
        if not call.outs:
            self.add(f"\treturn maq_reader_done(&{reply}) ? {n.upper}OK : {n.upper}INVALID;")
            self.add("}\n")
        else:
            got = local("got")
            self.add(f"\n\t{camel(call.name)}Reply {got};")
            self.add(f"\tif (!take_{call.name}(&{reply}, &{got}))")
            self.add(f"\t\treturn {n.upper}INVALID;")
            for p in call.outs:
                for name in variables(n.by_value(p)):
                    self.add(f"\tif ({name})\n\t\t*{name} = {got}.{name};")
                if p.is_descriptor:
                    self.add(f"\telse\n\t\tmaq_clear_fd(&{got}.{p.name});")
            self.add(f"\treturn {n.upper}OK;\n}}\n")
        self.client_async(call)

    def begin(self, call):
        """static void begin_CALL(session, ins): writes the call."""
        local = Local(call.ins)
        session, w = local("session"), local("w")
        ins = [d for p in call.ins for d in self.n.by_value(p)]
        self.wrap(f"static void begin_{call.name}(", [f"MaqSession *{session}", *ins], ")")
        self.add("{")
        if call.ins:
            self.add(f"\tMaqWriter *{w} = maq_session_begin({session}, {call.opcode});\n")
            self.put(call.ins, w)
        else:
            self.add(f"\tmaq_session_begin({session}, {call.opcode});")
        self.add("}\n")

    def take(self, call):
        """static bool take_CALL(reader, reply): reads a whole reply; else nothing is open."""
        if not call.outs:
            return
        local = Local(call.outs)
        r, got = local("r"), local("got")
        kind = f"{camel(call.name)}Reply"
        self.add(f"typedef struct {{\n{self.struct_members(call.outs)}}} {kind};\n")
        self.add(f"static bool take_{call.name}(MaqReader *{r}, {kind} *{got})\n{{")
        self.get(call.outs, r)
        self.add(f"\n\tif (!maq_reader_done({r}))\n\t\treturn false;")
        for p in call.outs:
            for name in variables(self.n.by_value(p)):
                value = f"maq_steal_fd(&{name})" if p.is_descriptor \
                    else "*" * self.copied(p) + name
                self.add(f"\t{got}->{name} = {value};")
        self.add("\treturn true;\n}\n")

    def client_async(self, call):
        n = self.n
        done_type = f"{n.type}{camel(call.name)}Done"
        self.wrap(f"static void decode_{call.name}(",
                  ["int status", "MaqReader *reply", "MaqDone done", "void *data"], ")")
        self.add("{")
        values = []
        if call.outs:
            values = [("&got." if self.copied(p) else "got.") + name
                      for p in call.outs for name in variables(n.by_value(p))]
            descriptors = [p.name for p in call.outs if p.is_descriptor]
            initial = ", ".join(f".{name} = -1" for name in descriptors) or "0"
            self.add(f"\t{camel(call.name)}Reply got = {{{initial}}};\n")
            self.add(f"\tif (status == 0 && !take_{call.name}(reply, &got))")
        else:
            self.add("\tif (status == 0 && !maq_reader_done(reply))")
        self.add("\t\tstatus = MAQ_INVALID;")
        self.add("\tif (done)")
        self.wrap(f"(({done_type})done)(", ["data", f"({n.error})status", *values], ");",
                  "\t\t")
        fds = [p.name for p in call.outs if p.is_descriptor]
        if fds:
            body = "".join(f"\t\tmaq_clear_fd(&got.{name});\n" for name in fds)
            self.text += "\telse" + (" {\n" + body + "\t}\n" if len(fds) > 1 else "\n" + body)
        self.add("}\n")
        local = Local(call.ins + call.outs)
        self_, done, data = local("self"), local("done"), local("data")
        ins = [d for p in call.ins for d in n.by_value(p)]
        self.wrap(f"void {n.prefix}{call.name}_async(",
                  [f"{n.type} *{self_}", *ins, f"{done_type} {done}", f"void *{data}"], ")")
        self.add("{")
        self.wrap(f"begin_{call.name}(", [f"(MaqSession *){self_}", *variables(ins)], ");",
                  "\t")
        self.wrap("maq_session_call_async(", [f"(MaqSession *){self_}", f"decode_{call.name}",
                                              f"(MaqDone){done}", data], ");", "\t")
        self.add("}\n")

    # server

    def server_call(self, call):
        """reply_CALL (public if deferred) and serve_CALL."""
        n = self.n
        self.known_status(call)
        if call.outs or call.deferred:
            local = Local(call.outs)
            c, status, w = local("call"), local("status"), local("w")
            name = f"void {n.prefix}{call.name}_reply(" if call.deferred \
                else f"static void reply_{call.name}("
            self.wrap(name, [f"MaqCall *{c}", f"{n.error} {status}",
                             *(d for p in call.outs for d in n.by_value(p))], ")")
            self.add("{")
            writer = f"\tMaqWriter *{w} = " if call.outs else "\t"
            self.add(f"{writer}maq_call_reply({c}, {self.status(call, c, status)});\n")
            if call.outs:
                self.add(f"\tif ({w}) {{")
                self.put(call.outs, w, "\t\t")
                self.add("\t}")
            self.add(f"\tmaq_call_finish({c});")
            for p in call.outs:
                if p.is_descriptor:
                    self.add(f"\tmaq_clear_fd(&{p.name});")
            self.add("}\n")
        self.serve(call)

    def known_status(self, call):
        """static int known_CALL: an outcome that the client does not know is a failure."""
        newer = [e for e in call.errors if e.since > call.since]
        if not newer:
            return
        self.add(f"static int known_{call.name}(MaqCall *call, int status)\n{{")
        self.add("\tswitch (status) {")
        for error in newer:
            self.add(f"\tcase {self.n.upper}{error.name.upper()}:")
            self.add(f"\t\treturn maq_call_version(call) < {error.since} ? MAQ_FAILED : status;")
        self.add("\tdefault:\n\t\treturn wire_status(status);\n\t}\n}\n")

    @staticmethod
    def status(call, c, status):
        if any(e.since > call.since for e in call.errors):
            return f"known_{call.name}({c}, (int){status})"
        return f"wire_status((int){status})"

    def serve(self, call):
        n = self.n
        local = Local(call.ins + call.outs)
        names = {key: local(key) for key in ("ops", "client", "call", "in", "status")}
        ops, client, c, reader, status = names.values()
        self.wrap(f"static bool serve_{call.name}(",
                  [f"const {n.type}Ops *{ops}", f"void *{client}", f"MaqCall *{c}",
                   f"MaqReader *{reader}"], ")")
        self.add("{")
        self.get(call.ins, reader)
        self.add(f"{chr(10) if call.ins else ''}\tif (!maq_reader_done({reader}))"
                 "\n\t\treturn false;")
        self.add(f"\tif (!{ops}->{call.name}) {{")
        self.add(f"\t\tmaq_call_reply({c}, MAQ_UNSUPPORTED);\n\t\tmaq_call_finish({c});")
        self.add("\t\treturn true;\n\t}")
        ins = [("&" if p.is_descriptor else "") + name
               for p in call.ins for name in variables(n.by_value(p))]
        if call.deferred:
            self.wrap(f"{ops}->{call.name}(", [client, c, *ins], ");", "\t")
            self.add("\treturn true;\n}\n")
            return
        self.add()
        outs = []
        for p in call.outs:
            for declaration in ([f"{n.element(p)} {p.name}"] if self.copied(p)
                                else n.by_value(p)):
                outs.append(variable(declaration))
                self.add(f"\t{declaration} = {self.initial(p, declaration)};")
        self.wrap(f"{n.error} {status} = {ops}->{call.name}(",
                  [client, *ins, *("&" + name for name in outs)], ");", "\t")
        if call.outs:
            values = [("&" if self.copied(p) else "") + name
                      for p in call.outs for name in variables(n.by_value(p))]
            self.wrap(f"reply_{call.name}(", [c, status, *values], ");", "\t")
        else:
            self.add(f"\tmaq_call_reply({c}, {self.status(call, c, status)});")
            self.add(f"\tmaq_call_finish({c});")
        self.add("\treturn true;\n}\n")

    def initial(self, p, declaration):
        if p.is_descriptor:
            return "-1"
        if p.type == "string":
            return '""'
        if self.copied(p):
            return "{0}"
        return "NULL" if "*" in declaration else "false" if p.type == "bool" \
            and not p.is_array else "0"

    def signals(self):
        n = self.n
        for s in self.it.signals:
            if s.sender == "server":
                self.wrap(f"void {n.prefix}on_{s.name}(",
                          [f"{n.type} *self", "MaqHandler handler", "void *data"], ")")
                self.add(f"{{\n\tmaq_session_on_signal((MaqSession *)self, {s.bit}, handler, "
                         "data);\n}\n")
                self.add(f"void {n.prefix}signal_{s.name}(MaqPeer *peer)\n{{")
                if s.since > 1:  # an older client would take it for a breach of the rules
                    self.add(f"\tif (maq_peer_version(peer) < {s.since})\n\t\treturn;")
                self.add(f"\tmaq_peer_signal(peer, G_GUINT64_CONSTANT({1 << s.bit:#x}));\n}}\n")
            else:
                self.add(f"void {n.prefix}signal_{s.name}({n.type} *self)\n{{")
                if s.since > 1:
                    self.add("\tif (maq_session_version((MaqSession *)self) < "
                             f"{s.since})\n\t\treturn;")
                self.add("\tmaq_session_signal((MaqSession *)self, "
                         f"G_GUINT64_CONSTANT({1 << s.bit:#x}));\n}}\n")

    def skeleton(self):
        it, n, common = self.it, self.n, self.n.common
        self.add("/* ---- server ---- */\n")
        self.open_peer()
        self.wrap("static bool dispatch(",
                  ["const void *table", "void *client", "MaqCall *call", "guint16 opcode",
                   "MaqReader *in"], ")")
        self.add(f"{{\n\tconst {n.type}Ops *ops = &((const {n.type}Service *)table)->ops;\n")
        self.add("\tswitch (opcode) {")
        for call in it.calls:
            self.add(f"\tcase {call.opcode}:")
            self.add(f"\t\treturn serve_{call.name}(ops, client, call, in);")
        self.add("\tdefault:\n\t\tmaq_call_reply(call, MAQ_UNSUPPORTED);")
        self.add("\t\tmaq_call_finish(call);\n\t\treturn true;\n\t}\n}\n")
        self.add("static void signal_peer(const void *table, void *client, guint64 bits)\n{")
        from_client = [s for s in it.signals if s.sender == "client"]
        if from_client:
            self.add(f"\tconst {n.type}Ops *ops = &((const {n.type}Service *)table)->ops;\n")
        else:
            self.add("\t(void)table;\n\t(void)client;\n\t(void)bits;")
        for s in from_client:
            self.add(f"\tif (bits & G_GUINT64_CONSTANT({1 << s.bit:#x}) && ops->{s.name})")
            self.add(f"\t\tops->{s.name}(client);")
        self.add("}\n")
        self.add("static void close_peer(const void *table, void *client)\n{")
        self.add(f"\tconst {n.type}Service *service = table;\n")
        self.add("\tif (service->close)\n\t\tservice->close(client);\n}\n")
        self.add(f"const MaqSkeleton {n.prefix}skeleton = {{")
        self.add(f"\t.interface = &{n.prefix}interface,\n\t.open = open_peer,")
        self.add("\t.dispatch = dispatch,\n\t.signal = signal_peer,\n\t.close = close_peer,")
        self.add(f"\t.fast = offsetof({n.type}Service, fast),\n}};\n")
        self.wrap(f"bool {common['provide']}(",
                  ["MaqEnv *env", f"const {n.type}Service *table", "void *service",
                   "GError **error"], ")")
        self.add("{")
        self.wrap("return maq_service_provide(",
                  ["env", f"&{n.prefix}skeleton", "table", "service", "error"], ");", "\t")
        self.add("}\n")
        self.wrap(f"MaqPeer *{common['serve']}(",
                  ["MaqEnv *env", f"const {n.type}Service *table", "void *service",
                   "const char *label", "int channel"], ")")
        self.add("{")
        self.wrap("return maq_peer_attach(",
                  ["env", f"&{n.prefix}skeleton", "table", "service", "label", "channel"],
                  ");", "\t")
        self.add("}")

    def open_peer(self):
        n, it = self.n, self.it
        local = Local(it.open)
        table, service, peer = local("table"), local("service"), local("peer")
        args, client, open_ = local("args"), local("client"), local("service_table")
        self.wrap("static int open_peer(",
                  [f"const void *{table}", f"void *{service}", f"MaqPeer *{peer}",
                   f"MaqReader *{args}", f"void **{client}"], ")")
        self.add(f"{{\n\tconst {n.type}Service *{open_} = {table};\n")
        for since in sorted({p.since for p in it.open}):
            group = [p for p in it.open if p.since == since]
            if not all(p.has_default for p in group):
                self.get(group, args)
                continue
            for p in group:
                for declaration in n.by_value(p):
                    value = self.default(p) if variable(declaration) == p.name else "0"
                    self.add(f"\t{declaration} = {value};")
            self.add(f"\tif ({args}->at < {args}->size) {{ /* version {since} */")
            self.get(group, args, "\t\t", declare=False)
            self.add("\t}")
        self.add(f"\tif (!maq_reader_done({args}))\n\t\treturn MAQ_INVALID;")
        values = variables([d for p in it.open for d in n.by_value(p)])
        self.add(f"\t*{client} = {service};\n\tif (!{open_}->open)\n\t\treturn MAQ_OK;")
        self.wrap(f"return {open_}->open(", [service, peer, *values, client], ");", "\t")
        self.add("}\n")

    def default(self, p):
        if p.type == "string":
            return quoted(p.default or "")
        if p.is_array or p.is_struct or p.type == "bytes":
            return "NULL"
        if p.type == "bool":
            return "true" if p.default else "false"
        return literal(p.default, p.scalar)


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


WIRE_STATUS = """\
/* What may stand on the wire: a server's own session may have gone, not this one. */
static int wire_status(int status)
{
	return status < 0 && status >= MAQ_BUSY ? MAQ_FAILED : status;
}

"""


def generate(interface):
    source = Source(interface)
    text = source.build()
    first = text.index("/* ---- " + interface.calls[0].name + " ---- */")
    return text[:first] + WIRE_STATUS + text[first:]
