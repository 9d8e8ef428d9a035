"""Health: rests, trials and tickets, in cases that a person can check and in drawn histories."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from hypothesis import find, given
from hypothesis import strategies as st
from understudy.protocols.routing import health as health_module
from understudy.protocols.routing.health import (
    KEY_REST_SECONDS,
    LONGEST_REST_SECONDS,
    RETRY_AFTER_SECONDS_MAX,
    TRIAL_SECONDS,
    WHOLE,
    Condition,
    Health,
    Spot,
)
from understudy.protocols.routing.verdict import Verdict
from understudy.protocols.settings_data import RoutingSettings

from .worlds import few_examples, hunt

RULES = RoutingSettings(cooldown_seconds=15, failures_to_rest=3)
A0, A1, B0 = Spot("a", 0), Spot("a", 1), Spot("b", 0)


def ends(health: Health, spot: Spot, verdict: Verdict, now: float, after: float = 0.0) -> None:
    """A turn is sent to a spot, and ends so at once."""
    ticket = health.take(spot, now)
    health.note(spot, ticket, verdict, now, status=503, retry_after_seconds=after)


def fallen(now: float = 0.0) -> Health:
    """Endpoint a has failed three times in a row."""
    health = Health(RULES)
    for _ in range(3):
        ends(health, A0, Verdict.DOWN, now)
    return health


@pytest.mark.parametrize(
    ("verdicts", "after", "own", "other"),
    [
        ([Verdict.KEY], 0, KEY_REST_SECONDS, 0),
        ([Verdict.BUSY], 0, 15, 0),
        ([Verdict.BUSY], 40, 40, 0),
        ([Verdict.BUSY], 9_999, RETRY_AFTER_SECONDS_MAX, 0),
        ([Verdict.BUSY] * 3, 0, 15, 0),
        ([Verdict.BUSY] * 5, 0, 60, 0),
        ([Verdict.DENIED], 0, 0, 0),
        ([Verdict.DENIED] * 3, 0, KEY_REST_SECONDS, 0),
        ([Verdict.DOWN] * 2, 0, 0, 0),
        ([Verdict.DOWN] * 3, 0, 15, 15),
        ([Verdict.DOWN] * 4, 0, 30, 30),
        ([Verdict.DOWN] * 9, 0, 300, 300),
        ([Verdict.DOWN], 40, 40, 40),
        ([Verdict.DOWN, Verdict.DOWN, Verdict.WELL, Verdict.DOWN], 0, 0, 0),
        ([Verdict.KEY, Verdict.WELL], 0, 0, 0),
        ([Verdict.NEUTRAL] * 5, 0, 0, 0),
    ],
)
def test_how_long_a_key_rests_and_its_endpoint_s_other_one(
    verdicts: Sequence[Verdict], after: float, own: float, other: float
) -> None:
    health = Health(RULES)
    for verdict in verdicts:
        ends(health, A0, verdict, 0.0, after)
    assert health.rest_seconds(A0, 0.0) == own
    assert health.rest_seconds(A1, 0.0) == other
    assert health.rest_seconds(B0, 0.0) == 0


def test_turns_that_fail_together_make_one_rest() -> None:
    health = Health(RULES)
    tickets = [health.take(A0, 0.0) for _ in range(8)]
    for ticket in tickets:
        health.note(A0, ticket, Verdict.DOWN, 1.0)
    assert health.rest_seconds(A0, 1.0) == 15


def test_an_answer_that_began_before_the_rest_does_not_end_it() -> None:
    health = Health(RULES)
    early = health.take(A0, 0.0)
    ends(health, A0, Verdict.BUSY, 1.0, 60)
    health.note(A0, early, Verdict.WELL, 2.0)
    assert health.rest_seconds(A0, 2.0) == 59
    ends(health, A0, Verdict.WELL, 3.0)
    assert health.rest_seconds(A0, 3.0) == 0


def test_after_a_rest_one_turn_is_the_trial_and_its_end_decides() -> None:
    health = fallen()
    trial = health.take(A0, 15.0)
    assert health.is_on_trial(A1, 15.0)
    assert health.rest_seconds(A1, 15.0) == TRIAL_SECONDS
    other = health.take(A1, 16.0)
    health.note(A1, other, Verdict.NEUTRAL, 17.0)
    assert health.is_on_trial(A0, 17.0), "the trial is not the other's to give back"
    health.note(A0, trial, Verdict.DOWN, 18.0)
    assert health.rest_seconds(A0, 18.0) == 30
    assert not health.is_on_trial(A0, 18.0)


def test_a_trial_that_was_left_is_the_next_one_s() -> None:
    health = fallen()
    health.note(A0, health.take(A0, 15.0), Verdict.NEUTRAL, 20.0)
    assert health.rest_seconds(A0, 20.0) == 0
    assert health.is_due(A0, 20.0)
    health.take(A1, 20.0)
    assert health.is_on_trial(A0, 20.0)


def test_a_trial_of_which_nothing_is_heard_ends() -> None:
    health = fallen()
    health.take(A0, 15.0)
    assert health.rest_seconds(A0, 15.0 + TRIAL_SECONDS) == 0


def test_what_says_nothing_ends_no_rest() -> None:
    health = fallen()
    ends(health, A0, Verdict.NEUTRAL, 5.0)
    assert health.rest_seconds(A0, 5.0) == 10


def test_below_the_limit_nobody_is_on_trial() -> None:
    health = Health(RULES)
    ends(health, A0, Verdict.DOWN, 0.0)
    health.take(A0, 1.0)
    assert health.rest_seconds(A0, 1.0) == 0


def test_a_turn_of_an_endpoint_that_was_made_anew_says_nothing() -> None:
    health = fallen()
    old = health.take(A0, 1.0)
    health.forget("a")
    for _ in range(3):
        health.note(A0, old, Verdict.KEY, 2.0)
    assert health.rest_seconds(A0, 2.0) == 0
    ends(health, A0, Verdict.KEY, 3.0)
    assert health.rest_seconds(A0, 3.0) == KEY_REST_SECONDS


def test_a_key_that_was_changed_rests_no_more_and_a_limit_does() -> None:
    health = Health(RULES)
    ends(health, A0, Verdict.KEY, 0.0)
    ends(health, A1, Verdict.BUSY, 0.0, 60)
    health.forget_keys()
    assert health.rest_seconds(A0, 0.0) == 0
    assert health.rest_seconds(A1, 0.0) == 60


def test_it_says_why() -> None:
    health = fallen()
    assert health.why(A1, 1.0) == "it failed (503)"
    assert health.why(A1, 15.0) == health.why(B0, 1.0) == ""


Step = tuple[str, Any]
SPOTS = (A0, A1, B0, Spot("a", WHOLE))
STEPS: st.SearchStrategy[Step] = st.one_of(
    st.tuples(st.just("send"), st.sampled_from(SPOTS)),
    st.tuples(
        st.just("end"),
        st.tuples(
            st.integers(0, 5), st.sampled_from(list(Verdict)), st.sampled_from([0.0, 5.0, 10_000.0])
        ),
    ),
    st.tuples(st.just("wait"), st.sampled_from([0.0, 5.0, 15.0, 61.0, 700.0])),
    st.tuples(st.just("forget"), st.sampled_from(["a", "b"])),
)
HISTORIES = st.lists(STEPS, max_size=30)


def complaints(history: Sequence[Step]) -> list[str]:
    """What is wrong with how health takes a history of turns that overlap."""
    health, now, found = Health(RULES), 0.0, list[str]()
    sent: list[tuple[Spot, int]] = []
    trials: dict[int, tuple[Spot, float]] = {}
    for kind, value in history:
        if kind == "wait":
            now += value
        elif kind == "forget":
            health.forget(value)
            trials = {key: each for key, each in trials.items() if each[0].endpoint != value}
        elif kind == "send":
            due, before = health.is_due(value, now), health.rest_seconds(value, now)
            ticket = health.take(value, now)
            sent.append((value, ticket))
            running = [spot for spot, until in trials.values() if until > now]
            if due:
                found += [f"two trials of {spot}" for spot in running if spot == value]
                trials[ticket] = value, now + TRIAL_SECONDS
                if health.rest_seconds(value, now) <= 0:
                    found.append("a trial keeps nobody away")
            elif health.rest_seconds(value, now) != before:
                found.append("a turn that is no trial changes what others may do")
        elif sent:
            number, verdict, after = value
            spot, ticket = sent.pop(number % len(sent))
            before = health.rest_seconds(spot, now)
            health.note(spot, ticket, verdict, now, retry_after_seconds=after)
            is_trial = trials.pop(ticket, None) is not None
            rest = health.rest_seconds(spot, now)
            if verdict is Verdict.NEUTRAL and not is_trial and rest != before:
                found.append("what says nothing changes a rest")
        for spot in SPOTS:
            if health.rest_seconds(spot, now) > max(KEY_REST_SECONDS, RETRY_AFTER_SECONDS_MAX):
                found.append(f"{spot} rests for {health.rest_seconds(spot, now)} s")
    return found


@few_examples
@given(HISTORIES)
def test_one_trial_at_a_time_and_no_rest_without_end(history: Sequence[Step]) -> None:
    assert complaints(history) == []


def trials_overlap(patch: pytest.MonkeyPatch) -> None:
    """Whoever comes after a rest is let through."""

    def rest_seconds(self: Condition, now: float) -> float:
        return max(0.0, self.rests_until - now)

    patch.setattr(Condition, "rest_seconds", rest_seconds)


def a_stranger_gives_the_trial_back(patch: pytest.MonkeyPatch) -> None:
    """Any end of a turn ends the trial."""
    whole = Health.note

    def note(
        self: Health, spot: Spot, ticket: int, verdict: Verdict, *more: Any, **rest: Any
    ) -> None:
        for found in vars(Health)["_of"](self, spot):
            found.end_trial()
        whole(self, spot, ticket, verdict, *more, **rest)

    patch.setattr(Health, "note", note)


def nothing_is_a_success(patch: pytest.MonkeyPatch) -> None:
    """A turn that says nothing ends the rest."""
    whole = Health.note

    def note(
        self: Health, spot: Spot, ticket: int, verdict: Verdict, *more: Any, **rest: Any
    ) -> None:
        known = Verdict.WELL if verdict is Verdict.NEUTRAL else verdict
        whole(self, spot, ticket, known, *more, **rest)

    patch.setattr(Health, "note", note)


def an_endpoint_is_believed_whatever_it_says(patch: pytest.MonkeyPatch) -> None:
    """Retry-after has no bound."""
    patch.setattr(health_module, "RETRY_AFTER_SECONDS_MAX", LONGEST_REST_SECONDS * 9)


BUGS: list[Callable[[pytest.MonkeyPatch], None]] = [
    trials_overlap,
    a_stranger_gives_the_trial_back,
    nothing_is_a_success,
    an_endpoint_is_believed_whatever_it_says,
]


@pytest.mark.parametrize("bug", BUGS, ids=lambda bug: bug.__name__)
def test_a_planted_bug_is_seen(
    bug: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    bug(monkeypatch)
    history = find(HISTORIES, lambda history: bool(complaints(history)), settings=hunt)
    monkeypatch.undo()
    assert complaints(history) == []
