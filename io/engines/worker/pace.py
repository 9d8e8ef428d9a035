"""How many tokens of prompts one step reads, so that it takes no longer than it may. Pure.

Every answer that is being written beside the reading waits for one step, and so does whoever
presses Esc where a computation cannot be stopped in the middle. The load measures a first pace;
from then on every step that reads corrects it: too slow a step at once, a quick one slowly, for the
next may lie deeper in its prompt, where attention costs more.

Small batches cost more per token (of a small model on one core, 16 tokens 1.6 times what 64 do).
So where nobody writes, and the flag stops a computation at once, steps are larger.
"""

from __future__ import annotations

from typing import Final

STEP_SECONDS_MAX: Final = 0.05
STEP_SECONDS_AIM: Final = 0.04
"""Some room, for the steps that are slower than the last."""
PREFILL_TOKENS_MIN: Final = 8
"""Fewer would read each weight for next to nothing."""
PREFILL_TOKENS_MAX: Final = 512
ALONE: Final = 5
"""So many times as much is read in a step that nobody waits for."""
GROWTH: Final = 1.25


class Pace:
    """The size of the next step."""

    def __init__(self, prefill_tokens: int, tokens_max: int = PREFILL_TOKENS_MAX) -> None:
        self._tokens_max = min(tokens_max, PREFILL_TOKENS_MAX)
        self._tokens = self._bounded(prefill_tokens)

    @property
    def prefill_tokens(self) -> int:
        """So many tokens are read in a step beside others."""
        return int(self._tokens)

    @property
    def alone_tokens(self) -> int:
        """So many tokens are read in a step that nobody waits for."""
        return int(self._bounded(self._tokens * ALONE))

    def measured(self, rows: int, seconds: float) -> None:
        """A step of so many tokens took so long."""
        if rows < PREFILL_TOKENS_MIN:
            return
        share = max(1.0, rows / self._tokens)
        fitting = rows * STEP_SECONDS_AIM / max(seconds, 1e-6)
        if seconds > STEP_SECONDS_MAX * share:
            self._tokens = self._bounded(min(self._tokens, max(fitting, self._tokens / 2)))
        elif fitting > self._tokens:
            self._tokens = self._bounded(min(fitting, self._tokens * GROWTH))

    def _bounded(self, tokens: float) -> float:
        return min(max(tokens, PREFILL_TOKENS_MIN), self._tokens_max)
