"""Answering one request: the few shapes that our answers have, as ASGI events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import attrs
import msgspec
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, HTTPScope

from ...protocols.anthropic import events
from ...protocols.dialect import Failure, Served
from ...protocols.turn import Headers
from .connection import Connection


@attrs.frozen
class Exchange:
    """One request with the means to answer it. `id` names it in answers and logs."""

    id: str
    scope: HTTPScope = attrs.field(repr=False)
    headers: Mapping[bytes, bytes] = attrs.field(repr=False)
    receive: ASGIReceiveCallable = attrs.field(repr=False)
    send: ASGISendCallable = attrs.field(repr=False)
    served: Served = attrs.field(repr=False)
    """The client's dialect, as far as its path tells: errors are said in it."""

    @property
    def connection(self) -> Connection:
        """The client's connection, to be cut where an answer breaks off."""
        connection: Connection = self.scope["state"]["connection"]
        return connection

    async def start(self, status: int, headers: Headers) -> None:
        """Sends the status and headers; they leave with the first body bytes.

        A relayed answer keeps the id that its endpoint gave it; any other gets ours.
        """
        sent = [*headers]
        if not any(name == b"request-id" for name, _ in headers):
            sent.append((b"request-id", self.id.encode()))
        await self.send(
            {
                "type": "http.response.start",
                "status": status,
                "headers": sent,
                "trailers": False,
            }
        )

    async def body(self, data: bytes, *, more: bool) -> None:
        """Sends body bytes; the last ones with `more` false."""
        await self.send({"type": "http.response.body", "body": data, "more_body": more})

    async def answer(
        self, status: int, data: bytes, headers: Sequence[tuple[bytes, bytes]]
    ) -> None:
        """Sends a whole answer."""
        length = (b"content-length", b"%d" % len(data))
        await self.start(status, (*headers, length))
        await self.body(data, more=False)

    async def answer_json(self, value: Any, *, status: int = 200) -> None:
        """Sends a value as JSON."""
        await self.answer(status, msgspec.json.encode(value), events.JSON_HEADERS)

    async def answer_error(
        self,
        status: int,
        message: str,
        *,
        kind: str = "",
        retry_after_seconds: int | None = None,
        headers: Headers = (),
    ) -> None:
        """Sends an error in the client's dialect. `kind` is one of Anthropic's error types."""
        kind = kind or events.ERROR_KINDS.get(status, "api_error")
        failure = Failure(status, kind, message, retry_after_seconds)
        sent = [*events.JSON_HEADERS, *headers]
        if retry_after_seconds is not None:
            sent.append((b"retry-after", b"%d" % retry_after_seconds))
        await self.answer(status, self.served.error(failure, self.id), sent)
