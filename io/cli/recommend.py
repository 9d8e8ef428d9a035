"""`understudy recommend [GOAL]`: which endpoint would be best, with reasons and numbers.

The running server is asked: it alone knows how its endpoints are just now.
"""

from __future__ import annotations

import os
from typing import Any, Final
from urllib.parse import urlencode

import click
import msgspec

from ..folders import Folders
from .errors import CannotRun
from .memory import running_server
from .output import show_json, show_table, styled
from .printable import printable
from .server import Refused, Server

GOALS: Final = ("long", "fast", "cheap", "private", "good")


class Place(msgspec.Struct, frozen=True):
    """An endpoint's model that could answer, with its points from 0 to 100."""

    place: str
    points: int
    reason: str
    parts: dict[str, int]
    facts: dict[str, Any]


class LeftOut(msgspec.Struct, frozen=True):
    """One that could not, and why."""

    place: str
    cause: str
    reason: str


class Recommendation(msgspec.Struct, frozen=True):
    """What `/recommend.json` says."""

    summary: str
    situation: dict[str, Any]
    best: str | None
    ranking: tuple[Place, ...]
    left_out: tuple[LeftOut, ...]
    not_known: tuple[str, ...]


@click.command("recommend")
@click.argument("goal", metavar="[GOAL]", required=False, type=click.Choice(GOALS))
@click.option("--conversation", metavar="NAME", default="", help="For this one; else a new one.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def command(goal: str | None, conversation: str, as_json: bool) -> None:
    """Show which endpoint would be best, and why.

    GOAL is long, fast, cheap, private or good. Windows, today's times and failures, memory, prices
    and privacy count, by the weights of [recommend] in the settings; nothing is switched. In a
    conversation ask "which would you use for a long one?".

    \b
    Examples:
      understudy recommend
      understudy recommend long
      understudy recommend private --json
    """
    found = _ask(_server(), goal or "", conversation)
    if as_json:
        show_json(msgspec.to_builtins(found))
        return
    click.echo(printable(found.summary))
    if found.ranking:
        click.echo()
        rows = [(str(each.points), printable(each.reason)) for each in found.ranking]
        show_table(("points", "why"), rows)
    if found.left_out:
        click.echo(f"\n{styled('left out', '')}")
        for left in found.left_out:
            click.echo(f"  {printable(left.reason)}")
    if found.not_known:
        click.echo(f"\nnot known just now: {printable(', '.join(found.not_known))}")


def _server() -> Server:
    """The server that runs. Raises CannotRun."""
    server = running_server(Folders.from_environment(os.environ))
    if server is None:
        raise CannotRun(
            "no server is running, and only a server knows how its endpoints are: start "
            "`understudy serve`, and ask again"
        )
    return server


def _ask(server: Server, goal: str, conversation: str) -> Recommendation:
    query = urlencode({"goal": goal, "conversation": conversation})
    try:
        return server.read(f"/recommend.json?{query}", Recommendation)
    except Refused as error:
        raise CannotRun(f"the server at {server.address} says: {error}") from None
