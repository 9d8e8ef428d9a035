"""A fast upstream for benchmarks that speaks Anthropic Messages and OpenAI's Chat Completions.

Plain asyncio (on uvloop where it is installed), hand-made HTTP/1.1, events encoded beforehand, one
write and so one HTTP chunk per event: it must cost far less than what is measured behind it. It
answers every model id, checks no key, and takes requests with Content-Length only.

    POST /v1/messages               an answer, streamed or not
    POST /v1/chat/completions       the same, with usage in a chunk of its own
    POST /v1/messages/count_tokens  {"input_tokens": ...}
    GET  /v1/models                 one model, "mock"
    POST /_ctl  {"tokens": 200}     sets some fields of `Behaviour`; answers with all of them
    GET  /_log                      one `Exchange` per request for an answer; POST clears it

Events are paced against the start of their stream, so that a late one does not delay the rest.
Times are CLOCK_MONOTONIC seconds, comparable between the processes of one machine.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from functools import partial

from mock_answers import ANTHROPIC, OPENAI_CHAT, Answers, encode_response

LOG_EXCHANGES_MAX = 10_000
HEAD_BYTES_MAX = 64 * 1024
BODY_BYTES_MAX = 64 * 1024 * 1024


@dataclass
class Behaviour:
    """How answers are given. `hold_seconds` comes before anything, response headers included."""

    tokens: int = 200
    token_seconds: float = 0.0
    hold_seconds: float = 0.0


@dataclass
class Exchange:
    """One request and what became of it; a time is None until it happened.

    `closed_at` is set only when the connection went away before the answer was complete.
    """

    streamed: bool
    body_bytes: int
    requested_at: float
    answered_at: float | None = None
    closed_at: float | None = None
    tokens_sent: int = 0


ANSWERS = {"/v1/messages": ANTHROPIC, "/v1/chat/completions": OPENAI_CHAT}
MODELS = {
    "data": [{"type": "model", "id": "mock", "display_name": "mock"}],
    "has_more": False,
    "first_id": "mock",
    "last_id": "mock",
}


class Mock:
    """What the connections share: the behaviour asked for and the log."""

    def __init__(self) -> None:
        self.behaviour = Behaviour()
        self.log: deque[Exchange] = deque(maxlen=LOG_EXCHANGES_MAX)


class Connection(asyncio.Protocol):
    """One connection: takes a request, answers it, then takes the next."""

    def __init__(self, mock: Mock) -> None:
        self.mock = mock
        self.received = bytearray()
        self.exchange: Exchange | None = None
        self.timer: asyncio.Handle | None = None
        self.resume: Callable[[], None] | None = None
        self.writable = True

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keeps the transport."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self.loop = asyncio.get_running_loop()

    def connection_lost(self, exc: Exception | None) -> None:
        """Notes when the peer gave up an answer."""
        if self.timer is not None:
            self.timer.cancel()
        if self.exchange is not None:
            self.exchange.closed_at = time.monotonic()
            self.exchange = None

    def pause_writing(self) -> None:
        """Stops the stream until the peer has read."""
        self.writable = False

    def resume_writing(self) -> None:
        """Goes on with a stopped stream."""
        self.writable = True
        if self.resume is not None:
            resume, self.resume = self.resume, None
            resume()

    def data_received(self, data: bytes) -> None:
        """Collects a request."""
        self.received += data
        if self.exchange is None:
            self.take_requests()

    def take_requests(self) -> None:
        """Answers each complete request in the buffer, until one takes time."""
        while self.exchange is None:
            head_bytes = self.received.find(b"\r\n\r\n")
            if head_bytes < 0:
                return self.refuse_above(HEAD_BYTES_MAX)
            head = bytes(self.received[:head_bytes]).lower()
            length_at = head.find(b"\r\ncontent-length:")
            body_at = head_bytes + 4
            body_end = body_at
            if length_at >= 0:
                body_end += int(head[length_at + 17 :].split(b"\r\n", 1)[0])
            if len(self.received) < body_end:
                return self.refuse_above(BODY_BYTES_MAX)
            body = bytes(self.received[body_at:body_end])
            del self.received[:body_end]
            method, target = head.split(b" ", 2)[:2]
            self.answer(method.decode(), target.decode().partition("?")[0], body)
        return None

    def refuse_above(self, bytes_max: int) -> None:
        """Closes a connection whose request grows past its limit."""
        if len(self.received) > bytes_max:
            self.transport.abort()

    def answer(self, method: str, path: str, body: bytes) -> None:
        """Answers one request, or starts to."""
        mock = self.mock
        if path in ANSWERS:
            self.answer_turn(body, ANSWERS[path])
        elif path == "/v1/messages/count_tokens":
            self.transport.write(encode_response({"input_tokens": len(body) // 4}))
        elif path == "/v1/models":
            self.transport.write(encode_response(MODELS))
        elif path == "/_ctl":
            mock.behaviour = replace(mock.behaviour, **json.loads(body or b"{}"))
            self.transport.write(encode_response(asdict(mock.behaviour)))
        elif path == "/_log" and method == "post":
            mock.log.clear()
            self.transport.write(encode_response({}))
        elif path == "/_log":
            self.transport.write(encode_response([asdict(exchange) for exchange in mock.log]))
        else:
            self.transport.write(encode_response({"error": "no route"}, "404 Not Found"))

    def answer_turn(self, body: bytes, answers: Answers) -> None:
        """Starts an answer; the body is searched, not parsed, to keep the mock cheap."""
        streamed = b'"stream":true' in body or b'"stream": true' in body
        self.exchange = Exchange(streamed, len(body), time.monotonic())
        self.mock.log.append(self.exchange)
        plain = partial(self.end, answers.plain)
        start = partial(self.start_stream, answers) if streamed else plain
        hold_seconds = self.mock.behaviour.hold_seconds
        if hold_seconds:
            self.timer = self.loop.call_later(hold_seconds, start)
        else:
            start()

    def start_stream(self, answers: Answers) -> None:
        """Sends the head of the stream and sets its pace."""
        self.transport.write(answers.stream_head)
        self.send_token(answers, self.mock.behaviour, 0, self.loop.time())

    def send_token(
        self, answers: Answers, behaviour: Behaviour, index: int, started_at: float
    ) -> None:
        """Sends one delta and sets the time of the next."""
        assert self.exchange is not None
        if index == behaviour.tokens:
            return self.end(answers.stream_tail(index))
        self.transport.write(answers.deltas[index % len(answers.deltas)])
        index += 1
        self.exchange.tokens_sent = index
        following = partial(self.send_token, answers, behaviour, index, started_at)
        if not self.writable:
            self.resume = following
        elif behaviour.token_seconds:
            due_at = started_at + index * behaviour.token_seconds
            self.timer = self.loop.call_at(due_at, following)
        else:
            self.timer = self.loop.call_soon(following)
        return None

    def end(self, last_bytes: bytes) -> None:
        """Completes the answer and looks for the next request."""
        assert self.exchange is not None
        self.transport.write(last_bytes)
        self.exchange.answered_at = time.monotonic()
        self.exchange = self.timer = None
        if self.received:
            self.take_requests()


async def serve(port: int) -> None:
    """Serves on a loopback port (0 = any) until killed; prints `ready http://127.0.0.1:PORT`."""
    mock = Mock()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(mock), "127.0.0.1", port, backlog=1024)
    print(f"ready http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    async with server:
        await server.serve_forever()


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Makes uvloop's event loop where that is installed, else asyncio's own."""
    try:
        uvloop = importlib.import_module("uvloop")
    except ImportError:
        return asyncio.new_event_loop()
    loop = uvloop.new_event_loop()
    assert isinstance(loop, asyncio.AbstractEventLoop)
    return loop


def main() -> None:
    """Runs the mock as a program."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--port", type=int, default=0)
    arguments = parser.parse_args()
    with asyncio.Runner(loop_factory=new_event_loop) as runner:
        runner.run(serve(arguments.port))


if __name__ == "__main__":
    main()
