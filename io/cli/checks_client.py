"""What `understudy doctor` checks of the settings that `install` has written for Claude Code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from ...protocols.settings_addresses import is_loopback
from ..clients import claude_code
from ..clients.change import Change
from ..clients.document import shown
from ..clients.files import DiskFiles, FileRefused
from ..clients.merge import Wish
from ..clients.precedence import BASE_URL, find_rulings
from ..clients.setup import STATE_FOLDER, Setup, Target
from ..service.holder import owner_of
from .findings import Circumstances, Finding, ok, warn

NAME = "client settings"
AGAIN = "run: understudy install claude-code"


def check_client_settings(circumstances: Circumstances) -> Iterator[Finding]:
    """They hold what was installed, lead to the server that runs, and nothing rules over them.

    Nothing is said where nothing was installed.
    """
    folder = claude_code.settings_folder(circumstances.environ, None)
    state = circumstances.folders.state_dir / STATE_FOLDER
    try:
        changes = Setup(claude_code.CLIENT, folder, DiskFiles(), state).plan_uninstall()
    except FileRefused as error:
        yield warn(NAME, "cannot be looked at", str(error))
        return
    targets = [_installed(each) for each in changes]
    found = [*_changed(changes), *_elsewhere(targets, circumstances), *_ruled(targets)]
    yield from found
    if changes and not found:
        yield ok(NAME, f"{folder}; no other file rules over them")


def _installed(change: Change) -> Target:
    wishes = (Wish(each.path, each.wrote[-1], "") for each in change.record.entries)
    return Target(change.path, tuple(wishes))


def _changed(changes: Sequence[Change]) -> Iterator[Finding]:
    """Keys that hold another value by now; a model is picked in the client as one likes."""
    for change in changes:
        keys = [shown(path) for path in change.left if path != claude_code.MODEL]
        if keys:
            what = f"{change.path}: changed since they were installed: {', '.join(keys)}"
            yield warn(NAME, what, f"{AGAIN} --force")


def _elsewhere(targets: Sequence[Target], circumstances: Circumstances) -> Iterator[Finding]:
    """An address of this machine where no program of this user listens, while our server runs."""
    note = circumstances.note
    named = [
        str(each.value) for target in targets for each in target.wishes if each.path == BASE_URL
    ]
    if note is None or not named:
        return
    parts = urlsplit(named[0])
    port = parts.port or 0
    if not is_loopback(parts.hostname or "") or port == urlsplit(note.address).port:
        return
    if owner_of(port).whose != "yours":
        yield warn(NAME, f"they lead to {named[0]}; the server is at {note.address}", AGAIN)


def _ruled(targets: Sequence[Target]) -> Iterator[Finding]:
    for each in find_rulings(targets) if targets else ():
        yield warn(NAME, f"{each.file.path}: {each.key}: {each.consequence}", each.remedy)
