"""What the commands about keys share: the keychain of the settings, the index, and the server."""

from __future__ import annotations

import os
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Final, TypeVar

import attrs
import click
import msgspec
from click.shell_completion import CompletionItem

from ...protocols.secret import Secret
from ...protocols.settings import EndpointSettings, Settings, SettingsError
from ...protocols.settings_addresses import is_key_name
from ..folders import Folders, FolderUnusable
from ..keychain.choice import open_keychain
from ..keychain.file_keychain import FileKeychain, check_passphrase
from ..keychain.index import KeyIndex
from ..keychain.words import PLACE
from ..keys import PASSPHRASE_VARIABLE
from ..ports import Keychain, KeychainError
from ..server_file import ServerFile
from ..token import load_token
from .catalogue import read_settings
from .errors import CannotRun, Failed
from .output import is_terminal, note
from .server import Refused, Server, find_server

COMPLETIONS_MAX: Final = 200
Result = TypeVar("Result")


@attrs.frozen
class KeyPlace:
    """Where the keys are, and who uses them."""

    folders: Folders
    settings: Settings
    settings_file: Path
    keychain: Keychain
    index: KeyIndex

    @property
    def title(self) -> str:
        """What the place is called."""
        return str(self.folders.keys_file) if self.is_file else PLACE

    @property
    def is_file(self) -> bool:
        """Whether it is the encrypted file."""
        return self.settings.keys.store == "file"

    def endpoints_of(self, name: str) -> list[EndpointSettings]:
        """The endpoints that use a key."""
        return [
            endpoint
            for endpoint in self.settings.endpoints
            if any(key.source == "keychain" and key.name == name for key in endpoint.keys)
        ]

    def named_keys(self) -> dict[str, list[str]]:
        """The keys that the settings name, and who names them."""
        found: dict[str, list[str]] = {}
        for endpoint in self.settings.endpoints:
            for key in endpoint.keys:
                if key.source == "keychain":
                    found.setdefault(key.name, []).append(endpoint.name)
        search = self.settings.search
        if search is not None and search.key.source == "keychain":
            found.setdefault(search.key.name, []).append("[search]")
        return found


def open_place(config: Path | None) -> KeyPlace:
    """The keychain that the settings choose: those named, the running server's, or the usual."""
    folders = Folders.from_environment(os.environ)
    server = ServerFile(folders.server_file).running()
    used = Path(server.settings_file) if server and server.settings_file else folders.settings_file
    file = (config or used).absolute()
    settings = read_settings(file)
    keychain = open_keychain(settings.keys, folders, os.environ)
    return KeyPlace(folders, settings, file, keychain, KeyIndex(folders.keys_index))


def performed(action: Callable[[], Awaitable[Result]]) -> Result:
    """Runs what has to wait for a keychain. Raises Failed, with what the keychain says."""
    import trio

    try:
        return trio.run(action)
    except KeychainError as error:
        raise Failed(str(error)) from None


def check_key_name(name: str) -> str:
    """A name that the settings can hold. Raises CannotRun."""
    if not is_key_name(name):
        raise CannotRun(
            "NAME (not shown: it may be a key) is no name of a key; allowed: 1 to 128 of letters, "
            "digits and ._@-. The key itself is asked for, or read with --stdin"
        )
    return name


def open_file(place: KeyPlace, *, new: bool = False) -> None:
    """Asks for the passphrase of the encrypted file, if that is where the keys are."""
    keychain = place.keychain
    if not isinstance(keychain, FileKeychain) or keychain.passphrase is not None:
        return
    exists = performed(keychain.exists)
    if not exists and not new:
        return
    passphrase = asked_passphrase(place, new=not exists)

    async def unlock() -> None:
        await keychain.unlock(passphrase, new=new)

    performed(unlock)


def asked_passphrase(place: KeyPlace, *, new: bool) -> Secret:
    """The passphrase that the user types; a new one twice. Raises CannotRun."""
    if not is_terminal(sys.stdin):
        raise CannotRun(
            f"{place.title}: nobody can be asked for the passphrase here; set "
            f"{PASSPHRASE_VARIABLE}, or run this in a terminal"
        )
    words = "New passphrase for the file of keys" if new else "Passphrase of the file of keys"
    typed: str = click.prompt(words, hide_input=True, confirmation_prompt=new, err=True)
    try:
        check_passphrase(Secret(typed))
    except KeychainError as error:
        raise CannotRun(str(error)) from None
    return Secret(typed)


def running_server(folders: Folders) -> Server | None:
    """The server that runs, if one does. Raises CannotRun or Failed."""
    if ServerFile(folders.server_file).running() is None:
        return None
    return find_server(folders, load_token(os.environ, folders.token_file))


def tell_of_change(place: KeyPlace, name: str) -> None:
    """Has the running server read the key anew. Nothing is wrong if no server runs."""
    try:
        server = running_server(place.folders)
        if server is not None:
            body = msgspec.json.encode({"name": name})
            server.read("/keys/changed", dict[str, bool], method="POST", body=body)
    except (CannotRun, Refused) as error:
        note(f"the running server could not be told, and may use the old key for minutes: {error}")


def complete_key(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """The names of keys, for the shell; nothing where something cannot be read."""
    try:
        folders = Folders.from_environment(os.environ)
        entries = KeyIndex(folders.keys_index).entries()
        config = ctx.params.get("config")
        settings = read_settings(config or folders.settings_file)
    except (FolderUnusable, KeychainError, SettingsError, OSError):
        return []
    named = [key.name for each in settings.endpoints for key in each.keys]
    names = sorted({*entries, *(name for name in named if name)})
    found = [name for name in names if name.startswith(incomplete)]
    return [CompletionItem(name) for name in found[:COMPLETIONS_MAX]]


config_option = click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="Read this settings file."
)
key_argument = click.argument("name", metavar="NAME", shell_complete=complete_key)
