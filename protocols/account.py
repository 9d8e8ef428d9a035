"""What is known so far of one answer: its usage, how it stopped, and what it called.

Whoever reads along with an answer keeps one: the sniffer of a relay, which only looks, and
`EventAccount`, which is told the events of a translation.
"""

from __future__ import annotations

from typing import Protocol

import attrs

from .conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ThinkingDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from .records import Usage

NAME_CHARACTERS_MAX = 128
"""Of a stop reason, an error's type and a tool use's id, which are kept in the ledger."""


class Account(Protocol):
    """What the ledger and the commit point need to know of an answer."""

    usage: Usage
    stop_reason: str
    stopped: bool
    """The answer has come to its end."""
    content_started: bool
    tool_finished: bool
    """A client may have run a tool: this answer is never replaced by another."""
    error: str
    """The type of the error that the upstream has told in mid-answer; "" for none."""
    tool_uses: list[str]

    def settled_usage(self) -> Usage:
        """What to put into the ledger: as reported or, if the answer did not end, estimated."""
        ...


class Settling:
    """How an account is settled, whoever keeps it."""

    __slots__ = ()

    usage: Usage
    started: bool
    stopped: bool
    deltas: int

    def settled_usage(self) -> Usage:
        """What to put into the ledger: as reported or, if the answer did not end, estimated.

        An answer that was cut short never reported its output; its deltas are the best count.
        """
        if self.stopped or not self.started:
            return self.usage
        output = max(self.usage.output_tokens, self.deltas)
        return attrs.evolve(self.usage, output_tokens=output, estimated=True)


@attrs.define
class EventAccount(Settling):
    """The account of an answer that is read as events."""

    usage: Usage = attrs.field(factory=Usage)
    stop_reason: str = ""
    started: bool = False
    stopped: bool = False
    content_started: bool = False
    tool_finished: bool = False
    error: str = ""
    tool_uses: list[str] = attrs.field(factory=list[str])
    deltas: int = 0
    _open_tool: bool = False

    def note(self, event: AnswerEvent) -> None:
        """Takes the next event."""
        match event:
            case TextDelta() | ThinkingDelta() | ToolInputDelta():
                self.content_started = True
                self.deltas += 1
            case AnswerStarted(usage):
                self.started = True
                self.usage = usage
            case ToolUseStarted(call, _):
                self.content_started = self._open_tool = True
                self.tool_uses.append(call[:NAME_CHARACTERS_MAX])
            case BlockEnded():
                self._end_block()
            case AnswerEnded(reason, usage):
                self._end_block()
                self.stopped, self.stop_reason = True, reason[:NAME_CHARACTERS_MAX]
                self.usage = usage
            case AnswerFailed(kind, _):
                self.error = kind[:NAME_CHARACTERS_MAX] or "error"
            case _:
                self.content_started = True

    def _end_block(self) -> None:
        self.tool_finished = self.tool_finished or self._open_tool
        self._open_tool = False
