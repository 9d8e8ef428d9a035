"""Whose program listens at a port of this machine.

On a machine with several users anybody may listen where a model server usually does, and would be
handed all that is asked of it. So what was found at a port is shown with its owner. Linux says the
user of every socket in /proc/net/tcp and tcp6 (proc_pid_net(5): `local_address` in hexadecimal,
`st` 0A for one that listens, `uid`). Elsewhere one sees one's own processes alone: a port that none
of them has belongs to somebody else.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Final, Literal

import attrs

SOCKET_TABLES: Final = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
TABLE_BYTES_MAX: Final = 16 * 1024 * 1024
_LISTENS: Final = "0A"
_LOCAL: Final = frozenset({"0100007F", "00000000", "0" * 32, "0000000000000000FFFF00000100007F"})
"""127.0.0.1, all addresses of IPv4, all of IPv6, and the first as IPv6 writes it."""

Whose = Literal["yours", "another's", "unknown"]


@attrs.frozen
class Owner:
    """Who listens. `user` is a name, or a number where there is none; "" if it is not known."""

    whose: Whose
    user: str = ""

    def __str__(self) -> str:
        if self.whose == "another's":
            return f"another user's ({self.user})" if self.user else "another user's"
        return self.whose


UNKNOWN: Final = Owner("unknown")


def owners_of(ports: Iterable[int]) -> dict[int, Owner]:
    """The owners of the ports of this machine, as seen from its loopback address."""
    if platform() == "linux":
        texts = [_text(table) for table in SOCKET_TABLES]
        return {port: owner_by_users(listeners(texts, port), os.getuid()) for port in ports}
    own = _own_ports()
    return {port: _elsewhere(port, own) for port in ports}


def platform() -> str:
    """The system; a function, so that type checkers look at the ways of all of them."""
    return sys.platform


def listeners(tables: Iterable[str], port: int) -> set[int]:
    """The users that listen at a port where loopback leads, by the kernel's tables."""
    found: set[int] = set()
    for line in (line.split() for table in tables for line in table.splitlines()[1:]):
        if len(line) < 8 or line[3] != _LISTENS:
            continue
        address, _, number = line[1].partition(":")
        if address in _LOCAL and number == f"{port:04X}" and line[7].isdigit():
            found.add(int(line[7]))
    return found


def owner_by_users(users: set[int], own: int) -> Owner:
    """One's own only if nobody else listens there, too."""
    others = sorted(users - {own})
    if others:
        return Owner("another's", _name(others[0]))
    return Owner("yours") if users else UNKNOWN


def _name(user: int) -> str:
    import pwd

    try:
        return f"{pwd.getpwuid(user).pw_name}, {user}"
    except KeyError:
        return str(user)


def _text(table: Path) -> str:
    try:
        with table.open(encoding="ascii", errors="replace") as file:
            return file.read(TABLE_BYTES_MAX)
    except OSError:
        return ""


def _elsewhere(port: int, own: set[int] | None) -> Owner:
    if own is None:
        return UNKNOWN
    return Owner("yours") if port in own else Owner("another's")


def _own_ports() -> set[int] | None:
    """The ports at which processes of this user listen; None if they cannot be seen."""
    import psutil

    user, seen = psutil.Process().username(), False
    ports: set[int] = set()
    for process in psutil.process_iter(["username"]):
        if process.info["username"] != user:
            continue
        try:
            connections = process.net_connections("tcp")
        except psutil.Error:
            continue
        seen = True
        listening = (each for each in connections if each.status == psutil.CONN_LISTEN)
        ports |= {each.laddr.port for each in listening if each.laddr}
    return ports if seen else None
