"""The State port's promises, kept by the database and by the simulated one alike."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import attrs
import pytest
import trio
import trio.testing
from understudy.io.ports import State, StateError
from understudy.io.state import SqliteState
from understudy.protocols.records import ConversationRecord, TurnOutcome, TurnRecord, Usage
from understudy.protocols.usage.sums import UsageBy
from understudy.simulations.state import SimulatedState, StoredState

TURNS_MAX = 5
CONVERSATIONS_MAX = 3
DAYS_MAX = 4
DAY_ROWS_MAX = 8
TOOL_USES_MAX = 4


class Disk:
    """Opens the state under test, again and again on the same contents."""

    def __init__(self, kind: str, folder: Path) -> None:
        self._kind = kind
        self._file = folder / "state.db"
        self._stored = StoredState()
        self.opened: list[State] = []
        self.warnings: list[str] = []

    def open(self) -> State:
        state: State
        if self._kind == "sqlite":
            state = SqliteState(
                self._file,
                report=self.warnings.append,
                turns_max=TURNS_MAX,
                conversations_max=CONVERSATIONS_MAX,
                days_max=DAYS_MAX,
                day_rows_max=DAY_ROWS_MAX,
                tool_uses_max=TOOL_USES_MAX,
            )
        else:
            state = SimulatedState(
                self._stored,
                turns_max=TURNS_MAX,
                conversations_max=CONVERSATIONS_MAX,
                days_max=DAYS_MAX,
                day_rows_max=DAY_ROWS_MAX,
                tool_uses_max=TOOL_USES_MAX,
            )
        self.opened.append(state)
        return state


@pytest.fixture(params=["sqlite", "simulated"])
async def disk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Disk]:
    disk = Disk(request.param, tmp_path)
    yield disk
    for state in disk.opened:
        await state.aclose()
    assert disk.warnings == []


@pytest.fixture
async def state(disk: Disk) -> State:
    return disk.open()


def conversation(name: str, turns: int = 1) -> ConversationRecord:
    return ConversationRecord(
        name, model="work/claude-x", input_tokens=7, turns=turns, dieted=True, home="work/claude-x"
    )


def turn(name: str, status: int = 200) -> TurnRecord:
    return TurnRecord(
        turn=name,
        conversation="c",
        endpoint="work",
        model="claude-x",
        outcome=TurnOutcome.ANSWERED,
        status=status,
        stop_reason="end_turn",
        usage=Usage(1, 2, 3, 4, estimated=True, reasoning_tokens=1),
        first_byte_seconds=0.25,
        total_seconds=-1.0,
        tool_uses=("toolu_1", 'toolu_ü,"\0'),
        began_at=1_800_000_000.5,
        day="2027-01-15",
        why="the rule night (background)",
        home="work/claude-x",
        key=2,
    )


async def names(state: State, limit: int = 99) -> list[str]:
    return [record.turn for record in await state.turns(limit=limit)]


async def test_nothing_is_known_at_first(state: State) -> None:
    assert await state.load("c") is None
    assert list(await state.turns(limit=10)) == []


async def test_what_is_saved_is_read_back_whole(state: State) -> None:
    await state.save([conversation("c"), ConversationRecord("")], [turn("t")])
    assert await state.load("c") == conversation("c")
    assert await state.load("") == ConversationRecord("")
    [kept] = await state.turns(limit=10)
    assert kept == turn("t")
    assert (kept.began_at, kept.day) == (turn("t").began_at, turn("t").day), "no part of ="


async def test_every_outcome_is_kept(state: State) -> None:
    records = [attrs.evolve(turn(each.name), outcome=each) for each in TurnOutcome]
    await state.save([], records)
    assert list(reversed(await state.turns(limit=10))) == records


async def test_later_ones_win(state: State) -> None:
    await state.save([conversation("c", 1), conversation("c", 2)], [])
    assert await state.load("c") == conversation("c", 2)
    await state.save([conversation("c", 3)], [turn("t", 200), turn("t", 201)])
    assert await state.load("c") == conversation("c", 3)
    assert list(await state.turns(limit=10)) == [turn("t", 201)]


async def test_turns_come_newest_first_up_to_the_limit(state: State) -> None:
    await state.save([], [turn("a"), turn("b")])
    await state.save([], [turn("c")])
    assert await names(state) == ["c", "b", "a"]
    assert await names(state, limit=2) == ["c", "b"]
    assert await names(state, limit=0) == []


async def test_a_turn_saved_again_keeps_its_place(state: State) -> None:
    await state.save([], [turn("a"), turn("b")])
    await state.save([], [turn("a", 500)])
    assert list(await state.turns(limit=10)) == [turn("b"), turn("a", 500)]


async def test_the_lines_of_a_turn_are_found_by_how_its_id_begins(state: State) -> None:
    await state.save([], [turn(name) for name in ("req_a1", "req_a1~2", "req_a2", "req_b1")])
    for beginning, found in {
        "req_a1": ["req_a1", "req_a1~2"],
        "req_a": ["req_a1", "req_a1~2", "req_a2"],
        "req_b1": ["req_b1"],
        "req_b1~": [],
        "eq_b": [],
        "req_%": [],
        "\ud800": [],
    }.items():
        assert [line.turn for line in await state.find(beginning)] == found


async def test_conversations_are_found_by_how_their_names_begin(state: State) -> None:
    for name in ("a:1", "b:1", "a:2"):
        await state.save([conversation(name)], [])
    assert await state.named("a:", limit=2) == (conversation("a:2"), conversation("a:1"))
    await state.save([conversation("a:1", 2)], [])
    assert await state.named("a:", limit=1) == (conversation("a:1", 2),)
    assert await state.named("a:3", limit=9) == ()
    assert await state.named("a:\ud800", limit=9) == ()


async def test_it_survives_a_restart(disk: Disk) -> None:
    first = disk.open()
    await first.save([conversation("c")], [turn("t")])
    await first.aclose()
    second = disk.open()
    assert await second.load("c") == conversation("c")
    await second.save([], [turn("u")])
    assert await names(second) == ["u", "t"]


async def test_two_openings_see_each_other_s_saves(disk: Disk) -> None:
    one, other = disk.open(), disk.open()
    await one.save([conversation("a")], [turn("t")])
    await other.save([conversation("b")], [turn("u")])
    assert await one.load("b") == conversation("b")
    assert await names(one) == await names(other) == ["u", "t"]


async def test_the_oldest_turns_go_first(state: State) -> None:
    await state.save([], [turn(f"t{n}") for n in range(TURNS_MAX)])
    await state.save([], [turn("t0", 500), turn("t5")])
    assert await names(state) == ["t5", "t4", "t3", "t2", "t1"]
    await state.save([], [turn(f"u{n}") for n in range(3 * TURNS_MAX)])
    assert await names(state) == ["u14", "u13", "u12", "u11", "u10"]


async def test_conversations_left_alone_longest_go_first(state: State) -> None:
    for name in ("a", "b", "c", "a", "d"):
        await state.save([conversation(name)], [])
    kept = [name for name in ("a", "b", "c", "d") if await state.load(name) is not None]
    assert kept == ["a", "c", "d"]


@pytest.mark.parametrize(
    "bad",
    [
        attrs.evolve(turn("bad"), model="\ud800"),
        attrs.evolve(turn("bad"), tool_uses=("\udfff",)),
        attrs.evolve(turn("bad"), tool_uses=("x" * 1_048_577,)),
        attrs.evolve(turn("bad"), status=2**63),
        attrs.evolve(turn("bad"), total_seconds=float("nan")),
        attrs.evolve(turn("bad"), first_byte_seconds=float("inf")),
    ],
    ids=["text", "tool use", "length", "integer", "nan", "infinity"],
)
async def test_a_save_is_all_or_nothing(state: State, bad: TurnRecord) -> None:
    await state.save([conversation("old")], [turn("old")])
    with pytest.raises(StateError, match="cannot be kept"):
        await state.save([conversation("new")], [turn("good"), bad, turn("later")])
    assert await state.load("new") is None
    assert await names(state) == ["old"]


async def test_a_name_that_cannot_be_kept_is_not_known(state: State) -> None:
    with pytest.raises(StateError):
        await state.save([conversation("\ud800")], [])
    assert await state.load("\ud800") is None


async def test_saves_at_once_all_arrive(state: State) -> None:
    async with trio.open_nursery() as nursery:
        for number in range(TURNS_MAX):
            nursery.start_soon(state.save, [conversation("c", number)], [turn(f"t{number}")])
            nursery.start_soon(state.load, "c")
    assert sorted(await names(state)) == [f"t{number}" for number in range(TURNS_MAX)]


async def test_every_operation_is_a_checkpoint(state: State) -> None:
    with trio.testing.assert_checkpoints():
        await state.save([], [])
    with trio.testing.assert_checkpoints():
        await state.load("c")
    with trio.testing.assert_checkpoints():
        await state.turns(limit=1)
    with trio.testing.assert_checkpoints():
        await state.usage("", "", UsageBy.DAY)
    with trio.testing.assert_checkpoints():
        await state.find("t")
    with trio.testing.assert_checkpoints():
        await state.named("c", limit=1)
    with trio.testing.assert_checkpoints():
        await state.tool_uses("a")
    with trio.testing.assert_checkpoints():
        await state.aclose()


async def test_what_is_cancelled_before_it_begins_does_nothing(state: State) -> None:
    with trio.CancelScope() as scope:
        scope.cancel()
        await state.save([conversation("c")], [turn("t")])
    assert scope.cancelled_caught
    assert await state.load("c") is None
    assert await names(state) == []


async def test_cancelled_saves_are_whole_or_absent(state: State) -> None:
    async with trio.open_nursery() as nursery:
        for number in range(4):
            nursery.start_soon(state.save, [conversation("c", number)], [turn(f"t{number}")])
        await trio.testing.wait_all_tasks_blocked()
        nursery.cancel_scope.cancel()
    kept = await names(state)
    last = await state.load("c")
    assert (last is None) == (kept == [])
    assert last is None or f"t{last.turns}" in kept


async def test_closing_twice_is_harmless_and_nothing_works_after(state: State) -> None:
    await state.save([], [turn("t")])
    await state.aclose()
    await state.aclose()
    for call in (
        state.load("c"),
        state.save([], []),
        state.turns(limit=1),
        state.usage("", "", UsageBy.DAY),
        state.find("t"),
        state.named("c", limit=1),
        state.tool_uses("a"),
    ):
        with pytest.raises(StateError, match="is closed"):
            await call


async def test_closing_is_possible_when_cancelled(disk: Disk) -> None:
    state = disk.open()
    await state.save([], [turn("t")])
    with trio.CancelScope() as scope:
        scope.cancel()
        await state.aclose()
    assert scope.cancelled_caught
    with pytest.raises(StateError, match="is closed"):
        await state.turns(limit=1)
    assert await names(disk.open()) == ["t"]
