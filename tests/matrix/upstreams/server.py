"""A scripted upstream on a loopback socket: one thread takes connections, each has its own.

The model that a request names is the row that is played. A request that breaks the dialect's rules,
or names no row, is answered with a 400 that says why, and is remembered in `found`. Responses are
written by hand, because they must also break off where no HTTP library would let them.
"""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, cast

import attrs
import h11

from ..answer import AS_IT_COMES, Answer, Ending, Failure, Manner
from ..question import Json
from .rules import Complaints
from .script import KEY, TOKEN, Asked, Heard, Script, dump

READ_BYTES = 65_536
REASONS = {200: "OK", 529: "Overloaded"}
PATIENCE_SECONDS = 30.0


@attrs.frozen
class Scene:
    """What is played when a request names this model: `then`, once tools have been called."""

    answer: Answer
    manner: Manner = AS_IT_COMES
    then: Answer | None = None

    def now(self, heard: Heard) -> Scene:
        """The scene for this request."""
        return Scene(self.then, self.manner) if self.then and heard.results else self


@attrs.frozen
class Reply:
    """A response as bytes: its head, and the writes of its body."""

    status: int
    headers: Mapping[str, str]
    writes: tuple[bytes, ...]
    ending: Ending = "whole"

    def head(self) -> bytes:
        reason = REASONS.get(self.status, "No")
        lines = [f"HTTP/1.1 {self.status} {reason}"]
        lines += [f"{name}: {value}" for name, value in self.headers.items()]
        return "\r\n".join([*lines, "", ""]).encode()

    @property
    def chunked(self) -> bool:
        return "transfer-encoding" in self.headers


