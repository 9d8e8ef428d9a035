"""`understudy uninstall`: a client's settings without what `understudy install` put there."""

from __future__ import annotations

from pathlib import Path

import click

from ..clients.change import Done
from ..locked_file import locked
from .client_setup import CLIENTS, ClientSetup, client_options, open_installed
from .install_view import as_data, ask, in_words, show_changes, show_done, tell_left
from .output import note, show_json


@click.command("uninstall", short_help="Take out of a client's settings what was put there.")
@click.argument("client", type=click.Choice(CLIENTS))
@client_options
def command(client: str, config_dir: Path | None, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Take out of a client's settings what `understudy install` put there.

    Only keys that still hold what was written are taken out, and what they replaced comes back; a
    key that you have changed since is left, and told. All else stays as it is. Settings of
    Understudy's own that cannot be read, or a server that does not answer, are no hindrance.

    \b
    Examples:
      understudy uninstall claude-code --dry-run
      understudy uninstall codex --yes
    """
    setup = open_installed(client, config_dir)
    changes = setup.files.plan_uninstall(setup.is_ours)
    recognised = None
    if not changes:
        recognised = setup.recognised()
        changes = setup.files.plan_uninstall(setup.is_ours, recognised)
    needed = [each for each in changes if each.is_needed]
    done = [Done(each) for each in changes]
    if not dry_run and changes:
        if needed and not yes:
            show_changes(changes, to_stderr=as_json)
            ask(f"Write {in_words(needed)}?")
        with locked(setup.files.journal.lock):
            if recognised is not None:
                setup.files.journal.keep(recognised)
            done = setup.files.uninstall(setup.is_ours)
    if as_json:
        show_json(as_data(setup, done, dry_run=dry_run))
        return
    if dry_run:
        show_changes(changes)
    else:
        show_done(done)
    tell_left([each.change for each in done])
    if not changes:
        note(_not_installed(setup))
        return
    if recognised is not None:
        note(
            f"the journal knows nothing of {setup.files.folder}: keys that hold what `install` "
            "writes were taken for installed; what was there before is not known"
        )
    if dry_run:
        note("nothing was written")


def _not_installed(setup: ClientSetup) -> str:
    others = setup.files.journal.folders(setup.client)
    but = f", but with --config-dir {' and '.join(others)}" if others else ""
    return f"{setup.client} is not installed in {setup.files.folder}{but}"
