"""The choice in cases that a person can check: which place, and the words that say why."""

from __future__ import annotations

from collections.abc import Sequence

import attrs
import pytest
from understudy.protocols.routing.choice import Chooser
from understudy.protocols.routing.health import Spot
from understudy.protocols.routing.table import RoutingTable
from understudy.protocols.routing.verdict import Verdict
from understudy.protocols.routing.wish import HOME_UNKNOWN, PrivacyUnknown, Tried, Wish
from understudy.protocols.settings_data import EndpointSettings, ModelFacts, RuleSettings, Settings
from understudy.protocols.turn import Operation, Turn, TurnRefused

from .worlds import World, endpoint, turn

A, B, C, HERE = endpoint("a"), endpoint("b"), endpoint("c"), endpoint("here", here=True)
PRIVATE = endpoint("p", private=True)
HAIKU = turn("claude-haiku-5")
SUB = turn("a/m", agent="sub")
IMAGE = turn(content='[{"type":"image","source":{"type":"base64","data":"x"}}]')
LONG = turn(content='"' + "word " * 60_000 + '"')
VECTORS = turn("a/m", operation=Operation.EMBEDDINGS)
BLIND = ModelFacts("m", context_tokens=8_192, abilities=("tools",))
SMALL = RuleSettings(("b/m",), "small", ("background",))


def with_fallback(of: EndpointSettings, *places: str) -> EndpointSettings:
    return attrs.evolve(of, fallback=places)


def knowing(of: EndpointSettings, facts: ModelFacts) -> EndpointSettings:
    return attrs.evolve(of, facts=(facts,))


def limited(of: EndpointSettings) -> EndpointSettings:
    return attrs.evolve(of, tokens_per_day=100)


def choose(
    endpoints: Sequence[EndpointSettings],
    asked: Turn,
    *rules: RuleSettings,
    home: str = "",
    default: str | None = None,
    failures: tuple[tuple[Spot, Verdict], ...] = (),
    spent: frozenset[str] = frozenset(),
    tried: tuple[Tried, ...] = (),
    chosen: str = "",
) -> tuple[list[str], str]:
    """The places in order, and why."""
    settings = Settings(default, endpoints=tuple(endpoints), rules=rules)
    wish = Wish(asked.model, asked, home, tried, chosen)
    choice = World(settings, wish, failures, spent).chooser().choose(wish, 0.0)
    return [each.name for each in choice.candidates], choice.why


DOWN_A = ((Spot("a"), Verdict.DOWN),) * 3
KEY_A = ((Spot("a"), Verdict.KEY),)


@pytest.mark.parametrize(
    ("endpoints", "asked", "rules", "places", "why"),
    [
        ([A, B], turn("b/m"), [], ["b/m"], "b/m was asked for"),
        ([A, B], turn("unknown"), [], ["a/m"], "no endpoint has unknown; the default is a/m"),
        ([A, B], HAIKU, [SMALL], ["b/m"], "the rule small (background)"),
        ([A, B], turn("a/m"), [SMALL], ["a/m"], "a/m was asked for"),
        ([A, B], SUB, [RuleSettings(("b/m",), when=("sub-agent",))], ["b/m"], "a rule (sub-agent)"),
        ([A, B], turn("a/m"), [RuleSettings(("b/m",), model="a/*")], ["b/m"], "a rule (model a/*)"),
        (
            [A, B],
            turn("a/m"),
            [RuleSettings(("b/m",), model="a/m")],
            ["b/m"],
            "a rule (model a/m)",
        ),
        (
            [A, B],
            turn("fast"),
            [
                RuleSettings(("a/m",), model="fast", when=("vision",)),
                RuleSettings(("b/m",), model="fast"),
            ],
            ["b/m"],
            "a rule (model fast)",
        ),
        (
            [A, B],
            turn("b/m"),
            [RuleSettings(("a/m",), origin=("b",))],
            ["a/m"],
            "a rule (from b)",
        ),
        (
            [A, B],
            HAIKU,
            [RuleSettings(("gone/m",), "old", ("background",)), SMALL],
            ["b/m"],
            "the rule small (background); "
            "the rule old (background) names no place that is there now",
        ),
        (
            [with_fallback(knowing(A, BLIND), "b/m"), B],
            IMAGE,
            [],
            ["b/m"],
            "a/m was asked for; a/m sees no images; a falls back to b/m",
        ),
        (
            [with_fallback(knowing(A, BLIND), "b/m"), B],
            LONG,
            [],
            ["b/m"],
            "a/m was asked for; a/m has too small a window; a falls back to b/m",
        ),
        ([knowing(A, BLIND)], IMAGE, [], ["a/m"], "a/m was asked for"),
        (
            [A, B, C],
            VECTORS,
            [RuleSettings(("b/m", "c/m"), when=()), RuleSettings(("b/m",), origin=("a",))],
            ["a/m"],
            "a/m was asked for",
        ),
        (
            [with_fallback(A, "b/m"), B, C],
            VECTORS,
            [RuleSettings(("c/m", "b/m"), model="a/m", spread="affinity")],
            ["c/m"],
            "a rule (model a/m)",
        ),
    ],
)
def test_where_a_turn_is_wanted(
    endpoints: list[EndpointSettings],
    asked: Turn,
    rules: list[RuleSettings],
    places: list[str],
    why: str,
) -> None:
    assert choose(endpoints, asked, *rules) == (places, why)


