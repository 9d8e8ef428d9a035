"""What a scenario is, and how a request picks one.

A user's text picks it: `SCN=name:argument:argument`, with no space in it. The newest text that
has one decides, so a tool's result, a retry, or a client's own request to resume stays in the
scenario; `results` says how many answers with tool results have come since, `attempt` how many
requests of this scenario came before. A scenario whose fault is about streams answers a request
for one whole message with plain text, because that is what a client falls back to.
"""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable

import attrs

from .scripted_reply import Json, Reply

RESULT_CHARACTERS_MAX = 4000

_mark = re.compile(r"SCN=(\S+)")


@attrs.frozen
class Turn:
    """What a scenario knows of the conversation.

    `results` counts the user messages with tool results since the scenario was picked,
    `later_turns` all user messages since; `last_result` is the newest result's text.
    """

    text: str
    attempt: int
    results: int
    later_turns: int
    last_result: str

    @property
    def name(self) -> str:
        """The scenario's name."""
        return self.text.split(":", 1)[0]

    def argument(self, index: int, default: str = "") -> str:
        """One of the arguments, counted from 0."""
        arguments = self.text.split(":")[1:]
        return arguments[index] if index < len(arguments) else default

    def rest(self, index: int) -> str:
        """Everything from that argument on, colons included."""
        return ":".join(self.text.split(":")[1 + index :])


Scenario = Callable[[Reply, Turn], Awaitable[None]]


def read_turn(body: Json, attempts: Callable[[str], int]) -> Turn:
    """Finds the scenario of a Messages request; `attempts` counts a scenario's requests."""
    results = later_turns = 0
    last_result = ""
    for message in reversed(body.get("messages", [])):
        if message.get("role") != "user":
            continue
        blocks = _blocks(message.get("content"))
        for block in reversed(blocks):
            found = _mark.search(block.get("text", "")) if block.get("type") == "text" else None
            if found:
                text = found.group(1)
                return Turn(text, attempts(text), results, later_turns, last_result)
        tool_results = [block for block in blocks if block.get("type") == "tool_result"]
        if tool_results and not last_result:
            last_result = " ".join(_result_text(block) for block in tool_results)
        results += bool(tool_results)
        later_turns += 1
    return Turn("text", attempts("text"), 0, 0, "")


def _blocks(content: str | list[Json] | None) -> list[Json]:
    if isinstance(content, str):
        return [{"type": "text", "text": content}]
    return content or []


def _result_text(block: Json) -> str:
    return " ".join(str(part.get("text", "")) for part in _blocks(block.get("content")))


async def say(reply: Reply, text: str = "The scripted answer.", input_tokens: int = 12) -> None:
    """Answers with one text."""
    await reply.start(input_tokens)
    await reply.text(text)
    await reply.end()


async def repeat_results(reply: Reply, turn: Turn) -> None:
    """Ends a tool loop with what the tools said."""
    await say(reply, f"The tools said: {turn.last_result[:RESULT_CHARACTERS_MAX]}")
