"""What a scripted endpoint reads in a request of the simulated Claude Code, before it answers."""

from __future__ import annotations

from typing import Any

import attrs
import msgspec

from .marker import marker_of

Json = dict[str, Any]


@attrs.frozen
class Question:
    """The last prompt, and what its tools have said since, in `rounds` messages.

    `asker` is the session, followed by the sub-agent's id if one asks; `history` is all messages.
    """

    marker: str
    streamed: bool
    prompt: str
    results: tuple[str, ...]
    rounds: int
    history: list[Json]

    @property
    def asker(self) -> str:
        """Who asks."""
        return self.marker.partition("#")[0]


def read_question(body: bytes) -> Question:
    """Reads a request's body."""
    request: Json = msgspec.json.decode(body)
    history: list[Json] = request["messages"]
    rounds: list[list[str]] = []
    prompt = ""
    for message in reversed(history):
        if message["role"] != "user":
            continue
        if message["content"][-1]["type"] == "text":
            prompt = message["content"][-1]["text"]
            break
        rounds.append([block["content"] for block in message["content"]])
    results = tuple(text for texts in reversed(rounds) for text in texts)
    return Question(marker_of(body), request["stream"], prompt, results, len(rounds), history)
