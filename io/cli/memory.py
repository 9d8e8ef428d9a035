"""`understudy memory`: who holds memory, and what was done about it, live on a terminal.

What is shown is the server's own report. Without a server the machine itself is read, so that the
command is of use before the first start; a server that comes or goes meanwhile is noticed.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

import attrs
import click
import msgspec

from ...protocols.resources.report import MemoryReport
from ...protocols.resources.report_data import report_as_data
from ...protocols.settings import Settings
from ..folders import Folders
from ..token import load_token
from .catalogue import read_settings
from .errors import Failed
from .machine_memory import read_machine, report_of
from .memory_view import BOLD, Line, report_lines
from .output import is_terminal, note, show_json, styled
from .server import Server, find_server

if TYPE_CHECKING:
    from rich.text import Text

LOOK_SECONDS: Final = 1.0
"""Between two looks on a terminal."""
LEAVING_KEYS: Final = ("q", "Q", "\x1b")
DECISIONS_ONCE: Final = 1_000
"""Without a terminal nothing is left out: more than the watcher keeps."""


class MemoryStatus(msgspec.Struct, frozen=True):
    """What `/status.json` says of memory; None while there is no resource-watcher to ask."""

    memory: MemoryReport | None = None


@attrs.frozen
class Seen:
    """One look. `address` is the server's whose report it is, "" where the machine was read."""

    report: MemoryReport
    remark: str
    address: str = ""


@click.command("memory")
@click.option("--once", is_flag=True, help="Show it once, also on a terminal.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON, once.")
def command(once: bool, as_json: bool) -> None:
    """Show who holds memory, and what was done about it.

    The machine, what each model needs and holds, and the newest decisions of the running server:
    what, why, and what it freed. On a terminal it is read anew each second; q or Ctrl-C leaves.

    \b
    Examples:
      understudy memory
      understudy memory --once
      understudy memory --json
    """
    folders = Folders.from_environment(os.environ)
    if as_json:
        seen = look(folders)
        show_json({"server": seen.address or None, "memory": report_as_data(seen.report)})
    elif once or not is_terminal(sys.stdout):
        _show(look(folders))
    else:
        _watch(folders)


def look(folders: Folders, settings: Settings | None = None) -> Seen:
    """Asks the running server; reads the machine where none runs, or it cannot say.

    A machine is judged by `settings`, or by those of the settings file.
    """
    server = running_server(folders)
    if server is None:
        return _of_machine(folders, settings, "no server runs; this is the machine as it is")
    report = server.read("/status.json", MemoryStatus).memory
    if report is None:
        remark = f"the server at {server.address} does not tell of memory just now"
        return _of_machine(folders, settings, remark)
    return Seen(report, f"the server at {server.address}", server.address)


def look_again(folders: Folders) -> Seen:
    """Looks while it is shown live: a server that stops meanwhile is no reason to leave."""
    try:
        return look(folders)
    except Failed as error:
        return _of_machine(folders, None, error.message)


def running_server(folders: Folders) -> Server | None:
    """The server that runs, proved anew each time. Makes no folder and no token."""
    if not folders.server_file.exists():
        return None
    return find_server(folders, load_token(os.environ, folders.token_file))


def _of_machine(folders: Folders, settings: Settings | None, remark: str) -> Seen:
    settings = settings or read_settings(folders.settings_file)
    return Seen(report_of(read_machine(), settings), remark)


def _show(seen: Seen) -> None:
    for line in report_lines(seen.report, decisions=DECISIONS_ONCE):
        click.echo("".join(_styled(*span) for span in line).rstrip())
    note(seen.remark)


def _styled(text: str, colour: str) -> str:
    return styled(text, "" if colour == BOLD else colour) if colour else text


def _watch(folders: Folders) -> None:
    """Shows it until somebody presses q or Ctrl-C."""
    from rich.live import Live

    from .keys_pressed import reading_keys

    with (
        suppress(KeyboardInterrupt),
        reading_keys() as key_within,
        Live(screen=True, auto_refresh=False) as live,
    ):
        key = ""
        while key not in LEAVING_KEYS:
            live.update(_screen(look_again(folders)), refresh=True)
            key = key_within(LOOK_SECONDS)


def _screen(seen: Seen) -> Text:
    """As much as the terminal has room for, and below it how to leave."""
    import shutil

    from rich.text import Text

    rows = shutil.get_terminal_size().lines
    footer: Sequence[Line] = ((), ((f"{seen.remark}; q leaves", "dim"),))
    shown = [*report_lines(seen.report)[: rows - len(footer)], *footer]
    screen = Text(no_wrap=True, overflow="ellipsis")
    for number, line in enumerate(shown):
        screen.append("\n" if number else "")
        for text, colour in line:
            screen.append(text, style=colour)
    return screen
