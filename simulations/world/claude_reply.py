"""What the simulated Claude Code understands of an answer while it comes.

Written from what the real client was seen to do (docs/claude-code.md) and not from our code: input
of a tool counts only if it comes as deltas, input that is no JSON is kept in a wrapper, unknown
events, unknown blocks, pings and comments are passed over. Whether a stream is legal is judged by
`legality`, over all of its bytes.
"""

from __future__ import annotations

from typing import Any

import attrs
import msgspec

from ...protocols.event_stream import EventBuffer, event_data
from ...protocols.json_values import object_of, objects_of, text_of

KNOWN_BLOCKS = ("text", "thinking", "tool_use")
NEVER = float("inf")


@attrs.define
class Block:
    """A block of an answer; `text` is its text, its thinking, or the JSON of its input."""

    kind: str
    id: str = ""
    name: str = ""
    text: str = ""
    signature: str = ""
    whole_seconds: float = NEVER
    """When its end came."""

    @property
    def is_whole(self) -> bool:
        """Whether its end has come."""
        return self.whole_seconds < NEVER

    @property
    def is_kept(self) -> bool:
        """Whether it stays in the history when the answer breaks off here."""
        return self.is_whole or (self.kind == "text" and bool(self.text))

    @property
    def input(self) -> dict[str, Any]:
        """The input of a tool use; wrapped if it is no JSON object."""
        try:
            return msgspec.json.decode(self.text or "{}", type=dict[str, Any])
        except msgspec.MsgspecError:
            return {"__unparsedToolInput": {"raw": self.text, "len": len(self.text)}}

    def replayed(self) -> dict[str, Any]:
        """The block as later requests repeat it."""
        if self.kind == "tool_use":
            return {"type": "tool_use", "id": self.id, "name": self.name, "input": self.input}
        if self.kind == "thinking":
            return {"type": "thinking", "thinking": self.text, "signature": self.signature}
        return {"type": "text", "text": self.text}


@attrs.define(eq=False)
class Reply:
    """What is known of an answer so far. `error` is the type of its error event."""

    blocks: list[Block] = attrs.field(factory=list[Block])
    has_content: bool = False
    stopped: bool = False
    error: str = ""
    message: str = ""
    _open: Block = attrs.field(factory=lambda: Block("none"))
    _held: EventBuffer = attrs.field(factory=EventBuffer)

    @property
    def tools(self) -> list[Block]:
        """The tool uses that have come whole."""
        return [block for block in self.blocks if block.kind == "tool_use" and block.is_whole]

    @property
    def kept(self) -> list[Block]:
        """What stays of it in the history if no more comes."""
        return [block for block in self.blocks if block.is_kept]

    @property
    def text(self) -> str:
        """All that it says."""
        return "".join(block.text for block in self.blocks if block.kind == "text")

    def receive(self, data: bytes, seconds: float) -> None:
        """Takes a piece of a stream, which came at that moment."""
        self._held.add(data)
        while frame := self._held.take_event():
            self._take(_object(event_data(frame)), seconds)

    def receive_whole(self, body: bytes, seconds: float) -> None:
        """Takes the body of an answer that is no stream: a message, or an error."""
        message = _object(body)
        if message.get("type") != "message":
            self._take(message, seconds)
            return
        for content in objects_of(message.get("content")):
            block = _begun(content)
            block.text = text_of(content.get("text")) or text_of(content.get("thinking"))
            if block.kind == "tool_use":
                block.text = msgspec.json.encode(content.get("input")).decode()
            block.whole_seconds = seconds
            self.blocks.append(block)
        self.has_content = self.stopped = True

    def _take(self, event: dict[str, Any], seconds: float) -> None:
        match event.get("type"):
            case "content_block_start":
                self.has_content = True
                self._open = _begun(object_of(event.get("content_block")))
                if self._open.kind in KNOWN_BLOCKS:
                    self.blocks.append(self._open)
            case "content_block_delta":
                delta = object_of(event.get("delta"))
                for part in ("text", "thinking", "partial_json"):
                    self._open.text += text_of(delta.get(part))
                self._open.signature += text_of(delta.get("signature"))
            case "content_block_stop":
                self._open.whole_seconds = seconds
            case "message_stop":
                self.stopped = True
            case "error":
                error = object_of(event.get("error"))
                self.error = text_of(error.get("type")) or "error"
                self.message = text_of(error.get("message"))
            case _:
                pass


def _begun(content: dict[str, Any]) -> Block:
    """A block as it begins: what it holds already is not looked at."""
    kind, name = text_of(content.get("type")), text_of(content.get("name"))
    return Block(kind, text_of(content.get("id")), name)


def _object(data: bytes) -> dict[str, Any]:
    try:
        return msgspec.json.decode(data, type=dict[str, Any])
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {}
