"""What has crashed, in words: what a run ends with, and what the product has contained.

A supervisor of the product keeps a crash to itself and logs it, and the server lives on; a run has
to hear of it all the same. So while a run lasts the product's log goes here, and nowhere else: of
a thousand runs nobody reads it. That is why this file may import `logging`, which the room's wall
forbids; what it is told of decides nothing in a world.

Unlike the log, the words quote the exception's message: nothing in a world is secret.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Generator
from contextlib import contextmanager
from types import TracebackType
from typing import cast

from .escape import Escape

LOGGER = "understudy"
CRASHED = " crashed: "
"""In a log message: the handler of a request crashed, and the server lived on."""
PLACES_MAX = 3
"""The frames in the package that are named, the innermost first."""
MESSAGE_CHARACTERS_MAX = 200

FRAME = re.compile(r'File "([^"]+)", line (\d+)')

_ROOT = __file__.rpartition("/simulations/")[0]
_ROOMS = tuple(
    f"{_ROOT}/{room}" for room in ("actors/", "io/", "protocols/", "simulations/", "app.py")
)


class _Listener(logging.Handler):
    """Tells of the crashes in the product's log."""

    def __init__(self, tell: Callable[[str], None]) -> None:
        super().__init__()
        self._tell = tell

    def emit(self, record: logging.LogRecord) -> None:
        """Is told of each line."""
        what, _, frames = record.getMessage().partition("\n")
        if CRASHED in what:
            cause = frames.partition("\nafter ")[0]
            found = FRAME.findall(cause)
            self._tell(_with_places(what, [_place(*each) for each in found if _is_ours(each[0])]))


@contextmanager
def heard(tell: Callable[[str], None]) -> Generator[None]:
    """Tells of each crash that the product logs, and keeps the log from everyone else."""
    logger, listener = logging.getLogger(LOGGER), _Listener(tell)
    before = logger.propagate
    logger.addHandler(listener)
    logger.propagate = False
    try:
        yield
    finally:
        logger.propagate = before
        logger.removeHandler(listener)


def crash_words(error: Exception) -> list[str]:
    """What was raised, and where in the package; of a group each of its parts, however deep.

    An escape is told by who has forbidden it, and not here.
    """
    if isinstance(error, Escape):
        return []
    if not isinstance(error, ExceptionGroup):
        return [_words(error)]
    group = cast("ExceptionGroup[Exception]", error)
    return [words for part in group.exceptions for words in crash_words(part)]


def _words(error: Exception) -> str:
    message = " ".join(str(error).split())
    if len(message) > MESSAGE_CHARACTERS_MAX:
        message = f"{message[:MESSAGE_CHARACTERS_MAX]}…"
    what = ": ".join([type(error).__name__, *([message] if message else [])])
    return _with_places(what, _places(error.__traceback__))


def _with_places(what: str, places: list[str]) -> str:
    """Says where it was; `places` are the outermost first."""
    told = " from ".join(places[: -PLACES_MAX - 1 : -1])
    return f"{what}, at {told}" if told else what


def _places(traceback: TracebackType | None) -> list[str]:
    """The places in the package, the outermost first."""
    found: list[str] = []
    while traceback is not None:
        file = traceback.tb_frame.f_code.co_filename
        if _is_ours(file):
            found.append(_place(file, traceback.tb_lineno))
        traceback = traceback.tb_next
    return found


def _is_ours(file: str) -> bool:
    return file.startswith(_ROOMS)


def _place(file: str, line: object) -> str:
    return f"{'/'.join(file.split('/')[-2:])}:{line}"
