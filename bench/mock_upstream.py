"""A fast upstream that speaks the Anthropic Messages API, for benchmarks: JSON and SSE answers.

Plain asyncio (on uvloop where it is installed), hand-made HTTP/1.1, events encoded beforehand, one
write and so one HTTP chunk per event: it must cost far less than what is measured behind it. It
answers every model id, checks no key, and takes requests with Content-Length only.

    POST /v1/messages               an answer, streamed or not
    POST /v1/messages/count_tokens  {"input_tokens": ...}
    GET  /v1/models                 one model, "mock"
    POST /_ctl  {"tokens": 200}     sets some fields of `Behaviour`; answers with all of them
    GET  /_log                      one `Exchange` per answered POST of messages; POST clears it

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


def encode_json(value: object) -> bytes:
    """Encodes without blanks, as the real API does."""
    return json.dumps(value, separators=(",", ":")).encode()


def encode_event(kind: str, **fields: object) -> bytes:
    """Encodes one SSE event as one HTTP chunk."""
    event = b"event: %s\ndata: %s\n\n" % (kind.encode(), encode_json({"type": kind, **fields}))
    return b"%x\r\n%s\r\n" % (len(event), event)


def encode_response(value: object, status: str = "200 OK") -> bytes:
    """Encodes a whole JSON response."""
    body = encode_json(value)
    head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


def encode_message(output_tokens: int, content: list[object], stop_reason: str | None) -> object:
    """Makes a message, complete or as `message_start` holds it."""
    usage = {"input_tokens": 25, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 0}
    return {
        "id": "msg_mock",
        "type": "message",
        "role": "assistant",
        "model": "mock",
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {**usage, "output_tokens": output_tokens},
    }


STREAM_HEAD = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"cache-control: no-cache\r\nrequest-id: req_mock\r\ntransfer-encoding: chunked\r\n\r\n"
    + encode_event("message_start", message=encode_message(1, [], None))
    + encode_event("content_block_start", index=0, content_block={"type": "text", "text": ""})
    + encode_event("ping")
)
STREAM_DELTAS = [
    encode_event("content_block_delta", index=0, delta={"type": "text_delta", "text": f" tok{i}"})
    for i in range(10)
]
PLAIN_ANSWER = encode_response(
    encode_message(6, [{"type": "text", "text": "Hello from the mock."}], "end_turn")
)
MODELS = {
    "data": [{"type": "model", "id": "mock", "display_name": "mock"}],
    "has_more": False,
    "first_id": "mock",
    "last_id": "mock",
}


def encode_stream_tail(tokens: int) -> bytes:
    """Encodes the last events and the end of the chunked body."""
    ended: dict[str, object] = {"stop_reason": "end_turn", "stop_sequence": None}
    return (
        encode_event("content_block_stop", index=0)
        + encode_event("message_delta", delta=ended, usage={"output_tokens": tokens})
        + encode_event("message_stop")
        + b"0\r\n\r\n"
    )


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
        if path == "/v1/messages":
            self.answer_messages(body)
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

    def answer_messages(self, body: bytes) -> None:
        """Starts an answer; the body is searched, not parsed, to keep the mock cheap."""
        streamed = b'"stream":true' in body or b'"stream": true' in body
        self.exchange = Exchange(streamed, len(body), time.monotonic())
        self.mock.log.append(self.exchange)
        start = self.start_stream if streamed else partial(self.end, PLAIN_ANSWER)
        hold_seconds = self.mock.behaviour.hold_seconds
        if hold_seconds:
            self.timer = self.loop.call_later(hold_seconds, start)
        else:
            start()

    def start_stream(self) -> None:
        """Sends the head of the stream and sets its pace."""
        self.transport.write(STREAM_HEAD)
        behaviour = self.mock.behaviour
        self.send_token(0, behaviour.tokens, behaviour.token_seconds, self.loop.time())

    def send_token(self, index: int, tokens: int, token_seconds: float, started_at: float) -> None:
        """Sends one delta and sets the time of the next."""
        assert self.exchange is not None
        if index == tokens:
            return self.end(encode_stream_tail(tokens))
        self.transport.write(STREAM_DELTAS[index % len(STREAM_DELTAS)])
        index += 1
        self.exchange.tokens_sent = index
        following = partial(self.send_token, index, tokens, token_seconds, started_at)
        if not self.writable:
            self.resume = following
        elif token_seconds:
            self.timer = self.loop.call_at(started_at + index * token_seconds, following)
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
