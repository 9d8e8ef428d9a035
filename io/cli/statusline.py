"""`understudy statusline`, for who types it or asks for its help; `session_line` says the line."""

from __future__ import annotations

import click

from .session_line import main


@click.command("statusline")
def command() -> None:
    """Print one line about a Claude Code session: who answers, how full it is, how fast it is.

    For the client's `statusLine` setting, which `understudy install claude-code --statusline` sets;
    it reads the session's JSON on stdin.

    \b
    Examples:
      echo '{"session_id": "abc"}' | understudy statusline
    """
    main()
