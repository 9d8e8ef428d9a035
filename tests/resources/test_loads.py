"""Who may load, rule by rule: the budget, the queue, who makes room, how long one waits."""

from __future__ import annotations

from math import inf

import attrs
from understudy.protocols.resources.reading import ProcessMemory

from .watch import GIB, RULES, Watch


def test_a_load_gets_what_is_above_the_floor() -> None:
    watch = Watch(available=10)
    watch.wish(1, 8)
    assert watch.look() == ["grant 1"]
    watch = Watch(available=9.9)
    watch.wish(1, 8)
    assert watch.look() == ["refuse 1"]


def test_a_load_waits_a_moment_for_what_other_programs_hold() -> None:
    patient = attrs.evolve(RULES, others_seconds_max=5.0)
    watch = Watch(patient, available=6)
    watch.run(1, 3)
    watch.wish(2, 8)
    assert watch.look() == []
    assert watch.look(after=4.9) == []
    assert watch.look(after=0.1) == ["refuse 2"]
    watch.wish(3, 8)
    assert watch.look() == []
    watch.available = 14
    assert watch.look(after=1) == ["grant 3"]


def test_nobody_waits_for_what_no_program_could_give() -> None:
    patient = attrs.evolve(RULES, others_seconds_max=5.0)
    watch = Watch(patient, available=14)
    watch.wish(1, 15)
    assert watch.look() == ["refuse 1"]
    watch = Watch(attrs.evolve(patient, budget_bytes=2 * GIB))
    watch.wish(1, 3)
    assert watch.look() == ["refuse 1"]


