# SPDX-License-Identifier: GPL-2.0-or-later
"""What tests that drive running scenarios by the commands of maquette share. TAP."""
import json
import os
import pathlib
import re
import signal
import subprocess
import sys
import tempfile
import time
import traceback

MAQUETTE = os.path.join(os.environ["MAQ_BIN"], "maquette")
SOURCE = pathlib.Path(os.environ["MAQ_SOURCE"])
PATIENCE = 60  # seconds; a sanitized build on a busy machine is slow


class Failed(Exception):
    pass


def maquette(*arguments, code=0):
    """Its output; with code=None (code, output, errors)."""
    done = subprocess.run([MAQUETTE, *arguments], capture_output=True, check=False,
                          timeout=PATIENCE)
    if code is None:
        return done.returncode, done.stdout.decode(), done.stderr.decode()
    if done.returncode != code:
        raise Failed(f"maquette {' '.join(arguments)}: {done.returncode} instead of {code}\n"
                     f"{done.stdout.decode(errors='replace')}{done.stderr.decode()}")
    return done.stdout.decode()


def until(condition, what):
    """Looks at it again and again, and leaves most of the time to what is looked at. What
    was seen at last: to look once more may show something else."""
    end = time.monotonic() + PATIENCE
    while True:
        begin = time.monotonic()
        seen = condition()
        if seen:
            return seen
        now = time.monotonic()
        if now > end:
            raise Failed(f"{what} has not come")
        time.sleep(min(max(0.02, 2 * (now - begin)), 2))


def start(config, *options):
    text = maquette("run", "--detach", *options, str(config))
    return int(re.search(r"\((\d+)\) runs", text).group(1))


def wait_for(pid, text):
    maquette("wait", "--timeout", str(PATIENCE - 5), "--log", text, str(pid))


def tree(pid):
    return json.loads(maquette("ps", "--json", str(pid)))["tree"]["nodes"]


def processes(pid):
    return {n["label"]: int(n["pid"]) for n in tree(pid) if n["type"] == "process"}


def log_lines(pid):
    return maquette("log", str(pid)).splitlines()


def alive(pid):
    try:
        state = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        return state != "Z"
    except (FileNotFoundError, ProcessLookupError):  # gone before it was opened, or read
        return False


def put_client(folder, name):
    """A Python component in the scenario's folder: the protocol, and one of our clients."""
    protocol = (SOURCE / "tests/scenario/python/python_client").read_text()
    protocol = protocol.split("# ---- the tests ----")[0]
    own = SOURCE / "tests/component/hostile" / name
    program = folder / name
    program.write_text(protocol + own.read_text())
    program.chmod(0o755)


def run_tests(tests):
    """Each in a folder of its own, where also the sockets of its scenarios are. Arguments
    of the program that begin with test_ name those that are to be run."""
    failed = 0
    chosen = [name for name in sys.argv[1:] if name.startswith("test_")]
    tests = [test for test in tests if not chosen or test.__name__ in chosen]
    assert tests, chosen
    print(f"TAP version 13\n1..{len(tests)}")
    for number, test in enumerate(tests, 1):
        with tempfile.TemporaryDirectory() as folder:
            os.environ["XDG_RUNTIME_DIR"] = folder
            os.chmod(folder, 0o700)
            try:
                test(pathlib.Path(folder))
                print(f"ok {number} - {test.__name__}", flush=True)
            except Exception:  # each one fails its test alone
                why = traceback.format_exc().replace("\n", "\n# ")
                print(f"not ok {number} - {test.__name__}\n# {why}", flush=True)
                failed += 1
            end_all(failed)
    return 1 if failed else 0


def end_all(show):
    for line in maquette("ps", "--json").splitlines():
        pid = json.loads(line)["pid"]
        if show:
            print("# " + "\n# ".join(log_lines(pid)[-60:]))
        os.kill(pid, signal.SIGKILL)
