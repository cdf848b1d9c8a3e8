#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""with-display.py COMMAND [ARGUMENT…]: run a command in a display of its own.

An X server on a number that is free, a session bus, a window manager, an accessibility bus, an empty
home. All of it ends with the command, also when the command is killed. Several may run side by side.
"""
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

SCREEN = os.environ.get("FYRLYKT_TEST_SCREEN", "1280x900x24")
PR_SET_CHILD_SUBREAPER = 36
# Where the command's own output goes while the bus and the window manager write to a log.
OUTPUT, ERRORS = 28, 29


def start_x_server(log):
    """Start Xvfb on a free display; returns (process, ":N")."""
    for _attempt in range(5):
        reader, writer = os.pipe()
        server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(writer), "-screen", "0", SCREEN, "-nolisten", "tcp", "-noreset",
             # A key held a moment too long on a busy machine is still one key.
             "-r"],
            pass_fds=[writer], stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        os.close(writer)
        with os.fdopen(reader) as answer:
            number = answer.readline().strip()
        if number:
            return server, ":" + number
        server.wait()
        time.sleep(0.2)
    sys.exit("with-display: Xvfb did not start")


def environment_for(display, home):
    """What the command sees of the machine: nothing of the person's own session."""
    environment = dict(os.environ)
    for name in ("WAYLAND_DISPLAY", "DBUS_SESSION_BUS_ADDRESS", "AT_SPI_BUS_ADDRESS", "NO_AT_BRIDGE"):
        environment.pop(name, None)
    for name in ("config", "data", "cache", "state", "runtime"):
        os.makedirs(f"{home}/{name}", mode=0o700, exist_ok=True)
    environment.update(
        DISPLAY=display, GDK_BACKEND="x11", XDG_SESSION_TYPE="x11",
        HOME=home, XDG_CONFIG_HOME=f"{home}/config", XDG_DATA_HOME=f"{home}/data",
        XDG_CACHE_HOME=f"{home}/cache", XDG_STATE_HOME=f"{home}/state", XDG_RUNTIME_DIR=f"{home}/runtime",
        GIO_USE_VFS="local", GTK_USE_PORTAL="0", ADW_DISABLE_PORTAL="1")
    for name, value in (("GTK_A11Y", "atspi"), ("GSK_RENDERER", "cairo"), ("LANG", "C.UTF-8"),
                        ("GSETTINGS_BACKEND", "memory")):
        environment.setdefault(name, value)
    return environment


def end_children():
    """End every process that became ours: those the bus started too."""
    for how in (signal.SIGTERM, signal.SIGKILL):
        deadline = time.monotonic() + 2
        while time.monotonic() < deadline:
            children = open(f"/proc/self/task/{os.getpid()}/children", encoding="ascii").read().split()
            if not children:
                return
            for child in children:
                try:
                    os.kill(int(child), how)
                except ProcessLookupError:
                    pass
            try:
                while os.waitpid(-1, os.WNOHANG)[0]:
                    pass
            except ChildProcessError:
                return
            time.sleep(0.02)


def wait_for_window_manager():
    """Until the window manager answers, at most 5 s."""
    for _attempt in range(100):
        answer = subprocess.run(["xprop", "-root", "_NET_SUPPORTING_WM_CHECK"], capture_output=True,
                                text=True, check=False)
        if "window id" in answer.stdout:
            return
        time.sleep(0.05)


def inside(command):
    """Within the session bus: the window manager, then the command."""
    manager = subprocess.Popen(["openbox"], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                               stderr=subprocess.DEVNULL)
    wait_for_window_manager()
    # The command's own output, apart from what the bus and its services say.
    code = subprocess.run(command, check=False, stdout=OUTPUT, stderr=ERRORS).returncode
    manager.terminate()
    return code if code >= 0 else 128 - code


def outside(command):
    """Around the session bus: the X server, the home folder, and their end."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_arguments: sys.exit(130))
    home = tempfile.mkdtemp(prefix="fyrlykt-display-")
    try:
        with open(f"{home}/xvfb.log", "wb") as log:
            _server, display = start_x_server(log)
            os.dup2(1, OUTPUT)
            os.dup2(2, ERRORS)
            return subprocess.run(
                ["dbus-run-session", "--", sys.executable, __file__, "--inside", *command],
                env=environment_for(display, home), check=False, stdout=log, stderr=log,
                pass_fds=[OUTPUT, ERRORS]).returncode
    finally:
        end_children()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    if len(sys.argv) > 2 and sys.argv[1] == "--inside":
        sys.exit(inside(sys.argv[2:]))
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(outside(sys.argv[1:]))
