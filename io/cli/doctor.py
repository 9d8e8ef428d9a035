"""`understudy doctor`: looks at all that a first turn needs, and says the next step for each."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import attrs
import click

from ...protocols.settings import Settings, SettingsError
from ..folders import Folders
from ..server_file import ServerFile
from .catalogue import read_settings
from .checks_client import check_client_settings
from .checks_endpoints import check_endpoints
from .checks_engines import check_engine, check_mlx, check_prompts
from .checks_found import check_found_servers
from .checks_machine import (
    check_client,
    check_python,
    check_state_folder,
    check_token,
)
from .checks_memory import check_memory, check_models, memory_report
from .checks_server import check_port, check_server, check_settings
from .findings import Circumstances, Finding, State
from .first_model import (
    FirstModel,
    ask_for_first_model,
    check_first_model,
    find_first_model,
    run_here,
)
from .output import COLUMN_GAP, folded, is_terminal, note, show_json, spinner, styled

COLOURS: dict[State, str] = {"ok": "green", "warn": "yellow", "fail": "red"}
STATE_COLUMNS = 4


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="Check this settings file."
)
@click.option("--fix", is_flag=True, help="Give a machine without a model its first one.")
@click.pass_context
def command(ctx: click.Context, as_json: bool, config: Path | None, fix: bool) -> None:
    """Check what is needed, and say what to do next.

    Looks at Python, the settings, folders and files, the port, the running server, every endpoint
    and its key (never shown), what runs models here, model files and memory, and the client. Exits
    with 1 if any fails. Where no endpoint has been named yet, a terminal is asked whether to fetch
    a first model; --fix does it unasked.

    \b
    Examples:
      understudy doctor
      understudy doctor --fix
      understudy doctor --json
    """
    circumstances = circumstances_of(config)
    with spinner("looking"):
        first = find_first_model(circumstances, memory_report(circumstances))
        findings = list(examine(circumstances, first))
    failed = any(each.state == "fail" for each in findings)
    if as_json:
        show_json({"ok": not failed, "checks": [attrs.asdict(each) for each in findings]})
    else:
        _show(findings)
        if not failed:
            _help_to_a_model(ctx, first, circumstances.settings_file, fix=fix)
    ctx.exit(failed)


def circumstances_of(config: Path | None) -> Circumstances:
    """Reads what the checks need. Raises FolderUnusable if no folders are known."""
    folders = Folders.from_environment(os.environ)
    note = ServerFile(folders.server_file).running()
    of_server = Path(note.settings_file) if note is not None and note.settings_file else None
    file = (config or of_server or folders.settings_file).absolute()
    try:
        return Circumstances(os.environ, folders, file, read_settings(file), (), note)
    except SettingsError as error:
        return Circumstances(os.environ, folders, file, Settings(), error.problems, note)


def examine(circumstances: Circumstances, first: FirstModel | None) -> Iterator[Finding]:
    """Runs every check, in the order in which to put things right."""
    yield from check_python()
    yield from check_settings(circumstances)
    yield from check_state_folder(circumstances)
    yield from check_token(circumstances)
    yield from check_port(circumstances)
    yield from check_server(circumstances)
    yield from check_endpoints(circumstances)
    yield from check_found_servers(circumstances)
    yield from check_engine(circumstances)
    yield from check_mlx(circumstances)
    yield from check_prompts(circumstances)
    yield from check_memory(circumstances)
    yield from check_models(circumstances)
    yield from check_first_model(first, circumstances.settings_file)
    yield from check_client(circumstances)
    yield from check_client_settings(circumstances)


def _help_to_a_model(
    ctx: click.Context, first: FirstModel | None, settings_file: Path, *, fix: bool
) -> None:
    """Gives a first model, or asks whether to; elsewhere than on a terminal nobody can be asked."""
    if fix:
        if first is None or not first.arguments:
            note("there is nothing that this could put right: see above")
        else:
            run_here(ctx, first.arguments)
    elif first is not None and is_terminal(sys.stdin) and is_terminal(sys.stdout):
        ask_for_first_model(ctx, first, settings_file)


def _show(findings: Sequence[Finding]) -> None:
    """Prints each finding, its lines kept within a terminal; advice stands below."""
    name_columns = max(len(each.name) for each in findings)
    indent = " " * (STATE_COLUMNS + name_columns + 2 * len(COLUMN_GAP))
    for each in findings:
        state = styled(each.state.ljust(STATE_COLUMNS), COLOURS[each.state])
        first, *more = folded(each.found, len(indent))
        click.echo(f"{state}{COLUMN_GAP}{each.name.ljust(name_columns)}{COLUMN_GAP}{first}")
        for line in more:
            click.echo(f"{indent}{line}")
        for number, line in enumerate(folded(each.advice, len(indent) + 3)):
            click.echo(f"{indent}{'   ' if number else '-> '}{line}")
