"""The entry point: `understudy …` and `python -m understudy …`."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from .io.cli.errors import PortTaken
from .io.cli.main import make_command


def serve(settings_file: Path | None, port: int | None, announce: Callable[[str], None]) -> None:
    """Runs the server. Imported here and not above: most commands never need it."""
    import trio

    from . import app

    try:
        trio.run(app.serve, app.ServeOptions(settings_file, port), announce)
    except app.CannotListen as error:
        raise PortTaken(str(error)) from None


def main() -> None:
    """Runs the command line."""
    make_command(serve)(prog_name="understudy")


if __name__ == "__main__":
    main()
