"""Keys as they are pressed, without Enter, while something else is shown.

The terminal is put back as it was, however the block is left. Ctrl-C stays an interrupt. Where
stdin is no terminal nobody presses anything, and the wait is only a wait.
"""

from __future__ import annotations

import os
import select
import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import Final

SEQUENCE_BYTES_MAX: Final = 16
"""An arrow's key sends several bytes, of which Esc is the first: they are one key."""
KeyWithin = Callable[[float], str]
"""Waits at most so many seconds for a key; "" if none was pressed."""


@contextmanager
def reading_keys() -> Generator[KeyWithin]:
    """Gives what waits for a key while the block runs."""
    if not sys.stdin.isatty():
        yield _no_key
        return
    import termios
    import tty

    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)

    def key_within(seconds: float) -> str:
        ready, _, _ = select.select([descriptor], [], [], seconds)
        return os.read(descriptor, SEQUENCE_BYTES_MAX).decode("latin-1") if ready else ""

    try:
        tty.setcbreak(descriptor)
        yield key_within
    finally:
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)


def _no_key(seconds: float) -> str:
    time.sleep(seconds)
    return ""
