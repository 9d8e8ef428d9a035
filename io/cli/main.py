"""The commands by name. Each command's module is imported when it is run, not before.

So `--version` stays quick, and `serve` reads nothing but what serving needs. What a command needs
from the composition root is injected: this room may not import it.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ... import __version__
from .errors import CannotRun, expected_errors
from .lazy_group import LazyGroup

if TYPE_CHECKING:
    from .simulate import Explorer

Serve = Callable[[Path | None, int | None, Callable[[str], None]], None]
"""Runs the server with a settings file and a port; tells the address once it listens."""

COMMANDS = (
    "serve", "claude", "ask", "install", "uninstall", "service", "endpoints", "keys", "models",
    "engines", "memory", "usage", "why", "recommend", "doctor", "token", "mcp", "statusline",
    "simulate", "completion",
)  # fmt: skip
"""Each is a module of this package with a `command` in it."""


class Starters(NamedTuple):
    """What the entry point injects. `explorer` imports the simulation when it is called."""

    serve: Serve
    explorer: Callable[[], Explorer]


class Commands(LazyGroup):
    """All commands."""

    names = COMMANDS

    def invoke(self, ctx: click.Context) -> Any:
        """Runs the command; an error that carries its remedy is shown without a traceback."""
        try:
            return super().invoke(ctx)
        except expected_errors() as error:
            raise CannotRun(str(error)) from None


def make_command(starters: Starters) -> click.Group:
    """Builds the command line around what the entry point can start."""

    @click.group(
        cls=Commands,
        context_settings={"help_option_names": ["-h", "--help"], "obj": starters},
        epilog="`understudy COMMAND --help` tells more of each.",
    )
    @click.version_option(__version__, prog_name="understudy", message="%(prog)s %(version)s")
    def understudy() -> None:
        """One local address for Claude Code, with every model behind it.

        \b
        Examples:
          understudy claude           start Claude Code against the models behind Understudy
          understudy serve            serve until interrupted
          understudy ask "What is a socket?"
        """

    return understudy
