"""Who leaves because the machine is short of memory, rule by rule."""

from __future__ import annotations

import pytest
from understudy.protocols.resources.reading import Pressure, PressureLevel

from .watch import Watch

NORMAL, PRESSED, CRITICAL = "normal", "pressed", "critical"


def crowd(watch: Watch) -> Watch:
    """Three idle models that are long past their grace."""
    for lease, weights in ((1, 1), (2, 3), (3, 2)):
        watch.run(lease, weights, private=0.5)
    watch.look(after=100)
    return watch


def state(watch: Watch) -> str:
    return watch.policy.report(watch.now).state


@pytest.mark.parametrize(
    ("pressure", "level", "available"),
    [
        (Pressure(10.0, 0.0), PressureLevel.UNKNOWN, 8),
        (Pressure(3.0, 2.0), PressureLevel.UNKNOWN, 8),
        (Pressure(), PressureLevel.WARNING, 8),
        (Pressure(), PressureLevel.NORMAL, 1.9),
    ],
)
def test_pressure_that_lasts_for_two_readings_costs_one_idle_model(
    pressure: Pressure, level: PressureLevel, available: float
) -> None:
    watch = crowd(Watch())
    watch.pressure, watch.level, watch.available = pressure, level, available
    assert watch.look(after=1) == []
    assert state(watch) == NORMAL
    assert watch.look(after=1) == ["ask within 30 s: 2 for pressure"]
    assert state(watch) == PRESSED


def test_readings_that_follow_closely_count_once() -> None:
    watch = crowd(Watch())
    watch.available = 1.5
    assert watch.look(after=1) == []
    assert [watch.look(after=0.1) for _ in range(4)] == [[]] * 4
    assert watch.look(after=0.5) == ["ask within 30 s: 2 for pressure"]


def test_a_reading_without_pressure_begins_the_count_anew() -> None:
    watch = crowd(Watch())
    for available in (1.5, 8, 1.5):
        watch.available = available
        assert watch.look(after=1) == []


def test_between_two_evictions_for_pressure_there_is_a_cool_down() -> None:
    watch = crowd(Watch())
    watch.available = 1.5
    watch.look(after=1)
    assert watch.look(after=1) == ["ask within 30 s: 2 for pressure"]
    watch.gone(2)
    assert watch.look(after=14.5) == []
    assert watch.look(after=0.5) == ["ask within 30 s: 3 for pressure"]


@pytest.mark.parametrize(
    ("still", "over"),
    [
        (Pressure(5.0, 0.0), Pressure(4.9, 0.0)),
        (Pressure(0.0, 1.0), Pressure(0.0, 0.9)),
    ],
)
def test_stalls_are_over_at_half_their_thresholds(still: Pressure, over: Pressure) -> None:
    watch = Watch()
    watch.pressure = Pressure(10.0, 2.0)
    watch.look(after=1)
    watch.look(after=1)
    watch.pressure = still
    watch.look(after=1)
    assert state(watch) == PRESSED
    watch.pressure = over
    watch.look(after=1)
    assert state(watch) == NORMAL


def test_a_shortage_is_over_with_half_a_floor_more() -> None:
    watch = Watch(available=1.9)
    for available, expected in ((1.9, NORMAL), (1.9, PRESSED), (2.9, PRESSED), (3.0, NORMAL)):
        watch.available = available
        watch.look(after=1)
        assert state(watch) == expected


def test_a_model_that_was_just_loaded_has_grace() -> None:
    watch = Watch()
    watch.run(1, 4)
    watch.available = 1.5
    for _ in range(29):
        assert watch.look(after=1) == []
    assert watch.look(after=1) == ["ask within 30 s: 1 for pressure"]


def test_pinned_and_answering_models_stay_under_pressure() -> None:
    watch = Watch()
    watch.run(1, 2, pinned=True)
    watch.run(2, 2)
    watch.answer(2)
    watch.available = 1.5
    for _ in range(100):
        assert watch.look(after=1) == []
    watch.idle(2)
    assert watch.look(after=1) == ["ask within 30 s: 2 for pressure"]


def test_in_a_critical_state_all_idle_models_leave_at_once() -> None:
    watch = crowd(Watch())
    watch.run(4, 1)
    watch.run(5, 1)
    watch.answer(5)
    watch.available = 0.9
    assert watch.look(after=1) == [f"cut: {lease} for pressure" for lease in (1, 2, 3, 4)]
    assert state(watch) == CRITICAL


