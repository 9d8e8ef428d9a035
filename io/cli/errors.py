"""What the command line says when it cannot do what was asked: a message with its remedy.

Commands raise these; the rooms below raise their own, listed by `expected_errors`, and those are
shown just the same. Anything else is a bug and keeps its traceback. Exit codes: 2 for what stands
in the way of starting at all, 1 for what was started and failed.
"""

from __future__ import annotations

from typing import IO, Any, cast

import click


class CannotRun(click.ClickException):
    """The command cannot start; the message says why and what to do, one problem a line."""

    exit_code = 2

    def show(self, file: IO[Any] | None = None) -> None:
        """Writes the message to stderr."""
        for line in self.message.splitlines():
            click.echo(f"understudy: {line}", file=file, err=True)


class PortTaken(CannotRun):
    """The server's address cannot be listened on."""


class Failed(CannotRun):
    """The command was under way and failed."""

    exit_code = 1


def expected_errors() -> tuple[type[Exception], ...]:
    """The exceptions that carry a remedy of their own. Called, and imported, only after one."""
    from ...protocols.settings import SettingsError
    from ..folders import FolderUnusable
    from ..locked_file import FileUnusable
    from ..ports import StateError
    from ..service.steps import ServiceError
    from ..token import TokenError

    return FileUnusable, FolderUnusable, ServiceError, SettingsError, StateError, TokenError


def flattened(group: BaseExceptionGroup[BaseException]) -> list[BaseException]:
    """The exceptions in a group, however deep."""
    leaves: list[BaseException] = []
    for part in group.exceptions:
        if isinstance(part, BaseExceptionGroup):
            leaves += flattened(cast("BaseExceptionGroup[BaseException]", part))
        else:
            leaves.append(part)
    return leaves
