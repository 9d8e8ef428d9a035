"""What the mock upstream says, encoded beforehand: in Anthropic Messages and in Chat Completions.

Both say the same: so many tokens of text, ` tok0` to ` tok9` over and over, and what they used;
or, not streamed, one sentence. Each event is one HTTP chunk. Chat Completions tells usage in the
standard way of a stream, in a chunk of its own behind the one with the `finish_reason`.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

INPUT_TOKENS = 25
PLAIN_TEXT = "Hello from the mock."
PLAIN_TOKENS = 6
WORDS = [f" tok{number}" for number in range(10)]


def streamed_text(tokens: int) -> str:
    """Returns the text of a streamed answer."""
    return "".join(WORDS[index % len(WORDS)] for index in range(tokens))


@dataclass(frozen=True)
class Answers:
    """The answers of one dialect: the parts of a stream, and a whole response."""

    stream_head: bytes
    deltas: list[bytes]
    stream_tail: Callable[[int], bytes]
    plain: bytes


def encode_json(value: object) -> bytes:
    """Encodes without blanks, as the real APIs do."""
    return json.dumps(value, separators=(",", ":")).encode()


def encode_chunk(event: bytes) -> bytes:
    """Encodes one HTTP chunk."""
    return b"%x\r\n%s\r\n" % (len(event), event)


def encode_response(value: object, status: str = "200 OK") -> bytes:
    """Encodes a whole JSON response."""
    body = encode_json(value)
    head = f"HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {len(body)}"
    return head.encode() + b"\r\n\r\n" + body


STREAM_RESPONSE = (
    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream; charset=utf-8\r\n"
    b"cache-control: no-cache\r\nrequest-id: req_mock\r\ntransfer-encoding: chunked\r\n\r\n"
)
LAST_CHUNK = b"0\r\n\r\n"


def encode_event(kind: str, **fields: object) -> bytes:
    """Encodes one event of Messages."""
    data = encode_json({"type": kind, **fields})
    return encode_chunk(b"event: %s\ndata: %s\n\n" % (kind.encode(), data))


def encode_message(output_tokens: int, content: list[object], stop_reason: str | None) -> object:
    """Makes a message, complete or as `message_start` holds it."""
    return {
        "id": "msg_mock",
        "type": "message",
        "role": "assistant",
        "model": "mock",
        "content": content,
        "stop_reason": stop_reason,
        "stop_sequence": None,
        "usage": {
            "input_tokens": INPUT_TOKENS,
            "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": 0,
            "output_tokens": output_tokens,
        },
    }


def encode_message_tail(tokens: int) -> bytes:
    """Encodes the last events of a message and the end of the chunked body."""
    ended: dict[str, object] = {"stop_reason": "end_turn", "stop_sequence": None}
    return (
        encode_event("content_block_stop", index=0)
        + encode_event("message_delta", delta=ended, usage={"output_tokens": tokens})
        + encode_event("message_stop")
        + LAST_CHUNK
    )


ANTHROPIC = Answers(
    stream_head=STREAM_RESPONSE
    + encode_event("message_start", message=encode_message(1, [], None))
    + encode_event("content_block_start", index=0, content_block={"type": "text", "text": ""})
    + encode_event("ping"),
    deltas=[
        encode_event("content_block_delta", index=0, delta={"type": "text_delta", "text": word})
        for word in WORDS
    ],
    stream_tail=encode_message_tail,
    plain=encode_response(
        encode_message(PLAIN_TOKENS, [{"type": "text", "text": PLAIN_TEXT}], "end_turn")
    ),
)


def make_completion(kind: str, choices: list[object], **fields: object) -> dict[str, Any]:
    """Makes a completion, whole or one chunk of it."""
    completion = {"id": "chatcmpl-mock", "object": kind, "created": 1_700_000_000, "model": "mock"}
    return {**completion, "choices": choices, **fields}


def encode_choice(delta: object, finish_reason: str | None = None) -> bytes:
    """Encodes one chunk of a completion."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    data = encode_json(make_completion("chat.completion.chunk", [choice]))
    return encode_chunk(b"data: %s\n\n" % data)


def make_usage(tokens: int) -> object:
    """Makes the usage of a completion."""
    return {
        "prompt_tokens": INPUT_TOKENS,
        "completion_tokens": tokens,
        "total_tokens": INPUT_TOKENS + tokens,
    }


def encode_completion_tail(tokens: int) -> bytes:
    """Encodes the last chunks of a completion and the end of the chunked body."""
    used = make_completion("chat.completion.chunk", [], usage=make_usage(tokens))
    return (
        encode_choice({}, "stop")
        + encode_chunk(b"data: %s\n\n" % encode_json(used))
        + encode_chunk(b"data: [DONE]\n\n")
        + LAST_CHUNK
    )


def encode_plain_completion() -> bytes:
    """Encodes a completion that is not streamed."""
    message = {"role": "assistant", "content": PLAIN_TEXT, "refusal": None}
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}
    usage = make_usage(PLAIN_TOKENS)
    return encode_response(make_completion("chat.completion", [choice], usage=usage))


OPENAI_CHAT = Answers(
    stream_head=STREAM_RESPONSE + encode_choice({"role": "assistant", "content": ""}),
    deltas=[encode_choice({"content": word}) for word in WORDS],
    stream_tail=encode_completion_tail,
    plain=encode_plain_completion(),
)
