"""`understudy endpoints remove`: takes out an endpoint that was added by command."""

from __future__ import annotations

import os
import shlex
from pathlib import Path

import click

from ...protocols.providers.endpoints_toml import EndpointTable
from ..folders import Folders
from .endpoint_shelf import EndpointShelf
from .errors import CannotRun
from .output import note


@click.command("remove")
@click.argument("name")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="Use this settings file."
)
def command(name: str, yes: bool, config: Path | None) -> None:
    """Remove an endpoint that `understudy endpoints add` has written.

    Its key stays where it is. What stands in settings.toml is yours, and is not touched.

    \b
    Examples:
      understudy endpoints remove deepseek
    """
    shelf = EndpointShelf.of(Folders.from_environment(os.environ), config)
    file = shelf.file
    names = [str(each["name"]) for each in file.tables()]
    if name not in names:
        own = any(each.name == name for each in shelf.settings().endpoints)
        where = f"{shelf.settings_file} or models.toml has it: remove it there" if own else ""
        known = f"added: {', '.join(names) or 'none'}"
        raise CannotRun(f"no endpoint {name} was added by command; {where or known}")
    if not yes:
        click.confirm(f"Remove {name} from {file.path}?", abort=True)
    taken = file.take(name)
    if taken is not None:
        click.echo(f"removed {name} from {file.path}")
        note(f"to undo: {add_again(taken)}")


def add_again(table: EndpointTable) -> str:
    """The command that adds an endpoint as it was."""
    words = ["understudy", "endpoints", "add", "--yes", "--no-test"]
    for key, option in _OPTIONS.items():
        value = table.get(key)
        if value is True:
            words.append(option)
        elif isinstance(value, str):
            words += [option, value]
        elif isinstance(value, list):
            words += [word for each in value for word in (option, each)]
        elif isinstance(value, dict):
            words += [word for each in value.items() for word in (option, "=".join(each))]
    return shlex.join(words)


_OPTIONS = {
    "provider": "--provider",
    "name": "--name",
    "base_url": "--base-url",
    "dialect": "--dialect",
    "key": "--key",
    "models": "--model",
    "private": "--private",
    "paths": "--path",
}
