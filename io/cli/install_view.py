"""What `install` and `uninstall` show: the diff, the files that were written, and what was kept."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import click

from ..clients.change import Change, Done
from ..clients.document import shown
from ..clients.merge import Conflict
from ..clients.precedence import Ruling
from ..clients.setup import Target
from ..clients.unified_diff import covered, unified_diff
from .client_setup import ClientSetup
from .errors import CannotRun
from .output import is_terminal, note, show_details

VALUE_CHARACTERS_MAX = 120


def diff_of(change: Change) -> str:
    """A change as a diff; values that we write are shown, others that may be secret are not."""
    entries = change.record.entries
    own = {json.dumps(value, ensure_ascii=False) for each in entries for value in each.wrote}
    path = change.path if change.look is None else change.look.path
    return unified_diff(path, change.before, change.after, own)


def show_changes(changes: Sequence[Change], *, to_stderr: bool = False) -> None:
    """Prints the diff of every file that would change; beside JSON it goes to stderr."""
    for change in changes:
        if change.is_needed:
            click.echo(diff_of(change), nl=False, err=to_stderr)


def ask(question: str) -> None:
    """Asks before anything is written; who says no leaves here. Raises CannotRun."""
    if not is_terminal(sys.stdin):
        raise CannotRun("nobody can be asked here: say --yes, or look first with --dry-run")
    click.confirm(question, default=False, abort=True, err=True)


def in_words(changes: Sequence[Change]) -> str:
    """The files of some changes."""
    return " and ".join(str(each.path) for each in changes)


def show_done(done: Sequence[Done]) -> None:
    """Prints each file that was written, and where its old content is."""
    for each in done:
        if not each.change.is_needed:
            continue
        verb = _verb(each.change)
        kept = f" (before: {each.backup})" if each.backup is not None else ""
        click.echo(f"{verb} {each.change.path}{kept}")


def show_wishes(targets: Sequence[Target], changes: Sequence[Change]) -> None:
    """Prints each key of ours and what it is for."""
    kept = {one.path for each in changes for one in each.conflicts if not one.replaced}
    for target in targets:
        click.echo(f"{target.path}:")
        wishes = [each for each in target.wishes if each.path not in kept]
        show_details([(shown(each.path), each.why) for each in wishes])


def tell_conflicts(changes: Sequence[Change]) -> None:
    """Says what stays as the user has set it, and what was replaced."""
    for change in changes:
        for conflict in change.conflicts:
            note(_conflict_in_words(change.path, conflict))


def tell_left(changes: Sequence[Change]) -> None:
    """Says which keys are no longer ours."""
    for change in changes:
        for path in change.left:
            note(f"{change.path}: {shown(path)} was changed since it was installed, and is left")


def as_data(
    setup: ClientSetup,
    done: Sequence[Done],
    warnings: Sequence[str] = (),
    ruled: Sequence[Ruling] = (),
    *,
    dry_run: bool,
) -> dict[str, Any]:
    """All of it as JSON."""
    return {
        "client": setup.client,
        "folder": str(setup.files.folder),
        "dry_run": dry_run,
        "files": [_file_as_data(each) for each in done],
        "notes": list(setup.notes),
        "warnings": list(warnings),
        "ruled_by": [
            {
                "path": str(each.file.path),
                "key": each.key,
                "consequence": each.consequence,
                "remedy": each.remedy,
            }
            for each in ruled
        ],
    }


def _file_as_data(done: Done) -> dict[str, Any]:
    change = done.change
    return {
        "path": str(change.path),
        "changed": change.is_needed,
        "diff": diff_of(change),
        "backup": None if done.backup is None else str(done.backup),
        "conflicts": [
            {"key": list(each.path), "replaced": each.replaced, "wanted": each.wish.value}
            for each in change.conflicts
        ],
        "left": [list(path) for path in change.left],
    }


def _verb(change: Change) -> str:
    if change.before is None:
        return "made"
    return "removed" if change.after is None else "changed"


def _conflict_in_words(file: Path, conflict: Conflict) -> str:
    name = shown(conflict.path)
    line = f"{json.dumps(conflict.path[-1])}: {' '.join(conflict.raw.split())}"
    yours = covered(line[:VALUE_CHARACTERS_MAX]).partition(": ")[2]
    ours = json.dumps(conflict.wish.value, ensure_ascii=False)
    if conflict.replaced:
        return f"{file}: {name} was {yours}; it is {ours} now, and uninstall puts yours back"
    return (
        f"{file}: {name} stays {yours}, as you have set it; Understudy needs {ours} "
        f"({conflict.wish.why}): --force replaces it, and uninstall puts yours back"
    )
