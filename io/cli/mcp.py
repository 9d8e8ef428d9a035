"""`understudy mcp`: the tools of the running server, for clients that start a program for them."""

from __future__ import annotations

import os
import sys
from typing import Final

import click

from ..folders import Folders
from ..token import load_token
from .errors import CannotRun
from .server import Server, find_server

INTERRUPTED: Final = 130
NONE_RUNS: Final = (
    "no server runs, and `understudy mcp` starts none: `understudy serve` does, or "
    "`understudy claude`"
)


@click.command("mcp")
def command() -> None:
    """Serve the tools of the running server on stdin and stdout.

    For clients of the Model Context Protocol that start a program; others take the address
    `/mcp` itself, with the token. It starts no server and waits for none: without one each
    request is refused, with the reason. It ends with its input or Ctrl-C.

    \b
    Examples:
      claude mcp add understudy -- understudy mcp
    """
    folders = Folders.from_environment(os.environ)
    if note := _note(folders):
        click.echo(f"understudy: {note}; requests are refused until then", err=True)
    from ..mcp.pipes import serve_pipes  # brings Trio

    if serve_pipes(lambda: _found(folders), NONE_RUNS):
        sys.exit(INTERRUPTED)


def _note(folders: Folders) -> str:
    """What is wrong with the server just now; "" for nothing."""
    try:
        return "" if _found(folders) is not None else NONE_RUNS
    except CannotRun as error:
        return error.message


def _found(folders: Folders) -> Server | None:
    return find_server(folders, load_token(os.environ, folders.token_file))
