"""Requests and answers in the Anthropic dialect, as the pieces that a scripted peer sends."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from itertools import count
from typing import Any

from understudy.io.ports import Headers, UpstreamRequest
from understudy.protocols.anthropic import events
from understudy.protocols.anthropic.request import parse_request
from understudy.protocols.records import Usage
from understudy.protocols.turn import Operation, Turn
from understudy.simulations.upstream import Respond, SendBytes, SendHead, Step, Wait

WORK = "work/claude-x"
HOME = "home/claude-y"
LOCAL = "rehearsal"

INPUT_TOKENS = 11
CLIENT_HEADERS: Headers = (
    (b"content-type", b"application/json"),
    (b"anthropic-version", b"2023-06-01"),
    (b"anthropic-beta", b"one,two"),
)
JSON: Headers = ((b"content-type", b"application/json"),)

_numbers = count(1)


def request_body(text: str = "Hello", *, model: str = WORK, **members: Any) -> bytes:
    """A request as a client writes it: unusual white space, members that nobody here knows."""
    known = {"model": model, "max_tokens": 64, "stream": True}
    messages = [{"role": "user", "content": text}]
    body = {**known, "unknown": {"b": 1.0, "a": [2]}, "messages": messages, **members}
    return json.dumps(body, separators=(" , ", ":  "), ensure_ascii=False).encode()


def turn(
    text: str = "Hello",
    *,
    conversation: str = "conversation",
    named: bool = True,
    agent: str = "",
    operation: Operation = Operation.MESSAGES,
    query: bytes = b"",
    **members: Any,
) -> Turn:
    """A turn with an id of its own."""
    return Turn(
        id=f"req_{next(_numbers)}",
        conversation=conversation,
        named=named,
        agent=agent,
        operation=operation,
        request=parse_request(request_body(text, **members)),
        query=query,
        headers=CLIENT_HEADERS,
    )


def event(kind: str, **data: Any) -> bytes:
    """One event of the dialect."""
    return events.event(kind, {"type": kind, **data})


def answer_events(*texts: str, input_tokens: int = INPUT_TOKENS) -> list[bytes]:
    """The events of a whole answer of one text block, in the peer's own way of writing them."""
    start = events.message_start("msg_upstream", "claude-x", input_tokens)
    return [
        start.replace(b'"role":', b'"role" :  '),
        event("content_block_start", index=0, content_block={"type": "text", "text": ""}),
        *(events.text_delta(0, text) for text in texts),
        event("content_block_stop", index=0),
        event(
            "message_delta",
            delta={"stop_reason": "end_turn", "stop_sequence": None},
            usage={"output_tokens": len(texts)},
        ),
        event("message_stop"),
    ]


ANSWER = tuple(answer_events("To", " be", "."))
ANSWER_USAGE = Usage(input_tokens=INPUT_TOKENS, output_tokens=3)
MESSAGE = json.dumps(
    {
        "id": "msg_upstream",
        "type": "message",
        "role": "assistant",
        "model": "claude-x",
        "content": [{"type": "text", "text": "To be."}],
        "stop_reason": "end_turn",
        "usage": {"input_tokens": INPUT_TOKENS, "output_tokens": 3},
    },
    indent=1,
).encode()


def paced(pieces: Iterable[bytes], seconds: float = 0.1) -> list[Step]:
    """The pieces of a body with a wait before each."""
    return [step for piece in pieces for step in (Wait(seconds), SendBytes(piece))]


def stream(pieces: Iterable[bytes] = ANSWER, seconds: float = 0.1) -> list[Step]:
    """A whole streamed answer."""
    return [SendHead(), *paced(pieces, seconds)]


def whole(body: bytes = MESSAGE, status: int = 200, headers: Headers = ()) -> list[Step]:
    """A whole answer that is not streamed."""
    return [SendHead(status, JSON + headers), SendBytes(body)]


def refusal(status: int, kind: str, message: str, headers: Headers = ()) -> list[Step]:
    """An error response."""
    return whole(events.error_body(kind, message), status, headers)


def always(script: Sequence[Step]) -> Respond:
    """A peer that answers every request by the same script."""
    return lambda _request: script


def one_after_the_other(*scripts: Sequence[Step]) -> Respond:
    """A peer with a script for each request; the last one stays."""
    requests = count()

    def respond(_request: UpstreamRequest) -> Sequence[Step]:
        return scripts[min(next(requests), len(scripts) - 1)]

    return respond
