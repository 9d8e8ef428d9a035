"""Takes an upstream's `message_start` out of a stream that we have already opened ourselves."""

from __future__ import annotations

import attrs

from ..event_stream import EventBuffer, decoded, event_data

START_BYTES_MAX = 1024 * 1024


CONTENT = frozenset(
    {
        "content_block_start",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
        "error",
    }
)
"""Kinds of event that no `message_start` comes after."""


@attrs.define
class StartRemover:
    """Holds back what is not whole until the upstream's `message_start` has come, and drops that.

    Pings and comments before it are dropped with it; an event of a kind that nobody knows is
    passed on, and is no reason to stop looking. Where content begins without a start there is none.
    """

    done: bool = False
    _held: EventBuffer = attrs.field(factory=EventBuffer)

    def receive_data(self, data: bytes) -> bytes:
        """Takes the next bytes and returns those to be passed on now."""
        if self.done:
            return data
        self._held.add(data)
        passed: list[bytes] = []
        while not self.done:
            frame = self._held.take_event()
            if not frame:
                self.done = len(self._held) > START_BYTES_MAX
                break
            told = event_data(frame)
            kind = decoded(told).get("type")
            self.done = kind == "message_start" or kind in CONTENT
            if told and kind not in ("message_start", "ping"):
                passed.append(frame)
        if self.done:
            passed.append(self._held.take_all())
        return b"".join(passed)
