"""`understudy keys remove`: a key is taken out of the keychain."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from .errors import CannotRun
from .keys_place import (
    check_key_name,
    config_option,
    key_argument,
    open_place,
    performed,
    tell_of_change,
)
from .output import is_terminal, note


@click.command("remove", short_help="Take a key out of the keychain.")
@key_argument
@click.option("--yes", "-y", is_flag=True, help="Do not ask.")
@config_option
def command(name: str, yes: bool, config: Path | None) -> None:
    """Take a key out of the keychain. A running server has it no more from the next turn on.

    The key stays valid at its provider: revoke it there if somebody else may know it.

    \b
    Examples:
      understudy keys remove work
      understudy keys remove work --yes
    """
    check_key_name(name)
    place = open_place(config)
    users = place.named_keys().get(name, [])
    if not yes:
        if not is_terminal(sys.stdin):
            raise CannotRun("nobody can be asked here: say --yes")
        used = f", which {', '.join(users)} needs" if users else ""
        click.confirm(f"Remove the key {name}{used}?", default=False, abort=True, err=True)

    async def remove() -> bool:
        was_there = await place.keychain.remove(name)
        return await place.index.take(name) or was_there

    found = performed(remove)
    tell_of_change(place, name)
    if not found:
        raise CannotRun(f"{place.title} has no key {name}; `understudy keys list` lists them")
    click.echo(f"removed {name} from {place.title}")
    if users:
        note(f"{', '.join(users)} cannot do without it: understudy keys add {name}")