def test_what_rests_comes_last_and_the_words_say_for_how_long() -> None:
    places, why = choose([with_fallback(A, "b/m"), B], turn(), failures=DOWN_A)
    assert places == ["b/m", "a/m"]
    assert why == "a/m was asked for; a rests for 15 s: it gave no answer; a falls back to b/m"


def test_where_everything_rests_the_first_to_be_well_is_asked() -> None:
    failures = (*DOWN_A, (Spot("b"), Verdict.KEY))
    assert choose([with_fallback(A, "b/m"), B], turn(), failures=failures)[0] == ["a/m", "b/m"]


def test_what_rests_further_down_is_not_worth_a_word() -> None:
    failures = ((Spot("b"), Verdict.KEY),)
    why = choose([with_fallback(A, "b/m"), B], turn(), failures=failures)[1]
    assert why == "a/m was asked for"


def test_a_key_that_rests_gives_way_to_its_endpoint_s_next_one() -> None:
    pool = endpoint("a", keys=2)
    wish = Wish("a/m", turn(), "")
    world = World(Settings(endpoints=(pool,)), wish)
    first = world.chooser().choose(wish, 0.0).candidates[0].key
    resting = attrs.evolve(world, failures=((Spot("a", first), Verdict.KEY),))
    choice = resting.chooser().choose(wish, 0.0)
    assert [each.key for each in choice.candidates] == [1 - first, first]
    assert choice.why == (
        f"a/m was asked for; key {first + 1} of a rests for 600 s: its key was refused"
    )


def test_a_conversation_keeps_its_key_and_others_have_others() -> None:
    def key(conversation: str) -> int:
        asked = attrs.evolve(turn(), conversation=conversation)
        wish = Wish("a/m", asked, "")
        world = World(Settings(endpoints=(endpoint("a", keys=3),)), wish)
        return world.chooser().choose(wish, 0.0).candidates[0].key

    keys = {name: {key(name) for _ in range(3)} for name in "abcdefgh"}
    assert all(len(found) == 1 for found in keys.values())
    assert {number for found in keys.values() for number in found} == {0, 1, 2}


def test_what_failed_is_told_with_its_status() -> None:
    tried = (Tried(Spot("a"), "m", whole=True, status=529),)
    places, why = choose([with_fallback(A, "b/m"), B], turn(), tried=tried)
    assert places == ["b/m"]
    assert why == "a/m was asked for; a/m failed (529); a falls back to b/m"


def test_once_a_day_s_tokens_are_used_up_others_answer() -> None:
    spent = frozenset({"a"})
    places, why = choose([with_fallback(limited(A), "b/m"), B], turn(), spent=spent)
    assert places == ["b/m"]
    assert why == ("a/m was asked for; a/m has used up its tokens of today; a falls back to b/m")


def test_or_the_refusal_says_when_the_day_ends_and_what_to_change() -> None:
    wish = Wish("a/m", turn(), "")
    world = World(Settings(endpoints=(limited(A),)), wish, spent=frozenset({"a"}))
    chooser = world.chooser()
    chooser.day_left_seconds = lambda: 7_260.0
    with pytest.raises(TurnRefused, match="next day begins in 2 h 1 min; until then raise tokens"):
        chooser.choose(wish, 0.0)


