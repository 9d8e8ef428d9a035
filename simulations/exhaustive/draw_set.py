"""Esc at points drawn from everything: any story of the catalogue, any seed, any step.

There are too many of these to try all. A key, such as the hash of a commit, draws which: each
commit tries others, and the same key draws the same. At the step, or at the first one after it at
which an answer is open, the client of one of the open answers presses Esc. A story that is
disturbed may miss what it waits for, so its own checks do not count; the inspection does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random

import attrs
import trio

from ..scenarios.catalogue import SCENARIOS
from ..world.claude import ClaudeCode
from ..world.product import Product
from ..world.run import run
from ..world.world import Scenario, World
from .hurt import press_esc_now
from .points import Point
from .steps import ActAt

DRAWN = "drawn"
SEEDS = 20
"""Each story is told under one of so many seeds."""
LONG = frozenset(
    {
        "crowd",
        "dialect-storm",
        "dialects",
        "few-conversations",
        "many-conversations",
        "memory-hog",
        "memory-storm",
        "memory-two-of-three",
        "overload",
        "parallel-sessions",
        "patience",
        "reload-under-load",
        "resend-livelock",
        "routing-replicas",
        "routing-storm",
        "server-tools",
        "swarm",
        "switch-in-mid-conversation",
        "switching-chat",
        "switching-crowd",
        "switching-few",
        "switching-settings",
        "worker-bad-files",
        "worker-crash-forgets-nothing",
        "worker-returns",
        "worker-storm",
        "worker-tools",
    }
)
"""Stories of thousands of steps: a point in one costs ten in another. They are in the whole set; no
point is drawn from them."""
STORY_SECONDS = 1_800.0


def draw_points(count: int, key: str, product: Product) -> Iterator[Point]:
    """So many points; the key decides which."""
    random = Random(f"points of {key}")  # noqa: S311 drawn to be the same again, not secret
    names = [name for name in SCENARIOS if name not in LONG]
    counted: dict[tuple[str, int], range] = {}
    for _ in range(count):
        name, seed = random.choice(names), random.randrange(SEEDS)
        if (name, seed) not in counted:
            counted[name, seed] = _steps(name, seed, product)
        yield Point(DRAWN, name, seed, "esc", random.choice(counted[name, seed]))


def story_points(product: Product, seeds: Iterable[int]) -> Iterator[Point]:
    """Every step of every story."""
    for seed in seeds:
        for name in SCENARIOS:
            for step in _steps(name, seed, product):
                yield Point(DRAWN, name, seed, "esc", step)


def drawn_complaints(point: Point, product: Product) -> tuple[str, ...]:
    """Presses Esc at the point, and says what is wrong when the world has fallen quiet."""
    at, complaints = _run(point, product)
    return complaints if at.span >= point.number else (*complaints, "the step was never reached")


def _steps(name: str, seed: int, product: Product) -> range:
    """The steps of a story; none but 0, which is the story itself, if it is wrong already."""
    at, complaints = _run(Point(DRAWN, name, seed, "esc", 0), product)
    return range(1) if complaints else range(1, at.span + 1)


def _run(point: Point, product: Product) -> tuple[ActAt, tuple[str, ...]]:
    at = ActAt(point.number)
    random = Random(str(point))  # noqa: S311 drawn to be the same again, not secret
    disturbed = DisturbedStory(SCENARIOS[point.scenario], at, random)
    return at, run(disturbed, point.seed, product, instruments=[at]).complaints


@attrs.define(eq=False)
class DisturbedStory:
    """A story in which Esc is pressed at a step that it does not know of."""

    story: Scenario
    at: ActAt
    random: Random

    async def __call__(self, world: World) -> None:
        """Tells it as far as it goes. What breaks off in it has lost what it looked for."""
        self.at.aim(lambda: self._press_esc(world))
        with trio.move_on_after(STORY_SECONDS) as patience:
            try:
                await self.story(world)
            except* (AssertionError, LookupError, ValueError):
                if not self.at.acted:
                    raise
        self.at.rest()
        if self.at.acted:
            world.complaints.clear()
        world.check(not patience.cancelled_caught, "the disturbed story hangs")
        await self._tidy_up(world)

    def _press_esc(self, world: World) -> bool:
        found = [
            (client, answer)
            for client in world.clients
            for answer in client.answers
            if not answer.ended.is_set()
        ]
        if found:
            client, answer = self.random.choice(found)
            if isinstance(client, ClaudeCode):
                client.press_esc()  # it would ask again if its connection alone were gone
            press_esc_now(answer)
        return bool(found)

    async def _tidy_up(self, world: World) -> None:
        """Does what a story that broke off would have done at its end."""
        if world.state() == "no server":
            await world.start_server()
        for client in world.clients:
            if isinstance(client, ClaudeCode):
                client.quit()
                continue
            for answer in client.answers:
                answer.reads.set()
                answer.press_esc()
