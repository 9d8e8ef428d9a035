"""A row's question in neutral words: the conversation that a judge asks in its own dialect."""

from __future__ import annotations

from typing import Any, Literal

import attrs

Json = dict[str, Any]


@attrs.frozen
class Image:
    data: bytes = attrs.field(repr=False)
    media_type: str = "image/png"


@attrs.frozen
class Document:
    """A PDF."""

    data: bytes = attrs.field(repr=False)
    title: str = "report.pdf"


@attrs.frozen
class Tool:
    name: str
    description: str
    schema: Json


@attrs.frozen
class Call:
    """A call of a tool: of the question's history, or of an answer."""

    name: str
    input: Json


@attrs.frozen
class Result:
    """What a tool answered."""

    text: str
    image: Image | None = None
    is_error: bool = False


@attrs.frozen
class UserTurn:
    parts: tuple[str | Image | Document, ...]


@attrs.frozen
class ModelTurn:
    """What the model said before, and the tools it called."""

    text: str = ""
    calls: tuple[Call, ...] = ()


@attrs.frozen
class ResultTurn:
    """One result for each call of the turn before, in the order in which the tools finished.

    `order` has the calls' places: parallel calls end in any order.
    """

    results: tuple[Result, ...]
    order: tuple[int, ...]


Choice = Literal["", "auto", "any", "tool", "none"]
"""Whether a tool must be called; with "tool" it is the first of them."""
Turn = UserTurn | ModelTurn | ResultTurn


@attrs.frozen
class Question:
    turns: tuple[Turn, ...]
    system: str = "You answer in one word."
    tools: tuple[Tool, ...] = ()
    max_tokens: int = 2_048
    stop_sequences: tuple[str, ...] = ()
    thinking: bool = False
    choice: Choice = ""
    temperature: float | None = None

    def called(self, turn: int) -> tuple[Call, ...]:
        """The calls that the results in this turn answer."""
        before = self.turns[turn - 1]
        assert isinstance(before, ModelTurn)
        return before.calls


def call_id(turn: int, place: int) -> str:
    """The id of a call in the history; the turn is the one that holds the call."""
    return f"call_{turn}_{place}"
