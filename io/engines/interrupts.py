"""Ctrl-C and its relatives around something that must not be left half done.

A terminal that closes (SIGHUP) and `kill` (SIGTERM) are taken for Ctrl-C, so that all three end in
the same clean-up. `deferred` holds them back while a block runs, which looks whether one came;
`delayed` lets them act when it has run.
"""

from __future__ import annotations

import signal
from collections.abc import Generator
from contextlib import contextmanager
from types import FrameType
from typing import Final, NoReturn

import attrs

RELATIVES: Final = (signal.SIGTERM, signal.SIGHUP)
ALL: Final = (signal.SIGINT, *RELATIVES)


@attrs.define
class Deferred:
    """What came while it was held back, in its order."""

    numbers: list[int] = attrs.field(factory=list[int])

    @property
    def came(self) -> bool:
        """Whether anything did."""
        return bool(self.numbers)


@contextmanager
def as_keyboard_interrupt() -> Generator[None]:
    """Raises KeyboardInterrupt in the block for each of them."""

    def interrupt(number: int, frame: FrameType | None) -> NoReturn:
        raise KeyboardInterrupt

    before = {each: signal.signal(each, interrupt) for each in ALL}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def deferred() -> Generator[Deferred]:
    """Only notes them while the block runs."""
    noted = Deferred()

    def take_note(number: int, frame: FrameType | None) -> None:
        noted.numbers.append(number)

    before = {each: signal.signal(each, take_note) for each in ALL}
    try:
        yield noted
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def delayed() -> Generator[None]:
    """Lets them act as soon as the block has run: what it begins is known to whoever ends it."""
    with deferred() as noted:
        yield
    for number in noted.numbers:
        signal.raise_signal(number)
