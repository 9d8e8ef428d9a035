"""Puts a notice of ours in front of an answer's first text, once, in the client's own dialect.

The notice is one more text delta inside the block that the model has opened, so that no index
shifts and no block is added. An answer without text carries no notice.
"""

from __future__ import annotations

import attrs
import msgspec

from ..event_stream import EventBuffer, decoded, event_data
from ..json_values import object_of, objects_of, text_of
from .events import text_delta

HELD_BYTES_MAX = 32 * 1024 * 1024


@attrs.define
class NoticeInserter:
    """Feed it the body; it returns what may go out. `end` returns what it still holds.

    `given` once the notice has been put in.
    """

    notice: str
    streamed: bool
    done: bool = False
    given: bool = False
    _held: EventBuffer = attrs.field(factory=EventBuffer)

    def receive_data(self, data: bytes) -> bytes:
        """Takes the next bytes and returns those to be passed on now."""
        if self.done:
            return data
        self._held.add(data)
        if len(self._held) > HELD_BYTES_MAX:
            self.done = True
        elif not self.streamed:
            return b""
        return self._pass_events()

    def end(self) -> bytes:
        """The body is complete: returns the rest; a JSON answer gets its notice here."""
        held = self._held.take_all()
        if self.done or self.streamed:
            return held
        self.done = True
        whole = _with_notice(held, self.notice)
        self.given = whole is not held
        return whole

    def _pass_events(self) -> bytes:
        passed: list[bytes] = []
        while not self.done and (event := self._held.take_event()):
            passed.append(event)
            index = _text_block_index(event)
            if index is not None:
                passed.append(text_delta(index, self.notice))
                self.done = self.given = True
        if self.done:
            passed.append(self._held.take_all())
        return b"".join(passed)


def _text_block_index(event: bytes) -> int | None:
    """The index of the block that an event opens, if it is a text block."""
    if b'"content_block_start"' not in event:
        return None
    found = decoded(event_data(event))
    is_text = object_of(found.get("content_block")).get("type") == "text"
    index = found.get("index")
    return index if is_text and isinstance(index, int) else None


def _with_notice(body: bytes, notice: str) -> bytes:
    message = decoded(body)
    for block in objects_of(message.get("content")):
        if block.get("type") == "text":
            block["text"] = notice + text_of(block.get("text"))
            return msgspec.json.encode(message)
    return body
