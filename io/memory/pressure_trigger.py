"""Waiting until tasks wait for memory: the kernel's pressure trigger, under Trio.

Who writes "some STALL WINDOW" (microseconds) to /proc/pressure/memory is told by that file when
within a window the tasks of the machine have lost so much time. Without CAP_SYS_RESOURCE the window
must be a multiple of 2 s, and the kernel looks once in 2 s; the averages are read each second
besides, by whoever watches, so that this only makes it look sooner.

The file tells by POLLPRI, which Trio does not wait for. An epoll that holds the file is readable
when it does. The kernel counts an event as told once anything has looked, so the inner epoll says
nothing afterwards: the wake itself is the event.

Where no trigger can be set (a read-only /proc, an old kernel) the average is looked at each second.
Source: the Linux kernel's documentation, accounting/psi.rst, "Monitoring for pressure thresholds".
"""

from __future__ import annotations

import os
import select
from collections.abc import Callable
from pathlib import Path
from typing import Final

import trio

from ...protocols.resources.reading import Pressure

TRIGGER: Final = b"some 100000 2000000\0"
POLL_SECONDS: Final = 1.0
POLL_SOME_PERCENT: Final = 5.0
"""What the trigger says: 0.1 s of 2 s."""


async def wait_for_pressure(file: Path, averages: Callable[[], Pressure | None]) -> None:
    """Returns when the trigger on a file has fired, or the averages say what it would."""
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_NONBLOCK)
    except OSError:
        await _poll(averages)
        return
    try:
        fired = await _wait_for_trigger(descriptor)
    finally:
        os.close(descriptor)
    if not fired:
        await _poll(averages)


async def _wait_for_trigger(descriptor: int) -> bool:
    """Whether it has fired; false if no trigger can be set, or it is no longer one."""
    with select.epoll() as told:
        try:
            os.write(descriptor, TRIGGER)
            told.register(descriptor, select.EPOLLPRI | select.EPOLLERR)
        except OSError:
            return False
        await trio.lowlevel.wait_readable(told.fileno())
        return not any(events & select.EPOLLERR for _, events in told.poll(0))


async def _poll(averages: Callable[[], Pressure | None]) -> None:
    while True:
        await trio.sleep(POLL_SECONDS)
        pressure = averages()
        if pressure is None:
            await trio.sleep_forever()
        elif pressure.some_percent >= POLL_SOME_PERCENT:
            return
