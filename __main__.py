"""The entry point: `understudy …` and `python -m understudy …`."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from .io.cli.simulate import Explorer

STATUS_LINE = "statusline"


def serve(settings_file: Path | None, port: int | None, announce: Callable[[str], None]) -> None:
    """Runs the server. Imported here and not above: most commands never need it."""
    import trio

    from . import app
    from .io.cli.errors import PortTaken
    from .io.log_filter import cover_what_is_printed
    from .io.process_hardening import harden
    from .io.serving.addresses import CannotListen

    cover_what_is_printed()
    harden(os.environ)
    try:
        trio.run(app.serve, app.ServeOptions(settings_file, port), announce)
    except CannotListen as error:
        raise PortTaken(str(error)) from None


def explorer() -> Explorer:
    """Makes the explorer of simulations. Imported here and not above, as the server is."""
    from . import app
    from .simulations.explorer.command import ProductExplorer

    return ProductExplorer(app)


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs the command line, with these arguments or the process's own.

    The status line comes before all others and is no command then: a client runs it several times a
    minute, and the command line's library alone would take longer to import than the line to print.
    """
    if list(sys.argv[1:] if arguments is None else arguments) == [STATUS_LINE]:
        from .io.cli import session_line

        session_line.main()
        return
    from .io.cli.main import Starters, make_command

    make_command(Starters(serve, explorer))(arguments, prog_name="understudy")


if __name__ == "__main__":
    main()
