"""`understudy endpoints`: the endpoints and what can be done with them; alone it lists them.

Each command is a module of its own, imported when it is run: completion and help stay quick.
"""

from __future__ import annotations

from pathlib import Path

import click

from .lazy_group import LazyGroup

SUBCOMMANDS = ("list", "find", "add", "test", "remove", "default", "providers")
"""Each is in `endpoints_NAME`, as `command`."""


class EndpointCommands(LazyGroup):
    """The commands of endpoints."""

    names = SUBCOMMANDS
    prefix = "endpoints_"


@click.group("endpoints", cls=EndpointCommands, invoke_without_command=True)
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="Read this settings file."
)
@click.pass_context
def command(ctx: click.Context, as_json: bool, config: Path | None) -> None:
    """List the endpoints and their models; find, add, test and remove them.

    Without a command they are listed.

    \b
    Examples:
      understudy endpoints
      understudy endpoints find
      understudy endpoints add
      understudy endpoints add --provider deepseek --key env:DEEPSEEK_API_KEY --yes
      understudy endpoints test deepseek
    """
    if ctx.invoked_subcommand is None:
        from .endpoints_list import show_endpoints

        show_endpoints(as_json, config)
