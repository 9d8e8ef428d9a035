"""The stories about routing and keys: nothing is found, and their judge reads settings aright."""

from __future__ import annotations

import pytest
from understudy import app
from understudy.protocols.settings_data import EndpointSettings, RuleSettings, Settings
from understudy.simulations.scenarios.keys import keys_rotate
from understudy.simulations.scenarios.routing import RoutingFallback, routing_breaker
from understudy.simulations.scenarios.routing_budget import routing_budget
from understudy.simulations.scenarios.routing_private import routing_private
from understudy.simulations.scenarios.routing_reload import routing_reload
from understudy.simulations.scenarios.routing_replicas import routing_replicas
from understudy.simulations.scenarios.routing_storm import routing_storm
from understudy.simulations.scenarios.routing_world import FAULTS, REFUSES, endpoint, place
from understudy.simulations.world.life import TOKEN
from understudy.simulations.world.promises import Asked, Promises, places
from understudy.simulations.world.run import Scenario, run
from understudy.simulations.world.world import PRIVATE_TEXT, World

SCENARIOS = (
    routing_breaker,
    routing_private,
    routing_replicas,
    routing_budget,
    routing_reload,
    keys_rotate,
)
SEEDS = range(2)
HOME, WORK = endpoint("home", private=True), endpoint("work", "home")
BARE = EndpointSettings("bare", ("b",), ("anthropic",), "http://bare.test:9000")


@pytest.mark.parametrize("kind", [*FAULTS, REFUSES])
def test_each_fault_is_mended_or_told(kind: str) -> None:
    assert run(RoutingFallback(kind), 1, app).complaints == ()


@pytest.mark.parametrize("scenario", SCENARIOS, ids=lambda found: str(found.__name__))
def test_nothing_is_found(scenario: Scenario) -> None:
    found = [run(scenario, seed, app) for seed in SEEDS]
    assert [result for result in found if result.complaints] == []


def test_nothing_is_found_in_a_storm() -> None:
    assert run(routing_storm, 2, app).complaints == ()


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        (Asked("work/m"), ("work/m", "home/m")),
        (Asked("anthropic/work/m"), ("work/m", "home/m")),
        (Asked("b"), ("bare/b",)),
        (Asked("m"), ("bare/b",)),
        (Asked("claude-haiku-4-5"), ("home/m",)),
        (Asked("work/m", by_agent=True), ("bare/b", "work/m")),
        (Asked("pool"), ("work/m", "bare/b")),
        (Asked("home/m", request_bytes=1_000_000), ("work/m",)),
    ],
)
def test_the_judge_says_who_may_answer(asked: Asked, wanted: tuple[str, ...]) -> None:
    rules = (
        RuleSettings((place("home"),), when=("background",)),
        RuleSettings(("bare/b", place("work")), when=("sub-agent",), origin=("work",)),
        RuleSettings((place("work"), "bare/b"), model="pool"),
        RuleSettings((place("work"),), when=("long-context",), model="home/*"),
    )
    settings = Settings(default="bare/b", endpoints=(WORK, HOME, BARE), rules=rules)
    assert places(settings, asked) == wanted


def test_the_judge_knows_which_settings_held() -> None:
    promises = Promises()
    first, second = Settings(default="a"), Settings(default="b")
    for seconds, settings in ((0, first), (10, second), (20, second), (30, first)):
        promises.hold(settings, seconds)
    assert promises.between(1, 2) == [first]
    assert promises.between(9, 11) == [first, second]
    assert promises.between(15, 29) == [second]
    assert promises.between(40, 50) == [first]


@pytest.mark.parametrize(
    ("told", "words"),
    [
        (PRIVATE_TEXT, "a private turn reached an endpoint"),
        ("plain", ""),
    ],
)
def test_private_text_at_a_remote_endpoint_is_found(told: str, words: str) -> None:
    async def story(world: World) -> None:
        await world.client().ask(told)

    complaints = run(story, 1, app).complaints
    assert bool(complaints) == bool(words)
    assert all(words in line for line in complaints)


@pytest.mark.parametrize("key", [TOKEN, "value-of-home-1"])
def test_a_foreign_key_is_found(key: str) -> None:
    async def story(world: World) -> None:
        world.promises.keys["work.test"] = {"value-of-work-1"}
        world.environ["work-1"] = key
        await world.use_settings(Settings(endpoints=(endpoint("work"),)))
        await world.client(model="work/m").ask("Whose key is it?")

    [found] = run(story, 1, app).complaints
    assert "reached this endpoint" in found
    assert key not in found
