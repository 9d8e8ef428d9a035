"""Who listens on a port of this machine, where the process itself cannot be looked into.

Source: proc_net_tcp.rst of the kernel's documentation: a line for each socket, with its address in
hex, its state (0A listens) and the id of the user that it belongs to.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
LISTENS: Final = "0A"


def user_listens(port: int) -> bool:
    """Whether a process of this user listens on the port; False where nothing tells."""
    return _listeners(port) == {os.geteuid()}


def others_listen(port: int) -> bool:
    """Whether a process of another user listens on the port; False where nothing tells."""
    return bool(_listeners(port) - {os.geteuid()})


def _listeners(port: int) -> set[int]:
    texts: list[str] = []
    for table in TABLES:
        try:
            texts.append(table.read_text("ascii"))
        except OSError:
            continue
    return {user for text in texts for user in listeners_on(port, text)}


def listeners_on(port: int, table: str) -> set[int]:
    """The users whose sockets listen on a port."""
    lines = (line.split() for line in table.splitlines()[1:])
    return {
        int(words[7])
        for words in lines
        if len(words) > 7 and words[3] == LISTENS and words[1].endswith(f":{port:04X}")
    }
