"""What a decision of the router costs, beside a look into a dictionary in the same run.

    python bench/routing.py [--profile]

Each line is the quickest of several rounds, in microseconds and as a multiple of the floor. The
body is a conversation of 142 kB, as Claude Code sends one; what a rule wants to know of it is read
anew for each decision. `--profile` prints where the time goes in the slowest case.
"""

from __future__ import annotations

import argparse
import cProfile
import json
import pstats
import time
from collections.abc import Callable, Sequence

import attrs
from understudy.protocols.anthropic.request import parse_request
from understudy.protocols.routing.budget import Budgets
from understudy.protocols.routing.choice import Chooser
from understudy.protocols.routing.health import Health, Spot
from understudy.protocols.routing.table import RoutingTable
from understudy.protocols.routing.verdict import Verdict
from understudy.protocols.routing.wish import Wish
from understudy.protocols.settings_data import (
    EndpointSettings,
    KeyReference,
    ModelFacts,
    RuleSettings,
    Settings,
    Trait,
)
from understudy.protocols.turn import Operation, Turn

ROUNDS = 15
ROUND_SECONDS = 0.02
BODY_BYTES = 142_000
MODEL = "end-0/model"


@attrs.frozen
class Case:
    """One line of the report."""

    name: str
    run: Callable[[], object]


def turn(body_bytes: int = BODY_BYTES, agent: str = "") -> Turn:
    """A turn with a long text in it, and the word "image" once in a while."""
    text = 'def area(shape): """Draws an image of \\"type\\" and says why."""\n' * 3_000
    message = {"role": "user", "content": text[: body_bytes - 100]}
    body = json.dumps({"model": MODEL, "max_tokens": 64, "messages": [message]}).encode()
    return Turn("t", "conversation", True, agent, Operation.MESSAGES, parse_request(body))


def endpoints(count: int, keys: int = 1) -> tuple[EndpointSettings, ...]:
    """So many endpoints with so many keys; each falls back to the next two."""
    pool = tuple(KeyReference("env", f"KEY_{number}") for number in range(keys))
    return tuple(
        EndpointSettings(
            f"end-{number}",
            ("model",),
            ("anthropic",),
            f"https://end-{number}.example",
            key=pool[0],
            spare_keys=pool[1:],
            fallback=tuple(f"end-{(number + step) % count}/model" for step in (1, 2)),
        )
        for number in range(count)
    )


def rules(count: int, *when: Trait) -> tuple[RuleSettings, ...]:
    """So many rules, of which none holds: by traits, or else by an id that nobody asks for."""
    model = None if when else "nobody-*-has-it"
    return (RuleSettings(("end-1/model",), "", when, model),) * count


def case(
    name: str,
    of: tuple[EndpointSettings, ...],
    with_rules: tuple[RuleSettings, ...] = (),
    model: str = MODEL,
    failed: bool = False,
    asked: Turn | None = None,
) -> Case:
    """A decision in this world."""
    settings = Settings(endpoints=of, rules=with_rules)
    health = Health(settings.routing)
    if failed:
        for each in of:
            health.note(Spot(each.name), health.take(Spot(each.name), 0.0), Verdict.KEY, 0.0)
    chooser = Chooser(RoutingTable.of(settings), health, Budgets())
    wish = Wish(model, asked or turn(), "")
    return Case(name, lambda: chooser.choose(wish, 1.0))


def cases() -> Sequence[Case]:
    """What is measured, the floor first."""
    table = {f"end-{number}/model": number for number in range(64)}
    eight, many = endpoints(8), endpoints(64)
    blind = ModelFacts("model", abilities=("tools",))
    replicas = tuple(f"end-{number}/model" for number in range(8))
    return (
        Case("floor: a look into a dictionary", lambda: table.get(MODEL)),
        case("1 endpoint, no rules", endpoints(1)),
        case("8 endpoints with fallbacks, no rules", eight),
        case("64 endpoints with fallbacks, no rules", many),
        case("64 endpoints, an unknown id", many, model="claude-unknown"),
        case("64 endpoints, all of them resting", many, failed=True),
        case("8 keys in each pool", endpoints(8, keys=8)),
        case("64 rules by the id", eight, rules(64)),
        case(
            "64 rules by background and sub-agent",
            eight,
            rules(64, "background", "sub-agent"),
        ),
        case("64 rules by long context", eight, rules(64, "long-context")),
        case("1 rule by thinking", eight, rules(1, "thinking")),
        case("1 rule by plan mode", eight, rules(1, "plan")),
        case("1 rule by images", eight, rules(1, "vision")),
        case("64 rules by images", eight, rules(64, "vision")),
        case(
            "8 replicas with affinity",
            eight,
            (RuleSettings(replicas, model="end-*", spread="affinity"),),
        ),
        case(
            "a fallback that sees no images",
            (*eight[:1], attrs.evolve(eight[1], facts=(blind,)), *eight[2:]),
        ),
    )


def microseconds(run: Callable[[], object]) -> float:
    """The quickest round, which was disturbed least, for one call."""
    calls = 1
    while _seconds(run, calls) < ROUND_SECONDS:
        calls *= 2
    return min(_seconds(run, calls) / calls for _ in range(ROUNDS)) * 1e6


def _seconds(run: Callable[[], object], calls: int) -> float:
    begun = time.perf_counter()
    for _ in range(calls):
        run()
    return time.perf_counter() - begun


def main() -> None:
    """Prints a line for each case."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--profile", action="store_true")
    is_profiled = parser.parse_args().profile
    floor = 0.0
    slowest = 0.0, cases()[0]
    for each in cases():
        found = microseconds(each.run)
        floor = floor or found
        slowest = max(slowest, (found, each), key=lambda pair: pair[0])
        print(f"{each.name:44} {found:9.2f} us {found / floor:8.0f} x the floor")
    if is_profiled:
        profile = cProfile.Profile()
        profile.enable()
        for _ in range(200):
            slowest[1].run()
        profile.disable()
        print(slowest[1].name)
        pstats.Stats(profile).sort_stats("tottime").print_stats(12)


if __name__ == "__main__":
    main()
