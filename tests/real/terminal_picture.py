"""A terminal's screen as a picture for the documentation.

`UNDERSTUDY_PICTURES=FOLDER` has the tests that call `take_picture` write one there; without it
nothing is written.
"""

from __future__ import annotations

import io
import os
import re
from pathlib import Path

from .terminal import Terminal

VARIABLE = "UNDERSTUDY_PICTURES"
COLUMNS = 110
LINES_MAX = 34

_FONTS = re.compile(r"\s*@font-face \{[^}]*\}")


async def take_picture(terminal: Terminal, name: str, title: str, since: str = "") -> None:
    """Writes the screen as `name`.svg, if a folder for pictures is set: from its first line on
    that has `since` in it."""
    folder = os.environ.get(VARIABLE)
    if not folder:
        return
    lines = (await terminal.colours()).splitlines()
    while lines and not lines[-1].strip():
        lines.pop()
    first = next((number for number, line in enumerate(lines) if since in line), 0)
    lines = [
        line
        for before, line in zip(["", *lines[first:]], lines[first:], strict=False)
        if line.strip() or before.strip()
    ]
    (Path(folder) / f"{name}.svg").write_text(drawn(lines[-LINES_MAX:], title), encoding="utf-8")


def drawn(lines: list[str], title: str) -> str:
    """Lines with terminal codes as an SVG."""
    from rich.console import Console
    from rich.text import Text

    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True)
    for line in lines:
        console.print(Text.from_ansi(line), overflow="crop", no_wrap=True)
    drawing = console.export_svg(title=title, unique_id="understudy")
    return _FONTS.sub("", drawing)  # a page that shows it shall fetch nothing
