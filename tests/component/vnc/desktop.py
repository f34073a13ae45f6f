# SPDX-License-Identifier: GPL-2.0-or-later
"""The desktop that VNC clients are tried on."""
import pathlib
import re
import subprocess

import rfb
from running import (MAQUETTE, PATIENCE, Failed, log_lines, maquette, start, until,
                     wait_for)

HERE = pathlib.Path(__file__).parent


class Desktop:
    def __init__(self, folder, host="", config="", scenario="init.config", change=None):
        self.folder = folder
        text = (HERE / scenario).read_text().replace("@HOST@", host).replace("@CONFIG@", config)
        text = change(text) if change else text
        path = folder / "init.config"
        path.write_text(text)
        self.pid = start(path)
        wait_for(self.pid, "[init -> vnc] listening on")
        self.port = int(self.log(r"\[init -> vnc\] listening on 127.0.0.1:(\d+)")[0])
        maquette("wait", "--quiet", "300", str(self.pid))

    def reconfigure(self, old, new):
        path = self.folder / "init.config"
        text = path.read_text()
        assert old in text
        path.write_text(text.replace(old, new))

    def log(self, pattern):
        return re.findall(pattern, "\n".join(log_lines(self.pid)))

    def count(self, pattern):
        return len(self.log(pattern))

    def logged(self, pattern):
        until(lambda: self.log(pattern), pattern)

    def shot(self):
        path = self.folder / "shot.png"
        maquette("shot", "--output", str(path), str(self.pid))
        return rfb.picture_of_png(path.read_bytes())


def meaningful(pixels):
    pixels = bytearray(pixels)
    pixels[3::4] = bytes(len(pixels) // 4)
    return pixels


def is_shown(desktop, client):
    """Asks for updates until the client has what the screenshot has."""
    for _ in range(200):
        shot = desktop.shot()
        if shot == (client.width, client.height, meaningful(client.pixels)):
            return
        client.ask()
        client.fence(1 << 31, b"done")  # is answered even if nothing has changed
        fences = len(client.fences)
        while len(client.fences) == fences:
            client.receive()
    raise Failed("the picture is another one")


def until_true(client, condition, what):
    for _ in range(200):
        if condition():
            return
        client.receive()
        client.ask()
    raise Failed(what)


def until_size(client, size):
    for _ in range(100):
        for known in client.sizes:
            if known[:4] == size:
                client.sizes.clear()
                return known[4]
        client.receive()
        client.ask()
    raise Failed(f"{size} has not come, but {client.sizes}")


def access_file(folder, *arguments, passwords):
    path = folder / "vnc.access"
    subprocess.run([MAQUETTE, "vnc-access", path, *arguments], input=passwords, check=True,
                   timeout=PATIENCE, stdout=subprocess.DEVNULL, text=True)
    assert path.stat().st_mode & 0o777 == 0o600
    text = path.read_text()
    return path, "\n".join(re.findall("^  : ?(.*)$", text.split("+ key")[0], re.M)) + "\n"
