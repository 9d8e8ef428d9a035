"""How places stand to a conversation, as the router tells it without any effect."""

from __future__ import annotations

import attrs
import pytest
from understudy.protocols.routing.budget import Budgets
from understudy.protocols.routing.choice import Chooser
from understudy.protocols.routing.health import Health, Spot
from understudy.protocols.routing.standing import named_place, standing
from understudy.protocols.routing.table import RoutingTable
from understudy.protocols.routing.verdict import Verdict
from understudy.protocols.routing.wish import HOME_UNKNOWN
from understudy.protocols.settings_data import (
    EndpointSettings,
    KeyReference,
    RoutingSettings,
    RuleSettings,
    Settings,
)

WORK = EndpointSettings("work", ("claude-x",), ("anthropic",), "https://work.test")
HERE = EndpointSettings("here", ("qwen",), ("anthropic",), "http://127.0.0.1:1", context_tokens=900)
SECRET = EndpointSettings("secret", ("z",), ("anthropic",), "https://own.test", private=True)
POOL = RuleSettings(("work/claude-x", "here/qwen"), model="pool")
FREED = RuleSettings(("work/claude-x",), model="freed", origin=("secret",))


def chooser(*endpoints: EndpointSettings, rules: tuple[RuleSettings, ...] = ()) -> Chooser:
    told = Settings(endpoints=endpoints or (WORK, HERE, SECRET), rules=rules)
    return Chooser(RoutingTable.of(told), Health(RoutingSettings()), Budgets())


@pytest.mark.parametrize(
    ("place", "home", "barred"),
    [
        ("work/claude-x", "", False),
        ("work/claude-x", "secret/z", True),
        ("work/claude-x", "gone/z", True),
        ("work/claude-x", HOME_UNKNOWN, True),
        ("here/qwen", "secret/z", False),
        ("secret/z", HOME_UNKNOWN, False),
        ("pool", "secret/z", False),
        ("freed", "secret/z", False),
        ("freed", "other/z", True),
    ],
)
def test_private_words_are_kept_from_what_is_remote(place: str, home: str, barred: bool) -> None:
    found = standing(chooser(rules=(POOL, FREED)), place, home, 0.0)
    assert found is not None
    assert found.barred is barred


def test_without_anything_private_nothing_unknown_is() -> None:
    found = standing(chooser(WORK), "work/claude-x", HOME_UNKNOWN, 0.0)
    assert found is not None
    assert not found.barred


def test_a_place_is_told_as_it_is() -> None:
    found = standing(chooser(attrs.evolve(HERE, abilities=("tools",))), "here/qwen", "", 0.0)
    assert found is not None
    assert (found.name, found.here, found.context_tokens) == ("here/qwen", True, 900)
    assert found.lacks == ("vision",)
    assert standing(chooser(), "away/claude-x", "", 0.0) is None
    embedded = standing(chooser(), "rehearsal/rehearsal", "", 0.0)
    assert embedded is not None
    assert embedded.name == "rehearsal"


def test_a_rule_s_id_is_as_large_and_as_far_as_its_places() -> None:
    found = standing(chooser(rules=(POOL,)), "pool", "", 0.0)
    assert found is not None
    assert (found.name, found.here, found.context_tokens) == ("pool", False, 900)


def test_it_rests_while_all_its_keys_do() -> None:
    two = attrs.evolve(WORK, key=KeyReference("env", "A"), spare_keys=(KeyReference("env", "B"),))
    found = chooser(two)
    for key in (0, 1):
        state = standing(found, "work/claude-x", "", 1.0)
        assert state is not None
        assert (state.rest_seconds, state.why) == (0.0, "")
        found.health.note(
            Spot("work", key),
            found.health.take(Spot("work", key), 1.0),
            Verdict.KEY,
            1.0,
            status=401,
        )
    state = standing(found, "work/claude-x", "", 1.0)
    assert state is not None
    assert state.rest_seconds > 0
    assert "401" in state.why


@pytest.mark.parametrize(
    ("model", "place"),
    [
        ("work/claude-x", "work/claude-x"),
        ("anthropic/work/claude-x", "work/claude-x"),
        ("qwen", "here/qwen"),
        ("pool", "pool"),
        ("claude-opus-5-5", ""),
    ],
)
def test_an_id_names_a_place_or_none(model: str, place: str) -> None:
    assert named_place(chooser(rules=(POOL,)).table, model) == place
