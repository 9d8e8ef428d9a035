"""From a plan to cases: seeds times scenarios, and further seeds while there is time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from time import monotonic
from typing import get_args

from ...io.cli.simulate import Plan
from ..world.scheduler import Policy
from .case import Case

POLICIES: tuple[Policy, ...] = get_args(Policy)
BY_NAME: Mapping[str, Policy] = {policy: policy for policy in POLICIES}


def cases(plan: Plan, scenarios: Sequence[str]) -> Iterator[Case]:
    """All scenarios under one seed, and then under the next. The seeds asked for are all run."""
    begun = monotonic()
    for seed in count(plan.seeds.start) if plan.seconds else plan.seeds:
        for scenario in scenarios:
            if seed not in plan.seeds and monotonic() - begun >= plan.seconds:
                return
            yield Case(scenario, seed, policy_of(plan, seed))


def policy_of(plan: Plan, seed: int) -> Policy:
    """The policy that was asked for; in the mix each in turn."""
    return BY_NAME.get(plan.policy, POLICIES[seed % len(POLICIES)])
