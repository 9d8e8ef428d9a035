"""`understudy keys`: the keys of endpoints, in the keychain; each command is a module of its own.

They are imported when they are run, as the commands above them are: completion and help stay quick.
"""

from __future__ import annotations

import click

from .lazy_group import LazyGroup

SUBCOMMANDS = ("add", "list", "test", "remove", "unlock")
"""Each is in `keys_NAME`, as `command`."""


class KeyCommands(LazyGroup):
    """The commands about keys."""

    names = SUBCOMMANDS
    prefix = "keys_"


@click.group("keys", cls=KeyCommands)
def command() -> None:
    """Keep the keys of endpoints in the keychain of this system.

    An endpoint names its key by key = "keychain:NAME" in the settings. A key belongs to one host
    and is sent to no other. Where there is no keychain, docs/keys.md says what to choose.

    \b
    Examples:
      understudy keys add work --endpoint work
      understudy keys list
      understudy keys test work
      understudy keys remove work
    """
