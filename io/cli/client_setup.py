"""The clients that `install` and `uninstall` know, and what is needed to change their settings."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, TypeVar
from urllib.parse import urlsplit

import attrs
import click

from ...protocols.routing.table import ALIAS_PREFIX, RoutingTable
from ...protocols.settings import SettingsError
from ...protocols.settings_data import ModelFacts, Settings
from ..clients import claude_code, codex, shell
from ..clients.circumstances import Circumstances
from ..clients.files import DiskFiles
from ..clients.journal import Installation
from ..clients.merge import IsOurs
from ..clients.precedence import Ruling, find_rulings
from ..clients.program import OwnProgram
from ..clients.setup import STATE_FOLDER, Setup, Target, value_in
from ..folders import Folders
from ..server_file import ServerFile
from ..service.holder import EVERYWHERE, settings_port, token_port
from ..token import TokenError, load_token
from .catalogue import read_settings
from .errors import CannotRun
from .output import note
from .server import ModelList, Refused, Server, find_server

CLIENTS: Final = (claude_code.CLIENT, codex.CLIENT)
FOLDER_VARIABLES: Final = {
    claude_code.CLIENT: claude_code.FOLDER_VARIABLE,
    codex.CLIENT: codex.FOLDER_VARIABLE,
}
MODEL: Final = {claude_code.CLIENT: claude_code.MODEL, codex.CLIENT: codex.MODEL}
NO_ADDRESS: Final = "http://localhost"
"""Nothing is written that would need one; settings without a port that stays will do."""
LOOPBACK: Final = "127.0.0.1"

Found = TypeVar("Found")
Command = TypeVar("Command", bound=Callable[..., Any])


@attrs.frozen
class ClientSetup:
    """A client, the folder of its settings, and what Understudy is to it."""

    client: str
    files: Setup
    own_file: Path
    """What Claude Code keeps for itself; nothing to the others."""
    circumstances: Circumstances
    named_folder: Path | None
    running: str
    """The address of the server that runs with these settings; "" if none does."""
    knows_all: bool = True
    """Whether the table has every model that the client may have been given."""

    def targets(self, *, statusline: bool | None, mode: bool) -> list[Target]:
        """The files with what is wished for; what was not said is as it was installed before."""
        if self.client == codex.CLIENT:
            return codex.targets(self.circumstances, self.files.folder)
        if statusline is None:
            known = (each.path for file in self.files.installation.files for each in file.entries)
            statusline = claude_code.STATUS_LINE in known
        return claude_code.targets(
            self.circumstances, self.files.folder, self.own_file, statusline=statusline, mode=mode
        )

    def recognised(self) -> Installation:
        """What looks installed although the journal knows nothing of it. Raises FileRefused."""
        everything = self.targets(statusline=True, mode=True)
        return self.files.recognised(everything)

    @property
    def is_ours(self) -> IsOurs:
        """Tells of a model that was picked in the client that only Understudy has it."""
        path, ours = MODEL[self.client], self.circumstances.model_ids
        if self.knows_all:
            return value_in({path: ours})
        ours |= self._written_ids
        return lambda key, value: (
            key == path
            and isinstance(value, str)
            and (value in ours or value.startswith(ALIAS_PREFIX))
        )

    @property
    def _written_ids(self) -> frozenset[str]:
        """The model ids of ours that the journal says were written, by each of their names."""
        paths = (MODEL[self.client], claude_code.MODEL_ROW)
        entries = (each for file in self.files.installation.files for each in file.entries)
        written = {str(value) for each in entries if each.path in paths for value in each.wrote}
        names = written | {each.removeprefix(ALIAS_PREFIX) for each in written}
        return frozenset(name for name in names if "/" in name)

    @property
    def notes(self) -> Sequence[str]:
        """What the user has to know of what was chosen."""
        tell = claude_code.notes if self.client == claude_code.CLIENT else codex.notes
        told = tell(self.circumstances)
        if self.named_folder is not None:
            variable = FOLDER_VARIABLES[self.client]
            told.append(f"start the client with {variable}={self.files.folder}")
        return told

    def rulings(self, targets: Sequence[Target]) -> list[Ruling]:
        """What rules over the settings that are wished for."""
        return find_rulings(targets) if self.client == claude_code.CLIENT else []

    def warnings(self, environ: Mapping[str, str], ruled: Sequence[Ruling]) -> list[str]:
        """What would lead the client elsewhere than its settings say, or to nobody."""
        told = [each.sentence for each in ruled]
        told += shell.warnings(environ, self.client, self.circumstances.address)
        if not self.running:
            told.append(
                "no server runs yet: `understudy service install` keeps one running from now on, "
                "`understudy serve` starts one once"
            )
        elif self.running != self.circumstances.address:
            told.append(
                f"the server that runs is at {self.running}; the client will look for it at "
                f"{self.circumstances.address}"
            )
        return told


def open_setup(
    client: str, config_dir: Path | None, config: Path | None = None, address: str | None = None
) -> ClientSetup:
    """Gathers what is needed. Writes nothing. Raises CannotRun and SettingsError."""
    folders = Folders.from_environment(os.environ)
    settings_file = (config or folders.settings_file).absolute()
    server = _server_of(folders, settings_file)
    settings = read_settings(settings_file)
    table = RoutingTable.of(settings, {} if server is None else _listings(settings, server))
    chosen = _address(address, table)
    circumstances = Circumstances(
        chosen, table, OwnProgram.of(os.environ), _token_address(chosen, folders)
    )
    running = "" if server is None else server.address
    return _setup(client, config_dir, folders, circumstances, running)


def open_installed(client: str, config_dir: Path | None) -> ClientSetup:
    """Gathers what is needed to take out what was put in, whatever ails settings and server.

    What could not be read is told. Writes nothing.
    """
    folders = Folders.from_environment(os.environ)
    settings_file = folders.settings_file.absolute()
    settings = _or_told(lambda: read_settings(settings_file))
    known = settings or Settings()
    listings = _or_told(lambda: _listings_now(folders, settings_file, known))
    table = RoutingTable.of(known, listings or {})
    address = _address(None, table) if known.server.port else NO_ADDRESS
    circumstances = Circumstances(
        address, table, OwnProgram.of(os.environ), _token_address(address, folders)
    )
    setup = _setup(client, config_dir, folders, circumstances)
    is_listed = bool(listings) or all(each.models for each in known.endpoints)
    return attrs.evolve(setup, knows_all=settings is not None and is_listed)


def _or_told(read: Callable[[], Found]) -> Found | None:
    """What is read; where that fails, the user is told that we go on without it."""
    try:
        return read()
    except (CannotRun, Refused, SettingsError, TokenError) as error:
        for line in str(error).splitlines():
            note(f"goes on without this: {line}")
        return None


def _setup(
    client: str,
    config_dir: Path | None,
    folders: Folders,
    circumstances: Circumstances,
    running: str = "",
) -> ClientSetup:
    is_claude = client == claude_code.CLIENT
    if config_dir is None and os.environ.get("HOME") == "":
        raise CannotRun("HOME is empty, so nobody knows where the client's settings are; set it")
    find_folder = claude_code.settings_folder if is_claude else codex.settings_folder
    folder = find_folder(os.environ, config_dir)
    _check_text(
        str(folder), *circumstances.program.words, *circumstances.program.variables.values()
    )
    return ClientSetup(
        client,
        Setup(client, folder, DiskFiles(), folders.state_dir / STATE_FOLDER),
        claude_code.own_file(os.environ, config_dir),
        circumstances,
        config_dir,
        running,
    )


def _check_text(*paths: str) -> None:
    """A settings file is UTF-8: a path that is not cannot stand in it. Raises CannotRun."""
    for path in paths:
        if path.encode("utf-8", "replace") != os.fsencode(path):
            shown = path.encode("utf-8", "replace").decode()
            raise CannotRun(f"{shown}: is not UTF-8, and settings files are; give it another name")


def client_options(command: Command) -> Command:
    """The options of both commands."""
    options = (
        click.option(
            "--config-dir",
            type=click.Path(path_type=Path),
            metavar="FOLDER",
            help="Of the client's settings; else CLAUDE_CONFIG_DIR or CODEX_HOME, else the usual.",
        ),
        click.option(
            "--dry-run", is_flag=True, help="Print the diff of every file; write nothing."
        ),
        click.option("--yes", "-y", is_flag=True, help="Do not ask."),
        click.option("--json", "as_json", is_flag=True, help="Print JSON."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _address(given: str | None, table: RoutingTable) -> str:
    """Where the client will find us: an address that stays, so not that of a server of the hour."""
    if given is not None:
        if not _is_address(given):
            raise CannotRun(f"--address {given}: write it as http://127.0.0.1:7337")
        return given.rstrip("/")
    server = table.settings.server
    if not server.port:
        raise CannotRun(
            "the settings say port = 0, a new port at each start, and a client needs one that "
            "stays; set [server] port, or say --address URL"
        )
    host = f"[{server.host}]" if ":" in server.host else server.host
    return f"http://{LOOPBACK if server.host in EVERYWHERE else host}:{server.port}"


def _is_address(given: str) -> bool:
    try:
        parts = urlsplit(given)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, or too large a one
        return False


def _token_address(address: str, folders: Folders) -> str:
    """The address to look at before the token is printed; "" if that changes nothing."""
    port = token_port(address, folders.settings_file)
    return "" if port == settings_port(folders.settings_file) else address


def _server_of(folders: Folders, settings_file: Path) -> Server | None:
    """The server that runs with these settings, if it answers as it should."""
    try:
        return _asked_server(folders, settings_file)
    except CannotRun:
        return None


def _asked_server(folders: Folders, settings_file: Path) -> Server | None:
    """The server that runs with these settings; makes no token for the question.

    Raises CannotRun and TokenError.
    """
    found = ServerFile(folders.server_file).running()
    if found is None or found.settings_file != str(settings_file):
        return None
    return find_server(folders, load_token(os.environ, folders.token_file))


def _listings_now(
    folders: Folders, settings_file: Path, settings: Settings
) -> dict[str, tuple[ModelFacts, ...]]:
    server = _asked_server(folders, settings_file)
    return {} if server is None else _listings(settings, server)


def _listings(settings: Settings, server: Server) -> dict[str, tuple[ModelFacts, ...]]:
    """What endpoints have told the server of their models, for those whose settings name none."""
    listed = server.read("/v1/models?limit=1000", ModelList).data
    return {
        endpoint.name: tuple(
            ModelFacts(model.id.removeprefix(f"{endpoint.name}/"), model.max_input_tokens)
            for model in listed
            if model.id.startswith(f"{endpoint.name}/")
        )
        for endpoint in settings.endpoints
        if not endpoint.models
    }
