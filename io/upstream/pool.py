"""Idle connections, kept for reuse.

The newest is reused first: it is the least likely to have been closed. One that has something to
read is never used: an idle peer says nothing, so it has closed, or spoke out of turn. There is no
task that sweeps: whoever takes or gives back drops those that have expired, oldest first.
"""

from __future__ import annotations

from collections.abc import Hashable

import trio

from .connection import Connection


class ConnectionPool:
    """Keeps at most `connections_max` idle connections, each for at most `seconds_max`."""

    def __init__(self, *, connections_max: int, seconds_max: float) -> None:
        self._connections_max = connections_max
        self._seconds_max = seconds_max
        self._by_age: dict[Connection, None] = {}
        self._by_route: dict[Hashable, list[Connection]] = {}

    def __len__(self) -> int:
        return len(self._by_age)

    def take(self, route: Hashable) -> Connection | None:
        """Takes the newest usable connection of this route out, or None."""
        self._drop_expired()
        while connections := self._by_route.get(route):
            connection = connections[-1]
            self._remove(connection)
            if connection.is_quiet():
                return connection
            connection.close()
        return None

    def put(self, connection: Connection) -> None:
        """Keeps a recycled connection; the oldest gives way when there are too many."""
        connection.idle_since = trio.current_time()
        self._by_age[connection] = None
        self._by_route.setdefault(connection.route, []).append(connection)
        self._drop_expired()
        while len(self._by_age) > self._connections_max:
            self._close(next(iter(self._by_age)))

    def close(self) -> None:
        """Closes all of them."""
        for connection in list(self._by_age):
            self._close(connection)

    def _drop_expired(self) -> None:
        deadline = trio.current_time() - self._seconds_max
        while self._by_age:
            oldest = next(iter(self._by_age))
            if oldest.idle_since > deadline:
                return
            self._close(oldest)

    def _close(self, connection: Connection) -> None:
        self._remove(connection)
        connection.close()

    def _remove(self, connection: Connection) -> None:
        del self._by_age[connection]
        connections = self._by_route[connection.route]
        connections.remove(connection)
        if not connections:
            del self._by_route[connection.route]
