"""`understudy keys unlock`: the encrypted file is opened, for the server that runs."""

from __future__ import annotations

from pathlib import Path

import click
import msgspec

from ..keychain.file_keychain import FileKeychain
from .errors import CannotRun, Failed
from .keys_place import asked_passphrase, config_option, open_place, performed, running_server
from .server import Refused


@click.command("unlock", short_help="Open the encrypted file of keys for the server.")
@config_option
def command(config: Path | None) -> None:
    """Open the encrypted file of keys for the server that runs, until it stops.

    For settings with [keys] store = "file" alone: the system's keychain is unlocked by the system.
    The passphrase goes to the server over loopback, and is kept nowhere. Where nobody can type,
    start the server with UNDERSTUDY_KEYS_PASSPHRASE set instead.

    \b
    Examples:
      understudy keys unlock
    """
    place = open_place(config)
    keychain = place.keychain
    if not isinstance(keychain, FileKeychain):
        raise CannotRun(
            f"the settings keep keys in {place.title}, which the system unlocks; this is for "
            '[keys] store = "file"'
        )
    if not performed(keychain.exists):
        raise CannotRun(f"{place.title}: there are no keys yet; run `understudy keys add NAME`")
    server = running_server(place.folders)
    if server is None:
        raise CannotRun("no server runs that could be given the passphrase; start one first")
    passphrase = keychain.passphrase or asked_passphrase(place, new=False)
    body = msgspec.json.encode({"passphrase": passphrase.reveal()})
    try:
        server.read("/keys/unlock", dict[str, bool], method="POST", body=body)
    except Refused as error:
        raise Failed(str(error)) from None
    click.echo(f"the server at {server.address} can read {place.title} until it stops")
