"""A case: all that decides a run. The same case is the same run, in any process."""

from __future__ import annotations

import attrs

from ..scenarios.catalogue import SCENARIOS
from ..world.run import Product, Result, run
from ..world.scheduler import Policy, Schedule


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

    def __str__(self) -> str:
        return f"{self.scenario}, seed {self.seed}"


def run_case(case: Case, product: Product, *, trace: bool = False) -> Result:
    """Runs a case. Raises KeyError for a scenario that is not in the catalogue."""
    return run(
        SCENARIOS[case.scenario],
        case.seed,
        product,
        policy=case.policy,
        strikes=case.strikes,
        schedule=case.schedule,
        trace=trace,
    )
