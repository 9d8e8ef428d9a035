"""Who holds the port that clients were told of: us, another program of this user, or somebody else.

On a machine with several users anybody may listen at a port that nobody holds, and clients that
were set up for it would show our token there. So whoever prints or sends the token looks first, and
whoever cannot listen is told why. How an owner is found: `discovery/port_owner.py`.
"""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from ...protocols.json_values import object_of
from ...protocols.settings_addresses import is_loopback
from ...protocols.settings_data import ServerSettings
from ..discovery.port_owner import Owner, owners_of
from ..folders import Folders
from ..server_file import ServerFile

SETTINGS_BYTES_MAX: Final = 2**20
USUAL_PORTS: Final = {"http": 80, "https": 443}
EVERYWHERE: Final = ("0.0.0.0", "::")  # noqa: S104 what leads to this machine, too
OTHER_PORT: Final = "`port = N` under [server] in the settings chooses another port"


def owner_of(port: int) -> Owner:
    """Whose program listens at a port of this machine; unknown if nobody does."""
    return owners_of([port])[port]


def settings_port(file: Path) -> int:
    """The port that a settings file names, without reading the rest of it.

    Settings with mistakes are the server's to tell of: they name the port that is usual.
    """
    try:
        with file.open("rb") as reader:
            text = reader.read(SETTINGS_BYTES_MAX).decode()
        port = object_of(tomllib.loads(text).get("server")).get("port")
    except (OSError, ValueError):
        port = None
    return port if isinstance(port, int) else ServerSettings().port


def token_port(address: str, file: Path) -> int:
    """The port to look at before the token is shown at an address: its own on this machine.

    Who listens on another one cannot be seen from here: there it is the port of the settings.
    Raises ValueError if it is no address.
    """
    parts = urlsplit(address)
    if parts.scheme not in USUAL_PORTS or not parts.hostname:
        raise ValueError("it needs http:// or https:// and a host")
    port = USUAL_PORTS[parts.scheme] if parts.port is None else parts.port
    here = is_loopback(parts.hostname) or parts.hostname in EVERYWHERE
    return port if here else settings_port(file)


def foreign_holder(port: int) -> str:
    """Names the port where another user's program listens; "" if none is known to."""
    owner = owner_of(port)
    if owner.whose != "another's":
        return ""
    return (
        f"port {port}, where another user's program listens{_named(owner)}; have it stopped, or "
        f"{OTHER_PORT}"
    )


def holder(port: int, folders: Folders) -> str:
    """Says who holds a port, for whoever could not listen there; "" where nobody knows."""
    owner = owner_of(port)
    if owner.whose == "another's":
        return f"it is held by another user's program{_named(owner)}; {OTHER_PORT}"
    note = ServerFile(folders.server_file).running()
    if note is not None and urlsplit(note.address).port == port and owner.whose == "yours":
        return (
            f"Understudy {note.version} runs at {note.address} (process {note.process_id}, "
            f"settings {note.settings_file})"
        )
    return f"another program of yours listens there; {OTHER_PORT}" if owner.whose == "yours" else ""


def _named(owner: Owner) -> str:
    return f" ({owner.user})" if owner.user else ""
