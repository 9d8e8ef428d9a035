"""Starts the process of `child.py`, asks it one thing, and leaves nothing of it behind.

It is its own process group and is killed with it: when it has answered, when its time is up, and
when whoever asked leaves. Its environment is a list of what to let through, not of what to take
away; the key goes through its pipes.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Final

import msgspec
import trio

from .messages import LENGTH_BYTES, BadMessage, Told, Wish, framed, length_of
from .words import broken, unanswered

ENVIRONMENT_KEPT: Final = frozenset({
    "PATH", "HOME", "USER", "LOGNAME", "LANG", "LC_ALL", "LC_CTYPE", "TMPDIR",
    "DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR", "XDG_DATA_HOME", "XDG_CONFIG_HOME",
    "XDG_CURRENT_DESKTOP", "XDG_SESSION_ID", "XDG_SESSION_TYPE", "DISPLAY", "WAYLAND_DISPLAY",
    "XAUTHORITY", "LD_LIBRARY_PATH", "PYTHONHOME", "PYTHONPATH",
})  # fmt: skip
REAP_SECONDS: Final = 2.0
"""How long a killed process may take to be gone."""
COMMAND: Final = (sys.executable, "-P", "-m", f"{__package__}.child")


def child_environment(environ: Mapping[str, str]) -> dict[str, str]:
    """What of our environment the keychain's process gets: what a keychain is found by."""
    return {name: value for name, value in environ.items() if name in ENVIRONMENT_KEPT}


async def ask_child(
    wish: Wish, environ: Mapping[str, str], seconds: float, command: Sequence[str] = COMMAND
) -> Told:
    """Has a process of its own do this. Raises KeychainError when it has no answer in time."""
    process = await trio.lowlevel.open_process(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        env=child_environment(environ),
        cwd="/",
        start_new_session=True,
    )
    try:
        with trio.move_on_after(seconds):
            return await _talk(process, wish)
    except (BadMessage, msgspec.MsgspecError, trio.BrokenResourceError):
        with trio.move_on_after(REAP_SECONDS):
            await process.wait()
        raise broken(f"ended without an answer (status {process.returncode})") from None
    finally:
        await _end(process)
    raise unanswered(seconds)


async def _talk(process: trio.Process, wish: Wish) -> Told:
    assert process.stdin is not None, "it was started with pipes"
    assert process.stdout is not None, "it was started with pipes"
    await process.stdin.send_all(framed(wish))  # and stays open: its end is our end
    head = await _receive(process.stdout, LENGTH_BYTES)
    body = await _receive(process.stdout, length_of(head))
    return msgspec.json.decode(body, type=Told)


async def _receive(source: trio.abc.ReceiveStream, count: int) -> bytes:
    """So many bytes, or fewer if there are no more."""
    received = b""
    while len(received) < count and (data := await source.receive_some(count - len(received))):
        received += data
    return received


async def _end(process: trio.Process) -> None:
    """Kills the process with its group, and reaps it, also under cancellation."""
    with suppress(ProcessLookupError, PermissionError):  # macOS: the group of one that has ended
        os.killpg(process.pid, signal.SIGKILL)
    with trio.move_on_after(REAP_SECONDS, shield=True):
        await process.wait()
    for stream in (process.stdin, process.stdout):
        assert isinstance(stream, trio.lowlevel.FdStream)
        stream.close()
