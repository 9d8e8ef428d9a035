"""`understudy models`: the models on this machine; each command is a module of its own.

They are imported when they are run, as the commands above them are: completion and help stay quick.
"""

from __future__ import annotations

import difflib
import importlib

import click

SUBCOMMANDS = ("list", "show", "fit", "search", "pull", "import", "rm")
"""Each is in `models_NAME`, as `command`."""


class ModelCommands(click.Group):
    """The group that imports a command when it is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which a newcomer needs them."""
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Imports the command's module; None for a name that is not known."""
        if cmd_name not in SUBCOMMANDS:
            return None
        command: object = importlib.import_module(f".models_{cmd_name}", __package__).command
        assert isinstance(command, click.Command)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Finds the command, or says which one may have been meant."""
        if args and args[0] not in SUBCOMMANDS and not args[0].startswith("-"):
            near = difflib.get_close_matches(args[0].lower(), SUBCOMMANDS, n=2, cutoff=0.5)
            names = " or ".join(near) if near else ""
            hint = f"Did you mean {names}?" if names else f"One of {', '.join(SUBCOMMANDS)}"
            ctx.fail(f"No such command {args[0]!r}. {hint}")
        return super().resolve_command(ctx, args)


@click.group("models", cls=ModelCommands)
def command() -> None:
    """Find the models that are here, fetch others, and make endpoints of them.

    Looks where Hugging Face's tools, LM Studio, Ollama and llama.cpp keep theirs, and in
    Understudy's own folder. Nothing is copied: a model stays where it is.

    \b
    Examples:
      understudy models list
      understudy models fit
      understudy models pull Qwen/Qwen3-8B-GGUF
      understudy models import qwen3-4b
    """
