"""Ends the process with its parent, whatever the library is doing.

Our standard input is the lifeline: the parent never closes it while it lives. A thread sleeps until
the system says that its other side is closed, and ends the process there and then. ctypes lets go
of the interpreter's lock during every call, so the thread runs during a load and a computation too.
Nothing needs to be cleaned up: files are written so that they may be cut at any moment.
"""

from __future__ import annotations

import os
import select
import threading


def die_with_parent(lifeline: int) -> None:
    """Watches from now on."""
    threading.Thread(target=_watch, args=(lifeline,), daemon=True, name="lifeline").start()


def _watch(lifeline: int) -> None:
    poll = select.poll()
    # No event is asked for: what is always told is that the other side has been closed.
    poll.register(lifeline, 0)
    poll.poll()
    os._exit(0)
