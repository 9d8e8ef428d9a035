"""A case: all that decides a run. The same case is the same run, in any process."""

from __future__ import annotations

import logging
import traceback
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import attrs

from ..scenarios.catalogue import SCENARIOS
from ..world.run import Product, Result, Scenario, World, run
from ..world.scheduler import Policy, Schedule

PACKAGE = Path(__file__).parents[2]
LOGGER = "understudy"
CRASHED = " crashed: "
"""In a log message: the handler of a request crashed, and the server lived on."""


@attrs.frozen
class Case:
    """A scenario by its name in the catalogue, a seed, and what replaces the seed's own draws.

    `strikes` are the only faults that strike, by name; None leaves them to the seed. `schedule`
    is a tape: the deviations from the order of age, by batch; None leaves it to the policy.
    """

    scenario: str
    seed: int
    policy: Policy = "walk"
    strikes: tuple[str, ...] | None = None
    schedule: Schedule | None = None


def run_case(case: Case, product: Product, *, trace: bool = False) -> Result:
    """Runs a case. Raises KeyError for a scenario that is not in the catalogue.

    What a scenario raises is a complaint, and so is what the product raises, also if it goes on
    after it. If the world fell with it there is nothing to inspect, and the result says no more.
    """
    story = _Complaining(SCENARIOS[case.scenario])
    try:
        with _heard_by(story):
            return run(
                story,
                case.seed,
                product,
                policy=case.policy,
                strikes=case.strikes,
                schedule=case.schedule,
                trace=trace,
            )
    except Exception as error:
        return Result(case.seed, tuple(_words(leaf) for leaf in _leaves(error)), "", 0.0, 0)


class _Complaining(logging.Handler):
    """A scenario that complains when it cannot go on, and of crashes in the product's log."""

    def __init__(self, story: Scenario) -> None:
        super().__init__()
        self._story = story
        self._world: World | None = None

    async def __call__(self, world: World) -> None:
        self._world = world
        try:
            await self._story(world)
        except Exception as error:
            for leaf in _leaves(error):
                world.check(False, _words(leaf))

    def emit(self, record: logging.LogRecord) -> None:
        """Is told of each line of the product's log."""
        first_line = record.getMessage().partition("\n")[0]
        if CRASHED in first_line and self._world is not None:
            self._world.check(False, first_line)


@contextmanager
def _heard_by(story: _Complaining) -> Generator[None]:
    """Has the product's log go there and nowhere else: of a thousand runs nobody reads it."""
    logger = logging.getLogger(LOGGER)
    before = logger.propagate
    logger.addHandler(story)
    logger.propagate = False
    try:
        yield
    finally:
        logger.propagate = before
        logger.removeHandler(story)


def _leaves(error: Exception) -> list[Exception]:
    """The exceptions in a group, however deep."""
    if not isinstance(error, ExceptionGroup):
        return [error]
    group = cast("ExceptionGroup[Exception]", error)
    return [leaf for part in group.exceptions for leaf in _leaves(part)]


def _words(error: Exception) -> str:
    """What was raised, and where in the package."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if _is_ours(Path(frame.filename))] or frames
    place = f", {Path(ours[-1].filename).name} line {ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}: {error}{place}"


def _is_ours(file: Path) -> bool:
    return PACKAGE in file.parents and "site-packages" not in file.parts
