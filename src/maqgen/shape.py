# SPDX-License-Identifier: GPL-2.0-or-later
"""shape - the canonical wire shape of an interface, and its hash (docs/interfaces.md)."""
import hashlib

from model import Cursor, Ring


def type_shape(p, version=None):
    """The shape of one parameter or field: what a peer has to agree on, no more."""
    if p.is_descriptor:
        text = p.type
        if p.type == "dataspace":
            text += "".join(":" + word for word in (p.access, *sorted(p.seals)))
        return text + "?" * p.optional
    if p.type in ("string", "bytes"):
        return f"{p.type}<{p.max}"
    if p.is_struct:
        text = struct_shape(p.named, version)
    elif p.is_enum:
        values = ",".join(str(n) for n in sorted(v.value for v in p.named.known(version)))
        text = f"{p.named.base}{'&' if p.named.is_flags else '='}{values}"
    else:
        text = p.type
    if p.count is not None:
        text += f"*{p.count}"
    if p.maxcount is not None:
        text += f"<{p.maxcount}"
    return text


def struct_shape(struct, version=None):
    return "(" + " ".join(type_shape(f, version) for f in struct.fields) + ")"


def item_shape(item, version=None):
    if isinstance(item, Ring):
        return f"{item.write_offset}:ring:{item.slots}:{item.signal.bit}:" \
               + struct_shape(item.entry, version)
    if isinstance(item, Cursor):
        return f"{item.offset}:cursor:{item.ring.page.name}:{item.ring.write_offset}"
    return f"{item.offset}:{type_shape(item, version)}{':atomic' * item.atomic}"


def line(*words):
    return " ".join(str(word) for word in words) + "\n"


def canonical(interface, version):
    """Everything with since <= version, one line a thing."""
    def shapes(parameters):
        return [type_shape(p, version) for p in parameters]

    text = line("interface", interface.name)
    text += line("open", *shapes(p for p in interface.open if p.since <= version))
    for call in interface.calls:
        if call.since <= version:
            text += line("call", call.opcode, "in", *shapes(call.ins),
                         "out", *shapes(call.outs), "errors",
                         *sorted(e.value for e in call.errors if e.since <= version))
    for signal in interface.signals:
        if signal.since <= version:
            text += line("signal", signal.bit, signal.sender)
    for page in interface.pages:
        if page.since <= version:
            text += line("page", page.name, page.writer, page.size,
                         *[item_shape(item, version) for item in page.items])
    return text


def interface_hash(interface, version):
    digest = hashlib.sha256(canonical(interface, version).encode()).digest()
    return int.from_bytes(digest[:8], "little")


def hashes(interface):
    return [interface_hash(interface, v) for v in range(1, interface.version + 1)]


def trace_type(p):
    """How a trace decodes a parameter: the scalar, string, bytes, a struct, an array."""
    if p.is_struct:
        text = "{" + ",".join(f"{f.name}:{trace_type(f)}" for f in p.named.fields) + "}"
    elif p.is_enum:
        text = p.named.base
    else:
        text = p.type + "?" * p.optional
    if p.count is not None:
        text += f"[{p.count}]"
    if p.maxcount is not None:
        text += "[]"
    return text


def trace_line(parameters):
    return " ".join(f"{p.name}:{trace_type(p)}" for p in parameters)
