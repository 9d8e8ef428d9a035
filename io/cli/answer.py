"""Reads a streamed answer of the Anthropic dialect, for printing.

Source: the Messages API reference, "Streaming messages". Only text is shown; what else an answer
may hold (thinking, tools) is passed over, and unknown events are, as the reference asks.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs
import msgspec


class AnswerFailed(Exception):
    """The answer ended before its end; the message says why."""


@attrs.define
class Answer:
    """What has come so far."""

    model: str = ""
    text: str = ""
    stop_reason: str | None = None
    usage: dict[str, Any] = attrs.field(factory=lambda: dict[str, Any]())

    def as_data(self) -> dict[str, Any]:
        """The answer as plain data."""
        return attrs.asdict(self)


def read_answer(lines: Iterable[bytes], answer: Answer) -> Iterator[str]:
    """Fills `answer` and yields its pieces of text. Raises AnswerFailed."""
    for line in lines:
        if not line.startswith(b"data:"):
            continue
        try:
            event: Any = msgspec.json.decode(line[5:])
        except msgspec.MsgspecError:
            raise AnswerFailed("the endpoint sent an event that is not JSON") from None
        match event:
            case {"type": "message_start", "message": {"model": str(model)} as message}:
                answer.model = model
                answer.usage |= message.get("usage") or {}
            case {"type": "content_block_delta", "delta": {"type": "text_delta", "text": text}}:
                answer.text += text
                yield text
            case {"type": "message_delta", "delta": {"stop_reason": reason}}:
                answer.stop_reason = reason
                answer.usage |= event.get("usage") or {}
            case {"type": "error", "error": {"message": message}}:
                raise AnswerFailed(str(message))
            case {"type": "message_stop"}:
                return
            case _:
                pass
    raise AnswerFailed("the connection was cut before the end")
