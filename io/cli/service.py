"""`understudy service`: keeps the server running, so that its address is always there."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

import attrs
import click

from ...protocols.settings import Settings
from ..folders import Folders
from ..service.holder import foreign_holder, holder, owner_of, settings_port
from ..service.manager import Manager, choose_manager
from ..service.plan import LOG_NAME, make_plan
from ..service.steps import ServiceError, Step, apply, described, run
from ..token import TOKEN_VARIABLE, load_token
from .catalogue import read_settings
from .errors import CannotRun, Failed
from .key_variables import key_variables
from .output import note, show_details, show_json
from .server import Server, find_server

START_SECONDS_MAX: Final = 30.0
POLL_SECONDS: Final = 0.05
LOG_LINES: Final = 50
LOG_LINES_MAX: Final = 100_000
OUTSIDE_VARIABLES: Final = (
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"),
    *("http_proxy", "https_proxy", "all_proxy", "no_proxy"),
    "SSL_CERT_FILE",
)
"""What the server reads of its environment to reach an endpoint (upstream/settings.py)."""
NOT_RUNNING: Final = 3
"""The exit code of `status` where the service does not run, as systemctl has it."""

dry_run = click.option("--dry-run", is_flag=True, help="Show what would be done, and do nothing.")


@click.group("service")
def command() -> None:
    """Keep Understudy running from login on: by systemd on Linux, by launchd on macOS.

    \b
    Examples:
      understudy service install --dry-run
      understudy service install
      understudy service status
      understudy service logs --follow
      understudy service remove
    """


@command.command("install")
@click.option(
    "--config",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="The settings file to use, instead of the usual one.",
)
@dry_run
def install(config: Path | None, dry_run: bool) -> None:
    """Start the server now and at each login, and start it again when it crashes.

    Safe to run again: what runs as it should is left alone. The service sees no variables of this
    shell: keys come from the keychain (`understudy keys add`), the token from its file.
    """
    folders, manager = _circumstances()
    settings = read_settings(config or folders.settings_file)
    steps = manager.install(make_plan(folders, os.environ, config))
    if dry_run:
        _show(steps)
        return
    _check_port(settings, folders, manager)
    apply(steps, os.environ)
    server = _wait_until_answering(folders, manager)
    click.echo(f"Understudy runs at {server.address}, now and from each login on")
    for line in _remarks(settings, manager, os.environ):
        note(line)


@command.command("restart")
@dry_run
def restart(dry_run: bool) -> None:
    """Stop the server and start it again, as after an update. Turns in flight get a few seconds."""
    folders, manager = _installed()
    if dry_run:
        _show(manager.restart())
        return
    apply(manager.restart(), os.environ)
    click.echo(f"Understudy runs at {_wait_until_answering(folders, manager).address}")


@command.command("remove")
@dry_run
def remove(dry_run: bool) -> None:
    """Stop the server and start it at logins no more. Settings, keys and history stay."""
    _, manager = _circumstances()
    steps = manager.remove()
    if dry_run:
        _show(steps)
    elif steps:
        apply(steps, os.environ)
        click.echo("the service is removed; settings, keys and history stay")
    else:
        click.echo(f"there is no service of Understudy ({manager.file} is not there)")


@command.command("status")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.pass_context
def status(ctx: click.Context, as_json: bool) -> None:
    """Say how the service is, and whether the server answers. Exit code 3: it does not run."""
    folders, manager = _circumstances()
    state = manager.state()
    server = find_server(folders, load_token(os.environ, folders.token_file))
    address = "" if server is None else server.address
    if as_json:
        file = str(manager.file)
        show_json(
            {"manager": manager.name, "file": file, "address": address, **attrs.asdict(state)}
        )
    else:
        process = f", process {state.process_id}" if state.process_id else ""
        at_login = "starts at login" if state.enabled else "does not start at login"
        where = f"{manager.file}, {at_login}" if state.installed else "`understudy service install`"
        show_details(
            [
                ("service", where if state.installed else f"not installed: {where} does it"),
                (manager.name, f"{state.words}{process}"),
                ("server", f"answers at {address}" if address else _silent(folders)),
            ]
        )
    if not state.running:
        ctx.exit(NOT_RUNNING)


@command.command("logs")
@click.option(
    "-n",
    "--lines",
    type=click.IntRange(1, LOG_LINES_MAX),
    default=LOG_LINES,
    show_default=True,
    metavar="N",
    help="How many of the newest lines.",
)
@click.option("-f", "--follow", is_flag=True, help="Go on until interrupted.")
@click.pass_context
def logs(ctx: click.Context, lines: int, follow: bool) -> None:
    """Show the server's log."""
    _, manager = _installed()
    words = manager.log_command(lines, follow=follow)
    try:
        done = subprocess.run(words, check=False)  # noqa: S603 a program of the system
    except OSError as error:
        raise CannotRun(f"{words[0]} cannot be run: {error.strerror}") from None
    except KeyboardInterrupt:
        return
    ctx.exit(done.returncode)


