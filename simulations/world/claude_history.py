"""What the simulated Claude Code remembers of a conversation, and sends with every request.

The first message is a reminder and the prompt, followed by a message of the role `system`, which
later requests repeat as a plain string. A turn that Esc ended before anything could be seen
vanishes. Else what was seen stays, and the next prompt follows a marker in the same message; a tool
that was running has a result that says it was not to be. The real client has fixed words for both.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import attrs

from .claude_reply import Block

Json = dict[str, Any]

INTERRUPTED = "[Request interrupted by user]"
INTERRUPTED_IN_TOOL = "[Request interrupted by user for tool use]"
TOOL_STOPPED = "(the user did not let this tool go on)"
REMINDER = "<system-reminder>\nWhat the user has set up for this project.\n</system-reminder>"
SURROUNDINGS = "The folder is a project. The agents, the skills and the deferred tools are: none. "


def text_block(text: str) -> Json:
    """A block of text."""
    return {"type": "text", "text": text}


def tool_result(tool_use: str, text: str, *, is_error: bool = False) -> Json:
    """A block with what a tool said."""
    content = {"tool_use_id": tool_use, "content": text, "is_error": is_error}
    return {"type": "tool_result", **content}


@attrs.define(eq=False)
class History:
    """The messages so far. `begin`, then `answer` and `close_results` in turn, or `break_off`."""

    reminders: list[str] = attrs.field(factory=list[str])
    """What the client itself puts before the next prompt, in blocks of their own."""
    _messages: list[Json] = attrs.field(factory=list[Json])
    _pending: list[Json] = attrs.field(factory=list[Json])
    """What the next message of the user begins with."""
    _results: list[Json] = attrs.field(factory=list[Json])
    _before: tuple[list[Json], list[Json]] = ([], [])
    _rounds: int = 0
    """How often tools have run for the question at hand."""

    def begin(self, prompt: str) -> None:
        """The user asks."""
        self._before = (self._messages.copy(), self._pending)
        reminded = [text_block(reminder) for reminder in self.reminders]
        blocks = [*self._pending, *reminded, text_block(prompt)]
        self._pending, self._rounds, self.reminders = [], 0, []
        if self._messages:
            self._messages.append({"role": "user", "content": blocks})
            return
        self._messages.append({"role": "user", "content": [text_block(REMINDER), *blocks]})
        self._messages.append({"role": "system", "content": [text_block(SURROUNDINGS * 8)]})

    def answer(self, blocks: Sequence[Block]) -> None:
        """The model has answered."""
        content = [block.replayed() for block in blocks]
        if content:
            self._messages.append({"role": "assistant", "content": content})

    def add_result(self, result: Json) -> None:
        """A tool has ended: results are kept in the order in which tools end."""
        self._results.append(result)

    def close_results(self) -> None:
        """All tools of an answer have ended."""
        self._messages.append({"role": "user", "content": self._results})
        self._results = []
        self._rounds += 1

    def break_off(self, partial: Sequence[Block], *, esc: bool) -> None:
        """The turn ends here: by Esc, or because no answer can be had. `partial` was seen."""
        self.answer(partial)
        last = self._messages[-1]
        tools = _tool_uses(last) if last["role"] == "assistant" else []
        if tools:
            ended = [result["tool_use_id"] for result in self._results]
            stopped = [tool_result(tool, TOOL_STOPPED, is_error=True) for tool in tools]
            left = [result for result in stopped if result["tool_use_id"] not in ended]
            self._pending = [*self._results, *left, text_block(INTERRUPTED_IN_TOOL)]
        elif last["role"] == "assistant":
            self._pending = [text_block(INTERRUPTED)]
        elif self._rounds:
            self._pending = [*self._messages.pop()["content"]]
            self._pending += [text_block(INTERRUPTED)] if esc else []
        else:
            self._messages, self._pending = self._before
        self._results = []

    def messages(self) -> list[Json]:
        """The messages as they are sent: the last block is marked for the cache."""
        sent = [_plain(message) for message in self._messages[:-1]]
        *blocks, last = self._messages[-1]["content"]
        marked = {**last, "cache_control": {"type": "ephemeral"}}
        return [*sent, {**self._messages[-1], "content": [*blocks, marked]}]


def _plain(message: Json) -> Json:
    """A message that is sent again: the one of the role `system` has become a string."""
    is_system = message["role"] == "system"
    return {**message, "content": message["content"][0]["text"]} if is_system else message


def _tool_uses(message: Json) -> list[str]:
    return [str(block["id"]) for block in message["content"] if block["type"] == "tool_use"]
