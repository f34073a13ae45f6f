# SPDX-License-Identifier: GPL-2.0-or-later
"""An RFB client of our own, written from RFC 6143 and rfbproto alone, with nothing of the
server's library in it: what it decodes, others decode."""
import ctypes
import ctypes.util
import socket
import ssl
import struct
import zlib

RAW, COPYRECT, RRE, HEXTILE, ZLIB, TIGHT, ZRLE = 0, 1, 2, 5, 6, 7, 16
CURSOR, LAST_RECT, DESKTOP_NAME, EXTENDED_SIZE = -239, -224, -307, -308
QEMU_KEY, LEDS, FENCE, CONTINUOUS, BUTTONS = -258, -261, -312, -313, -316
VMWARE_LEDS = 0x574D5668
EXTENDED_CLIPBOARD = 0xC0A1E5CE - (1 << 32)
NONE, VNC, VENCRYPT = 1, 2, 19
PLAIN, TLS_NONE, TLS_VNC, TLS_PLAIN, X509_NONE, X509_VNC, X509_PLAIN = range(256, 263)


class Closed(Exception):
    pass


class Refused(Exception):
    pass


def client_context(anonymous, authority=None):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    if anonymous:
        context.verify_mode = ssl.CERT_NONE
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        context.set_ciphers("AECDH:ADH:@SECLEVEL=0")
    else:
        context.load_verify_locations(cadata=authority)
    return context


def des(key, blocks):
    """ECB, by OpenSSL, which Python's ssl needs anyway."""
    library = ctypes.CDLL(ctypes.util.find_library("crypto"))
    schedule, out, part = (ctypes.create_string_buffer(size) for size in (128, 8, 8))
    library.DES_set_key_unchecked(bytes(key), schedule)
    result = b""
    for at in range(0, len(blocks), 8):
        part.raw = blocks[at:at + 8]
        library.DES_ecb_encrypt(part, out, schedule, 1)
        result += out.raw
    return result


def mirrored(key):
    """RFC 6143, 7.2.2, as all implementations have it: the lowest bit comes first."""
    return bytes(int(f"{byte:08b}"[::-1], 2) for byte in key)


def password_file(password):
    """What vncpasswd writes: hidden by a key that everybody knows."""
    return des(mirrored((23, 82, 107, 6, 35, 78, 88, 7)), password.encode()[:8].ljust(8, b"\0"))


