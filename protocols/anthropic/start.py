"""Takes an upstream's `message_start` out of a stream that we have already opened ourselves."""

from __future__ import annotations

import attrs

from .frames import decoded, event_data, event_end

START_BYTES_MAX = 1024 * 1024


@attrs.define
class StartRemover:
    """Holds back what comes until the first event that is no ping is whole, then drops that event.

    Pings and comments before it are dropped with it. If the first event is something else,
    nothing is.
    """

    done: bool = False
    _held: bytes = b""

    def receive_data(self, data: bytes) -> bytes:
        """Takes the next bytes and returns those to be passed on now."""
        if self.done:
            return data
        self._held += data
        while not self.done:
            end = event_end(self._held)
            if not end:
                self.done = len(self._held) > START_BYTES_MAX
                return self._release() if self.done else b""
            told = event_data(self._held[:end])
            kind = decoded(told).get("type")
            self.done = bool(told) and kind != "ping"
            if not self.done or kind == "message_start":
                self._held = self._held[end:]
        return self._release()

    def _release(self) -> bytes:
        held, self._held = self._held, b""
        return held
