"""`understudy install`: a client's own settings, so that it uses Understudy from any window."""

from __future__ import annotations

import os
from pathlib import Path

import click

from ..clients.change import Done
from ..clients.files import FileRefused
from ..clients.setup import refused_with
from ..locked_file import locked
from .client_setup import CLIENTS, ClientSetup, client_options, open_setup
from .install_view import (
    as_data,
    ask,
    in_words,
    show_changes,
    show_done,
    show_wishes,
    tell_conflicts,
)
from .output import note, show_json


@click.command("install", short_help="Set Claude Code or Codex up to use Understudy.")
@click.argument("client", type=click.Choice(CLIENTS))
@client_options
@click.option("--force", is_flag=True, help="Replace values of yours; uninstall puts them back.")
@click.option(
    "--statusline/--no-statusline",
    default=None,
    help="Claude Code's status line by Understudy; as installed before if not said.",
)
@click.option("--keep-mode", is_flag=True, help="Leave Claude Code's permission mode alone.")
@click.option("--address", metavar="URL", help="Understudy's address, if not that of the settings.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="With this settings file."
)
def command(
    client: str,
    config_dir: Path | None,
    dry_run: bool,
    yes: bool,
    as_json: bool,
    force: bool,
    statusline: bool | None,
    keep_mode: bool,
    address: str | None,
    config: Path | None,
) -> None:
    """Set a client up to use Understudy, in its own settings.

    Shows what would change and asks first. What you have set yourself is kept and told, unless you
    say --force. `understudy uninstall` takes out exactly what was put in.

    \b
    Examples:
      understudy install claude-code --dry-run
      understudy install claude-code --statusline
      understudy install codex --yes
    """
    setup = open_setup(client, config_dir, config, address)
    targets = setup.targets(statusline=statusline, mode=not keep_mode)
    try:
        changes = setup.files.plan_install(targets, force=force)
    except FileRefused as error:
        raise refused_with(targets, error) from None
    ruled = setup.rulings(targets)
    warnings = setup.warnings(os.environ, ruled)
    needed = [each for each in changes if each.is_needed]
    done = [Done(each) for each in changes]
    if not dry_run:
        if needed and not yes:
            show_changes(changes, to_stderr=as_json)
            ask(f"Write {in_words(needed)}?")
        with locked(setup.files.journal.lock):
            done = setup.files.install(targets, force=force)
    if as_json:
        show_json(as_data(setup, done, warnings, ruled, dry_run=dry_run))
        return
    if dry_run:
        show_changes(changes)
    elif needed:
        show_done(done)
        show_wishes(targets, changes)
    tell_conflicts([each.change for each in done])
    for line in (*setup.notes, *warnings, *_how_to_go_on(setup, bool(needed), dry_run)):
        note(line)


def _how_to_go_on(setup: ClientSetup, changed: bool, dry_run: bool) -> list[str]:
    if dry_run:
        return ["nothing was written" if changed else "nothing to change"]
    if not changed:
        return ["nothing to change: it is installed"]
    return [
        f"to undo: understudy uninstall {setup.client}; windows that are open keep what they have"
    ]
