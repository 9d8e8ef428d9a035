"""The commands by name. Each command's module is imported when it is run, not before."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from pathlib import Path

import click

Serve = Callable[[Path | None, int | None, Callable[[str], None]], None]


def make_command(serve: Serve) -> click.Group:
    """Builds the command line around the composition root's `serve`."""

    @click.group(context_settings={"help_option_names": ["-h", "--help"]})
    def understudy() -> None:
        """One local address for Claude Code, with every model behind it."""

    @understudy.command("serve")
    @click.option("--config", type=click.Path(path_type=Path), help="The settings file to use.")
    @click.option("--port", type=click.IntRange(0, 65535), help="The port; 0 takes any free one.")
    def serve_command(config: Path | None, port: int | None) -> None:
        """Serve until interrupted; prints one line when it listens."""
        logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(message)s")

        def announce(address: str) -> None:
            click.echo(f"ready {address}")

        serve(config, port, announce)

    return understudy
