"""What a parser tells as blocks, and the ways to cut an answer into pieces."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import attrs
import msgspec
from understudy.protocols.conversation.answer import (
    BlockEnded,
    TextDelta,
    ThinkingDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.engine.messages import ToolShape
from understudy.protocols.model_format.format import Expectation, ModelFormat, Said

RANDOM_SPLITS = 12


@attrs.frozen
class Thought:
    """A block of thinking."""

    text: str


@attrs.frozen
class Spoken:
    """A block of text."""

    text: str


@attrs.frozen
class Called:
    """A tool use, with its input as an object."""

    name: str
    input: dict[str, Any]


Block = Thought | Spoken | Called


@attrs.frozen
class Example:
    """What a model has written, what it means, and the end of the prompt before it."""

    written: str
    blocks: list[Block]
    tail: str = ""


def blocks_of(said: Sequence[Said]) -> list[Block]:
    """The blocks, and a check that the events are in order and no two tool uses share an id."""
    found: list[Block] = []
    ids = [event.id for event in said if isinstance(event, ToolUseStarted)]
    assert len(set(ids)) == len(ids)
    joins = False
    position = 0
    while position < len(said):
        event = said[position]
        position += 1
        if isinstance(event, BlockEnded):
            joins = False
        elif isinstance(event, ToolUseStarted):
            given, end = said[position : position + 2]
            assert isinstance(given, ToolInputDelta)
            assert isinstance(end, BlockEnded)
            found.append(Called(event.name, msgspec.json.decode(given.json_text)))
            position, joins = position + 2, False
        else:
            assert isinstance(event, TextDelta | ThinkingDelta)
            assert event.text
            last = found.pop() if joins and found else None
            found += _joined(last, event)
            joins = True
    return found


def _joined(last: Block | None, event: TextDelta | ThinkingDelta) -> list[Block]:
    """The block before with the event's text, if they are of a kind; else the two."""
    kind = Thought if isinstance(event, ThinkingDelta) else Spoken
    if isinstance(last, kind):
        return [kind(last.text + event.text)]
    return [*([] if last is None else [last]), kind(event.text)]


def told(
    form: ModelFormat,
    pieces: Sequence[str],
    tools: tuple[ToolShape, ...],
    tail: str = "",
    *,
    whole: bool = True,
) -> list[Block]:
    """What the format's parser tells of an answer that comes in these pieces."""
    parser = form.parser(Expectation(tools, tail, "a1"))
    said = [event for piece in pieces for event in parser.receive_text(piece)]
    return blocks_of(said + parser.receive_end(whole=whole))


def splits(text: str) -> Iterator[list[str]]:
    """The text in one piece, character by character, cut once at each place, and at random."""
    yield [text]
    yield list(text)
    for place in range(1, len(text)):
        yield [text[:place], text[place:]]
    chance = random.Random(text)
    for _ in range(RANDOM_SPLITS):
        cuts = sorted(chance.sample(range(len(text) + 1), min(len(text), 9)))
        places = [0, *cuts, len(text)]
        yield [text[a:b] for a, b in pairwise(places)]