class Client:
    # pylint: disable=too-many-instance-attributes,too-many-public-methods
    def __init__(self, at, patience=60):
        if isinstance(at, int):
            at = ("127.0.0.1", at)
        if isinstance(at, str):
            self.socket = socket.socket(socket.AF_UNIX)
            self.socket.connect(at)
        else:
            self.socket = socket.create_connection(at, timeout=patience)
        self.socket.settimeout(patience)
        self.names, self.fences, self.leds, self.cursors = [], [], [], []
        self.sizes, self.encodings_seen, self.announced = [], set(), set()
        self.clipboard, self.ends = [], 0
        self.zlib = zlib.decompressobj()
        self.zrle = zlib.decompressobj()
        self.tight = [zlib.decompressobj() for _ in range(4)]
        self.width = self.height = 0
        self.pixels = bytearray()
        self.name = ""

    # ---- bytes ----

    def read(self, size):
        data = bytearray()
        while len(data) < size:
            part = self.socket.recv(size - len(data))
            if not part:
                raise Closed()
            data += part
        return bytes(data)

    def unpack(self, form):
        return struct.unpack(">" + form, self.read(struct.calcsize(">" + form)))

    def send(self, form, *values):
        self.socket.sendall(struct.pack(">" + form, *values))

    def close(self):
        self.socket.close()

    # ---- handshake ----

    def result(self):
        if self.unpack("I")[0]:
            raise Refused(self.read(self.unpack("I")[0]).decode())

    def types(self):
        assert self.read(12) == b"RFB 003.008\n"
        self.socket.sendall(b"RFB 003.008\n")
        n = self.unpack("B")[0]
        if not n:
            raise Refused(self.read(self.unpack("I")[0]).decode())
        return list(self.read(n))

    def vencrypt(self):
        """The sub-types that are offered."""
        self.send("B", VENCRYPT)
        assert self.read(2) == b"\0\2"
        self.send("BB", 0, 2)
        assert self.unpack("B")[0] == 0
        return list(self.unpack(f"{self.unpack('B')[0]}I"))

    def start_tls(self, kind, authority=None):
        self.send("I", kind)
        assert self.unpack("B")[0] == 1
        context = client_context(kind < X509_NONE, authority)
        self.socket = context.wrap_socket(self.socket)

    def log_in(self, user, password):
        user, password = user.encode(), password.encode()
        self.send(f"II{len(user)}s{len(password)}s", len(user), len(password), user, password)
        self.result()

    def answer(self, password):
        """The challenge of a VNC password."""
        challenge = self.read(16)
        self.socket.sendall(des(mirrored(password.encode()[:8].ljust(8, b"\0")), challenge))
        self.result()

    def start(self, encodings=(RAW,), shared=1):
        """Without a log-in."""
        assert NONE in self.types()
        self.send("B", NONE)
        self.result()
        self.initialise(encodings, shared)

    def initialise(self, encodings, shared=1):
        self.send("B", shared)
        self.width, self.height = self.unpack("HH")
        self.read(16)
        self.name = self.read(self.unpack("I")[0]).decode()
        self.pixels = bytearray(self.width * self.height * 4)
        # 32 bits, depth 24, little-endian, red at 16, green at 8, blue at 0
        self.send("BxxxBBBBHHHBBBxxx", 0, 32, 24, 0, 1, 255, 255, 255, 16, 8, 0)
        self.set_encodings(encodings)

    def set_encodings(self, encodings):
        self.send(f"BxH{len(encodings)}i", 2, len(encodings), *encodings)

    # ---- what a user does ----

    def ask(self, incremental=True):
        self.send("BBHHHH", 3, incremental, 0, 0, self.width, self.height)

    def key(self, keysym, down):
        self.send("BBxxI", 4, down, keysym)

    def qemu_key(self, keysym, code, down):
        self.send("BBHII", 255, 0, down, keysym, code)

    def press(self, keysym):
        self.key(keysym, 1)
        self.key(keysym, 0)

    def type(self, text):
        for character in text:
            self.press(0xFF0D if character == "\n" else ord(character))

    def pointer(self, x, y, buttons):
        self.send("BBHH", 5, buttons, x, y)

    def extended_pointer(self, x, y, buttons):
        self.send("BBHHB", 5, (buttons & 0x7F) | 0x80, x, y, buttons >> 7)

    def fence(self, flags, payload):
        self.send(f"BxxxIB{len(payload)}s", 248, flags, len(payload), payload)

    def continuous(self, on, area=None):
        self.send("BBHHHH", 150, on, *(area or (0, 0, self.width, self.height)))

    def set_size(self, width, height, screens):
        self.send("BxHHBx", 251, width, height, len(screens))
        for screen in screens:
            self.send("IHHHHI", *screen)

    def cut(self, text):
        text = text.encode("latin-1")
        self.send(f"BxxxI{len(text)}s", 6, len(text), text)

    def provide(self, text):
        """Extended clipboard: text, unasked."""
        text = text.encode() + b"\0"
        packer = zlib.compressobj()
        content = packer.compress(struct.pack(">I", len(text)) + text)
        content += packer.flush(zlib.Z_SYNC_FLUSH)
        content = struct.pack(">I", 1 << 28 | 1) + content
        self.send(f"Bxxxi{len(content)}s", 6, -len(content), content)

    def clipboard_caps(self):
        self.send("BxxxiII", 6, -8, 1 << 24 | 1 << 25 | 1 << 27 | 1 << 28 | 1, 1 << 20)

    # ---- what the server says ----

    def receive(self):
        """One message; its type."""
        kind = self.unpack("B")[0]
        if kind == 0:
            self.update()
        elif kind == 3:
            self.cut_text(*self.unpack("xxxi"))
        elif kind == 150:
            self.ends += 1
        elif kind == 248:
            flags, size = self.unpack("xxxIB")
            self.fences.append((flags, self.read(size)))
        elif kind != 2:
            raise ValueError(f"message {kind}")
        return kind

    def receive_update(self):
        while self.receive():
            pass

    def cut_text(self, size):
        if size >= 0:
            self.clipboard.append(self.read(size).decode("latin-1"))
            return
        content = self.read(-size)
        flags = struct.unpack(">I", content[:4])[0]
        if flags & 1 << 28 and not flags & 1 << 24:
            plain = zlib.decompressobj().decompress(content[4:])
            size = struct.unpack(">I", plain[:4])[0]
            assert len(plain) == 4 + size and plain[-1] == 0
            self.clipboard.append(plain[4:-1].decode())

    def update(self):
        n = self.unpack("xH")[0]
        while n:
            x, y, width, height, encoding = self.unpack("HHHHi")
            if encoding == LAST_RECT:
                break
            self.encodings_seen.add(encoding)
            self.rectangle(x, y, width, height, encoding)
            n -= n != 0xFFFF

    def rectangle(self, x, y, width, height, encoding):
        # pylint: disable=too-many-arguments
        if encoding == CURSOR:
            self.cursors.append((width, height, self.read(
                width * height * 4 + (width + 7) // 8 * height)))
        elif encoding == EXTENDED_SIZE:
            screens = [self.unpack("IHHHHI") for _ in range(self.unpack("Bxxx")[0])]
            self.sizes.append((x, y, width, height, screens))
            if y == 0:
                self.resize(width, height)
        elif encoding == DESKTOP_NAME:
            self.names.append(self.read(self.unpack("I")[0]).decode())
        elif encoding == LEDS:
            self.leds.append(self.unpack("B")[0])
        elif encoding == VMWARE_LEDS:
            self.leds.append(self.unpack("I")[0])
        elif encoding in (QEMU_KEY, BUTTONS):
            self.announced.add(encoding)
        else:
            {RAW: self.raw, COPYRECT: self.copy, RRE: self.rre, HEXTILE: self.hextile,
             ZLIB: self.zlib_rect, ZRLE: self.zrle_rect,
             TIGHT: self.tight_rect}[encoding](x, y, width, height)

    def resize(self, width, height):
        if (width, height) != (self.width, self.height):
            self.width, self.height = width, height
            self.pixels = bytearray(width * height * 4)

    # ---- pixels: 4 bytes each, the last one without meaning ----

    def put(self, x, y, width, rows):
        assert x + width <= self.width
        for i, row in enumerate(rows):
            at = ((y + i) * self.width + x) * 4
            assert at + width * 4 <= len(self.pixels)
            self.pixels[at:at + width * 4] = row

    def put_all(self, x, y, width, height, data):
        # pylint: disable=too-many-arguments
        assert len(data) == width * height * 4
        self.put(x, y, width, (data[i * width * 4:(i + 1) * width * 4] for i in range(height)))

    def fill(self, x, y, width, height, pixel):
        # pylint: disable=too-many-arguments
        self.put(x, y, width, [pixel * width] * height)

    def raw(self, x, y, width, height):
        self.put_all(x, y, width, height, self.read(width * height * 4))

    def copy(self, x, y, width, height):
        from_x, from_y = self.unpack("HH")
        rows = []
        for i in range(height):
            at = ((from_y + i) * self.width + from_x) * 4
            assert from_x + width <= self.width and from_y + height <= self.height
            rows.append(self.pixels[at:at + width * 4])
        self.put(x, y, width, rows)

    def rre(self, x, y, width, height):
        n, pixel = self.unpack("I4s")
        self.fill(x, y, width, height, pixel)
        for _ in range(n):
            pixel, sub_x, sub_y, sub_width, sub_height = self.unpack("4sHHHH")
            self.fill(x + sub_x, y + sub_y, sub_width, sub_height, pixel)

    def hextile(self, x, y, width, height):
        back = front = b"\0\0\0\0"
        for tile_y in range(y, y + height, 16):
            for tile_x in range(x, x + width, 16):
                tile_w, tile_h = min(16, x + width - tile_x), min(16, y + height - tile_y)
                mask = self.unpack("B")[0]
                if mask & 1:
                    self.raw(tile_x, tile_y, tile_w, tile_h)
                    continue
                back = self.read(4) if mask & 2 else back
                front = self.read(4) if mask & 4 else front
                self.fill(tile_x, tile_y, tile_w, tile_h, back)
                for _ in range(self.unpack("B")[0] if mask & 8 else 0):
                    pixel = self.read(4) if mask & 16 else front
                    place, size = self.unpack("BB")
                    self.fill(tile_x + (place >> 4), tile_y + (place & 15),
                              (size >> 4) + 1, (size & 15) + 1, pixel)

    def zlib_rect(self, x, y, width, height):
        data = self.zlib.decompress(self.read(self.unpack("I")[0]))
        self.put_all(x, y, width, height, data)

    def zrle_rect(self, x, y, width, height):
        data = self.zrle.decompress(self.read(self.unpack("I")[0]))
        at = 0
        for tile_y in range(y, y + height, 64):
            for tile_x in range(x, x + width, 64):
                tile_w, tile_h = min(64, x + width - tile_x), min(64, y + height - tile_y)
                tile, at = zrle_tile(data, at, tile_w, tile_h)
                self.put_all(tile_x, tile_y, tile_w, tile_h, tile)
        assert at == len(data)

    def compact(self):
        size = shift = 0
        for _ in range(3):
            byte = self.unpack("B")[0]
            size |= (byte & 0x7F) << shift
            shift += 7
            if not byte & 0x80:
                break
        return size

    def tight_data(self, size, stream):
        if size < 12:
            return self.read(size)
        return self.tight[stream].decompress(self.read(self.compact()))

    def tight_rect(self, x, y, width, height):
        control = self.unpack("B")[0]
        for i in range(4):
            if control >> i & 1:
                self.tight[i] = zlib.decompressobj()
        kind = control >> 4
        if kind == 8:
            self.fill(x, y, width, height, pixel_of_rgb(self.read(3)))
            return
        if kind == 9:
            raise ValueError("JPEG without having been asked for")
        choice = self.unpack("B")[0] if kind & 4 else 0
        stream = kind & 3
        if choice == 1:
            self.tight_palette(x, y, width, height, stream)
            return
        data = self.tight_data(width * height * 3, stream)
        if choice == 2:
            data = ungradient(data, width, height)
        self.put_all(x, y, width, height, pixels_of_rgb(data))

    def tight_palette(self, x, y, width, height, stream):
        # pylint: disable=too-many-arguments
        n = self.unpack("B")[0] + 1
        palette = [pixel_of_rgb(self.read(3)) for _ in range(n)]
        if n > 2:
            data = self.tight_data(width * height, stream)
            self.put_all(x, y, width, height, b"".join(palette[i] for i in data))
            return
        row = (width + 7) // 8
        data = self.tight_data(row * height, stream)
        self.put(x, y, width, (b"".join(
            palette[data[j * row + i // 8] >> (7 - i % 8) & 1] for i in range(width))
            for j in range(height)))


def pixel_of_rgb(rgb):
    return bytes((rgb[2], rgb[1], rgb[0], 0))


def pixels_of_rgb(data):
    out = bytearray(len(data) // 3 * 4)
    out[0::4], out[1::4], out[2::4] = data[2::3], data[1::3], data[0::3]
    return bytes(out)


def ungradient(data, width, height):
    out = bytearray(len(data))
    for y in range(height):
        for x in range(width * 3):
            at = y * width * 3 + x
            left = out[at - 1 - 2] if x >= 3 else 0
            up = out[at - width * 3] if y else 0
            corner = out[at - width * 3 - 3] if y and x >= 3 else 0
            out[at] = (data[at] + min(255, max(0, left + up - corner))) & 255
    return bytes(out)


def run_length(data, at):
    length = 1
    while data[at] == 255:
        length, at = length + 255, at + 1
    return length + data[at], at + 1


def zrle_tile(data, at, width, height):
    """RFC 6143, 7.7.6; a CPIXEL is blue, green, red here."""
    kind, at = data[at], at + 1
    count = width * height
    if kind == 0:
        return b"".join(data[i:i + 3] + b"\0"
                        for i in range(at, at + count * 3, 3)), at + count * 3
    n = kind & 0x7F
    palette = [data[at + i * 3:at + i * 3 + 3] + b"\0" for i in range(n)]
    at += n * 3
    if kind == 1:
        return palette[0] * count, at
    out = []
    if kind < 128:
        bits = 1 if n == 2 else 2 if n <= 4 else 4
        row = (width * bits + 7) // 8
        for y in range(height):
            for x in range(width):
                byte = data[at + y * row + x * bits // 8]
                out.append(palette[byte >> (8 - bits - x * bits % 8) & ((1 << bits) - 1)])
        return b"".join(out), at + row * height
    done = 0
    while done < count:
        if kind == 128:
            pixel, (length, at) = data[at:at + 3] + b"\0", run_length(data, at + 3)
        elif data[at] < 128:
            pixel, length, at = palette[data[at]], 1, at + 1
        else:
            pixel, (length, at) = palette[data[at] & 0x7F], run_length(data, at + 1)
        out.append(pixel * length)
        done += length
    assert done == count
    return b"".join(out), at


def picture_of_png(data):
    """Width, height and pixels as above, of a PNG of 8-bit RGB or RGBA."""
    width, height, depth, colour = struct.unpack(">IIBB", data[16:26])
    size = {2: 3, 6: 4}[colour]
    assert depth == 8
    packed, at = b"", 8
    while at < len(data):
        length, kind = struct.unpack(">I4s", data[at:at + 8])
        packed += data[at + 8:at + 8 + length] if kind == b"IDAT" else b""
        at += length + 12
    plain, rows = zlib.decompress(packed), []
    before = bytes(width * size)
    for y in range(height):
        start = y * (width * size + 1)
        before = unfilter(plain[start], plain[start + 1:start + 1 + width * size], before, size)
        rows.append(before)
    rgb = bytearray(b"".join(rows))
    out = bytearray(width * height * 4)
    out[0::4], out[1::4], out[2::4] = rgb[2::size], rgb[1::size], rgb[0::size]
    return width, height, bytes(out)


def unfilter(kind, row, before, size):
    if kind == 0:
        return row
    out = bytearray(row)
    for i, value in enumerate(row):
        left = out[i - size] if i >= size else 0
        corner = before[i - size] if i >= size else 0
        up = before[i]
        guess = left + up - corner
        nearest = min((abs(guess - left), 0, left), (abs(guess - up), 1, up),
                      (abs(guess - corner), 2, corner))[2]
        out[i] = value + (0, left, up, (left + up) // 2, nearest)[kind] & 255
    return bytes(out)
