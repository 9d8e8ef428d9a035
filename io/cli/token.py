"""`understudy token`: the server's token, or a link that opens its page in a browser."""

from __future__ import annotations

import os
import sys

import click

from ..folders import Folders
from ..service.holder import foreign_holder, settings_port, token_port
from ..token import load_token
from .errors import CannotRun
from .output import is_terminal, note
from .server import Link, find_server


@click.command("token")
@click.option("--link", is_flag=True, help="Print a link that opens the server's page, once.")
@click.option(
    "--for", "address", metavar="ADDRESS", help="Look who listens there, not at the settings' port."
)
def command(link: bool, address: str | None) -> None:
    """Print the token that clients must present.

    It is not printed while another user's program listens at the port of the settings, where
    clients would show it. With --for it is the port of that address that counts, if it is one of
    this machine: `understudy install` writes that for clients which use another than the usual.

    With --link: a link to the running server's page, good for one use within ten minutes.

    \b
    Examples:
      export ANTHROPIC_AUTH_TOKEN="$(understudy token)"
      understudy token --link
      understudy token --for http://127.0.0.1:9000
    """
    if link and address is not None:
        raise click.UsageError("--link leads to the server that runs, and takes no --for")
    folders = Folders.from_environment(os.environ)
    token = load_token(os.environ, folders.token_file)
    if not link:
        foreign = foreign_holder(_port(address, folders))
        if foreign:
            raise CannotRun(f"the token is not printed: clients would show it at {foreign}")
        if is_terminal(sys.stdout):
            note("whoever has this token can use every model and key behind Understudy; keep it")
        click.echo(token.reveal())
        return
    server = find_server(folders, token)
    if server is None:
        raise CannotRun("no server runs, so there is no page; start one with `understudy serve`")
    click.echo(f"{server.address}{server.read('/link', Link, method='POST').path}")


def _port(address: str | None, folders: Folders) -> int:
    """The port that a client shows the token at. Raises CannotRun."""
    if address is None:
        return settings_port(folders.settings_file)
    try:
        return token_port(address, folders.settings_file)
    except ValueError as error:
        raise CannotRun(f"--for {address}: {error}; write it as http://127.0.0.1:7337") from None
