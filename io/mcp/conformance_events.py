"""Events that a client may ask for again after it has lost its stream: for the suite alone.

Our own tools need none: they are answered in one piece, and one whose answer was lost is asked
again.
"""

from __future__ import annotations

from typing import Final

from mcp.server.streamable_http import EventCallback, EventMessage, EventStore
from mcp.types import JSONRPCMessage

RETRY_MILLISECONDS: Final = 100
EVENTS_MAX: Final = 10_000


class KeptEvents(EventStore):
    """The last events of all streams, numbered from 1."""

    def __init__(self) -> None:
        self._events: dict[int, tuple[str, JSONRPCMessage | None]] = {}
        self._count = 0

    async def store_event(self, stream_id: str, message: JSONRPCMessage | None) -> str:
        """Keeps an event and returns its id."""
        self._count += 1
        self._events[self._count] = stream_id, message
        self._events.pop(self._count - EVENTS_MAX, None)
        return str(self._count)

    async def replay_events_after(
        self, last_event_id: str, send_callback: EventCallback
    ) -> str | None:
        """Sends what came after an event in its stream; the stream's id, None if it is unknown."""
        last = int(last_event_id) if last_event_id.isdecimal() else 0
        if last not in self._events:
            return None
        stream = self._events[last][0]
        for number, (its, message) in list(self._events.items()):
            if number > last and its == stream and message is not None:
                await send_callback(EventMessage(message, str(number)))
        return stream
