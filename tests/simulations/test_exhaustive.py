"""The exhaustive sets, with nothing found: whole where they are small, else with a stride.

`understudy simulate --exhaustive` runs all of them.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest
from understudy import app
from understudy.simulations.exhaustive.draw_set import draw_points
from understudy.simulations.exhaustive.failing_set import SOCKET_FAILURES
from understudy.simulations.exhaustive.points import NotAPoint, Point
from understudy.simulations.exhaustive.ports import PORT_FAILURES
from understudy.simulations.exhaustive.sets import exhaustive_sets, run_point

SETS = exhaustive_sets()
STRIDES = {"kernel": 1, "esc": 6, "stop": 8, "ports": 2, "sockets": 12, "crashes": 2, "limits": 4}
"""Every so many points of the set are tried here."""
SEEDS = {"kernel": range(2)}
DRAWN_POINTS = 30


def points(name: str) -> list[Point]:
    """The points of a set under the seeds of this test."""
    return list(SETS[name].points(app, SEEDS.get(name, range(1))))


@pytest.mark.parametrize("name", STRIDES)
def test_nothing_is_found_at_any_point(name: str) -> None:
    found = {str(point): run_point(point, app) for point in points(name)[:: STRIDES[name]]}
    assert found, "a set has points"
    assert {name: complaints for name, complaints in found.items() if complaints} == {}


def test_nothing_is_found_at_drawn_points() -> None:
    drawn = list(draw_points(DRAWN_POINTS, "a commit", app))
    assert [(str(point), words) for point in drawn if (words := run_point(point, app))] == []


def test_the_key_draws_the_points() -> None:
    drawn = [list(draw_points(5, key, app)) for key in ("one", "one", "other")]
    assert drawn[0] == drawn[1] != drawn[2]


def test_every_scope_of_the_house_is_left_at_many_steps() -> None:
    steps = Counter(point.what for point in points("kernel") if point.seed == 0)
    assert set(steps) >= {"order", "clerk-order", "foreman-order", "subscriber", "desk-subscriber"}
    assert set(steps) >= {"queued", "quick", "slow", "breaker", "bystander", "late", "house"}
    assert min(steps.values()) >= 3
    assert steps["house"] > 100


def test_every_call_of_a_port_and_of_a_socket_fails() -> None:
    failed = {
        point.what.partition(":")[0] for name in ("ports", "sockets") for point in points(name)
    }
    never_called = {"state.turns", "state.find", "state.named", "state.tool_uses"}
    assert failed == {*PORT_FAILURES, *SOCKET_FAILURES} - never_called


def test_every_actor_crashes_in_every_form() -> None:
    crashed = {point.what for point in points("crashes") if point.scenario == "relayed"}
    actors = ("backend:work:1", "conversations", "router", "session:1")
    forms = ("fails", "suspect", "background")
    assert crashed == {f"{actor}:{form}" for actor in actors for form in forms}


def test_a_point_is_read_back_from_its_name() -> None:
    for name in STRIDES:
        for point in islice(SETS[name].points(app, range(1)), 3):
            assert Point.parse(str(point)) == point


@pytest.mark.parametrize(
    "name", ["", "kernel/house/0/order", "kernel/house/x/order/1", "a/b/1/c/d"]
)
def test_what_is_no_point_is_refused(name: str) -> None:
    with pytest.raises(NotAPoint, match="is no point, such as"):
        Point.parse(name)


def test_a_set_that_does_not_exist_is_refused() -> None:
    with pytest.raises(NotAPoint, match="there are kernel, esc"):
        run_point(Point.parse("lost/house/0/order/1"), app)


@pytest.mark.parametrize(
    "name", ["kernel/hous/0/order/1", "esc/relaid/0/turn/1", "ports/local/0/state.save:x/1"]
)
def test_what_its_set_does_not_have_is_refused(name: str) -> None:
    with pytest.raises(NotAPoint, match=f"'{name}' is no point: the set .* has no such"):
        run_point(Point.parse(name), app)


def test_a_step_that_is_never_reached_is_told() -> None:
    steps = ("kernel/house/0/order/9999", "esc/relayed/0/turn/9999", "drawn/absent/0/esc/9999")
    for name in steps:
        assert run_point(Point.parse(name), app) == ("the step was never reached",)


def test_the_same_point_is_the_same_run() -> None:
    for name in ("kernel", "esc"):
        assert points(name) == points(name)
