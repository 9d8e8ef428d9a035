"""Stories in the place of the catalogue's."""

from __future__ import annotations

from collections.abc import Callable, Generator

import pytest
from understudy.simulations.scenarios import catalogue
from understudy.simulations.world.run import Scenario


@pytest.fixture
def tell() -> Generator[Callable[..., None]]:
    """Puts these stories in the place of the catalogue's."""
    stories = catalogue.SCENARIOS
    assert isinstance(stories, dict)
    kept = dict(stories)

    def replace(**others: Scenario) -> None:
        stories.clear()
        stories.update(others)

    yield replace
    stories.clear()
    stories.update(kept)
