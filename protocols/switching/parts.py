"""Where a command may end that work follows: at a colon, a line break, or a dash between blanks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

COMMAND_CHARACTERS_MAX: Final = 200
"""Of a command; work in front of which one stands may be longer."""
PARTS_MAX: Final = 4
"""After so many colons, line breaks and dashes no work begins that a command stands before."""
PART_END: Final = re.compile(r"[:\uff1a]|\n|\s(?:-|--|\u2013|\u2014)\s|\u2014\u2014")


def part_ends(text: str) -> Iterator[re.Match[str]]:
    """Where a command may end that work follows."""
    for number, end in enumerate(PART_END.finditer(text)):
        if number == PARTS_MAX or end.start() > COMMAND_CHARACTERS_MAX:
            return
        yield end


def is_dash(end: re.Match[str]) -> bool:
    """Whether a dash stands there."""
    return bool(end[0].strip()) and end[0] not in ":\uff1a"
