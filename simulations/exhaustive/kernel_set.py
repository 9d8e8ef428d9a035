"""Every scope of the kernel's scenarios, left at every step that it is open for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import trio
import trio.testing

from ..world import seam
from ..world.crashes import crash_words
from ..world.product import Product
from ..world.scheduler import make_policy, source
from .kernel_scenarios import KERNEL_SCENARIOS, KernelScenario
from .points import Point
from .probe import Probe
from .steps import ActAtInPasses

KERNEL = "kernel"
HANG_SECONDS = 3_600.0


def kernel_points(product: Product, seeds: Iterable[int]) -> Iterator[Point]:
    """Every scenario's every scope at every step; a run that leaves nothing counts the steps."""
    for seed in seeds:
        for name, scenario in KERNEL_SCENARIOS.items():
            probe = run_kernel(scenario, seed, "", 0)
            if probe.complaints:
                yield Point.untouched(KERNEL, name, seed)
            for scope, steps in probe.spans.items():
                for step in range(1, steps + 1):
                    yield Point(KERNEL, name, seed, scope, step)


def kernel_complaints(point: Point, product: Product) -> tuple[str, ...]:
    """Leaves the point's scope at its step, and says what is wrong then."""
    scenario = KERNEL_SCENARIOS[point.scenario]
    probe = run_kernel(scenario, point.seed, point.what, point.number)
    probe.check(probe.at.acted or not point.number, "the step was never reached")
    return tuple(probe.complaints)


def run_kernel(scenario: KernelScenario, seed: int, scope: str, step: int) -> Probe:
    """Runs a scenario in virtual time; the seed gives the order of the tasks and the pauses."""
    at = ActAtInPasses(step)
    probe = Probe(at, scope)

    async def live() -> None:
        with trio.move_on_after(HANG_SECONDS) as patience:
            await scenario(probe, source(seed, "house"))
        probe.check(not patience.cancelled_caught, "the scenario hangs")

    with seam.scheduled_by(make_policy("walk", seed)):
        try:
            trio.run(live, clock=trio.testing.MockClock(autojump_threshold=0), instruments=[at])
        except Exception as error:  # the supervisor: a house that falls is a finding
            probe.complaints += crash_words(error)
    return probe
