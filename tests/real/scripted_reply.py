"""What a scripted upstream says: Anthropic message events, as a stream or as one JSON body.

A scenario calls the same methods whether the request asked for a stream or not. Streaming, each
event leaves at once as one piece; else the events are gathered and `end` sends the message they
add up to. `Wire` is the socket's side: it frames, records the moment of the first byte, and can
end a response in the wrong ways that real upstreams have.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Mapping
from typing import Any, Literal, Protocol

import attrs

Cut = Literal["fin", "rst", "eof"]
"""A response's early end: FIN or RST on the socket, or a clean end of the body."""

Json = dict[str, Any]

_identifiers = itertools.count(1)


class Wire(Protocol):
    """One response on its connection."""

    async def send_head(self, status: int, headers: Mapping[str, str]) -> None:
        """Sends the status line and headers; without content-length the body is chunked."""
        ...

    async def send_body(self, data: bytes) -> None:
        """Sends a piece of the body."""
        ...

    async def end_body(self) -> None:
        """Ends the body as HTTP wants it."""
        ...

    async def cut(self, how: Cut) -> None:
        """Ends the response early, on the socket or (eof) in the body."""
        ...


@attrs.define
class Reply:
    """The answer to one request; `streaming` and `model` are what the request asked for."""

    wire: Wire
    streaming: bool
    model: str
    _head_sent: bool = False
    _block_index: int = -1
    _message: Json = attrs.field(factory=dict[str, Any])
    _input_json: str = ""

    async def start(self, input_tokens: int = 12) -> None:
        """Sends the head and message_start."""
        message: Json = {
            "id": f"msg_scripted_{next(_identifiers)}",
            "type": "message",
            "role": "assistant",
            "model": self.model,
            "content": [],
            "stop_reason": None,
            "stop_sequence": None,
            "usage": {
                "input_tokens": input_tokens,
                "cache_creation_input_tokens": 0,
                "cache_read_input_tokens": 0,
                "output_tokens": 1,
            },
        }
        self._message = json.loads(json.dumps(message))
        await self.head()
        await self.event("message_start", {"message": message})

    async def head(self) -> None:
        """Sends a stream's head, once."""
        if self.streaming and not self._head_sent:
            self._head_sent = True
            headers = {"content-type": "text/event-stream; charset=utf-8"}
            await self.wire.send_head(200, headers)

    async def event(self, name: str, data: Json) -> None:
        """Sends one event of a stream; `data` lacks only its type."""
        if self.streaming:
            payload = json.dumps({"type": name, **data})
            await self.wire.send_body(f"event: {name}\ndata: {payload}\n\n".encode())

    async def raw(self, data: bytes) -> None:
        """Sends bytes as they are into a stream."""
        if self.streaming:
            await self.wire.send_body(data)

    async def open_block(self, block: Json) -> None:
        """Sends content_block_start; later deltas belong to this block."""
        self._block_index += 1
        self._input_json = ""
        self._message["content"].append(dict(block))
        await self.event(
            "content_block_start", {"index": self._block_index, "content_block": block}
        )

    async def delta(self, kind: str, **values: str) -> None:
        """Sends content_block_delta of this kind, such as text_delta with text="..."."""
        block = self._message["content"][-1]
        for name, value in values.items():
            if name == "partial_json":
                self._input_json += value
            else:
                block[name] = block.get(name, "") + value
        delta = {"type": kind, **values}
        await self.event("content_block_delta", {"index": self._block_index, "delta": delta})

    async def close_block(self) -> None:
        """Sends content_block_stop."""
        if self._input_json and not self.streaming:
            self._message["content"][-1]["input"] = json.loads(self._input_json)
        await self.event("content_block_stop", {"index": self._block_index})

    async def text(self, text: str) -> None:
        """Sends a whole text block, a word at a time."""
        await self.open_block({"type": "text", "text": ""})
        for number, word in enumerate(text.split(" ")):
            await self.delta("text_delta", text=f" {word}" if number else word)
        await self.close_block()

    async def thinking(self, text: str, signature: str = "") -> None:
        """Sends a thinking block; an empty signature means that no signature_delta is sent."""
        await self.open_block({"type": "thinking", "thinking": "", "signature": ""})
        await self.delta("thinking_delta", thinking=text)
        if signature:
            await self.delta("signature_delta", signature=signature)
        await self.close_block()

    async def tool(
        self,
        name: str,
        tool_input: Json | str,
        *,
        identifier: str = "",
        piece_characters: int = 7,
    ) -> None:
        """Sends a whole tool call; a string as input is sent as it is, broken or not."""
        text = tool_input if isinstance(tool_input, str) else json.dumps(tool_input)
        identifier = identifier or f"toolu_scripted_{next(_identifiers)}"
        await self.open_block({"type": "tool_use", "id": identifier, "name": name, "input": {}})
        for offset in range(0, len(text), piece_characters):
            piece = text[offset : offset + piece_characters]
            await self.delta("input_json_delta", partial_json=piece)
        await self.close_block()

    async def end(
        self,
        stop_reason: str = "end_turn",
        *,
        with_usage: bool = True,
        extra_delta: Json | None = None,
    ) -> None:
        """Ends the message: message_delta and message_stop, or the whole JSON body."""
        delta = {"stop_reason": stop_reason, "stop_sequence": None, **(extra_delta or {})}
        usage: Json = {"usage": {"output_tokens": 7}} if with_usage else {}
        if self.streaming:
            await self.event("message_delta", {"delta": delta, **usage})
            await self.event("message_stop", {})
            await self.wire.end_body()
            return
        self._message |= delta
        self._message["usage"]["output_tokens"] = 7
        await self.json(200, self._message)

    async def json(self, status: int, body: Json, headers: Mapping[str, str] | None = None) -> None:
        """Sends a complete JSON response."""
        data = json.dumps(body).encode()
        all_headers = {
            "content-type": "application/json",
            "content-length": str(len(data)),
            "request-id": f"req_scripted_{next(_identifiers)}",
            **(headers or {}),
        }
        await self.wire.send_head(status, all_headers)
        await self.wire.send_body(data)
        await self.wire.end_body()

    async def error(
        self, status: int, kind: str, message: str, headers: Mapping[str, str] | None = None
    ) -> None:
        """Sends an error response in the dialect's shape."""
        error = {"type": "error", "error": {"type": kind, "message": message}}
        await self.json(status, error, headers)
