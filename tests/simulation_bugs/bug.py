"""A bug: what a person would observe, how it is planted, and what finds it."""

from __future__ import annotations

from collections.abc import Callable

import attrs
import pytest

Plant = Callable[[pytest.MonkeyPatch], None]


@attrs.frozen
class Bug:
    """A bug that a scenario finds under some seed, or that a set finds at some step.

    `scenario` is one of the catalogue; `seed` is known to find it, and is tried first. For a set
    `point` is a point's name without its step, which is tried first. `words` are those of the
    invariant that is broken, or of the story.
    """

    observed: str
    plant: Plant = attrs.field(repr=False)
    words: str
    scenario: str = ""
    seed: int = 0
    point: str = ""
    step: int = 1
