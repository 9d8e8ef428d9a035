"""What a scripted endpoint says, in the Anthropic dialect: steps for `VirtualPeer`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ...io.ports import Headers
from ...protocols.anthropic import events
from ..upstream import HANG, SendBytes, SendHead, Step, Wait

INPUT_TOKENS = 11
TEXTS = ("To", " be", ", or", " not", " to", " be", ".")


def event(kind: str, **data: Any) -> bytes:
    """One event of the dialect."""
    return events.event(kind, {"type": kind, **data})


def answer_events(texts: Sequence[str] = TEXTS) -> list[bytes]:
    """The events of a whole answer of one text block."""
    block = {"type": "text", "text": ""}
    ending = {"stop_reason": "end_turn", "stop_sequence": None}
    return [
        events.message_start("msg_peer", "claude-x", INPUT_TOKENS),
        event("content_block_start", index=0, content_block=block),
        *(events.text_delta(0, text) for text in texts),
        event("content_block_stop", index=0),
        event("message_delta", delta=ending, usage={"output_tokens": len(texts)}),
        event("message_stop"),
    ]


def streamed(texts: Sequence[str] = TEXTS, *, pause_seconds: float = 0.1) -> list[Step]:
    """A well-behaved answer, or with a long pause a slow one."""
    steps: list[Step] = [SendHead()]
    for piece in answer_events(texts):
        steps += [Wait(pause_seconds), SendBytes(piece)]
    return steps


def stalling_after(pieces: int) -> list[Step]:
    """An answer that falls silent after so many events; 0 is silence from the start."""
    return [*streamed()[: 1 + 2 * pieces], HANG] if pieces else [HANG]


def refused(status: int, *, retry_after_seconds: int | None = None) -> list[Step]:
    """An error response, such as 429 with a retry-after."""
    body = events.error_body(events.ERROR_KINDS[status], "as scripted")
    headers: Headers = (*events.JSON_HEADERS, (b"content-length", b"%d" % len(body)))
    if retry_after_seconds is not None:
        headers = (*headers, (b"retry-after", b"%d" % retry_after_seconds))
    return [SendHead(status, headers), SendBytes(body)]
