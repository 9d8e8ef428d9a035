"""`understudy endpoints list`: every endpoint and model, and where its key is to come from."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import attrs
import click

from ...protocols.routing.table import RoutingTable
from ...protocols.settings import KeyReference, Settings, SettingsError
from ..folders import Folders
from ..keychain.index import KeyIndex
from ..keys import KeyUnavailable, resolve_key
from ..ports import KeychainError
from ..server_file import ServerFile
from ..token import load_token
from .catalogue import read_settings, table_of_server
from .output import note, show_json, show_table
from .server import Server, ServerStatus, find_server


@attrs.frozen
class EndpointRow:
    """One endpoint as it is shown. `key_set` is None where no key is needed, or nobody knows."""

    name: str
    kind: str
    address: str
    models: tuple[str, ...]
    default_model: str | None
    context_tokens: int | None
    key: str | None
    key_set: bool | None
    state: str


@attrs.frozen
class _Listing:
    """What is known: keys and states by endpoint name."""

    source: str
    table: RoutingTable
    keys: Mapping[str, KeyReference]
    states: Mapping[str, str]
    remarks: tuple[str, ...]


@click.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="Read this settings file."
)
def command(as_json: bool, config: Path | None) -> None:
    """List the endpoints and their models.

    From the running server, else (or with --config) from the settings file. The default model is
    marked *. Of a key only its place is shown, and whether it is set in this shell, or was added
    to the keychain.

    \b
    Examples:
      understudy endpoints list
      understudy endpoints list --json
    """
    show_endpoints(as_json, config)


def show_endpoints(as_json: bool, config: Path | None) -> None:
    """Prints the endpoints, from the running server or from a file."""
    folders = Folders.from_environment(os.environ)
    server = None if config else _running(folders)
    if server is None:
        listing = _listing_of_file((config or folders.settings_file).absolute())
    else:
        listing = _listing_of_server(server, _settings_of_server(folders))
    for remark in listing.remarks:
        note(remark)
    rows = _rows(listing)
    if as_json:
        show_json({"source": listing.source, "endpoints": [attrs.asdict(row) for row in rows]})
        return
    show_table(
        ("", "model", "kind", "address", "context", "key", "state"),
        [line for row in rows for line in _lines(row)],
    )


def _listing_of_file(file: Path) -> _Listing:
    settings = read_settings(file)
    remark = f"no server runs; from {file}" if file.exists() else f"no settings file yet: {file}"
    keys = {each.name: each.key for each in settings.endpoints}
    return _Listing(str(file), RoutingTable.of(settings), keys, {}, (remark,))


def _listing_of_server(server: Server, settings: Settings | None) -> _Listing:
    status = server.read("/status.json", ServerStatus)
    states = {each.name: each.state for each in status.endpoints}
    keys = {} if settings is None else {each.name: each.key for each in settings.endpoints}
    table = table_of_server(server)
    return _Listing(server.address, table, keys, states, status.problems)


def _running(folders: Folders) -> Server | None:
    if ServerFile(folders.server_file).running() is None:
        return None
    return find_server(folders, load_token(os.environ, folders.token_file))


def _settings_of_server(folders: Folders) -> Settings | None:
    """The running server's settings file, for the keys' places; None if it cannot be read now."""
    note_of_server = ServerFile(folders.server_file).running()
    file = note_of_server.settings_file if note_of_server else ""
    try:
        return read_settings(Path(file) if file else folders.settings_file)
    except SettingsError:
        return None


def _rows(listing: _Listing) -> list[EndpointRow]:
    table, keys = listing.table, listing.keys
    default = table.find(table.settings.default_model)
    return [
        EndpointRow(
            name=endpoint.name,
            kind=endpoint.kind,
            address=endpoint.base_url or endpoint.file or "embedded",
            models=endpoint.models,
            default_model=default.model if default.endpoint.name == endpoint.name else None,
            context_tokens=endpoint.context_tokens,
            key=str(keys[endpoint.name]) if endpoint.dialects and endpoint.name in keys else None,
            key_set=_is_set(keys.get(endpoint.name)),
            state=listing.states.get(endpoint.name, "no server"),
        )
        for endpoint in table.endpoints
    ]


def _is_set(reference: KeyReference | None) -> bool | None:
    if reference is None or reference.source == "none":
        return None
    if reference.source == "keychain":
        return _is_added(reference.name)
    try:
        resolve_key(reference, os.environ)
    except KeyUnavailable:
        return False
    return True


def _is_added(name: str) -> bool | None:
    """Whether a key of the keychain was added; the keychain itself might have to ask its user."""
    try:
        return name in KeyIndex(Folders.from_environment(os.environ).keys_index).entries()
    except KeychainError:
        return None


def _lines(row: EndpointRow) -> list[tuple[str, ...]]:
    key = row.key or "-"
    if row.key_set is not None:
        key += " (set)" if row.key_set else " (not set)"
    context = f"{row.context_tokens:,}" if row.context_tokens else "-"
    details = (row.kind, row.address, context, key, row.state)
    return [
        ("*" if model == row.default_model else "", f"{row.name}/{model}", *details)
        for model in row.models
    ]