def test_what_was_never_measured_has_a_margin() -> None:
    rules = attrs.evolve(RULES, margin_bytes_min=GIB // 4, margin_share=0.05)
    watch = Watch(rules, available=10)
    watch.wish(1, 7.7)
    assert watch.look() == ["refuse 1"]
    watch.wish(2, 7.6)
    assert watch.look() == ["grant 2"]
    assert watch.policy.report(0).leases[0].need.total_bytes == int(7.6 * GIB)


def test_mapped_weights_of_a_loaded_model_are_not_for_others() -> None:
    watch = Watch(available=14)
    watch.run(1, 6, private=1, pinned=True)
    assert watch.available == 13
    watch.wish(2, 6)
    assert watch.look() == ["refuse 2"]
    assert "models that are loaded need 6.0 GiB more" in watch.words[2]
    watch.wish(3, 5)
    assert watch.look() == ["grant 3"]


def test_a_cache_that_is_not_filled_yet_is_not_for_others() -> None:
    watch = Watch(available=14)
    watch.wish(1, 4, cache=4, pinned=True)
    assert watch.look() == ["grant 1"]
    watch.loaded(1, private=0.5, file=4)
    watch.wish(2, 5)
    assert watch.look() == ["refuse 2"]


def test_a_measure_that_is_greater_replaces_the_estimate() -> None:
    watch = Watch(available=14)
    watch.wish(1, 4, pinned=True)
    assert watch.look() == ["grant 1"]
    watch.loaded(1, private=3, file=4)
    watch.wish(2, 5.5)
    assert watch.look() == ["refuse 2"]
    watch.wish(3, 5)
    assert watch.look() == ["grant 3"]


def test_pages_that_were_pushed_out_count_as_before() -> None:
    watch = Watch(available=14)
    watch.wish(1, 1, pinned=True)
    assert watch.look() == ["grant 1"]
    watch.loaded(1, private=0, file=6)
    watch.policy.measured(1, ProcessMemory(0, 0))
    assert watch.policy.report(0).leases[0].measured_bytes == 6 * GIB
    watch.wish(2, 7)
    assert watch.look() == ["refuse 2"]


def test_a_model_is_asked_for_by_what_it_took_the_last_time() -> None:
    rules = attrs.evolve(RULES, margin_bytes_min=2 * GIB)
    watch = Watch(rules, available=12)
    watch.wish(1, 8)
    assert watch.look() == ["grant 1"]
    watch.loaded(1, private=1, file=8)
    watch.gone(1, private=1)
    watch.available = 11
    watch.wish(1, 8)
    assert watch.look() == ["grant 1"]


def test_the_budget_of_the_user_bounds_all_models_together() -> None:
    watch = Watch(attrs.evolve(RULES, budget_bytes=8 * GIB))
    watch.run(1, 5)
    watch.wish(2, 9)
    assert watch.look() == ["refuse 2"]
    assert "A greater budget of memory in the settings would allow it" in watch.words[2]
    watch.wish(3, 3)
    assert watch.look() == ["grant 3"]


def test_one_load_at_a_time_and_the_first_first() -> None:
    watch = Watch()
    watch.wish(1, 2)
    watch.wish(2, 1)
    watch.wish(3, 1)
    assert watch.look() == ["grant 1"]
    assert watch.look(after=5) == []
    watch.loaded(1, 0, 2)
    assert watch.look() == ["grant 2"]
    watch.gone(2)
    assert watch.look() == ["grant 3"]


def test_a_refusal_lets_the_next_one_try_at_once() -> None:
    watch = Watch()
    watch.wish(1, 20)
    watch.wish(2, 2)
    assert watch.look() == ["refuse 1", "grant 2"]


def test_nothing_is_decided_on_a_reading_that_is_older_than_the_news() -> None:
    watch = Watch()
    watch.run(1, 8)
    watch.look(after=10)
    watch.wish(2, 8)
    assert watch.look() == ["ask within 30 s: 1 for load"]
    watch.gone(1)
    assert watch.policy.decide(watch.now) == []
    assert watch.policy.wake_seconds(watch.now) == watch.now
    assert watch.look() == ["grant 2"]


def test_idle_models_leave_for_a_load_at_once_and_no_more_than_needed() -> None:
    watch = Watch()
    watch.run(1, 3)
    watch.run(2, 4)
    watch.run(3, 5)
    watch.look(after=1)
    watch.wish(4, 4)
    assert watch.look() == ["ask within 30 s: 3 for load"]
    assert watch.words[3] == "idle for 1 s; local/m4 needs 4.0 GiB, and 0 GiB are left"
    assert watch.look(after=1) == []
    watch.gone(3)
    assert watch.look() == ["grant 4"]


def test_an_answering_model_is_asked_only_if_idle_ones_do_not_do() -> None:
    watch = Watch()
    watch.run(1, 8)
    watch.answer(1)
    watch.run(2, 2)
    watch.run(3, 2)
    watch.look(after=1)
    watch.wish(4, 4)
    assert watch.look() == ["ask within 30 s: 2 for load", "ask within 30 s: 3 for load"]
    watch.gone(2)
    watch.gone(3)
    assert watch.look() == ["grant 4"]
    watch.loaded(4, 0, 4)
    watch.answer(4)
    watch.wish(5, 7)
    assert watch.look() == ["ask within 60 s: 1 for load"]
    assert watch.words[1].startswith("it may finish what it answers; ")


def test_a_load_waits_for_answers_and_then_is_refused_with_numbers() -> None:
    watch = Watch()
    watch.run(1, 8)
    watch.answer(1)
    watch.wish(2, 8)
    assert watch.look() == ["ask within 60 s: 1 for load"]
    assert watch.look(after=59) == []
    assert watch.policy.wake_seconds(watch.now) == 60
    assert watch.look(after=1) == ["refuse 2"]
    assert "it has waited 1 min for other models to leave" in watch.words[2]
    assert "local/m1 8.0 GiB (leaving)" in watch.words[2]


def test_who_is_late_to_leave_counts_as_held_and_is_not_asked_again() -> None:
    watch = Watch()
    watch.run(1, 6)
    watch.run(2, 6)
    watch.answer(2)
    watch.look(after=1)
    watch.wish(3, 6)
    assert watch.look() == ["ask within 30 s: 1 for load"]
    assert watch.look(after=29) == []
    assert watch.look(after=1) == ["ask within 30 s: 2 for load"]
    watch.gone(1)
    assert watch.look() == ["grant 3"]


def test_a_pinned_model_never_leaves_for_a_load() -> None:
    watch = Watch()
    watch.run(1, 8, pinned=True)
    watch.wish(2, 8)
    assert watch.look(after=100) == ["refuse 2"]
    assert "Unpinning would make room: local/m1" in watch.words[2]
    assert "local/m1 8.0 GiB (pinned, idle)" in watch.words[2]


def test_nobody_leaves_where_all_together_would_not_make_room() -> None:
    watch = Watch()
    watch.run(1, 2)
    watch.wish(2, 13)
    assert watch.look(after=100) == ["refuse 2"]
    assert watch.look(after=1) == []


def test_a_load_that_failed_and_a_wish_that_was_given_up_are_gone() -> None:
    watch = Watch()
    watch.wish(1, 8)
    watch.wish(2, 9)
    assert watch.look() == ["grant 1"]
    watch.gone(2)
    watch.gone(1)
    watch.gone(1)
    assert watch.look() == []
    assert watch.policy.wake_seconds(watch.now) == inf


def test_news_of_leases_that_are_not_known_change_nothing() -> None:
    watch = Watch()
    watch.policy.loaded(7, 1.0, 0.0)
    watch.policy.measured(7, ProcessMemory(1, 1))
    watch.wish(1, 2)
    watch.policy.loaded(1, 1.0, 0.0)
    watch.policy.measured(1, ProcessMemory(1, 1))
    assert watch.policy.report(0.0).leases[0].state == "waiting"
    assert watch.look() == ["grant 1"]
