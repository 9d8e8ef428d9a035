"""The one number by which Claude Code knows how much a conversation may hold.

The client asks nobody for a model's window. An id that is not its own counts as 1,000,000 tokens,
unless the variable CLAUDE_CODE_MAX_CONTEXT_TOKENS says another number: one for its whole process,
whatever model answers (its public settings reference; it was seen to keep its own number for its
own ids). So the number is the window of the place where conversations start: the client compacts in
time for that. A place with a larger window is used up to the number; one with a smaller window
refuses what is too long in words that make the client compact (`prompt is too long: N tokens > M
maximum`), or shortens it where the window is so small that compacting would not help. A number for
the smallest place would have every conversation compacted for a place that it may never see.

Where nobody has said how much the first place holds, no number is set: a guess that is too small
would lose words for nothing. The model that ships with Understudy counts only while it is alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from .anthropic.diet import ROOM_TOKENS
from .routing.table import EMBEDDED, Place, RoutingTable

CONTEXT_VARIABLE: Final = "CLAUDE_CODE_MAX_CONTEXT_TOKENS"
ANSWER_VARIABLE: Final = "CLAUDE_CODE_MAX_OUTPUT_TOKENS"
ASSUMED_TOKENS: Final = 1_000_000
"""What the client takes for the window of an id that is not its own."""
SMALL_WINDOW_TOKENS: Final = 65_536
"""Up to this window the client is told to ask for short answers: it keeps room for 32,000 tokens
of answer, and would find its first request too long for a window of that size."""
ANSWER_SHARE: Final = 8
"""In such a window an answer may take one part in so many."""
NAMES_MAX: Final = 3
"""So many places are named in each part of the explanation."""


@attrs.frozen
class ContextNumber:
    """The number, and why it is this one.

    `tokens` is 0 where none is to be set; `place` has decided it. `answer_tokens` is the longest
    answer that the client is to ask for, 0 where that is left to it. `why` explains all of it in
    sentences; `is_mixed` if a place is known whose window is another one.
    """

    tokens: int
    place: str
    why: str
    answer_tokens: int = 0
    is_mixed: bool = False

    @property
    def variables(self) -> dict[str, str]:
        """What the client's environment is to have; nothing where no number is to be set."""
        numbers = {CONTEXT_VARIABLE: self.tokens, ANSWER_VARIABLE: self.answer_tokens}
        return {name: str(number) for name, number in numbers.items() if number}


def context_number(table: RoutingTable, model: str = "") -> ContextNumber:
    """The number for a client that starts with this model, or else with the default."""
    places = _counted(table)
    first = table.first(model or table.default)
    if first.name not in {each.name for each in places}:
        first = places[0] if places else first
    tokens = _window(first) if places else 0
    others = [each for each in places if each.name != first.name]
    return ContextNumber(
        tokens,
        first.name,
        " ".join(_reasons(first, tokens, others)),
        tokens // ANSWER_SHARE if tokens <= SMALL_WINDOW_TOKENS else 0,
        any(tokens and _window(each) not in (0, tokens) for each in others),
    )


def _counted(table: RoutingTable) -> Sequence[Place]:
    """The places that count: the embedded model's only if the settings name no endpoint."""
    return [
        Place(endpoint, model, "")
        for endpoint in table.endpoints
        if endpoint != EMBEDDED or not table.settings.endpoints
        for model in endpoint.models
    ]


def _window(place: Place) -> int:
    return place.endpoint.window(place.model)


def _reasons(first: Place, tokens: int, others: Sequence[Place]) -> Iterator[str]:
    if not tokens:
        yield (
            f"no context size is set: nobody has said how much {first.name} holds, where "
            f"conversations start, and the client takes it for {ASSUMED_TOKENS:,} tokens; "
            f"`context_tokens = N` at its endpoint in the settings says it."
        )
        return
    yield (
        f"the client is told {tokens:,} tokens for every model that is not its own: the window of "
        f"{first.name}, where conversations start."
    )
    larger = [each for each in others if _window(each) > tokens]
    smaller = [each for each in others if 0 < _window(each) < tokens]
    if larger:
        yield f"{_names(larger)} could hold more, which stays unused."
    refusing = [each for each in smaller if _window(each) > ROOM_TOKENS]
    if refusing:
        yield (
            f"What is too long for {_names(refusing)} is answered `prompt is too long: N tokens > "
            "M maximum`, and the client compacts it then."
        )
    shortening = [each for each in smaller if each not in refusing]
    if shortening:
        yield f"What is too long for {_names(shortening)} is shortened there, and you are told."
    unknown = [each for each in others if not _window(each)]
    if unknown and (larger or smaller):
        yield f"How much {_names(unknown)} holds, nobody has said."


def _names(places: Sequence[Place]) -> str:
    """The places with their windows, the first few of them."""
    shown = [
        f"{each.name} ({_window(each):,})" if _window(each) else each.name
        for each in places[:NAMES_MAX]
    ]
    rest = len(places) - len(shown)
    if rest:
        shown.append(f"{rest} more")
    *before, last = shown
    return f"{', '.join(before)} and {last}" if before else last
