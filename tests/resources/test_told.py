"""What people are told: decisions with what they freed, and refusals that help."""

from __future__ import annotations

import attrs
from understudy.protocols.resources.decision_log import DECISIONS_MAX
from understudy.protocols.resources.words import describe_decision

from .watch import GIB, RULES, Watch


def told(watch: Watch) -> list[str]:
    return [describe_decision(line) for line in watch.policy.report(watch.now).decisions]


def test_what_an_eviction_really_freed_is_told_once_it_is_read() -> None:
    watch = Watch()
    watch.run(1, 8, private=2)
    watch.look(after=180)
    watch.wish(2, 8)
    watch.look()
    why = "idle for 3 min; local/m2 needs 8.0 GiB, and 2.0 GiB are left"
    assert told(watch)[1:] == [f"local/m1 is asked to leave, which frees 2.0 GiB: {why}"]
    watch.now += 1.5
    watch.gone(1, private=1.5)
    watch.look()
    assert told(watch)[1:3] == [
        f"local/m1 is asked to leave, which frees 1.5 GiB: {why}",
        "local/m1 has left, which freed 1.5 GiB: 1.5 s after it was asked to; "
        "8.0 GiB of its file need not stay in memory",
    ]
    assert told(watch)[3] == (
        "local/m2 may load: it needs 8.0 GiB, and 11.5 GiB can be had: "
        "of 16.0 GiB on the machine 13.5 GiB are available and 2.0 GiB stay free"
    )


def test_what_several_freed_together_is_shared_out() -> None:
    watch = Watch()
    watch.run(1, 2, private=1)
    watch.run(2, 2, private=3)
    watch.look(after=1)
    watch.gone(1, private=1)
    watch.gone(2, private=1)
    watch.look()
    freed = [line.freed_bytes for line in watch.policy.report(0).decisions[2:]]
    assert freed == [GIB // 2, 3 * GIB // 2]
    why = "its process has ended by itself; 2.0 GiB of its file need not stay in memory"
    assert told(watch)[2].endswith(why)


def test_memory_that_others_took_meanwhile_is_nothing_freed() -> None:
    watch = Watch()
    watch.run(1, 2, private=1)
    watch.look(after=1)
    watch.gone(1, private=-4)
    watch.look()
    assert watch.policy.report(0).decisions[-1].freed_bytes == 0
    assert "1.0 GiB were expected to be freed" in told(watch)[-1]


def test_a_load_that_failed_is_told_as_that() -> None:
    watch = Watch()
    watch.wish(1, 2)
    watch.look()
    watch.gone(1)
    watch.look()
    assert told(watch)[-1] == "local/m1 has left: its load has not come to its end"


def test_a_refusal_says_what_would_help() -> None:
    watch = Watch(available=7)
    watch.wish(1, 4, cache=4)
    assert watch.look() == ["refuse 1"]
    assert watch.words[1] == (
        "local/m1 is not loaded: 3.0 GiB are missing. It needs 8.0 GiB (4.0 GiB of weights, "
        "4.0 GiB for 32768 tokens); 5.0 GiB can be had, with what models that "
        "are not pinned would give back: of 16.0 GiB on the machine 7.0 GiB are available and "
        "2.0 GiB stay free. A window of 8192 tokens would fit. Other programs hold 9.0 GiB: "
        "closing some of them would make room."
    )
    told_words = watch.words[1].removeprefix("local/m1 is not loaded: ").removesuffix(".")
    assert told(watch) == [f"local/m1 was refused: {told_words}"]


def test_a_refusal_of_what_the_machine_is_too_small_for_suggests_a_smaller_model() -> None:
    watch = Watch()
    watch.wish(1, 30)
    watch.look()
    assert watch.words[1].endswith("A smaller model, or one of fewer bits, would fit.")


def test_many_holders_are_named_in_part() -> None:
    watch = Watch()
    for lease in range(1, 11):
        watch.run(lease, 0.1)
    watch.wish(11, 30)
    watch.look()
    assert "local/m8 102 MiB (idle) and 2 more." in watch.words[11]


def test_the_log_is_bounded() -> None:
    watch = Watch()
    for lease in range(1, DECISIONS_MAX + 10):
        watch.wish(lease, 100)
    watch.look()
    lines = watch.policy.report(0).decisions
    assert len(lines) == DECISIONS_MAX
    assert lines[-1].model == f"m{DECISIONS_MAX + 9}"


def test_the_report_adds_up() -> None:
    watch = Watch(attrs.evolve(RULES, budget_bytes=10 * GIB))
    watch.run(1, 4, private=1)
    watch.answer(1)
    watch.wish(2, 2)
    watch.look(after=1)
    report = watch.policy.report(watch.now)
    assert report.budget_bytes == 10 * GIB
    assert report.reserved_bytes == 7 * GIB
    assert report.floor_bytes == 2 * GIB
    assert [(line.state, line.answers) for line in report.leases] == [("held", 1), ("loading", 0)]
    assert report.leases[0].measured_bytes == 5 * GIB
    assert report.leases[0].private_bytes == GIB


def test_before_the_first_reading_there_is_nothing_to_tell() -> None:
    watch = Watch()
    assert watch.policy.decide(0.0) == []
    report = watch.policy.report(0.0)
    assert (report.budget_bytes, report.leases, report.decisions) == (0, (), ())
