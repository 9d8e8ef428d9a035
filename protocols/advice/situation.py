"""What a conversation needs of the place that answers it."""

from __future__ import annotations

from typing import Final

import attrs

from ..switching.command import Goal

HEADROOM_TOKENS: Final = 2_000
"""The next turn brings so many at least: a window that they do not fit into is too small."""
TURNS_AHEAD: Final = 2
"""A window that overflows within so many turns of growth is about to overflow."""
FULL_PERCENT: Final = 85
"""A window that is filled so far is about to overflow, however slowly it fills."""


@attrs.frozen
class Situation:
    """How a conversation stands: what it holds, what a turn adds, and what it uses.

    `tokens` are those that the next turn begins with, `growth_tokens` the mean of what the last
    turns have added; 0 where nothing has been said yet. `place` answers it now,
    `<endpoint>/<model>` or "". A `private` conversation, and one that the user wants private by
    `goal`, stays on this machine or at what the user has called private.
    """

    tokens: int = 0
    growth_tokens: int = 0
    images: bool = False
    tools: bool = False
    thinking: bool = False
    private: bool = False
    place: str = ""
    goal: Goal = ""

    @property
    def next_tokens(self) -> int:
        """What the next turn will hold, at the least."""
        return self.tokens + max(self.growth_tokens, HEADROOM_TOKENS)

    @property
    def stays_private(self) -> bool:
        """Whether only what the user trusts may answer."""
        return self.private or self.goal == "private"

    def is_full(self, window_tokens: int) -> bool:
        """Whether a window is about to overflow; never one that nobody knows."""
        ahead = self.tokens + TURNS_AHEAD * self.growth_tokens
        filled = 100 * self.tokens >= FULL_PERCENT * window_tokens
        return window_tokens > 0 and self.tokens > 0 and (filled or ahead >= window_tokens)
