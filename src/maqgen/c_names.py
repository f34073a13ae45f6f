# SPDX-License-Identifier: GPL-2.0-or-later
"""c_names - how an interface's things are called, typed and checked in C."""
from model import RESERVED, SCALARS

C_TYPES = {"u8": "guint8", "u16": "guint16", "u32": "guint32", "u64": "guint64",
           "i8": "gint8", "i16": "gint16", "i32": "gint32", "i64": "gint64",
           "f32": "float", "f64": "double", "bool": "bool",
           "string": "char", "bytes": "void"}
WIDTH = 90


def camel(name):
    return "".join(word.capitalize() for word in name.split("_"))


def wrapped(head, items, tail, indent="", separator=", "):
    """head item, item ... tail; broken like clang-format does when it is too long."""
    def width(text):
        return len(text.replace("\t", "        "))

    whole = indent + head + separator.join(items) + tail
    if width(whole) <= WIDTH or not items:
        return whole + "\n"
    lines = [indent + head]
    for number, item in enumerate(items):
        last = number == len(items) - 1
        piece = item + (tail if last else separator.rstrip())
        blank = "" if lines[-1][-1:] in "(\t " else " "
        if width(lines[-1] + blank + piece) > WIDTH and lines[-1].strip():
            lines.append(indent + "\t" + piece)
        else:
            lines[-1] += blank + piece
    return "\n".join(lines) + "\n"


class Names:
    """The names of one interface in C."""

    def __init__(self, interface):
        self.interface = interface
        self.prefix = f"maq_{interface.name}_"
        self.type = "Maq" + camel(interface.name)
        self.upper = f"MAQ_{interface.name.upper()}_"
        self.error = self.type + "Error"
        self.common = {name: self.prefix + name for name in RESERVED}

    def named_type(self, named):
        return self.type + camel(named.name)

    def page_type(self, page):
        return self.type + camel(page.name) + "Page"

    def constant(self, *words):
        return self.upper + "_".join(words).upper()

    def element(self, p, in_struct=False):
        """The C type of a parameter or of its elements; a bool in memory is a byte."""
        if p.named:
            return self.named_type(p.named)
        if p.is_descriptor:
            return "int"
        if p.type == "bool" and (in_struct or p.is_array):
            return "guint8"
        return C_TYPES[p.type]

    def by_value(self, p):
        """C declarations that hand p over: borrowed pointers for what is larger."""
        if p.type == "string":
            return [f"const char *{p.name}"]
        if p.type == "bytes":
            return [f"const void *{p.name}", f"gsize {p.name}_size"]
        if p.maxcount is not None:
            return [f"const {self.element(p)} *{p.name}", f"gsize {p.name}_count"]
        if p.count is not None or p.is_struct:
            return [f"const {self.element(p)} *{p.name}"]
        return [f"{self.element(p)} {p.name}"]

    def by_pointer(self, p):
        """C declarations of where p is stored."""
        if p.is_struct and not p.is_array:
            return [f"{self.element(p)} *{p.name}"]
        return [pointer_to(declaration) for declaration in self.by_value(p)]


def pointer_to(declaration):
    base, name = declaration.rsplit(" ", 1)
    return f"{base} *{name}"


def variable(declaration):
    """The name in a declaration."""
    return declaration.rsplit(" ", 1)[1].lstrip("*")


def variables(declarations):
    return [variable(declaration) for declaration in declarations]


class Local:
    """Names of local variables that no parameter has."""

    def __init__(self, parameters):
        self.taken = {name for p in parameters
                      for name in (p.name, p.name + "_size", p.name + "_count")}

    def __call__(self, name):
        while name in self.taken:
            name += "_"
        return name


def literal(value, scalar):
    if scalar in ("f32", "f64"):
        return repr(float(value)) + ("f" if scalar == "f32" else "")
    if scalar == "u64":
        return f"G_GUINT64_CONSTANT({value})"
    if scalar == "i64":
        return f"G_GINT64_CONSTANT({value})"
    return f"{value}u" if scalar == "u32" else str(value)


def range_checks(p, name):
    """Conditions on the number called name."""
    _, low, high = SCALARS[p.scalar]
    if p.max is not None and p.max in (low, p.min):
        return [f"{name} == {literal(p.max, p.scalar)}"]
    checks = [f"isfinite({name})"] if low is None else []
    if p.min is not None and p.min != low:
        checks.append(f"{name} >= {literal(p.min, p.scalar)}")
    if p.max is not None and p.max != high:
        checks.append(f"{name} <= {literal(p.max, p.scalar)}")
    return checks


def element_check(names, p, name, in_memory=False, version=None):
    """One C condition on one value of p's type, or None if every value is fine. version: a
    C expression, where not every value that is known may be used."""
    if p.named and version and p.named.sinces:
        kind = "struct_" * p.is_struct
        return f"valid_{kind}{p.named.name}_in({'&' * p.is_struct}{name}, {version})"
    if p.is_struct:
        return f"{names.prefix}{p.named.name}_valid(&{name})"
    if p.is_enum:
        return f"valid_{p.named.name}({name})"
    if p.type == "bool":
        return f"{name} <= 1" if in_memory or p.is_array else None
    checks = range_checks(p, name)
    return " && ".join(checks) if checks else None
