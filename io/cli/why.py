"""`understudy why ID`: where a turn went, attempt by attempt, and why."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import click

from ...protocols.settings import Settings, SettingsError
from ...protocols.usage.messages import LAST_TURN
from ...protocols.usage.reasons import explain
from ..folders import Folders
from ..server_file import ServerFile
from ..state import TURNS_MAX
from ..state_reading import NothingKept
from .catalogue import read_settings
from .errors import CannotRun
from .ledger import Ledger
from .output import show_details, show_json, styled
from .printable import printable

ID_CHARACTERS_MAX: Final = 200
SHOWN_IDS_MAX: Final = 5

Line = Mapping[str, Any]


@click.command("why")
@click.argument("turn", metavar="ID")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(turn: str, as_json: bool) -> None:
    """Show where a turn went, and why.

    ID is the request id that the client was shown (`request-id`, req_...), or how it begins;
    `last` is the turn that ended last.

    \b
    Examples:
      understudy why last
      understudy why req_7d4224
    """
    folders = Folders.from_environment(os.environ)
    lines = one_turn(turn, _lines(Ledger.find(folders), turn))
    if as_json:
        show_json({"turn": lines[0]["turn"], "attempts": lines})
        return
    settings = _settings(folders)
    click.echo(styled(printable(str(lines[0]["turn"])), ""))
    show_details(
        [("began", _moment(lines[0])), ("conversation", printable(str(lines[0]["conversation"])))]
    )
    for line in lines:
        title = f"attempt {line['attempt']}" if len(lines) > 1 else "route"
        click.echo(f"\n{styled(title, '')}")
        show_details(list(_details(line, settings)))


def one_turn(asked: str, lines: Sequence[Line]) -> Sequence[Line]:
    """The lines of the one turn that is meant. Raises CannotRun where it is none, or several."""
    found = list(dict.fromkeys(str(line["turn"]) for line in lines))
    meant = [asked] if asked in found else found
    if not meant:
        raise CannotRun(
            f"no turn {printable(asked)[:ID_CHARACTERS_MAX]} is known: the newest {TURNS_MAX:,} "
            "are kept. `understudy why last` shows the newest one, and an answer's request-id "
            "header has its id"
        )
    if len(meant) > 1:
        shown = ", ".join(map(printable, meant[:SHOWN_IDS_MAX]))
        more = ", …" if len(meant) > SHOWN_IDS_MAX else ""
        raise CannotRun(f"{printable(asked)} begins several ids: {shown}{more}; give more of it")
    return [line for line in lines if line["turn"] == meant[0]]


def _lines(ledger: Ledger, turn: str) -> Sequence[Line]:
    if not 0 < len(turn) <= ID_CHARACTERS_MAX:
        raise CannotRun(f"ID: give a request id, how one begins, or `{LAST_TURN}`")
    try:
        return ledger.lines(turn)
    except NothingKept as error:
        raise CannotRun(str(error)) from None


def _settings(folders: Folders) -> Settings | None:
    """Those of the running server, as far as they can be read."""
    note = ServerFile(folders.server_file).running() if folders.server_file.exists() else None
    file = note.settings_file if note is not None else ""
    try:
        return read_settings(Path(file) if file else folders.settings_file)
    except SettingsError:
        return None


def _details(line: Line, settings: Settings | None) -> Iterator[tuple[str, str]]:
    place = f"{line['endpoint']}/{line['model']}" if line["endpoint"] else "no endpoint"
    if not line["endpoint"]:
        yield "asked for", printable(str(line["model"]))
    key = f", with key {line['key']}" if line["key"] and line["key"] > 1 else ""
    yield "where", printable(place) + key
    if line["why"]:
        yield "why", printable(str(line["why"]))
        if settings is not None:
            yield "settings", explain(str(line["why"]), settings.rules)
    if line["home"]:
        yield "private", f"the conversation stays at {printable(str(line['home']))}"
    stop = f" ({printable(str(line['stop_reason']))})" if line["stop_reason"] else ""
    yield "outcome", f"{line['outcome']}{stop}, status {line['status'] or 'none'}"
    yield "time", _times(line)
    yield "tokens", _tokens(line)


def _times(line: Line) -> str:
    first, total = line["first_byte_seconds"], line["total_seconds"]
    parts = [] if first is None else [f"first byte after {first:.2f} s"]
    parts += [] if total is None else [f"{total:.2f} s in all"]
    return ", ".join(parts) or "not measured"


def _tokens(line: Line) -> str:
    cached, made = line["cache_read_tokens"], line["cache_creation_tokens"]
    read = line["input_tokens"] + cached + made
    parts = [f"{read:,} read"]
    if cached or made:
        parts.append(f"({cached:,} from a cache, {made:,} written to it)")
    about = " (estimated)" if line["estimated"] else ""
    return f"{' '.join(parts)}, {line['output_tokens']:,} written{about}"


def _moment(line: Line) -> str:
    if line["began_at"] is None:
        return "by an older version, which kept no times"
    return time.strftime("%Y-%m-%d %H:%M:%S", time.localtime(line["began_at"]))
