# SPDX-License-Identifier: GPL-2.0-or-later
"""model - what an interface definition says.

parse.py makes it, checked: the back ends rely on the rules of docs/interfaces.md: names are
unique, types exist, structs have no gaps, messages fit.
"""
from dataclasses import dataclass, field
from typing import Optional

LINE = 64  # cursors of rings have a cache line of their own

SCALARS = {  # name: (size, lowest, highest)
    "u8": (1, 0, 2**8 - 1), "u16": (2, 0, 2**16 - 1),
    "u32": (4, 0, 2**32 - 1), "u64": (8, 0, 2**64 - 1),
    "i8": (1, -2**7, 2**7 - 1), "i16": (2, -2**15, 2**15 - 1),
    "i32": (4, -2**31, 2**31 - 1), "i64": (8, -2**63, 2**63 - 1),
    "f32": (4, None, None), "f64": (8, None, None),
    "bool": (1, 0, 1),
}
DESCRIPTORS = ("channel", "dataspace", "file")

# names of functions that every interface has
RESERVED = ("session", "open", "attach", "close", "provide", "serve")


class ModelError(Exception):
    """A rule of the schema is broken; the text names file and line."""


@dataclass
class Value:
    """A value of an enum, a bit of flags or an error."""
    name: str
    value: int
    doc: str
    since: int = 1


@dataclass
class Enum:
    name: str
    base: str
    values: list
    doc: str
    is_flags: bool = False

    @property
    def size(self):
        return SCALARS[self.base][0]

    alignment = size

    @property
    def mask(self):
        return self.mask_of(None)

    def known(self, version):
        """The values that there are in a version; None: in the newest."""
        return [v for v in self.values if version is None or v.since <= version]

    def mask_of(self, version):
        return sum(1 << value.value for value in self.known(version))

    @property
    def sinces(self):
        """The versions above 1 in which something was added, ascending."""
        return sorted({v.since for v in self.values if v.since > 1})


@dataclass
class Struct:
    name: str
    fields: list
    doc: str
    size: int = 0
    alignment: int = 1

    @property
    def sinces(self):
        """Those of the enums in it."""
        return sorted({since for f in self.fields if f.named for since in f.named.sinces})


@dataclass
class Parameter:
    """A parameter, or a field of a struct or page."""
    name: str
    type: str
    doc: str
    named: object = None  # the Enum or Struct that type names
    unit: str = ""
    min: object = None
    max: object = None
    count: Optional[int] = None
    maxcount: Optional[int] = None
    optional: bool = False
    access: str = ""
    seals: tuple = ()
    minsize: int = 0
    maxsize: int = 0  # no limit
    atomic: bool = False
    since: int = 1
    default: object = 0
    offset: int = 0  # in a struct or page

    @property
    def has_default(self):
        """Whether an open parameter may be left out: its default is one of its values."""
        if self.count is not None or self.is_struct and self.maxcount is None:
            return False
        if self.type in ("string", "bytes") or self.maxcount is not None:
            return True
        if self.is_enum and not self.named.is_flags:
            return any(v.value == self.default for v in self.named.values)
        return (self.min is None or self.min <= self.default) \
            and (self.max is None or self.default <= self.max)

    @property
    def is_descriptor(self):
        return self.type in DESCRIPTORS

    @property
    def is_struct(self):
        return isinstance(self.named, Struct)

    @property
    def is_enum(self):
        return isinstance(self.named, Enum)

    @property
    def is_array(self):
        return self.count is not None or self.maxcount is not None

    @property
    def scalar(self):
        """The name of the scalar that stands on the wire, if it is one."""
        return self.named.base if self.is_enum else self.type

    @property
    def element_size(self):
        return self.named.size if self.named else SCALARS[self.type][0]

    @property
    def alignment(self):
        return self.named.alignment if self.named else SCALARS[self.type][0]

    @property
    def size(self):
        return self.element_size * (self.count or 1)


@dataclass
class Call:
    name: str
    opcode: int
    since: int
    deferred: bool
    doc: str
    ins: list
    outs: list
    errors: list


@dataclass
class Signal:
    name: str
    bit: int
    sender: str  # client or server
    since: int
    doc: str


@dataclass
class Ring:
    name: str
    entry: Struct
    slots: int
    signal: Signal
    doc: str
    write_offset: int = 0
    offset: int = 0  # of the entries
    page: object = None  # where it stands
    reader: object = None  # the page with its cursor


@dataclass
class Cursor:
    ring: Ring
    offset: int = 0


@dataclass
class Page:
    name: str
    writer: str
    since: int
    doc: str
    items: list  # Parameter, Ring, Cursor in the order of the file
    size: int = 0


@dataclass
class Interface:
    name: str
    service: str
    version: int
    doc: str
    file: str
    ram: int = 0
    caps: int = 0
    open: list = field(default_factory=list)
    types: list = field(default_factory=list)  # Enum and Struct, in order
    calls: list = field(default_factory=list)
    signals: list = field(default_factory=list)
    pages: list = field(default_factory=list)

    @property
    def errors(self):
        """All errors of all calls, each once, by value."""
        return sorted({e.name: e for c in reversed(self.calls) for e in c.errors}.values(),
                      key=lambda e: e.value)


def align(offset, alignment):
    return (offset + alignment - 1) // alignment * alignment
