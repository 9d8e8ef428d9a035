"""What stops work in the middle: Ctrl-C, a closed terminal, `kill`, and Esc where there is a key.

All of them cancel the work, which then cleans up in its own time. For Esc the terminal gives each
key at once and shows none, while the work runs; Ctrl-C stays a signal. Only the foreground may set
the terminal: a job in the background that tried would be halted by it.
"""

from __future__ import annotations

import os
import signal
import sys
import termios
import tty
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from typing import Final, TypeVar

import trio

from .errors import flattened

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
ESCAPE: Final = b"\x1b"
"""The key alone; an arrow's sequence begins with it and arrives with it."""
KEYS_BYTES_MAX: Final = 64

T = TypeVar("T")


class Stopped(Exception):
    """The user has stopped it."""


def run_until_stopped(work: Callable[[], Awaitable[T]]) -> T:
    """Runs it under Trio. Raises Stopped, and what the work raises."""
    with _keys_at_once() as has_keys:
        try:
            return trio.run(_run, work, has_keys)
        except BaseExceptionGroup as group:
            raise flattened(group)[0] from None


async def _run(work: Callable[[], Awaitable[T]], has_keys: bool) -> T:
    async with trio.open_nursery() as nursery:
        await nursery.start(_stop_at_signal, nursery.cancel_scope)
        if has_keys:
            nursery.start_soon(_stop_at_escape, nursery.cancel_scope)
        result = await work()
        nursery.cancel_scope.cancel("the work is done")
        return result
    raise Stopped


async def _stop_at_signal(
    scope: trio.CancelScope, *, task_status: trio.TaskStatus[None] = trio.TASK_STATUS_IGNORED
) -> None:
    with trio.open_signal_receiver(*SIGNALS) as signals:
        task_status.started()
        async for _ in signals:
            scope.cancel("the user has stopped it")


async def _stop_at_escape(scope: trio.CancelScope) -> None:
    keys = sys.stdin.fileno()
    while True:
        await trio.lowlevel.wait_readable(keys)
        pressed = os.read(keys, KEYS_BYTES_MAX)
        if pressed == ESCAPE:
            scope.cancel("the user has pressed Esc")
        if not pressed:
            return


@contextmanager
def _keys_at_once() -> Generator[bool]:
    """Says whether there is a terminal whose keys are ours; it is put back afterwards."""
    keys = _foreground_terminal()
    if keys is None:
        yield False
        return
    before = termios.tcgetattr(keys)
    tty.setcbreak(keys, termios.TCSANOW)
    try:
        yield True
    finally:
        termios.tcsetattr(keys, termios.TCSANOW, before)


def _foreground_terminal() -> int | None:
    try:
        keys = sys.stdin.fileno()
        is_ours = os.isatty(keys) and os.tcgetpgrp(keys) == os.getpgrp()
    except (OSError, ValueError, AttributeError):  # no standard input, or a closed one
        return None
    return keys if is_ours else None
