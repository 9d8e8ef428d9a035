"""Whether a conversation can go on at a place: what speaks against it, and what to warn of.

A conversation that is longer than a place's window is not taken there. Where the prompt diet works
(windows up to ROOM_TOKENS) the conversation alone counts, and what the client puts before it only
as far as some of it will be left out. Private words go to no remote place, whatever is said. What a
place cannot do is told, not refused: the next message may not need it.
"""

from __future__ import annotations

from typing import Literal

import attrs

from ..anthropic.diet import ROOM_TOKENS
from .standing import Standing

Obstacle = Literal["barred", "barred_unknown", "spent", "too_long"]
Warning_ = Literal["rests", "lacks_vision", "lacks_tools", "is_shortened"]
DIET_SHARE = 0.5
"""Of a small window, that a conversation can have so that the diet leaves all of it."""


@attrs.frozen
class Ground:
    """What is known of a conversation that is to go elsewhere.

    `tokens` is the whole of it, with the client's instructions and tools, and `history_tokens` the
    messages alone. `is_unread` where it cannot be read whether it is private.
    """

    tokens: int
    history_tokens: int
    has_images: bool = False
    has_tools: bool = False
    is_unread: bool = False


def obstacle(ground: Ground, to: Standing, *, anyway: bool = False) -> Obstacle | None:
    """What keeps a conversation from a place; `anyway` if its length shall not."""
    if to.barred:
        return "barred_unknown" if ground.is_unread else "barred"
    if to.spent:
        return "spent"
    if not anyway and not fits(ground, to.context_tokens):
        return "too_long"
    return None


def warnings(ground: Ground, to: Standing) -> tuple[Warning_, ...]:
    """What a user had better know before the next message."""
    found: dict[Warning_, bool] = {
        "rests": to.rest_seconds > 0,
        "lacks_vision": ground.has_images and "vision" in to.lacks,
        "lacks_tools": ground.has_tools and "tools" in to.lacks,
        "is_shortened": 0 < to.context_tokens <= ground.tokens,
    }
    return tuple(name for name, holds in found.items() if holds)


def fits(ground: Ground, context_tokens: int) -> bool:
    """Whether a window is large enough, as far as it is known."""
    if not context_tokens or ground.tokens < context_tokens:
        return True
    small = context_tokens <= ROOM_TOKENS
    return small and ground.history_tokens < context_tokens * DIET_SHARE
