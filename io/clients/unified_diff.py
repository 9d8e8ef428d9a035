"""A change as `diff -u` and `patch` write it, with what looks like a secret covered.

Lines around a change belong to the user, and a settings file is where keys are kept; what is shown
on a terminal ends up in reports. So the value of a name that sounds like a secret is covered,
unless it is one that we write ourselves.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import Final

CONTEXT_LINES: Final = 3
COVER: Final = "(not shown)"
_SENSITIVE: Final = "key|token|secret|password|passphrase|authorization|cookie"
_NAMED: Final = re.compile(
    rf"""(?P<name>["']?[\w.-]*(?:{_SENSITIVE})[\w.-]*["']?\s*[:=]\s*)"""
    r"""(?P<value>"(?:[^"\\]|\\.)*"|'[^']*')""",
    re.IGNORECASE,
)
_SHAPED: Final = re.compile(
    r"\b(?:sk|pk|rk|ghp|gho|xox[abp]|AIza|hf|glpat)[-_]?[A-Za-z0-9_-]{16,}|(?<=Bearer )[^\s\"']{8,}"
)


def unified_diff(
    path: Path, before: str | None, after: str | None, own: Collection[str] = ()
) -> str:
    """The diff; "" if there is none. `own` are raw values of ours, which are shown."""
    old, new = _lines(before), _lines(after)
    was, now = ("/dev/null" if text is None else str(path) for text in (before, after))
    lines = difflib.unified_diff(old, new, was, now, n=CONTEXT_LINES)
    return "".join(covered(line, own) for line in _ended(lines))


def covered(line: str, own: Collection[str] = ()) -> str:
    """A line without what looks like a secret, by its name or by its form."""

    def cover(found: re.Match[str]) -> str:
        value = found["value"]
        return found.group() if value in own else f"{found['name']}{value[0]}{COVER}{value[0]}"

    return _SHAPED.sub(COVER, _NAMED.sub(cover, line))


def _lines(text: str | None) -> list[str]:
    """Lines with their ends; only a newline ends one, as patch reads them."""
    pieces = (text or "").split("\n")
    return [*(f"{piece}\n" for piece in pieces[:-1]), *filter(None, pieces[-1:])]


def _ended(lines: Iterator[str]) -> Iterator[str]:
    for line in lines:
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"