@attrs.define(eq=False)
class ScriptedUpstream:
    """`heard` and `found` collect what was asked and what was wrong with it, until `take`."""

    script: Script
    scenes: Mapping[str, Scene]
    listener: socket.socket
    heard: list[Heard] = attrs.Factory(list[Heard])
    found: list[str] = attrs.Factory(list[str])
    _connections: set[socket.socket] = attrs.Factory(set[socket.socket])
    _threads: list[threading.Thread] = attrs.Factory(list[threading.Thread])

    @property
    def url(self) -> str:
        """Its base URL."""
        return f"http://127.0.0.1:{self.listener.getsockname()[1]}"

    def take(self) -> tuple[list[Heard], list[str]]:
        """What was heard and found since it was last asked."""
        taken = self.heard, self.found
        self.heard, self.found = [], []
        return taken

    def accept(self) -> None:
        """Takes connections until the listener is closed."""
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            connection.settimeout(PATIENCE_SECONDS)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._connections.add(connection)
            thread = threading.Thread(target=self._serve, args=(connection,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def close(self) -> None:
        """Ends every thread."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
        for connection in list(self._connections):
            shut(connection)
        for thread in self._threads:
            thread.join()

    def _serve(self, connection: socket.socket) -> None:
        held = b""
        try:
            with connection:
                while (read := read_request(connection, held)) is not None:
                    asked, held = read
                    if not send(connection, self.reply(asked)):
                        return
        except OSError:
            pass  # its client has left, as clients may
        finally:
            self._connections.discard(connection)

    def reply(self, asked: Asked) -> Reply:
        """Judges a request and plays its row."""
        complaints = Complaints()
        script = self.script
        complaints.that(script.listens_at(asked.target), f"{asked.target}: no such path")
        complaints.that(script.credential(asked.headers) == KEY, "the key is not the endpoint's")
        shown = [name for name, value in asked.headers.items() if TOKEN in value]
        complaints.that(not shown, f"the client's own token is in {shown}")
        kind = asked.headers.get("content-type", "")
        complaints.that(kind.startswith("application/json"), f"content-type: {kind!r}")
        body = decoded(asked.body, complaints)
        heard = script.hear(asked, body, complaints)
        self.heard.append(heard)
        scene = self.scenes.get(heard.model)
        scene = scene and scene.now(heard)
        if scene is None:
            complaints.found.append(f"there is no row {heard.model!r}")
        if scene is None or complaints.found:
            self.found += complaints.found
            return self._failing(Failure(400, "; ".join(complaints.found)))
        if scene.answer.failure and not scene.answer.parts:
            return self._failing(scene.answer.failure)
        return self._streamed(scene, heard) if heard.streamed else self._whole(scene, heard)

    def _failing(self, failure: Failure) -> Reply:
        if failure.page:
            page = f"<html><h1>{failure.message}</h1></html>".encode()
            return plain(failure.status, {"content-type": "text/html"}, (page,))
        body = dump(self.script.error(failure)).encode()
        return plain(failure.status, self.script.error_headers(failure), (body,))

    def _whole(self, scene: Scene, heard: Heard) -> Reply:
        body = dump(self.script.whole(scene.answer, heard), scene.manner).encode()
        ending: Ending = "whole" if scene.manner.ending == "whole" else "cut"
        reply = plain(200, {}, cut(body, scene.manner.bytes))
        sent = body[: len(body) * 2 // 3]
        return reply if ending == "whole" else attrs.evolve(reply, writes=(sent,), ending=ending)

    def _streamed(self, scene: Scene, heard: Heard) -> Reply:
        manner = scene.manner
        events = self.script.frames(scene.answer, heard, manner).events
        if manner.ending != "whole":
            events = events[: manner.events]
        writes = cut(b"".join(events), manner.bytes) if manner.bytes else events
        headers = {"content-type": self.script.stream_type, "transfer-encoding": "chunked"}
        return Reply(200, headers, writes, manner.ending)


def plain(status: int, headers: Mapping[str, str], writes: tuple[bytes, ...]) -> Reply:
    """A response with a JSON body of known length."""
    size = sum(map(len, writes))
    fixed = {"content-type": "application/json", "content-length": str(size)}
    return Reply(status, {**fixed, **headers}, writes)


def decoded(body: bytes, complaints: Complaints) -> Json:
    """The request's JSON object, {} where it is none."""
    try:
        found: Any = json.loads(body)
    except ValueError as error:
        complaints.found.append(f"the body is not JSON: {error}")
        return {}
    complaints.that(isinstance(found, dict), "the body is not a JSON object")
    return cast(Json, found) if isinstance(found, dict) else {}


def cut(data: bytes, size: int) -> tuple[bytes, ...]:
    """The data in pieces of this size, in one for 0."""
    size = size or max(len(data), 1)
    return tuple(data[start : start + size] for start in range(0, len(data), size))


def read_request(connection: socket.socket, held: bytes) -> tuple[Asked, bytes] | None:
    """One request, and the bytes that came behind it; None when the client has ended."""
    parser = h11.Connection(h11.SERVER)
    parser.receive_data(held) if held else None
    target, headers, body = "", dict[str, str](), b""
    while True:
        event = parser.next_event()
        if event is h11.NEED_DATA:
            data = connection.recv(READ_BYTES)
            if not data:
                return None
            parser.receive_data(data)
        elif isinstance(event, h11.Request):
            target = event.target.decode()
            headers = {name.decode(): value.decode() for name, value in event.headers}
        elif isinstance(event, h11.Data):
            body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            return Asked(target, headers, body), parser.trailing_data[0]
        else:
            return None


def send(connection: socket.socket, reply: Reply) -> bool:
    """Writes a response; says whether the connection is still good for another."""
    connection.sendall(reply.head())
    for data in reply.writes:
        connection.sendall(b"%x\r\n%b\r\n" % (len(data), data) if reply.chunked else data)
    if reply.ending == "cut":
        shut(connection)
        return False
    if reply.chunked:
        connection.sendall(b"0\r\n\r\n")
    return True


def shut(connection: socket.socket) -> None:
    """Ends a connection both ways; one that is gone already stays so."""
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def open_upstream(script: Script, scenes: Mapping[str, Scene]) -> Generator[ScriptedUpstream]:
    """Listens until the block is left."""
    listener = socket.create_server(("127.0.0.1", 0))
    upstream = ScriptedUpstream(script, scenes, listener)
    thread = threading.Thread(target=upstream.accept, daemon=True)
    thread.start()
    try:
        yield upstream
    finally:
        upstream.close()
        thread.join()