def test_a_critical_state_that_lasts_costs_one_after_the_other() -> None:
    watch = Watch()
    watch.run(1, 2)
    watch.run(2, 4)
    watch.run(3, 1, pinned=True)
    watch.run(4, 2)
    for lease in (1, 2):
        watch.answer(lease)
    watch.available = 0.5
    assert watch.look(after=1) == ["cut: 4 for pressure"]
    assert watch.look(after=1) == []
    watch.gone(4)
    assert watch.look(after=1) == ["cut: 3 for pressure"]
    watch.gone(3)
    assert watch.look(after=1) == ["cut: 2 for pressure"]
    assert watch.look(after=1.9) == []
    assert watch.look(after=0.1) == ["cut: 1 for pressure"]
    assert watch.words[1].startswith("the machine is about to swap (512 MiB of 16.0 GiB are avail")


def test_stalls_are_given_time_to_be_forgotten_before_the_next_is_cut() -> None:
    watch = Watch()
    for lease in (1, 2):
        watch.run(lease, 2)
        watch.answer(lease)
    watch.pressure = Pressure(20.0, 10.0)
    assert watch.look(after=1) == []
    assert watch.look(after=1) == ["cut: 2 for pressure"]
    watch.gone(2)
    assert watch.look(after=1) == []
    assert watch.look(after=6.9) == []
    assert watch.look(after=0.1) == ["cut: 1 for pressure"]


def test_a_load_that_makes_it_critical_is_cut_before_answers() -> None:
    watch = Watch()
    watch.run(1, 6)
    watch.answer(1)
    watch.wish(2, 2)
    assert watch.look() == ["grant 2"]
    watch.available = 0.5
    assert watch.look(after=1) == []
    assert watch.look(after=1) == ["cut: 2 for pressure"]
    watch.gone(2)
    watch.available = 8
    assert watch.look(after=1) == []


def test_who_leaves_without_hurry_is_hurried_when_it_becomes_critical() -> None:
    watch = Watch()
    watch.run(1, 8)
    watch.answer(1)
    watch.wish(2, 8)
    assert watch.look() == ["ask within 60 s: 1 for load"]
    watch.available = 0.5
    assert watch.look(after=1) == ["refuse 2"]
    assert watch.look(after=1) == ["cut: 1 for pressure"]
    assert watch.look(after=9) == []


def test_nothing_is_loaded_in_a_critical_state() -> None:
    watch = Watch(available=8)
    watch.pressure = Pressure(20.0, 10.0)
    watch.wish(1, 1)
    watch.wish(2, 1)
    assert watch.look() == ["refuse 1", "refuse 2"]
    assert "about to swap (all programs waited for memory 10.0 % of 10 s)" in watch.words[1]
    watch.pressure = Pressure(20.0, 5.0)
    watch.wish(3, 1)
    assert watch.look(after=1) == ["refuse 3"]
    watch.pressure = Pressure(20.0, 4.9)
    watch.wish(4, 1)
    assert watch.look(after=1) == ["grant 4"]


def test_the_system_s_own_word_makes_it_critical() -> None:
    watch = Watch(available=8)
    watch.level = PressureLevel.CRITICAL
    watch.wish(1, 1)
    assert watch.look() == ["refuse 1"]
    assert "the system calls its memory pressure critical" in watch.words[1]


def test_an_idle_model_leaves_at_its_own_limit() -> None:
    watch = Watch()
    watch.wish(1, 2, idle_seconds_max=60)
    watch.look()
    watch.loaded(1, 0, 2)
    watch.look(after=59)
    watch.answer(1)
    watch.look(after=100)
    watch.idle(1)
    assert watch.look(after=59) == []
    assert watch.policy.wake_seconds(watch.now) == watch.now + 1
    assert watch.look(after=1) == ["ask within 30 s: 1 for idle"]
    assert watch.words[1] == "idle for 1 min, which is its limit"


def test_a_pinned_model_has_no_limit_of_idleness() -> None:
    watch = Watch()
    watch.wish(1, 2, pinned=True, idle_seconds_max=60)
    watch.look()
    watch.loaded(1, 0, 2)
    assert watch.look(after=600) == []


def test_stalls_are_given_time_to_be_forgotten_before_the_next_one_is_cut() -> None:
    watch = Watch()
    for lease in (1, 2):
        watch.run(lease, 2)
        watch.answer(lease)
    watch.pressure = Pressure(30.0, 20.0)
    assert watch.look(after=1) == []
    assert watch.look(after=1) == ["cut: 2 for pressure"]
    watch.gone(2)
    assert [watch.look(after=1) for _ in range(7)] == [[]] * 7
    assert watch.look(after=1) == ["cut: 1 for pressure"]
