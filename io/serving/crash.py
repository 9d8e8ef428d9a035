"""What is said of an exception that reached a supervisor: where it happened, never what it holds.

An exception's message may quote the request that caused it, and a prompt must never reach a
log. Hence types and places only; source lines are ours, not the client's. The words of WORDY are
the system's, and are told.
"""

from __future__ import annotations

import logging
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from typing import cast

logger = logging.getLogger("understudy.serving")

CRASH_DEPTH = 8
"""Levels of groups, causes and contexts that are described."""

WORDY = (OSError, ImportError)
"""Exceptions whose words tell of files and modules, and quote nobody."""


@contextmanager
def contained_crashes(where: str) -> Generator[None]:
    """Logs the crashes of its block and swallows them; cancellation and exits pass through."""
    try:
        yield
    except Exception as crash:  # this is the supervisor
        logger.error("%s crashed: %s", where, describe_crash(crash))
    except BaseExceptionGroup as group:
        crashes, others = group.split(Exception)
        if crashes is not None:
            logger.error("%s crashed: %s", where, describe_crash(crashes))
        assert others is not None, "a group of crashes alone is an Exception"
        raise others from None


def describe_crash(error: BaseException, depth: int = CRASH_DEPTH) -> str:
    """Describes the error's type and places, then those of its parts and of its cause."""
    words = f" ({error})" if isinstance(error, WORDY) else ""
    lines = [f"{type(error).__qualname__}{words}\n", *traceback.format_tb(error.__traceback__)]
    if depth > 1:
        if isinstance(error, BaseExceptionGroup):
            for part in cast("BaseExceptionGroup[BaseException]", error).exceptions:
                lines += ["with ", describe_crash(part, depth - 1)]
        cause = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if cause is not None:
            lines += ["after ", describe_crash(cause, depth - 1)]
    return "".join(lines)
