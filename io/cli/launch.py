"""A server to talk to: the one that runs, else one of our own for as long as it is used.

Our own is a child in a session of its own, so that Ctrl-C in the terminal is not for it. Its log
goes to the log folder. It ends with its last user (see `users`), even if we are killed.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from ..engines.interrupts import delayed
from ..folders import Folders, make_folder
from ..token import load_token
from .errors import CannotRun
from .server import Server, find_server
from .users import Membership, Users

READY_SECONDS_MAX = 60.0
STOP_SECONDS_MAX = 10.0
"""From SIGTERM to SIGKILL; the server gives turns in flight half of it."""
SHARED_STOP_SECONDS = 0.5
"""How long to see whether a server that others seemed to use is in fact stopping."""
LOG_FILE = "server.log"
LOG_BYTES_MAX = 1_048_576
"""A log that is larger at a start is put aside; one older log is kept."""
LOG_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC
LOG_LINES_SHOWN = 12
READY_LINE_BYTES_MAX = 1_024


@contextmanager
def open_server(environ: Mapping[str, str]) -> Generator[Server]:
    """Yields a server that answers. Raises CannotRun if none can be started."""
    folders = Folders.from_environment(environ)
    token = load_token(environ, folders.token_file)
    with Users(folders.state_dir).joined() as membership:
        running = find_server(folders, token)
        if running is not None:
            yield running
            return
        log = _log_path(folders)
        with os.fdopen(os.open(log, LOG_FLAGS, 0o600), "ab") as writer:
            child: subprocess.Popen[bytes] | None = None
            try:
                with delayed():  # a Ctrl-C in between would leave a child that nobody knows of
                    child = _spawn(writer, environ)
                yield Server(_wait_until_ready(child, log, writer.tell()), token)
            finally:
                if child is not None:
                    _stop(child, membership)


def _spawn(log: IO[bytes], environ: Mapping[str, str]) -> subprocess.Popen[bytes]:
    package = __name__.partition(".")[0]
    return subprocess.Popen(  # noqa: S603 this interpreter, with arguments of our own
        [sys.executable, "-P", "-m", package, "serve", "--port", "0", "--while-used"],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=log,
        env=environ,
        start_new_session=True,
    )


def _wait_until_ready(child: subprocess.Popen[bytes], log: Path, log_begin_bytes: int) -> str:
    """Waits for the ready line and returns the address in it."""
    assert child.stdout is not None
    deadline = time.monotonic() + READY_SECONDS_MAX
    line = b""
    while not line.endswith(b"\n") and len(line) < READY_LINE_BYTES_MAX:
        remaining = max(0.0, deadline - time.monotonic())
        if not select.select([child.stdout], [], [], remaining)[0]:
            break
        data = os.read(child.stdout.fileno(), READY_LINE_BYTES_MAX)
        if not data:
            break
        line += data
    word, _, address = line.decode(errors="replace").strip().partition(" ")
    if word == "ready":
        return address
    with log.open("rb") as reader:
        reader.seek(log_begin_bytes)
        said = reader.read().decode(errors="replace").splitlines()[-LOG_LINES_SHOWN:]
    told = "\n".join(f"  {each.removeprefix('understudy: ')}" for each in said)
    raise CannotRun(f"the server did not start; it said:\n{told}\n(its log is {log})")


def _stop(child: subprocess.Popen[bytes], membership: Membership) -> None:
    """Stops the server, unless somebody else uses it: then it ends with them."""
    assert child.stdout is not None
    child.stdout.close()
    if membership.is_last():
        child.terminate()
        seconds = STOP_SECONDS_MAX
    else:
        seconds = SHARED_STOP_SECONDS
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        if membership.is_last():
            child.kill()
            child.wait(STOP_SECONDS_MAX)


def _log_path(folders: Folders) -> Path:
    log = make_folder(folders.log_dir) / LOG_FILE
    if log.exists() and log.stat().st_size > LOG_BYTES_MAX:
        log.replace(log.with_suffix(".log.old"))
    return log
