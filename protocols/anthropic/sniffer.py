"""Reads along with a relayed answer, without touching it: usage, how it stopped, what it called.

A relayed answer is passed on byte for byte; this only looks. It works on whole events (a partial
one waits, up to EVENT_BYTES_MAX) and decodes just those that can matter: a plain delta costs one
regular-expression search. `at_boundary` tells whether an event of ours may be put in here.

It is also where we learn what must not be done any more: after `tool_finished` the client may
have run a tool, so the answer is never replaced by another.
"""

from __future__ import annotations

import re
from typing import Any

import attrs

from ..account import Settling
from ..event_stream import decoded, event_data
from ..json_values import object_of, objects_of
from ..records import Usage

EVENT_BYTES_MAX = 16 * 1024 * 1024
BODY_BYTES_MAX = 32 * 1024 * 1024
TOKENS_MAX = 2**48
"""A larger count is no count; a ledger must be able to add them up."""
NAME_CHARACTERS_MAX = 128
"""Of a stop reason, an error's type and a tool use's id, which are kept in the ledger."""

_MATTERS = re.compile(
    rb'"type"\s*:\s*"(?:message_start|message_delta|message_stop|content_block_start'
    rb'|content_block_stop|error)"'
)
_LINE_ENDS = re.compile(rb"\r\n|\r")


@attrs.define
class AnswerSniffer(Settling):
    """What is known so far of one answer. Feed it every body byte, in any pieces."""

    streamed: bool
    usage: Usage = attrs.field(factory=Usage)
    stop_reason: str = ""
    started: bool = False
    stopped: bool = False
    content_started: bool = False
    tool_finished: bool = False
    error: str = ""
    tool_uses: list[str] = attrs.field(factory=list[str])
    deltas: int = 0
    _rest: bytearray = attrs.field(factory=bytearray)
    _body: bytearray = attrs.field(factory=bytearray)
    _carriage: bytes = b""
    _blind: bool = False
    _open_tool: bool = False

    @property
    def at_boundary(self) -> bool:
        """Whether the bytes so far end between two events."""
        return not self._rest and not self._carriage and not self._blind

    def receive_data(self, data: bytes) -> None:
        """Takes the next bytes of the body."""
        if self._blind:
            return
        if not self.streamed:
            self._body += data
            if len(self._body) > BODY_BYTES_MAX:
                self._blind, self._body = True, bytearray()
            return
        if self._carriage or b"\r" in data:
            data = self._plain_lines(data)
        if b"\n\n" not in self._rest[-1:] + data:
            self._hold(data)  # looked at once, in however many pieces an event comes
            return
        buffer = bytes(self._rest + data) if self._rest else data
        self._rest.clear()
        end = buffer.rfind(b"\n\n") + 2
        self._hold(buffer[end:])
        self.deltas += buffer.count(b'"content_block_delta"', 0, end)
        if _MATTERS.search(buffer, 0, end):
            for frame in buffer[:end].split(b"\n\n"):
                if _MATTERS.search(frame):
                    self._read_event(frame)

    def _hold(self, data: bytes) -> None:
        """Keeps what is not whole yet; beyond the limit it looks no more, and keeps nothing."""
        self._rest += data
        self._blind = len(self._rest) > EVENT_BYTES_MAX
        if self._blind:
            self._rest.clear()

    def _plain_lines(self, data: bytes) -> bytes:
        """Line ends as \\n; a carriage return at the very end waits for what follows it."""
        data = self._carriage + data
        self._carriage = b"\r" if data.endswith(b"\r") else b""
        return _LINE_ENDS.sub(b"\n", data.removesuffix(b"\r"))

    def end(self) -> None:
        """The body is complete; a plain JSON answer is read now."""
        if self.streamed or self._blind:
            return
        message = decoded(bytes(self._body))
        self._body = bytearray()
        if message.get("type") == "error":
            self.error = _error_kind(message)
        elif message.get("type") == "message":
            self.started = self.stopped = True
            self._read_usage(message.get("usage"))
            self.stop_reason = _name(message.get("stop_reason"))
            for block in objects_of(message.get("content")):
                if block.get("type") == "tool_use":
                    self.tool_uses.append(_name(block.get("id")))

    def _read_event(self, frame: bytes) -> None:
        event = decoded(event_data(frame))
        match event.get("type"):
            case "message_start":
                self.started = True
                self._read_usage(object_of(event.get("message")).get("usage"))
            case "content_block_start":
                self.content_started = True
                block = object_of(event.get("content_block"))
                self._open_tool = block.get("type") == "tool_use"
                if self._open_tool:
                    self.tool_uses.append(_name(block.get("id")))
            case "content_block_stop":
                self.tool_finished = self.tool_finished or self._open_tool
                self._open_tool = False
            case "message_delta":
                self._read_usage(event.get("usage"))
                delta = object_of(event.get("delta"))
                self.stop_reason = _name(delta.get("stop_reason")) or self.stop_reason
            case "message_stop":
                self.stopped = True
            case "error":
                self.error = _error_kind(event)
            case _:
                pass

    def _read_usage(self, reported: Any) -> None:
        """Takes the counts that are there: later events repeat or complete earlier ones."""
        usage, known = object_of(reported), self.usage
        self.usage = Usage(
            _count(usage, "input_tokens", known.input_tokens),
            _count(usage, "output_tokens", known.output_tokens),
            _count(usage, "cache_read_input_tokens", known.cache_read_tokens),
            _count(usage, "cache_creation_input_tokens", known.cache_creation_tokens),
        )


def _name(value: Any) -> str:
    return str(value or "")[:NAME_CHARACTERS_MAX]


def _count(usage: dict[str, Any], key: str, known: int) -> int:
    value = usage.get(key)
    return value if isinstance(value, int) and 0 < value <= TOKENS_MAX else known


def _error_kind(event: dict[str, Any]) -> str:
    return _name(object_of(event.get("error")).get("type")) or "error"
