"""What holds of every recommendation, whatever is compared."""

from __future__ import annotations

from typing import Any, Final

import attrs
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.advice.contender import Contender, InMemory
from understudy.protocols.advice.exclusions import excluded
from understudy.protocols.advice.ranking import Advice, recommend
from understudy.protocols.advice.scores import GOALS
from understudy.protocols.advice.sentences import as_data, summary
from understudy.protocols.advice.situation import Situation
from understudy.protocols.settings_data import ABILITIES, WEIGHT_MAX, RecommendSettings

EXAMPLES: Final = 25
WEIGHTS: Final = ("speed", "price", "privacy", "context", "reliability")

abilities = st.frozensets(st.sampled_from(ABILITIES))
seconds = st.one_of(st.just(-1.0), st.floats(0, 60))
contender = st.builds(
    Contender,
    st.just("x/y"),
    st.one_of(st.just(0), st.integers(512, 2_000_000)),
    here=st.booleans(),
    trusted=st.booleans(),
    has=abilities,
    first_seconds=seconds,
    tokens_per_second=seconds,
    attempts=st.integers(10, 20),
    errors=st.integers(0, 10),
    rest_seconds=st.sampled_from((0.0, 0.0, 0.0, 30.0)),
    cached=st.booleans(),
    memory=st.sampled_from(InMemory),
    price=st.one_of(st.none(), st.tuples(st.floats(0, 50), st.floats(0, 90))),
)
places = st.lists(contender, max_size=5).map(
    lambda found: [attrs.evolve(it, place=f"e{at}/m") for at, it in enumerate(found)]
)
situation = st.builds(
    Situation,
    st.integers(0, 300_000),
    st.integers(0, 9_000),
    images=st.booleans(),
    tools=st.booleans(),
    thinking=st.booleans(),
    private=st.booleans(),
    place=st.sampled_from(("", "e0/m", "e1/m")),
    goal=st.sampled_from(("", *GOALS)),
)
weight = st.floats(0, WEIGHT_MAX)
weights = st.builds(RecommendSettings, weight, weight, weight, weight, weight)
checked = settings(max_examples=EXAMPLES, deadline=None, derandomize=True, database=None)


def order(advice: Advice) -> list[str]:
    return [each.place for each in advice.ranked]


@checked
@given(situation, places, weights)
def test_every_place_is_ranked_or_left_out_for_a_reason(
    now: Situation, found: list[Contender], weighed: RecommendSettings
) -> None:
    advice = recommend(now, found, weighed)
    assert {each.place for each in advice.left_out} == {
        each.place for each in found if excluded(now, each) is not None
    }
    assert sorted(order(advice) + [each.place for each in advice.left_out]) == sorted(
        each.place for each in found
    )
    for each in advice.ranked:
        window = each.contender.window_tokens
        assert each.contender.trusted or not now.stays_private
        assert not window or window >= now.next_tokens
        assert each.contender.rest_seconds == 0
        assert 0 <= each.share <= 100
        assert all(0 <= points <= 100 for points in each.points.values())
    assert summary(advice)
    assert as_data(advice)["best"] == next(iter(order(advice)), None)


@checked
@given(situation, places, weights, st.sampled_from(WEIGHTS), weight)
def test_more_weight_never_lowers_the_one_that_is_best_there(
    now: Situation, found: list[Contender], weighed: RecommendSettings, name: Any, more: float
) -> None:
    before = recommend(now, found, weighed)
    if not before.ranked:
        return
    best = max(each.points[name] for each in before.ranked)
    heavier = attrs.evolve(weighed, **{name: max(getattr(weighed, name), more)})
    after = recommend(now, found, heavier)
    for each in before.ranked:
        if each.points[name] == best:
            beaten = {other.place for other in before.ranked if other.total < each.total}
            at = order(after).index(each.place)
            assert beaten <= set(order(after)[at:])


@checked
@given(situation, places, weights)
def test_the_order_of_the_question_changes_nothing_but_ties(
    now: Situation, found: list[Contender], weighed: RecommendSettings
) -> None:
    one, other = recommend(now, found, weighed), recommend(now, found[::-1], weighed)
    assert [each.total for each in one.ranked] == [each.total for each in other.ranked]
    assert recommend(now, found, weighed) == one
    totals = [each.total for each in one.ranked]
    if len(set(totals)) == len(totals):
        assert order(one) == order(other)


@checked
@given(situation, places, weights, st.integers(0, 4))
def test_nobody_gains_by_anothers_leaving(
    now: Situation, found: list[Contender], weighed: RecommendSettings, leaves: int
) -> None:
    gone = f"e{leaves}/m"
    whole = recommend(now, found, weighed)
    rest = recommend(now, [each for each in found if each.place != gone], weighed)
    assert order(rest) == [place for place in order(whole) if place != gone]
