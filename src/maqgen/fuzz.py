# SPDX-License-Identifier: GPL-2.0-or-later
"""fuzz - a fuzz target of an interface's dispatch, and seeds that are valid messages.

The target stands on tests/fuzz/dispatch/harness.h, which says how an input looks.
"""
import struct

from c_names import Names, variables, wrapped
from c_source import SEAL_FLAGS
from model import SCALARS, align

FORMATS = {"u8": "B", "u16": "H", "u32": "I", "u64": "Q", "i8": "b", "i16": "h",
           "i32": "i", "i64": "q", "f32": "f", "f64": "d", "bool": "B"}
SAMPLE_SIZE = 4096  # byte of a sample dataspace, if it may be


def sample_number(p):
    """A permitted value of one element; the greatest, where there is one."""
    if p.is_enum:
        return p.named.mask if p.named.is_flags else p.named.values[-1].value
    if p.max is not None:
        return p.max
    return p.min if p.min is not None else 1


def sample_element(p):
    if p.is_struct:
        return b"".join(sample_element(f) * (f.count or 1) for f in p.named.fields)
    return struct.pack("<" + FORMATS[p.scalar], sample_number(p))


def pad(data, alignment):
    return data + bytes(align(len(data), alignment) - len(data))


def descriptor_word(p):
    """What the harness makes a fitting descriptor of."""
    if p.type == "dataspace":
        size = max(p.minsize, min(SAMPLE_SIZE, p.maxsize or SAMPLE_SIZE))
        return ("write" in p.seals) | min(align(size, 4096) // 4096, 63) << 2
    return 2 if p.type == "channel" else 3


def sample_message(parameters, count):
    """Encoded parameters (they start at a multiple of 8), variable ones with count elements."""
    data, descriptors = b"", []
    for p in parameters:
        if p.is_descriptor:
            if p.optional:
                data += bytes([count > 0])
            if not p.optional or count:
                descriptors.append(descriptor_word(p))
        elif p.type in ("string", "bytes"):
            text = b"a" * min(count, p.max)
            data = pad(data, 4) + struct.pack("<I", len(text)) + text
            data += b"\0" * (p.type == "string")
        elif p.maxcount is not None:
            number = min(count, p.maxcount)
            data = pad(data, 4) + struct.pack("<I", number)
            data = pad(data, p.alignment) + sample_element(p) * number
        else:
            data = pad(data, p.alignment) + sample_element(p) * (p.count or 1)
    return data, descriptors


def packet(opcode, data, descriptors, flags=0):
    words = bytes(descriptors) + bytes(5 - len(descriptors))
    return struct.pack("<HHB", opcode, len(data), len(descriptors) | flags) + words + data


def seeds(interface):
    """Pairs of file name and input: each call alone, all in a row, and what is malformed."""
    row = b""
    for call in interface.calls:
        for count in (0, 1, 1 << 20):
            data, descriptors = sample_message(call.ins, count)
            yield f"{call.name}-{min(count, 2)}", packet(call.opcode, data, descriptors)
        data, descriptors = sample_message(call.ins, 3)
        row += packet(call.opcode, data, descriptors, 0x80)
        yield f"{call.name}-long", packet(call.opcode, data + b"\0", descriptors)
        yield f"{call.name}-descriptor", packet(call.opcode, data, (descriptors + [2])[:4])
        if data:
            yield f"{call.name}-short", packet(call.opcode, data[:-1], descriptors)
            yield f"{call.name}-bits", packet(call.opcode, b"\xff" * len(data), descriptors)
    bits = sum(1 << s.bit for s in interface.signals if s.sender == "client")
    if bits:
        row += packet(0, struct.pack("<Q", bits), [])
    yield "all", row
    yield "signal-unknown", packet(0, b"\xff" * 8, [])
    yield "unknown", packet(interface.calls[-1].opcode + 1, b"", [])


def byte_list(data):
    return [f"{byte:#04x}" for byte in data] or ["0"]


class Target:
    def __init__(self, interface):
        self.it = interface
        self.n = Names(interface)
        self.text = ""

    def add(self, text=""):
        self.text += text + "\n"

    def build(self):
        it, n = self.it, self.n
        self.add("// SPDX-License-Identifier: LGPL-2.1-or-later")
        self.add(f"/*\n * fuzz target of the dispatch of {it.name}\n"
                 f" * made by maqgen from {it.name}.xml\n */")
        self.add(f'#include <maq/{it.name}.h>\n\n#include "harness.h"\n\n#include <fcntl.h>\n')
        self.add("int LLVMFuzzerTestOneInput(const guint8 *fuzz_data, gsize fuzz_size);\n")
        for call in it.calls:
            self.operation(call)
        for signal in it.signals:
            if signal.sender == "client":
                self.add(f"static void fuzz_signal_{signal.name}(void *client)\n{{")
                self.add("\t(void)client;\n}\n")
        self.add(f"static const {n.type}Service fuzz_service = {{\n\t.ops = {{")
        for call in it.calls:
            self.add(f"\t\t.{call.name} = fuzz_{call.name},")
        for signal in it.signals:
            if signal.sender == "client":
                self.add(f"\t\t.{signal.name} = fuzz_signal_{signal.name},")
        self.add("\t},\n};\n")
        self.add("int LLVMFuzzerTestOneInput(const guint8 *fuzz_data, gsize fuzz_size)\n{")
        self.text += wrapped("return dispatch_input(",
                             [f"&{n.prefix}skeleton", "&fuzz_service", "fuzz_data",
                              "fuzz_size"], ");", "\t")
        self.add("}")
        return self.text

    def operation(self, call):
        n = self.n
        if call.deferred:
            self.answer(call)
        ins = [d for p in call.ins for d in
               (n.by_pointer(p) if p.is_descriptor else n.by_value(p))]
        outs = [] if call.deferred else [d for p in call.outs for d in n.by_pointer(p)]
        head = ["void *fuzz_client"] + ["MaqCall *fuzz_call"] * call.deferred
        self.text += wrapped(f"static {'void' if call.deferred else n.error} "
                             f"fuzz_{call.name}(", head + ins + outs, ")")
        self.add("{\n\t(void)fuzz_client;")
        for p in call.ins:
            self.touch(p)
        if call.deferred:
            self.add(f"\tdispatch_defer(fuzz_call, fuzz_answer_{call.name});\n}}\n")
            return
        for p in call.outs:
            self.give(p)
        self.add(f"\treturn {n.upper}OK;\n}}\n")

    def touch(self, p):
        if p.type == "string":
            self.add(f"\tdispatch_touch_string({p.name}, {p.max});")
        elif p.type == "bytes":
            self.add(f"\tdispatch_touch({p.name}, {p.name}_size);")
        elif p.is_descriptor:
            self.add(f"\tdispatch_touch_fd(*{p.name}, {'true' if p.optional else 'false'});")
        elif p.maxcount is not None:
            self.add(f"\tdispatch_touch({p.name}, {p.name}_count * sizeof *{p.name});")
        elif p.count is not None or p.is_struct:
            self.add(f"\tdispatch_touch({p.name}, {p.count or 1} * sizeof *{p.name});")
        else:
            self.add(f"\tdispatch_touch(&{p.name}, sizeof {p.name});")

    def sample(self, p):
        """Declares the bytes of a permitted value; their name and number of elements."""
        number = p.count or (2 if p.maxcount is None else min(2, p.maxcount))
        if p.is_struct and not p.is_array:
            number = 1
        data = b"ab"[:p.max] if p.type == "bytes" else sample_element(p) * number
        self.text += wrapped(f"static _Alignas(8) const guint8 fuzz_{p.name}[] = {{",
                             byte_list(data), "};", "\t")
        return f"fuzz_{p.name}", len(data) if p.type == "bytes" else number

    def descriptor(self, p):
        if p.type == "dataspace":
            seals = " | ".join(SEAL_FLAGS[seal] for seal in p.seals) or "0"
            return f"dispatch_dataspace({max(p.minsize, min(SAMPLE_SIZE, p.maxsize or 4096))}" \
                   f", {seals})"
        return "dispatch_channel()" if p.type == "channel" else "dispatch_file()"

    def give(self, p):
        """Sets an out parameter through its pointers."""
        if p.type == "string":
            self.add(f"\t*{p.name} = \"{'a' * min(p.max, 3)}\";")
        elif p.is_descriptor:
            self.add(f"\t*{p.name} = {self.descriptor(p)};")
        elif p.type == "bytes" or p.is_array:
            name, number = self.sample(p)
            self.add(f"\t*{p.name} = (const void *){name};")
            if p.type == "bytes" or p.maxcount is not None:
                self.add(f"\t*{variables(self.n.by_value(p))[1]} = {number};")
        elif p.is_struct:
            name, _ = self.sample(p)
            self.add(f"\tmemcpy({p.name}, {name}, sizeof *{p.name});")
        else:
            self.add(f"\t*{p.name} = {self.number(p)};")

    def number(self, p):
        value = sample_number(p)
        if p.type == "bool":
            return "true"
        return f"{float(value)!r}{'f' * (p.type == 'f32')}" if SCALARS[p.scalar][1] is None \
            else f"{value}" + ("u" if value > 2**31 - 1 else "")

    def answer(self, call):
        """The function that answers a deferred call, with every other outcome, too."""
        n = self.n
        self.add(f"static void fuzz_answer_{call.name}(MaqCall *fuzz_call)\n{{")
        values = []
        for p in call.outs:
            if p.type == "string":
                values.append('"a"' if p.max else '""')
            elif p.is_descriptor:
                values.append(self.descriptor(p))
            elif p.type == "bytes" or p.is_array or p.is_struct:
                name, number = self.sample(p)
                values.append(f"(const void *){name}")
                if p.type == "bytes" or p.maxcount is not None:
                    values.append(str(number))
            else:
                values.append(self.number(p))
        self.text += wrapped(f"{n.prefix}{call.name}_reply(",
                             ["fuzz_call", n.upper + "OK", *values], ");", "\t")
        self.add("}\n")


def generate(interface):
    return Target(interface).build()
