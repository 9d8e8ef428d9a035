"""`understudy token`: the server's token, or a link that opens its page in a browser."""

from __future__ import annotations

import os
import sys

import click

from ..folders import Folders
from ..token import load_token
from .errors import CannotRun
from .output import is_terminal, note
from .server import Link, find_server


@click.command("token")
@click.option("--link", is_flag=True, help="Print a link that opens the server's page, once.")
def command(link: bool) -> None:
    """Print the token that clients must present.

    With --link: a link to the running server's page, good for one use within ten minutes.

    \b
    Examples:
      export ANTHROPIC_AUTH_TOKEN="$(understudy token)"
      understudy token --link
    """
    folders = Folders.from_environment(os.environ)
    token = load_token(os.environ, folders.token_file)
    if not link:
        if is_terminal(sys.stdout):
            note("whoever has this token can use every model and key behind Understudy; keep it")
        click.echo(token.reveal())
        return
    server = find_server(folders, token)
    if server is None:
        raise CannotRun("no server runs, so there is no page; start one with `understudy serve`")
    click.echo(f"{server.address}{server.read('/link', Link, method='POST').path}")
