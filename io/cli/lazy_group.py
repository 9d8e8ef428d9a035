"""A group whose commands are modules, imported when they are wanted: help stays quick."""

from __future__ import annotations

import difflib
import importlib
from collections.abc import Sequence
from typing import ClassVar

import click


class LazyGroup(click.Group):
    """`names` are its commands; each is in the module `prefix` and its name, as `command`."""

    names: ClassVar[Sequence[str]]
    prefix: ClassVar[str] = ""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which a newcomer needs them."""
        return list(self.names)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the command's module; None for a name that is not known."""
        if cmd_name not in self.names:
            return None
        module = importlib.import_module(f".{self.prefix}{cmd_name}", __package__)
        command: object = module.command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command, or says which one may have been meant."""
        if args and args[0] not in self.names and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0].lower(), self.names, n=2, cutoff=0.5)
            hint = (
                f"Did you mean {' or '.join(near)}?" if near else f"One of {', '.join(self.names)}"
            )
            ctx.fail(f"No such command {args[0]!r}. {hint}")
        return super().resolve_command(ctx, args)
