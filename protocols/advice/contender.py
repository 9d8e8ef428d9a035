"""A place that could answer, with all that is known of it just now, and who is asked for that.

What nobody knows is told as such (`UNKNOWN`, 0 for a window, None for a price), and counts neither
for a place nor against it.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum
from typing import Final

import attrs

from ..actor import Message, Ref
from ..resources.need import MemoryNeed
from ..settings_data import Ability, ChatSettings, RecommendSettings
from ..usage.sums import UNKNOWN

MODELS_PER_ENDPOINT: Final = 8
"""Of an endpoint that lists hundreds the first so many are compared, and those that are named."""


class InMemory(Enum):
    """How a model stands to the memory of this machine."""

    UNKNOWN = "unknown"
    """It is elsewhere, or nobody can say."""
    LOADED = "loaded"
    FITS = "fits"
    EVICTS = "evicts"
    """It fits once others have left."""
    TOO_LARGE = "too large"


@attrs.frozen
class Contender:
    """One place. Times, rates and counts are those of today.

    `trusted` may see private text; one that is `here` runs on this machine. Of `has` and `lacks`
    neither holds an ability of which nobody has said. `cached` if it has read this conversation and
    keeps what it has read. `price` is for a million tokens read and a million written.
    """

    place: str
    window_tokens: int = 0
    here: bool = False
    trusted: bool = False
    embedded: bool = False
    has: frozenset[Ability] = frozenset()
    lacks: frozenset[Ability] = frozenset()
    first_seconds: float = UNKNOWN
    tokens_per_second: float = UNKNOWN
    attempts: int = 0
    errors: int = 0
    rest_seconds: float = 0.0
    rests_why: str = ""
    cached: bool = False
    memory: InMemory = InMemory.UNKNOWN
    need_bytes: int = 0
    evicts: tuple[str, ...] = ()
    price: tuple[float, float] | None = None
    spent_tokens: int = 0
    tokens_per_day: int = 0

    @property
    def endpoint(self) -> str:
        """The endpoint's name."""
        return self.place.partition("/")[0]

    @property
    def is_spent(self) -> bool:
        """Whether its tokens of today are used up."""
        return 0 < self.tokens_per_day <= self.spent_tokens


@attrs.frozen
class Contenders:
    """All places as the router knows them, and what the settings say of advice.

    `engines` are the backends of those whose models this machine loads, by endpoint.
    """

    places: tuple[Contender, ...]
    weights: RecommendSettings
    chat: ChatSettings
    engines: Mapping[str, Ref] = attrs.field(factory=dict[str, Ref])

    def named(self, place: str) -> Contender | None:
        """The contender of this place."""
        return next((each for each in self.places if each.place == place), None)


@attrs.frozen
class FindContenders(Message[Contenders]):
    """To the router: who could answer, and how are they? Answered at once.

    These `places` are among them, however many models their endpoints have.
    """

    places: tuple[str, ...] = ()


@attrs.frozen
class FindNeed(Message[MemoryNeed]):
    """To the backend of an engine: what would its model take? Raises Refusal."""
