"""Fails a run that touches the real world: a file, a socket, a process or a thread.

A simulated product that reaches past its ports is no longer the same run every time. So inside
`forbidden` such a call raises `Escape` before it is carried out, and is complained of as well,
because a supervisor may catch what was raised. What is forbidden is a matter of the context, not
of the process: the tasks of a run inherit it; other threads and Trio's own tasks do not.

Python tells an audit hook of nearly all such calls. It cannot be taken out again, so it is put in
once, with the first run, and looks away outside. Python 3.11 does not tell of a thread that starts,
and none tells of a cached one that wakes, so both ways to a thread are replaced while a run lasts.
Imports and tracebacks read files and are let through: they decide nothing. Of clocks and entropy
Python tells nobody: those are kept out by `tests/test_walls.py`.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from types import FrameType
from typing import Any

from . import seam

TOUCHES = {
    "a file": """
        open os.chmod os.chown os.link os.listdir os.mkdir os.remove os.rename os.rmdir os.scandir
        os.symlink os.truncate os.utime sqlite3.connect tempfile.mkdtemp tempfile.mkstemp
    """,
    "a socket": """
        socket.__new__ socket.bind socket.connect socket.getaddrinfo socket.gethostbyaddr
        socket.gethostbyname socket.gethostname socket.getnameinfo socket.sendto
    """,
    "a process": """
        os.exec os.fork os.forkpty os.kill os.killpg os.posix_spawn os.spawn os.system pty.spawn
        subprocess.Popen
    """,
    "a thread": "_thread.start_joinable_thread _thread.start_new_thread",
    "real time": "time.sleep",
}
"""What Python's audit events are about."""

_KINDS = {event: kind for kind, events in TOUCHES.items() for event in events.split()}
_IMPORT_SYSTEM = "<frozen importlib"
_PLACES_MAX = 4
"""The frames that a complaint names, the innermost first."""

_escapes: ContextVar[list[str] | None] = ContextVar("escapes", default=None)
_hooked = threading.Event()


class Escape(RuntimeError):
    """A simulated run has touched the real world; the call was not carried out."""


@contextmanager
def forbidden() -> Generator[list[str]]:
    """Forbids the real world in this context, and yields the list of what was tried anyway."""
    if not _hooked.is_set():
        _hooked.set()
        sys.addaudithook(_audit)
    escapes: list[str] = []
    token = _escapes.set(escapes)
    start = threading.Thread.start

    def start_outside(self: threading.Thread) -> None:
        _refuse_thread()
        start(self)

    threading.Thread.start = start_outside  # type: ignore[method-assign]  # see the module
    try:
        with seam.before_threads(_refuse_thread):
            yield escapes
    finally:
        threading.Thread.start = start  # type: ignore[method-assign]  # gives it back
        _escapes.reset(token)


def _refuse_thread() -> None:
    _audit("_thread.start_new_thread", ())


def _audit(event: str, arguments: tuple[Any, ...]) -> None:
    if (kind := _KINDS.get(event)) is None or (escapes := _escapes.get()) is None:
        return
    caller = sys._getframe(1)  # pyright: ignore[reportPrivateUsage] no other is as cheap
    if _is_harmless(event, caller):
        return
    subject = arguments[0] if arguments else None
    names_it = isinstance(subject, str | bytes) or hasattr(subject, "__fspath__")
    what = f"{event}({subject!s})" if names_it else event
    escapes.append(f"{what} touches {kind}, at {_places(caller)}")
    raise Escape(escapes[-1])


def _is_harmless(event: str, caller: FrameType) -> bool:
    """An import; a traceback's lines; a numeric address, read before the resolver is asked."""
    if caller.f_code.co_filename.startswith(_IMPORT_SYSTEM):
        return True
    asker = caller.f_back.f_code.co_filename if caller.f_back else ""
    if event == "open":
        return asker.endswith("/linecache.py")
    return event == "socket.getaddrinfo" and asker == seam.SOCKETS_FILE


def _places(frame: FrameType | None) -> str:
    found: list[str] = []
    while frame is not None and len(found) < _PLACES_MAX:
        if frame.f_code.co_filename != __file__:
            file = "/".join(frame.f_code.co_filename.split("/")[-2:])
            found.append(f"{file}:{frame.f_lineno}")
        frame = frame.f_back
    return " from ".join(found)
