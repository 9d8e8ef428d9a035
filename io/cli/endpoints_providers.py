"""`understudy endpoints providers`: what an endpoint may name with `provider`."""

from __future__ import annotations

import os
from pathlib import Path

import attrs
import click

from ..folders import Folders
from .endpoint_shelf import EndpointShelf
from .output import show_json, show_table


@click.command("providers")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@click.option(
    "--config", type=click.Path(path_type=Path), metavar="FILE", help="Use this settings file."
)
def command(as_json: bool, config: Path | None) -> None:
    """List the providers that an endpoint may name, and whether their key is set in this shell.

    A providers.toml beside the settings adds rows, or replaces them.

    \b
    Examples:
      understudy endpoints providers
      understudy endpoints providers --json
    """
    shelf = EndpointShelf.of(Folders.from_environment(os.environ), config)
    rows = list(shelf.providers.values())
    if as_json:
        show_json([attrs.asdict(row) for row in rows])
        return
    show_table(
        ("name", "provider", "dialects", "address", "key"),
        [
            (row.name, row.title, ", ".join(row.dialects), row.base_url, _key(row.key_variable))
            for row in rows
        ],
    )


def _key(variable: str) -> str:
    if not variable:
        return "-"
    return f"env:{variable} ({'set' if os.environ.get(variable) else 'not set'})"
