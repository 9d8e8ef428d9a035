"""An endpoint played by the standard library's HTTP server, in a thread, on a loopback port."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Any, cast

import attrs

WORDS = ("Hello", ", ", "world.")


@attrs.define
class Peer:
    """What the peer does, and what it has heard. `held` holds an answer after its first word."""

    models_status: int = 200
    messages_status: int = 200
    cut: bool = False
    stop_reason: str = "end_turn"
    hold: bool = False
    held: Event = attrs.field(factory=Event)
    left: Event = attrs.field(factory=Event)
    url: str = ""
    keys: list[str] = attrs.field(factory=lambda: list[str]())
    bodies: list[Any] = attrs.field(factory=lambda: list[Any]())


class PeerServer(ThreadingHTTPServer):
    """The HTTP server of one peer."""

    def __init__(self, peer: Peer) -> None:
        super().__init__(("127.0.0.1", 0), PeerHandler)
        self.peer = peer


class PeerHandler(BaseHTTPRequestHandler):
    """Answers as the peer of its server says."""

    @property
    def peer(self) -> Peer:
        """The peer that is played."""
        return cast(PeerServer, self.server).peer

    def do_GET(self) -> None:
        self.peer.keys.append(self.headers.get("x-api-key", ""))
        self.answer(self.peer.models_status, b"{}", "application/json")

    def do_POST(self) -> None:
        self.peer.keys.append(self.headers.get("x-api-key", ""))
        length = int(self.headers["content-length"])
        self.peer.bodies.append(json.loads(self.rfile.read(length)))
        if self.peer.messages_status != 200:
            error = {"type": "invalid_request_error", "message": "the planted reason"}
            body = json.dumps({"type": "error", "error": error}).encode()
            self.answer(self.peer.messages_status, body, "application/json")
            return
        self.stream()

    def answer(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def stream(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        usage = {"input_tokens": 3, "output_tokens": 0}
        message = {"id": "m", "model": "claude-x", "role": "assistant", "usage": usage}
        self.event("message_start", message=message)
        block = {"type": "text", "text": ""}
        self.event("content_block_start", index=0, content_block=block)
        for number, word in enumerate(WORDS):
            delta = {"type": "text_delta", "text": word}
            self.event("content_block_delta", index=0, delta=delta)
            if self.peer.hold and not number:
                self.peer.held.set()
                self.rfile.read(1)  # returns when the other side closes
                self.peer.left.set()
                return
            if self.peer.cut:
                return
        self.event("content_block_stop", index=0)
        delta = {"stop_reason": self.peer.stop_reason}
        self.event("message_delta", delta=delta, usage={"output_tokens": 4})
        self.event("message_stop")

    def event(self, kind: str, **fields: Any) -> None:
        data = json.dumps({"type": kind, **fields})
        self.wfile.write(f"event: {kind}\ndata: {data}\n\n".encode())
        self.wfile.flush()

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Says nothing: the tests read what was heard."""


@contextmanager
def playing(**behaviour: Any) -> Generator[Peer]:
    """Runs a peer around the block."""
    peer = Peer(**behaviour)
    server = PeerServer(peer)
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    peer.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield peer
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
