"""Puts a notice of ours in front of an answer's first text, once, in the client's own dialect.

The notice is one more text delta inside the block that the model has opened, so that no index
shifts and no block is added. An answer without text carries no notice.
"""

from __future__ import annotations

from typing import Any

import attrs
import msgspec

from .events import text_delta

HELD_BYTES_MAX = 32 * 1024 * 1024


@attrs.define
class NoticeInserter:
    """Feed it the body; it returns what may go out. `end` returns what it still holds."""

    notice: str
    streamed: bool
    done: bool = False
    _held: bytes = b""

    def receive_data(self, data: bytes) -> bytes:
        """Takes the next bytes and returns those to be passed on now."""
        if self.done:
            return data
        self._held += data
        if len(self._held) > HELD_BYTES_MAX:
            self.done = True
        elif not self.streamed:
            return b""
        return self._pass_events()

    def end(self) -> bytes:
        """The body is complete: returns the rest; a JSON answer gets its notice here."""
        held, self._held = self._held, b""
        if self.done or self.streamed:
            return held
        self.done = True
        return _with_notice(held, self.notice)

    def _pass_events(self) -> bytes:
        passed: list[bytes] = []
        while not self.done and (end := self._held.find(b"\n\n")) >= 0:
            event, self._held = self._held[: end + 2], self._held[end + 2 :]
            passed.append(event)
            if b'"content_block_start"' in event:
                index = _text_block_index(event)
                if index is not None:
                    passed.append(text_delta(index, self.notice))
                    self.done = True
        if self.done:
            passed.append(self._held)
            self._held = b""
        return b"".join(passed)


def _text_block_index(event: bytes) -> int | None:
    """The index of the block that an event opens, if it is a text block."""
    data = b"".join(line[5:] for line in event.split(b"\n") if line.startswith(b"data:"))
    try:
        found: Any = msgspec.json.decode(data)
        if found["content_block"]["type"] == "text":
            return int(found["index"])
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError, ValueError):
        pass
    return None


def _with_notice(body: bytes, notice: str) -> bytes:
    try:
        message: Any = msgspec.json.decode(body)
        for block in message["content"]:
            if block["type"] == "text":
                block["text"] = notice + block["text"]
                return msgspec.json.encode(message)
    except (msgspec.MsgspecError, UnicodeDecodeError, KeyError, TypeError):
        pass
    return body
