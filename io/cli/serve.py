"""`understudy serve`: runs the server in this process until it is asked to stop."""

from __future__ import annotations

import logging
import os
import signal
import sys
from functools import partial
from pathlib import Path
from threading import Thread
from types import FrameType
from typing import TYPE_CHECKING

import click

from .errors import CannotRun, PortTaken, expected_errors, flattened

if TYPE_CHECKING:
    from .main import Serve, Starters

LOG_BYTES_MAX = 1_048_576
LOG_LEVELS = ("debug", "info", "warning", "error")


@click.command("serve")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="The settings file to use."
)
@click.option(
    "--port",
    type=click.IntRange(0, 65_535),
    metavar="N",
    help="The port, instead of the settings'; 0 takes any free one.",
)
@click.option(
    "--log-level",
    type=click.Choice(LOG_LEVELS),
    default="info",
    show_default=True,
    help="What is logged to stderr.",
)
@click.option(
    "--log-file",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE",
    help="Log there instead of to stderr, at most 1 MiB and one older file.",
)
@click.option("--while-used", is_flag=True, hidden=True)
@click.pass_obj
def command(
    starters: Starters,
    config: Path | None,
    port: int | None,
    log_level: str,
    log_file: Path | None,
    while_used: bool,
) -> None:
    """Serve until interrupted.

    Prints one line, `ready http://127.0.0.1:PORT`, when it listens. Ctrl-C or SIGTERM stops it:
    turns in flight get a few seconds to end, a second signal does not wait for them.

    \b
    Examples:
      understudy serve
      understudy serve --port 0 --config ./understudy.toml --log-level debug
    """
    logging.basicConfig(
        level=log_level.upper(),
        handlers=[logging.StreamHandler(sys.stderr) if log_file is None else _log_to(log_file)],
        format="%(asctime)s %(levelname)s %(message)s",
        datefmt="%H:%M:%S" if log_file is None else "%Y-%m-%d %H:%M:%S",
    )
    signal.signal(signal.SIGTERM, _like_an_interrupt)
    if while_used:
        Thread(target=_stop_when_unused, daemon=True).start()
    try:
        first = "" if while_used else _first_steps(config)
        _run(starters.serve, config, port, first)
    except KeyboardInterrupt:
        return


def _run(serve: Serve, config: Path | None, port: int | None, first: str) -> None:
    try:
        serve(config, port, partial(_announce, first))
    except PortTaken as error:
        raise CannotRun(f"{error.message}{_who_runs(config, port)}") from None
    except BaseExceptionGroup as group:
        leaves = flattened(group)
        if any(isinstance(leaf, KeyboardInterrupt) for leaf in leaves):
            raise KeyboardInterrupt from None
        if all(isinstance(leaf, expected_errors()) for leaf in leaves):
            raise CannotRun("\n".join(str(leaf) for leaf in leaves)) from None
        raise


def _announce(first: str, address: str) -> None:
    click.echo(f"ready {address}")
    if first:
        logging.getLogger("understudy").info(first)


def _first_steps(config: Path | None) -> str:
    """What a newcomer is told beside the address; "" for whoever has named an endpoint.

    Settings with mistakes are the server's to tell of.
    """
    from ...protocols.models.offer import NONE_YET, find_offer
    from ...protocols.settings import SettingsError
    from ..folders import Folders
    from ..models.recommended_file import recommended_beside
    from .catalogue import read_settings
    from .machine_memory import read_machine

    file = config or Folders.from_environment(os.environ).settings_file
    try:
        if read_settings(file).endpoints:
            return ""
    except SettingsError:
        return ""
    offer = find_offer(read_machine().total_bytes, recommended_beside(file).table)
    fetched = "" if offer is None else f" `{offer.command}` fetches one ({offer.words});"
    return f"a model of your own: {NONE_YET};{fetched} `understudy doctor` helps"


def _like_an_interrupt(_number: int, _frame: FrameType | None) -> None:
    """Before the server takes the signals over, SIGTERM ends the start as Ctrl-C does."""
    signal.raise_signal(signal.SIGINT)


def _who_runs(config: Path | None, port: int | None) -> str:
    from ..folders import Folders
    from ..service.holder import holder, settings_port

    folders = Folders.from_environment(os.environ)
    found = settings_port(config or folders.settings_file) if port is None else port
    words = holder(found, folders)
    return f"\n{words}" if words else ""


def _log_to(file: Path) -> logging.Handler:
    """A log with a limit, for whoever keeps us running without one."""
    from logging.handlers import RotatingFileHandler

    from ..folders import make_folder

    make_folder(file.absolute().parent)
    try:
        return RotatingFileHandler(file, maxBytes=LOG_BYTES_MAX, backupCount=1, encoding="utf-8")
    except OSError as error:
        raise CannotRun(f"--log-file {file}: cannot be written: {error.strerror}") from None


def _stop_when_unused() -> None:
    """For a server that `claude` or `ask` started: it lives as long as somebody uses it."""
    from ..folders import Folders
    from .users import Users

    Users(Folders.from_environment(os.environ).state_dir).wait_until_none()
    os.kill(os.getpid(), signal.SIGTERM)
