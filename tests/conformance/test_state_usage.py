"""What the State port promises of the sums of turns: by day, endpoint, model and conversation."""

from __future__ import annotations

from typing import Any

import attrs
from understudy.io.ports import State
from understudy.protocols.records import TurnOutcome, TurnRecord, Usage
from understudy.protocols.usage.sums import Sums, UsageBy, UsageRow

from .test_state import DAY_ROWS_MAX, DAYS_MAX, TURNS_MAX, Disk, turn
from .test_state import disk as disk
from .test_state import state as state


def timed(name: str, *, day: str = "2027-01-15", **changes: Any) -> TurnRecord:
    """A turn whose first byte came after 0.25 s, and whose two tokens took 1 s."""
    return attrs.evolve(turn(name), day=day, total_seconds=1.25, **changes)


COUNTED = Sums(
    turns=1,
    attempts=1,
    answered=1,
    input_tokens=1,
    output_tokens=2,
    cache_read_tokens=3,
    cache_creation_tokens=4,
    first_bytes=1,
    first_byte_seconds=0.25,
    timed_tokens=2,
    timed_seconds=1.0,
)


async def rows(state: State, by: UsageBy, since: str = "2027", until: str = "2028") -> Any:
    return list(await state.usage(since, until, by))


async def test_a_line_counts_in_its_day_endpoint_model_and_conversation(state: State) -> None:
    await state.save([], [timed("t")])
    for by, name in {
        UsageBy.DAY: "2027-01-15",
        UsageBy.ENDPOINT: "work",
        UsageBy.MODEL: "work/claude-x",
        UsageBy.CONVERSATION: "c",
    }.items():
        assert await rows(state, by) == [UsageRow(name, COUNTED, 0.25, 0.25)]
        assert await rows(state, by, "2027-01-16") == []
        assert await rows(state, by, "2027-01-15", "2027-01-15") != []
        assert await rows(state, by, until="2027-01-14") == []


async def test_a_line_without_a_day_counts_nowhere(state: State) -> None:
    await state.save([], [attrs.evolve(turn("t"), day="")])
    assert await rows(state, UsageBy.DAY, since="") == []
    await state.save([], [timed("t")])
    assert await rows(state, UsageBy.DAY) == [UsageRow("2027-01-15", COUNTED, 0.25, 0.25)]


async def test_a_line_that_is_settled_again_counts_once_as_it_is(state: State) -> None:
    await state.save([], [timed("t", outcome=TurnOutcome.BROKEN), timed("u")])
    await state.save([], [timed("t", outcome=TurnOutcome.CANCELLED, usage=Usage(100))])
    await state.save([], [timed("t", day="2027-01-16", endpoint="home")])
    for by, names in {
        UsageBy.DAY: ["2027-01-15", "2027-01-16"],
        UsageBy.ENDPOINT: ["home", "work"],
    }.items():
        assert await rows(state, by) == [UsageRow(name, COUNTED, 0.25, 0.25) for name in names]


async def test_attempts_are_one_turn_and_each_counts_at_its_place(state: State) -> None:
    refused = timed("t", outcome=TurnOutcome.REFUSED, usage=Usage())
    await state.save([], [refused, timed("t~2", endpoint="home")])
    [day] = await rows(state, UsageBy.DAY)
    assert (day.sums.turns, day.sums.attempts) == (1, 2)
    assert (day.sums.refused, day.sums.answered, day.sums.errors) == (1, 1, 1)
    home, work = await rows(state, UsageBy.ENDPOINT)
    assert (home.name, home.sums.turns, home.sums.attempts) == ("home", 0, 1)
    assert (work.name, work.sums.turns, work.sums.attempts) == ("work", 1, 1)
    assert work.sums.first_byte_mean_seconds == work.first_byte_p50_seconds == -1.0


async def test_what_came_in_one_piece_is_not_timed(state: State) -> None:
    await state.save([], [timed("t", first_byte_seconds=1.25), timed("u", usage=Usage(1, 0))])
    [day] = await rows(state, UsageBy.DAY)
    assert (day.sums.first_bytes, day.sums.timed_tokens, day.sums.timed_seconds) == (2, 0, 0)
    assert day.sums.tokens_per_second == -1.0


async def test_percentiles_are_of_the_lines_that_are_kept(state: State) -> None:
    waits = [9.0, 3.0, 1.0, 4.0, 2.0, 5.0]
    for number, wait in enumerate(waits):
        await state.save([], [timed(f"t{number}", first_byte_seconds=wait)])
    [day] = await rows(state, UsageBy.DAY)
    assert (day.sums.first_bytes, day.sums.first_byte_seconds) == (6, 24.0), "pruned, but counted"
    assert (day.first_byte_p50_seconds, day.first_byte_p95_seconds) == (3.0, 5.0)
    await state.save([], [timed(f"u{number}", day="2027-01-16") for number in range(TURNS_MAX)])
    day, _ = await rows(state, UsageBy.DAY)
    assert (day.sums.turns, day.first_byte_p50_seconds) == (6, -1.0)


async def test_days_come_in_order_and_all_else_with_the_most_tokens_first(state: State) -> None:
    few, many = Usage(1), Usage(0, 0, 50)
    await state.save([], [timed("a", day="2027-02-01", endpoint="", usage=few)])
    await state.save([], [timed("b", day="2027-01-31", endpoint="b", usage=many)])
    await state.save([], [timed("c", day="2027-02-02", endpoint="a", usage=few)])
    named = {by: [row.name for row in await rows(state, by)] for by in UsageBy}
    assert named == {
        UsageBy.DAY: ["2027-01-31", "2027-02-01", "2027-02-02"],
        UsageBy.ENDPOINT: ["b", "", "a"],
        UsageBy.MODEL: ["b/claude-x", "", "a/claude-x"],
        UsageBy.CONVERSATION: ["c"],
    }


async def test_the_oldest_days_go_first(disk: Disk) -> None:
    for number in range(DAYS_MAX + 2):
        await disk.open().save([], [timed(f"t{number}", day=f"2027-01-{number + 1:02}")])
    names = [row.name for row in await rows(disk.open(), UsageBy.DAY)]
    assert names == [f"2027-01-{number + 1:02}" for number in range(2, DAYS_MAX + 2)]


async def test_a_day_with_very_many_models_is_bounded(state: State) -> None:
    await state.save([], [timed(f"t{n}", model=f"m{n}") for n in range(2 * DAY_ROWS_MAX)])
    names = {row.name for row in await rows(state, UsageBy.MODEL)}
    assert names == {f"work/m{n}" for n in range(DAY_ROWS_MAX, 2 * DAY_ROWS_MAX)}
