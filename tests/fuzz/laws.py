"""What must hold of any answer's events (protocols/conversation/answer.py)."""

from __future__ import annotations

from collections.abc import Iterable

from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ToolInputDelta,
    ToolUseStarted,
)


def broken_laws(events: Iterable[AnswerEvent]) -> list[str]:
    """The laws that these events break."""
    broken: list[str] = []
    started = ended = calling = False
    for event in events:
        if ended:
            broken.append("something comes after the end")
        match event:
            case AnswerStarted():
                broken += ["it starts twice"] if started else []
                started = True
            case AnswerFailed():
                ended = True
            case _ if not started:
                broken.append("content before the start")
            case AnswerEnded():
                broken += ["it ends within a call"] if calling else []
                ended = True
            case ToolUseStarted():
                broken += ["a call begins within a call"] if calling else []
                broken += [] if event.id else ["a call without an id"]
                calling = True
            case ToolInputDelta():
                broken += [] if calling else ["input without a call"]
            case BlockEnded():
                calling = False
            case _:
                broken += ["a call is interrupted"] if calling else []
    return broken


def size_of(event: AnswerEvent) -> int:
    """How many characters an event holds, about; its own members, nested ones as they are shown."""
    if isinstance(event, TextDelta) and not event.logprobs:
        return len(event.text)
    return len(repr(event))
