"""`understudy models`: the models on this machine; each command is a module of its own.

They are imported when they are run, as the commands above them are: completion and help stay quick.
"""

from __future__ import annotations

import click

from .lazy_group import LazyGroup

SUBCOMMANDS = ("list", "show", "fit", "search", "pull", "import", "rm")
"""Each is in `models_NAME`, as `command`."""


class ModelCommands(LazyGroup):
    """The commands of the library."""

    names = SUBCOMMANDS
    prefix = "models_"


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
