"""`understudy endpoints default`: which model is asked where nothing else is said, and why."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ...protocols.routing.table import RoutingTable
from ...protocols.settings import Settings
from ..default_file import DefaultFile
from ..folders import Folders
from ..settings_file import default_file_of
from .catalogue import known_model, read_settings
from .errors import CannotRun
from .output import note


@click.command("default")
@click.argument("place", required=False)
@click.option("--clear", is_flag=True, help="Leave it to the settings again.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="Use this settings file."
)
def command(place: str | None, clear: bool, config: Path | None) -> None:
    """Show, set or clear the default: the model for ids that no endpoint has.

    What is set here, or by the tool `endpoint_set`, is written to a file of its own beside the
    settings, and comes before their `default`. A running server follows within a second.

    \b
    Examples:
      understudy endpoints default
      understudy endpoints default work/claude-x
      understudy endpoints default --clear
    """
    settings_file = (config or Folders.from_environment(os.environ).settings_file).absolute()
    file = default_file_of(settings_file)
    if file is None:
        raise CannotRun(f"{settings_file}: a settings file cannot have this name")
    if clear and place:
        raise CannotRun("give a place, or --clear, and not both")
    settings = read_settings(settings_file)
    if clear:
        _clear(file)
    elif place:
        _set(file, RoutingTable.of(settings), place)
    else:
        _show(file, settings)


def _clear(file: DefaultFile) -> None:
    if file.clear():
        click.echo(f"removed {file.path}: the settings say the default again")
    else:
        click.echo("nothing was set: the settings say the default")


def _set(file: DefaultFile, table: RoutingTable, place: str) -> None:
    file.put(known_model(table, place))
    click.echo(f"the default is {place} from now on")
    note("to undo: understudy endpoints default --clear")


def _show(file: DefaultFile, settings: Settings) -> None:
    click.echo(RoutingTable.of(settings).default)
    if file.path.exists():
        note(f"set in {file.path}; to undo: understudy endpoints default --clear")
