"""What all stand-ins are: pages that are read, a chat that is answered, and a memory of both.

A chat is a round trip of one tool: to a question with tools it answers by calling the first of
them, to the tool's result with a text that repeats it. So a test sees in the text that the result
has arrived in the server's own form.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import partial
from typing import Any, ClassVar

import attrs
import h11
import trio

Json = dict[str, Any]

ARGUMENTS = {"path": "notes.txt"}
"""What a stand-in calls a tool with."""
READ_BYTES = 65_536


@attrs.frozen
class Asked:
    """A request as it came."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: Json


@attrs.frozen
class Reply:
    """A response; a streamed one is sent in these pieces."""

    body: tuple[bytes, ...]
    status: int = 200
    media: str = "application/json"


@attrs.define(eq=False)
class Standin(ABC):
    """One server. `model` is the one that the tests ask for."""

    asked: list[Asked] = attrs.field(factory=list[Asked])
    base_url: str = ""
    kind: ClassVar[str]
    model: ClassVar[str]

    @abstractmethod
    def page(self, path: str) -> Any:
        """The JSON of a GET; None where the server has no such page."""

    @abstractmethod
    def post(self, asked: Asked) -> Reply:
        """The answer to a POST."""

    def missing(self, asked: Asked) -> Reply:
        """How the server answers to a path that it does not know."""
        return as_json({"error": f"{asked.path}: not found"}, 404)

    def reply(self, asked: Asked) -> Reply:
        """The answer to any request."""
        self.asked.append(asked)
        if asked.method == "POST":
            return self.post(asked)
        page = self.page(asked.path)
        return self.missing(asked) if page is None else as_json(page)

    async def serve(self, stream: trio.SocketStream) -> None:
        """Answers the requests of one connection."""
        connection = h11.Connection(h11.SERVER)
        try:
            while await self._answer(connection, stream):
                connection.start_next_cycle()
        except (trio.BrokenResourceError, trio.ClosedResourceError, h11.RemoteProtocolError):
            pass  # its client has left, as clients may
        finally:
            stream.socket.close()

    async def _answer(self, connection: h11.Connection, stream: trio.SocketStream) -> bool:
        request, body = None, b""
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(bytes(await stream.receive_some(READ_BYTES)))
            elif isinstance(event, h11.Request):
                request = event
            elif isinstance(event, h11.Data):
                body += bytes(event.data)
            elif isinstance(event, h11.EndOfMessage):
                break
            else:
                return False
        assert request is not None
        headers = {name.decode(): value.decode() for name, value in request.headers}
        decoded: Json = json.loads(body) if body else {}
        asked = Asked(request.method.decode(), request.target.decode(), headers, decoded)
        await send(connection, stream, self.reply(asked))
        return connection.our_state is h11.DONE


async def send(connection: h11.Connection, stream: trio.SocketStream, reply: Reply) -> None:
    """Writes a response, chunk by chunk."""
    headers = [("content-type", reply.media), ("transfer-encoding", "chunked")]
    head = h11.Response(status_code=reply.status, headers=headers)
    await stream.send_all(connection.send(head) or b"")
    for piece in reply.body:
        await stream.send_all(connection.send(h11.Data(data=piece)) or b"")
    await stream.send_all(connection.send(h11.EndOfMessage()) or b"")


def as_json(value: Any, status: int = 200) -> Reply:
    """A value in one piece."""
    return Reply((json.dumps(value).encode(),), status)


def as_events(chunks: Sequence[Json]) -> Reply:
    """Chunks of Chat Completions as server-sent events, with the mark at their end."""
    lines = [f"data: {json.dumps(chunk)}\n\n".encode() for chunk in chunks]
    return Reply((*lines, b"data: [DONE]\n\n"), media="text/event-stream")


def tool_result(messages: Sequence[Json]) -> str | None:
    """The result of a tool at a conversation's end; None if there is none."""
    last = messages[-1]
    return last["content"] if last["role"] == "tool" else None


@asynccontextmanager
async def opened(standin: Standin, port: int = 0) -> AsyncGenerator[Standin]:
    """Serves on loopback until the block is left."""
    listeners = await trio.open_tcp_listeners(port, host="127.0.0.1")
    standin.base_url = f"http://127.0.0.1:{listeners[0].socket.getsockname()[1]}"
    async with trio.open_nursery() as nursery:
        nursery.start_soon(partial(trio.serve_listeners, standin.serve, listeners))
        try:
            yield standin
        finally:
            nursery.cancel_scope.cancel()
