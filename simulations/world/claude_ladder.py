"""What the simulated Claude Code does when an attempt fails, as the real one was seen to do.

The table is in docs/claude-code.md; `tests/simulations/test_claude.py` has a test for each row.
What was never measured, and is assumed here: 502 and 504 are as 503; an error event before any
content is asked for again whatever its type; what fails as a whole message is asked for again as
that; an error event after a whole tool use is like a cut there.
"""

from __future__ import annotations

import re
from random import Random

import attrs

from .claude_attempt import Attempt
from .claude_request import FEWEST, Shape

RETRIES_MAX = 10
BACKOFF_SECONDS, BACKOFF_SECONDS_MAX = 0.5, 32.0
"""Doubled with each retry, up to the longest; more by up to JITTER."""
JITTER = 0.25
OVERLOADS_MAX = 3
"""Answers of 529 in a row, for a model that the client knows."""
LESS_SECONDS = 0.05
"""Before it asks with less, after a 400."""
RETRIED = (401, 408, 409, 429)
TOO_LONG = re.compile(r"prompt is too long: \d+ tokens > \d+ maximum")


@attrs.frozen
class GoOn:
    """The answer stands, or its tools have been begun: the turn goes on with what there is."""


@attrs.frozen
class AskAgain:
    """The same question again, after a while, in the ladder's shape."""

    wait_seconds: float


@attrs.frozen
class ShowError:
    """The user is shown an error: at once, or because the client gives up."""

    gives_up: bool


Step = GoOn | AskAgain | ShowError


@attrs.define(eq=False)
class Ladder:
    """The attempts at one question; `shape` is how the next one is asked."""

    knows_model: bool
    random: Random
    shape: Shape = attrs.field(factory=Shape)
    _retries: int = 0
    _overloads: int = 0

    def next_step(self, attempt: Attempt) -> Step:
        """Decides what follows this attempt."""
        if attempt.is_answer:
            return GoOn()
        if attempt.status in (0, 200):
            return self._after_break(attempt)
        return self._after_status(attempt)

    def _after_break(self, attempt: Attempt) -> Step:
        silent = attempt.is_impatient and attempt.status == 200
        if attempt.has_begun_tools:
            return GoOn()
        if silent or (attempt.reply.error and attempt.reply.has_content):
            return self._fall_back()
        return self._retry()

    def _after_status(self, attempt: Attempt) -> Step:
        self._overloads = self._overloads + 1 if attempt.status == 529 else 0
        match attempt.status:
            case 404 if self.shape.streamed:
                return self._fall_back()
            case 400 if self.shape.fewer < FEWEST and not TOO_LONG.search(attempt.reply.message):
                self.shape = attrs.evolve(self.shape, fewer=self.shape.fewer + 1)
                return AskAgain(LESS_SECONDS)
            case 529 if self.knows_model and self._overloads == OVERLOADS_MAX:
                return ShowError(gives_up=True)
            case status if status in RETRIED or status >= 500:
                return self._retry(attempt.headers.get(b"retry-after", b""))
            case _:
                return ShowError(gives_up=False)

    def _fall_back(self) -> Step:
        """Asks for the whole message without a stream, at once."""
        if not self.shape.streamed:
            return self._retry()
        self.shape = attrs.evolve(self.shape, streamed=False)
        return AskAgain(0.0)

    def _retry(self, retry_after: bytes = b"") -> Step:
        if self._retries == RETRIES_MAX:
            return ShowError(gives_up=True)
        longest = min(BACKOFF_SECONDS * 2**self._retries, BACKOFF_SECONDS_MAX)
        wait_seconds = longest * (1 + JITTER * self.random.random())
        self._retries += 1
        return AskAgain(float(retry_after) if retry_after.isdigit() else wait_seconds)
