"""How the size of a step follows what steps take."""

from __future__ import annotations

from understudy.io.engines.worker.pace import (
    PREFILL_TOKENS_MAX,
    PREFILL_TOKENS_MIN,
    STEP_SECONDS_MAX,
    Pace,
)


def test_it_finds_the_size_that_fits_and_stays_there() -> None:
    pace = Pace(PREFILL_TOKENS_MAX)
    sizes: list[int] = []
    for _ in range(40):
        sizes.append(pace.prefill_tokens)
        pace.measured(pace.prefill_tokens, pace.prefill_tokens * 0.001)
    assert 30 <= sizes[-1] <= 50
    assert all(size * 0.001 <= STEP_SECONDS_MAX for size in sizes[6:])


def test_it_grows_slowly_and_shrinks_at_once() -> None:
    pace = Pace(100)
    pace.measured(100, 0.001)
    assert pace.prefill_tokens == 125
    pace.measured(125, 0.1)
    assert pace.prefill_tokens <= 63


def test_it_keeps_to_its_bounds() -> None:
    pace = Pace(100, 200)
    for _ in range(20):
        pace.measured(100, 1e-9)
    assert pace.prefill_tokens == 200
    for _ in range(20):
        pace.measured(100, 10.0)
    assert pace.prefill_tokens == PREFILL_TOKENS_MIN


def test_steps_that_only_answer_say_nothing() -> None:
    pace = Pace(100)
    pace.measured(PREFILL_TOKENS_MIN - 1, 10.0)
    assert pace.prefill_tokens == 100


def test_a_step_that_nobody_waits_for_is_larger_and_keeps_the_pace() -> None:
    pace = Pace(40)
    assert pace.alone_tokens == 200
    pace.measured(200, 0.2)
    assert pace.prefill_tokens == 40
    pace.measured(200, 0.8)
    assert pace.prefill_tokens == 20
    assert Pace(500).alone_tokens == PREFILL_TOKENS_MAX
