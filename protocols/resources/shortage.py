"""Why a load is refused: the numbers, who holds what, and what would help.

What *can be had* is the room that there is and all that models which are not pinned would give
back. Who is refused although that is enough has waited in vain, or came in a critical state. Room
comes by itself where models end their answers or other programs give memory back: only then is it
said when to ask again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import attrs

from .book import Entry
from .lease import LeaseRefused
from .report import HELD, LEAVING
from .room import Room
from .words import describe_size

WINDOW_TOKENS_MIN: Final = 2048
"""No smaller window is suggested to anybody."""
WINDOW_TOKENS_STEP: Final = 256
NAMES_MAX: Final = 8
"""So many models are named in a refusal."""


@attrs.frozen
class Shortage:
    """A wish, the room there is, and those who hold memory."""

    entry: Entry
    room: Room
    holders: Sequence[Entry]

    @property
    def made_bytes(self) -> int:
        """What can be had."""
        leaving = sum(
            each.held_bytes
            for each in self.holders
            if each.state == LEAVING or not each.wish.is_pinned
        )
        return max(0, self.room.bytes + leaving)

    @property
    def missing_bytes(self) -> int:
        """What is missing even then; negative if nothing is."""
        return self.entry.reserved_bytes - self.made_bytes

    @property
    def may_pass(self) -> bool:
        """Whether other programs hold what is missing, so that it may come by itself."""
        return self.missing_bytes <= self._others_bytes() and not self._is_over_budget()

    def refusal(self, why: str, retry_after_seconds: float) -> LeaseRefused:
        """The refusal for this cause, a clause; the time is said only if room may come by then."""
        parts = [
            f"{_opening(self.entry)}{why}",
            f"It needs {self._need_words()}; {describe_size(self.made_bytes)} can be had, with "
            f"what models that are not pinned would give back: {self.room.words}",
            *self._holder_words(),
            *self._hints(),
        ]
        return LeaseRefused(
            ". ".join(parts) + ".",
            need_bytes=self.entry.reserved_bytes,
            available_bytes=self.made_bytes,
            retry_after_seconds=int(retry_after_seconds) if self.may_pass else None,
        )

    def _need_words(self) -> str:
        need = self.entry.wish.need
        words = f"{describe_size(need.weights_bytes)} of weights"
        if need.cache_bytes:
            words += f", {describe_size(need.cache_bytes)} for {need.context_tokens} tokens"
        if need.buffers_bytes:
            words += f", {describe_size(need.buffers_bytes)} of buffers"
        return f"{describe_size(self.entry.reserved_bytes)} ({words})"

    def _holder_words(self) -> Iterator[str]:
        if self.holders:
            named = ", ".join(
                f"{each.name} {describe_size(each.held_bytes)} ({_state_words(each)})"
                for each in self.holders[:NAMES_MAX]
            )
            more = len(self.holders) - NAMES_MAX
            yield f"Memory is held by {named}" + (f" and {more} more" if more > 0 else "")

    def _hints(self) -> Iterator[str]:
        if self.missing_bytes <= 0:
            return
        need = self.entry.wish.need
        if need.token_bytes > 0:
            window = need.context_tokens + -self.missing_bytes // need.token_bytes
            window -= window % WINDOW_TOKENS_STEP
            if window >= WINDOW_TOKENS_MIN:
                yield f"A window of {window} tokens would fit"
        pinned = [each for each in self.holders if each.wish.is_pinned]
        if pinned and sum(each.held_bytes for each in pinned) >= self.missing_bytes:
            names = ", ".join(each.name for each in pinned[:NAMES_MAX])
            yield f"Unpinning would make room: {names}"
        if self._is_over_budget():
            yield "A greater budget of memory in the settings would allow it"
        elif self._others_bytes() >= self.missing_bytes:
            others = describe_size(self._others_bytes())
            yield f"Other programs hold {others}: closing some of them would make room"
        else:
            yield "A smaller model, or one of fewer bits, would fit"

    def _is_over_budget(self) -> bool:
        """The user's budget is what stands against it, even with every model gone."""
        budget = self.room.budget_bytes
        pinned = sum(each.held_bytes for each in self.holders if each.wish.is_pinned)
        return budget is not None and self.entry.reserved_bytes > budget - pinned

    def _others_bytes(self) -> int:
        """What is taken on the machine, and not by models."""
        reading = self.room.reading
        ours = sum(each.private_bytes for each in self.holders)
        return max(0, reading.total_bytes - reading.available_bytes - ours)


def told_words(entry: Entry, refusal: LeaseRefused) -> str:
    """The refusal's words for a line that says already who was refused, without an end mark."""
    return refusal.words.removeprefix(_opening(entry)).removesuffix(".")


def _opening(entry: Entry) -> str:
    return f"{entry.name} is not loaded: "


def _state_words(entry: Entry) -> str:
    words = entry.state
    if entry.state == HELD:
        words = "answering" if entry.is_busy else "idle"
    return f"pinned, {words}" if entry.wish.is_pinned else words
