"""One JSON-RPC message on its way between a client's pipes and a server's HTTP.

It is passed on as it came. Read is only what the way needs: what kind of message it is, which
revision it is of, and what of it HTTP wants to see in headers. From 2026-07-28 on each message says
its revision; those before it belong to a session, which `initialize` has begun.
Source: the MCP specification, "Transports", of 2025-11-25 and 2026-07-28.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import attrs
import msgspec

from ..event_stream import EventBuffer, event_data
from ..json_values import object_of

INITIALIZE: Final = "initialize"
INITIALIZED: Final = "notifications/initialized"
CANCELLED: Final = "notifications/cancelled"
VERSION_KEY: Final = "io.modelcontextprotocol/protocolVersion"
INTERNAL_ERROR: Final = -32603
PARSE_ERROR: Final = -32700
EVENT_BYTES_MAX: Final = 64 * 1024 * 1024
"""Of one message from a server."""
_NAMED: Final = {"tools/call": "name", "prompts/get": "name", "resources/read": "uri"}
"""The parameter that the header `mcp-name` repeats, by method."""

Id = str | int


class NoMessage(ValueError):
    """This is no message of JSON-RPC."""


@attrs.frozen
class McpMessage:
    """A message as it came. `id` is None for a notification, `method` "" for an answer."""

    raw: bytes = attrs.field(repr=False)
    method: str = ""
    id: Id | None = None
    version: str = ""
    name: str = ""
    cancels: Id | None = None
    """The request that it cancels, if it does."""

    @property
    def is_request(self) -> bool:
        """Whether an answer is owed to it."""
        return bool(self.method) and self.id is not None

    @property
    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """What HTTP wants to see of it; nothing of one that belongs to a session."""
        if not self.version:
            return ()
        pairs = [("mcp-protocol-version", self.version), ("mcp-method", self.method)]
        pairs += [("mcp-name", self.name)] if self.name else []
        return tuple((name.encode(), _plain(value)) for name, value in pairs)


def read_message(raw: bytes) -> McpMessage:
    """Reads a message. Raises NoMessage."""
    try:
        found = msgspec.json.decode(raw)
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise NoMessage(str(error)) from None
    if not isinstance(found, dict):
        raise NoMessage("a message is an object")
    message = object_of(found)
    params = object_of(message.get("params"))
    method = message.get("method")
    method = method if isinstance(method, str) else ""
    version = object_of(params.get("_meta")).get(VERSION_KEY)
    name = params.get(_NAMED.get(method, ""))
    return McpMessage(
        raw,
        method,
        _id(message.get("id")),
        version if isinstance(version, str) else "",
        name if isinstance(name, str) else "",
        _id(params.get("requestId")) if method == CANCELLED else None,
    )


def answers(raw: bytes, request: McpMessage) -> bool:
    """Whether a message of the server's is the answer to a request."""
    try:
        found = read_message(raw)
    except NoMessage:
        return False
    return found.id == request.id and not found.method


def error_message(id_: Id | None, words: str, code: int = INTERNAL_ERROR) -> bytes:
    """The answer to a request that could not be passed on."""
    error = {"code": code, "message": words}
    return msgspec.json.encode({"jsonrpc": "2.0", "id": id_, "error": error})


def negotiated_version(answer: bytes) -> str:
    """The revision that the answer to `initialize` has agreed on; "" if it is none."""
    try:
        found = object_of(msgspec.json.decode(answer))
    except (msgspec.MsgspecError, RecursionError):
        return ""
    version = object_of(found.get("result")).get("protocolVersion")
    return version if isinstance(version, str) else ""


@attrs.define
class EventMessages:
    """The messages in a stream of events, as its bytes come."""

    _buffer: EventBuffer = attrs.field(factory=EventBuffer)

    def receive_data(self, data: bytes) -> Iterator[bytes]:
        """The messages that are whole now. Raises NoMessage for one that never ends."""
        self._buffer.add(data)
        while frame := self._buffer.take_event():
            if message := event_data(frame).strip():
                yield message
        if len(self._buffer) > EVENT_BYTES_MAX:
            raise NoMessage("an event of the server is too large")


def one_line(message: bytes) -> bytes:
    """A message as a line: what is written over several becomes one."""
    if b"\n" in message or b"\r" in message:
        message = msgspec.json.encode(msgspec.json.decode(message, type=Any))
    return message + b"\n"


def _id(found: object) -> Id | None:
    return found if isinstance(found, str | int) and not isinstance(found, bool) else None


def _plain(value: str) -> bytes:
    """A value as a header can hold it; what it cannot, the server refuses in its own words."""
    return "".join(sign for sign in value if " " <= sign <= "~").encode()
