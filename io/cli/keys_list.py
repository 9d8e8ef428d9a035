"""`understudy keys list`: names, hosts and users of the keys; never a key."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import click

from ..ports import KeychainError
from .errors import Failed
from .keys_place import KeyPlace, config_option, open_place
from .output import note, show_json, show_table


@attrs.frozen
class KeyRow:
    """One key as it is shown. Without a `host` it is named in the settings, but was not added."""

    name: str
    host: str | None
    store: str | None
    endpoints: tuple[str, ...]


@click.command("list", short_help="List the keys: names and hosts, never a key.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@config_option
def command(as_json: bool, config: Path | None) -> None:
    """List the keys that were added, for which hosts, and which endpoints use them.

    From Understudy's own list of names: the keychain is not asked, so nobody has to unlock it.

    \b
    Examples:
      understudy keys list
      understudy keys list --json
    """
    place = open_place(config)
    rows = _rows(place)
    if as_json:
        values: list[Any] = [attrs.asdict(row) for row in rows]
        show_json({"store": place.settings.keys.store, "place": place.title, "keys": values})
        return
    if not rows:
        note("no key was added yet; `understudy keys add NAME --host HOST` adds one")
        return
    show_table(
        ("name", "for", "in", "used by"),
        [
            (
                row.name,
                row.host or "not added",
                row.store or "-",
                ", ".join(row.endpoints) or "nobody",
            )
            for row in rows
        ],
    )
    _say_what_is_missing(rows)


def _rows(place: KeyPlace) -> list[KeyRow]:
    try:
        entries = place.index.entries()
    except KeychainError as error:
        raise Failed(str(error)) from None
    named = place.named_keys()
    found: list[KeyRow] = []
    for name in sorted({*entries, *named}):
        entry = entries.get(name)
        host, store = (None, None) if entry is None else (entry.host, entry.store)
        found.append(KeyRow(name, host, store, tuple(named.get(name, ()))))
    return found


def _say_what_is_missing(rows: list[KeyRow]) -> None:
    for row in rows:
        if row.host is None:
            note(
                f"{row.name} is named by {', '.join(row.endpoints)}: understudy keys add {row.name}"
            )