def _silent(folders: Folders) -> str:
    port = settings_port(folders.settings_file)
    held = holder(port, folders)
    return f"does not answer; port {port}: {held}" if held else "does not answer"


def _circumstances() -> tuple[Folders, Manager]:
    """Raises ServiceError where no manager runs for this user."""
    folders = Folders.from_environment(os.environ)
    manager = choose_manager(os.environ, sys.platform, folders.log_dir / LOG_NAME)
    manager.check()
    return folders, manager


def _installed() -> tuple[Folders, Manager]:
    folders, manager = _circumstances()
    if not manager.state().installed:
        raise CannotRun("there is no service yet; `understudy service install` makes it")
    return folders, manager


def _show(steps: Sequence[Step]) -> None:
    for line in described(steps):
        click.echo(line)
    if not steps:
        click.echo("nothing to do")


def _check_port(settings: Settings, folders: Folders, manager: Manager) -> None:
    """The service must be the one that listens. Raises CannotRun where another program does."""
    port = settings.server.port
    if port == 0:
        raise CannotRun(
            "server.port is 0, any free port: clients could not be told an address that stays; "
            "set one in the settings"
        )
    if foreign_holder(port):
        raise CannotRun(f"the service could not listen on port {port}: {holder(port, folders)}")
    if owner_of(port).whose == "yours" and not manager.state().running:
        raise CannotRun(
            f"the service could not listen on port {port}: {holder(port, folders)}. Stop that, and "
            "run this again"
        )


def _wait_until_answering(folders: Folders, manager: Manager) -> Server:
    """The server, once it answers. Raises Failed with where its log is."""
    token = load_token(os.environ, folders.token_file)
    deadline = time.monotonic() + START_SECONDS_MAX
    state = manager.state()
    while not state.failing and time.monotonic() < deadline:
        server = find_server(folders, token)
        if server is not None and state.running:
            return server
        time.sleep(POLL_SECONDS)
        state = manager.state()
    last = _last_words(manager)
    raise Failed(
        f"the service does not answer: {manager.name} says {state.words}"
        f"{f'; it said last: {last}' if last else ''}; `understudy service logs` says more"
    )


def _last_words(manager: Manager) -> str:
    """The newest line of the log; "" if there is none."""
    try:
        said = run(manager.log_command(1, follow=False), os.environ)
    except ServiceError:
        return ""
    return said.out.strip().rpartition("\n")[2] if said.code == 0 else ""


def _remarks(settings: Settings, manager: Manager, environ: Mapping[str, str]) -> Iterator[str]:
    """What the service will lack of this shell, and when it ends."""
    for name, owner in key_variables(settings).items():
        yield (
            f"the service does not see ${name}, the key of {owner}: `understudy keys add` puts it "
            "into the keychain"
        )
    for name in OUTSIDE_VARIABLES:
        if environ.get(name):
            yield (
                f"the service does not see ${name} of this shell, by which endpoints are reached: "
                f"{manager.variable_hint(name)}"
            )
    if environ.get(TOKEN_VARIABLE):
        yield (
            f"${TOKEN_VARIABLE} is set in this shell, and the service has the token of its own "
            "file; unset it, or commands from here will not be let in"
        )
    if hint := manager.hint():
        yield hint
