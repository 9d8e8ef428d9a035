"""What the tools answer, as data: each field is part of the tool's output schema.

Names and numbers alone, never a prompt. A list is cut to one page, so that no answer is larger than
a client takes as it is; `pages` says how many there are.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

ROWS_PER_PAGE: Final = 25
TEXT_CHARACTERS_MAX: Final = 400
"""Of any one text in a row."""

Item = TypeVar("Item")
Row = TypeVar("Row")


@dataclass(frozen=True)
class PlaceRow:
    """A model that can answer: where it runs, how it is, and how long a conversation may be."""

    place: str
    endpoint: str
    model: str
    default: bool
    here: bool
    private: bool
    context_tokens: int | None
    state: str
    why: str


@dataclass(frozen=True)
class PlaceList:
    """One page of places."""

    places: list[PlaceRow]
    default: str
    chosen: str | None
    page: int
    pages: int


@dataclass(frozen=True)
class Switched:
    """What has been changed; `undo` says how to take it back."""

    place: str
    scope: str
    conversation: str | None
    note: str
    undo: str


@dataclass(frozen=True)
class Ranked:
    """A place that could answer, with its points from 0 to 100, and what speaks for it."""

    place: str
    points: int
    reason: str


@dataclass(frozen=True)
class Recommendation:
    """What is recommended, the best place first; and what was left out, and why."""

    summary: str
    best: str | None
    ranking: list[Ranked]
    left_out: list[str]


@dataclass(frozen=True)
class TestRun:
    """One answer, measured; `error` where there was none."""

    first_token_seconds: float | None
    total_seconds: float
    output_tokens: int
    tokens_per_second: float | None
    error: str


@dataclass(frozen=True)
class TestReport:
    """The answers of one place."""

    place: str
    runs: list[TestRun]
    median_first_token_seconds: float | None
    median_tokens_per_second: float | None


@dataclass(frozen=True)
class UsageLine:
    """What was used, by one name."""

    name: str
    turns: int
    errors: int
    cancelled: int
    input_tokens: int
    cache_read_tokens: int
    cache_creation_tokens: int
    output_tokens: int
    first_byte_mean_seconds: float | None
    tokens_per_second: float | None


@dataclass(frozen=True)
class UsageReport:
    """One page of what was used from one day to another, both included."""

    since: str
    until: str
    by: str
    rows: list[UsageLine]
    page: int
    pages: int


@dataclass(frozen=True)
class ContextStats:
    """How much of its model's window a conversation uses, as its last turn was counted."""

    conversation: str
    place: str
    used_tokens: int
    cached_tokens: int
    context_tokens: int | None
    used_percent: float | None
    turns: int
    private: bool
    estimated: bool


@dataclass(frozen=True)
class LocalModelRow:
    """A model on this machine's disks; `served_as` is the id to ask for it by, if it has one."""

    id: str
    source: str
    size_bytes: int
    parameters: int | None
    quantisation: str
    context_tokens: int | None
    tools: bool
    served_as: str | None
    state: str
    problem: str


@dataclass(frozen=True)
class LocalModelList:
    """One page of models."""

    models: list[LocalModelRow]
    page: int
    pages: int


@dataclass(frozen=True)
class ModelLoaded:
    """A model that is in memory now."""

    place: str
    pinned: bool
    seconds: float


@dataclass(frozen=True)
class ModelUnloaded:
    """A model whose memory comes back once it has finished what it is answering."""

    place: str
    was_loaded: bool
    answers_left: int
    note: str


@dataclass(frozen=True)
class HeldModel:
    """A model in memory, and what it does."""

    place: str
    state: str
    bytes: int
    pinned: bool


@dataclass(frozen=True)
class MemoryPressure:
    """This machine's memory; who would go first, and what was decided lately and why."""

    state: str
    words: str
    total_bytes: int
    available_bytes: int
    kept_free_bytes: int
    models: list[HeldModel]
    next_to_leave: str | None
    decisions: list[str]


@dataclass(frozen=True)
class RouteLine:
    """One attempt of a turn: who was asked, why, and how it ended."""

    turn: str
    attempt: int
    conversation: str
    place: str
    why: str
    outcome: str
    status: int
    total_seconds: float
    output_tokens: int


@dataclass(frozen=True)
class RouteExplanation:
    """All attempts of a turn, the first one first."""

    attempts: list[RouteLine]


def page_of(
    items: Sequence[Item], page: int, row: Callable[[Item], Row]
) -> tuple[list[Row], int, int]:
    """The rows of one page, its number, and how many pages there are."""
    pages = max(1, -(-len(items) // ROWS_PER_PAGE))
    page = min(max(page, 1), pages)
    first = (page - 1) * ROWS_PER_PAGE
    return [row(item) for item in items[first : first + ROWS_PER_PAGE]], page, pages


def cut(text: str) -> str:
    """A text that is no longer than a row may have."""
    return text if len(text) <= TEXT_CHARACTERS_MAX else f"{text[: TEXT_CHARACTERS_MAX - 1]}…"
