"""An endpoint of one dialect on a loopback port: it lists models and calls a tool, or refuses."""

from __future__ import annotations

import json
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, cast

import attrs

from ..actors.dialects import ANTHROPIC, CHAT, GEMINI, OLLAMA, RESPONSES, answer_pieces, calling

PATHS = {
    ANTHROPIC: "/v1/messages",
    CHAT: "/v1/chat/completions",
    RESPONSES: "/v1/responses",
    GEMINI: "/v1beta/models/",
    OLLAMA: "/api/chat",
}
IDS = ("big", "small")


@attrs.define
class Peer:
    """What it speaks and where, and what it has heard. `refusal` answers each real question."""

    dialect: str = CHAT
    path: str = ""
    lists: bool = True
    status: int = 200
    refusal: str = ""
    cut: bool = False
    text: bool = False
    url: str = ""
    asked: list[tuple[str, dict[str, str], Any]] = attrs.field(
        factory=list[tuple[str, dict[str, str], Any]]
    )


class PeerHandler(BaseHTTPRequestHandler):
    """Answers as the peer of its server says."""

    @property
    def peer(self) -> Peer:
        """The peer that is played."""
        return cast(PeerServer, self.server).peer

    def do_GET(self) -> None:
        entries = [{"id": each} for each in IDS]
        if (self.peer.lists and "models" in self.path) or self.path == "/api/tags":
            self.answer(200, json.dumps({"data": entries}).encode())
        else:
            self.answer(404, b"{}")

    def do_POST(self) -> None:
        peer = self.peer
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        if not self.path.startswith(peer.path or PATHS[peer.dialect]):
            self.answer(404, b"{}")
        elif not body:
            self.answer(400, b'{"error":{"message":"empty"}}')
        else:
            headers = {name.lower(): value for name, value in self.headers.items()}
            peer.asked.append((self.path, headers, body))
            if peer.status == 200:
                self.stream()
            else:
                told = {"error": {"type": "some_error", "message": peer.refusal}}
                self.answer(peer.status, json.dumps({"type": "error", **told}).encode())

    def stream(self) -> None:
        peer = self.peer
        events = calling("report", '{"ready":true}')
        pieces, headers = (
            answer_pieces(peer.dialect) if peer.text else answer_pieces(peer.dialect, events)
        )
        self.send_response(200)
        for name, value in (*headers, (b"connection", b"close")):
            self.send_header(name.decode(), value.decode())
        self.end_headers()
        for piece in pieces[: 2 if peer.cut else None]:
            self.wfile.write(piece)

    def answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: object = "-", size: object = "-") -> None:
        """Says nothing: the tests read what was heard."""


class PeerServer(ThreadingHTTPServer):
    """The HTTP server of one peer."""

    def __init__(self, peer: Peer) -> None:
        super().__init__(("127.0.0.1", 0), PeerHandler)
        self.peer = peer


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