@pytest.mark.parametrize(
    ("asked", "rules", "home", "places"),
    [
        (turn("p/m"), [], "", ["p/m"]),
        (turn("unknown"), [], "p/m", ["p/m"]),
        (turn("unknown", agent="sub"), [], "p/m", ["p/m"]),
        (turn("here/m"), [], "p/m", ["here/m"]),
        (HAIKU, [SMALL], "p/m", ["p/m"]),
        (HAIKU, [RuleSettings(("b/m", "here/m"), when=("background",))], "p/m", ["here/m"]),
        (turn("p/m"), [RuleSettings(("b/m", "p/m"), origin=("p",))], "p/m", ["b/m", "p/m"]),
        (HAIKU, [RuleSettings(("b/m",), "", ("background",), origin=("p",))], "p/m", ["b/m"]),
        (turn("unknown"), [RuleSettings(("b/m",), model="fast")], "p/m", ["p/m"]),
    ],
)
def test_where_private_words_go(
    asked: Turn, rules: list[RuleSettings], home: str, places: list[str]
) -> None:
    default = "fast" if any(rule.alias for rule in rules) else None
    found = choose([A, B, HERE, PRIVATE], asked, *rules, home=home, default=default)
    assert found[0] == places


@pytest.mark.parametrize(
    ("asked", "rules", "home"),
    [
        (turn("a/m"), [], "p/m"),
        (turn("a/m"), [RuleSettings(("b/m",), origin=("a",))], "p/m"),
        (turn("fast"), [RuleSettings(("b/m",), model="fast")], "p/m"),
        (turn("a/m"), [], HOME_UNKNOWN),
        (turn("unknown"), [], "gone/m"),
        (turn("a/m"), [RuleSettings(("b/m",), origin=("p",))], "p/m"),
    ],
)
def test_where_they_do_not(asked: Turn, rules: list[RuleSettings], home: str) -> None:
    with pytest.raises(TurnRefused, match="nothing was sent there"):
        choose([A, B, HERE, PRIVATE], asked, *rules, home=home)


def test_a_rule_that_leads_private_words_away_is_passed_over_with_a_word() -> None:
    why = choose([A, B, PRIVATE], HAIKU, SMALL, home="p/m")[1]
    assert why == (
        "no endpoint has claude-haiku-5; this is private, and stays where it was; "
        "the rule small (background) is passed over: it leads away, and this is private"
    )


def test_privacy_is_asked_for_only_where_something_is_private() -> None:
    wish = Wish("a/m", turn())
    assert Chooser.choose(World(Settings(endpoints=(A,)), wish).chooser(), wish, 0.0).candidates
    with pytest.raises(PrivacyUnknown):
        World(Settings(endpoints=(A, PRIVATE)), wish).chooser().choose(wish, 0.0)


def test_who_answers_in_private_is_where_the_conversation_stays() -> None:
    wish = Wish("p/m", turn("p/m"), "")
    settings = Settings(endpoints=(A, HERE, PRIVATE))
    assert World(settings, wish).chooser().choose(wish, 0.0).home == "p/m"
    later = Wish("here/m", turn("here/m"), "p/m")
    assert World(settings, later).chooser().choose(later, 0.0).home == "p/m"


def test_a_default_that_is_a_rule_s_id_leads_to_its_first_place_that_is_there() -> None:
    rule = RuleSettings(("gone/m", "b/m"), model="fast", when=("vision",))
    table = RoutingTable.of(Settings("fast", endpoints=(A, B), rules=(rule,)))
    assert table.find("unknown").name == "b/m"
    gone = attrs.evolve(rule, to=("gone/m",))
    table = RoutingTable.of(Settings("fast", endpoints=(A, B), rules=(gone,)))
    assert table.find("unknown").name == "a/m"


TOOLS = ',"tools":[{"name":"t","input_schema":{}}]'


@pytest.mark.parametrize(
    ("asked", "chosen", "places"),
    [
        (turn("a/m"), "here/m", ["here/m"]),
        (HAIKU, "a/m", ["b/m"]),
        (HAIKU, "here/m", ["here/m"]),
        (turn("claude-haiku-5", more=TOOLS), "a/m", ["a/m"]),
        (turn("claude-haiku-5", more=TOOLS), "here/m", ["here/m"]),
    ],
    ids=["talk", "small work", "small work of this machine", "a small model", "that here"],
)
def test_a_rule_for_small_work_takes_nothing_that_was_set_to_this_machine(
    asked: Turn, chosen: str, places: list[str]
) -> None:
    assert choose([A, B, HERE], asked, SMALL, chosen=chosen)[0] == places
