"""The ledger: one line for each turn, however it ends, and a disk that fails costs no turn."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count
from typing import Any

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.actors import conversations
from understudy.actors.conversations import Conversations
from understudy.actors.kernel import ActorSystem, open_system
from understudy.actors.kernel.ref import CellRef
from understudy.protocols.actor import Message, Rank, Unavailable
from understudy.protocols.records import ConversationRecord, TurnOutcome, TurnRecord, Usage
from understudy.protocols.turn import FindProblem, NoteDiet, Recall, RecentTurns, RecordTurn
from understudy.simulations.calendar import SimulatedCalendar
from understudy.simulations.state import SimulatedState, StoredState
from understudy.simulations.upstream import (
    HANG,
    CutConnection,
    RefuseConnection,
    Step,
    Wait,
)

from .scripts import ANSWER, ANSWER_USAGE, INPUT_TOKENS, always, event, refusal, stream, turn
from .stage import open_stage

NOTHING = Usage()
SOME = Usage(INPUT_TOKENS, 2, estimated=True)
ENDINGS: dict[str, tuple[Sequence[Step], TurnOutcome, int, Usage]] = {
    "answered": (stream(), TurnOutcome.ANSWERED, 200, ANSWER_USAGE),
    "refused": (refusal(429, "rate_limit_error", "No."), TurnOutcome.REFUSED, 429, NOTHING),
    "unreachable": ([RefuseConnection()], TurnOutcome.REFUSED, 503, NOTHING),
    "no head": ([CutConnection()], TurnOutcome.BROKEN, 502, Usage(estimated=True)),
    "broken": ([*stream(ANSWER[:4]), CutConnection()], TurnOutcome.BROKEN, 200, SOME),
    "cancelled": ([*stream(ANSWER[:4]), HANG], TurnOutcome.CANCELLED, 200, SOME),
    "cancelled early": ([HANG], TurnOutcome.CANCELLED, 0, Usage(estimated=True)),
}


@pytest.mark.parametrize("ending", ENDINGS)
async def test_each_ending_has_one_line(ending: str, autojump_clock: MockClock) -> None:
    script, outcome, status, usage = ENDINGS[ending]
    async with open_stage() as stage:
        stage.work.respond = always(script)
        reader = stage.start(turn())
        await trio.sleep(10)
        reader.leave()
        await reader.ended.wait()
        line = await stage.line(reader)
        assert (line.outcome, line.status, line.usage) == (outcome, status, usage)
        assert (line.endpoint, line.model) == ("work", "claude-x")
        assert line.conversation == "conversation"
        assert reader.record in (None, line)
        await trio.sleep(1)
        assert stage.state.stored.turns == {reader.turn.id: line}


async def test_the_cached_tokens_the_stop_and_the_tool_are_noted(
    autojump_clock: MockClock,
) -> None:
    counts = {"input_tokens": 3, "cache_read_input_tokens": 90, "cache_creation_input_tokens": 5}
    tool: dict[str, Any] = {"type": "tool_use", "id": "toolu_1", "name": "Read", "input": {}}
    pieces = [
        event("message_start", message={"id": "m", "usage": counts}),
        event("content_block_start", index=0, content_block=tool),
        event("content_block_stop", index=0),
        event("message_delta", delta={"stop_reason": "tool_use"}, usage={"output_tokens": 40}),
        event("message_stop"),
    ]
    async with open_stage() as stage:
        stage.work.respond = always([Wait(4), *stream(pieces, 1)])
        line = await stage.line(await stage.read(turn()))
        assert line.usage == Usage(3, 40, 90, 5)
        assert (line.stop_reason, line.tool_uses) == ("tool_use", ("toolu_1",))
        assert (line.first_byte_seconds, line.total_seconds) == (5, 9)


async def test_a_conversation_counts_its_turns(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        for _ in range(3):
            await stage.read(turn())
        known = await stage.conversations.ask(Recall("conversation"))
        assert known == ConversationRecord("conversation", "work/claude-x", INPUT_TOKENS, 3)


async def test_a_turn_that_is_settled_again_counts_once(autojump_clock: MockClock) -> None:
    """Its backend was made anew before a word was said, so another one was asked for it."""
    async with open_stage(check=False) as stage:
        line = await stage.line(await stage.read(turn()))
        cancelled = attrs.evolve(line, outcome=TurnOutcome.CANCELLED, usage=NOTHING)
        for settled in (attrs.evolve(cancelled, turn="again"), attrs.evolve(line, turn="again")):
            await stage.conversations.ask(RecordTurn(settled))
        recent = await stage.conversations.ask(RecentTurns(5))
        assert recent == (attrs.evolve(line, turn="again"), line)
        known = await stage.conversations.ask(Recall("conversation"))
        assert known is not None
        assert known.turns == 2
        await trio.sleep(1)
        assert [kept.outcome for kept in stage.state.stored.turns.values()] == [line.outcome] * 2


async def test_a_disk_that_fails_costs_no_turn_and_nothing_is_lost_after(
    autojump_clock: MockClock,
) -> None:
    state = SimulatedState(failing_calls=range(1, 40))
    async with open_stage(state=state) as stage:
        readers = [await stage.read(turn(f"{n}", conversation=f"c{n % 7}")) for n in range(30)]
        assert all(reader.record is not None for reader in readers)
        assert state.stored == StoredState()
        await trio.sleep(conversations.FLUSH_SECONDS)
        assert "state" in await stage.conversations.ask(FindProblem())
        await trio.sleep(40 * conversations.FLUSH_SECONDS_MAX)
        assert await stage.conversations.ask(FindProblem()) == ""
        assert set(state.stored.turns) == {reader.turn.id for reader in readers}
        assert sum(record.turns for record in state.stored.conversations.values()) == 30


async def test_a_failing_disk_is_asked_ever_less_often(autojump_clock: MockClock) -> None:
    state = SimulatedState(failing_calls=range(1, 10_000))
    async with open_stage(state=state) as stage:
        await stage.read(turn())
        await trio.sleep(600)
        assert 10 <= state.calls <= 20


async def test_a_ledger_that_fails_costs_no_answer(
    monkeypatch: pytest.MonkeyPatch, autojump_clock: MockClock
) -> None:
    handle = Conversations.handle

    def fail(ledger: Conversations, message: Message[Any], /) -> Any:
        reply = handle(ledger, message)  # the stage looks for each turn's line at its end
        if isinstance(message, RecordTurn):
            raise Unavailable("planted")
        return reply

    monkeypatch.setattr(Conversations, "handle", fail)
    async with open_stage() as stage:
        answered = await stage.read(turn("a"))
        stage.work.respond = always([RefuseConnection()])
        refused = await stage.read(turn("b"))
        assert answered.error is None
        assert answered.record is not None
        assert answered.record.outcome is TurnOutcome.ANSWERED
        assert refused.refused.status == 503


def line(number: int, conversation: int | None = None) -> TurnRecord:
    """A turn, of a conversation of its own if none is named."""
    name = f"c{number if conversation is None else conversation}"
    return TurnRecord(f"r{number}", name, "work", "m", TurnOutcome.ANSWERED, 200, "", Usage(), 0, 0)


def spawn(system: ActorSystem, state: SimulatedState) -> tuple[CellRef, list[Conversations]]:
    """The actor alone, and its incarnations."""
    lives: list[Conversations] = []

    def make() -> Conversations:
        lives.append(Conversations(state, SimulatedCalendar()))
        return lives[-1]

    return system.spawn("conversations", Rank.CONVERSATIONS, make), lives


async def test_memory_is_bounded_while_the_disk_fails(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    limits = {"PENDING_TURNS_MAX": 50, "UNSAVED_CONVERSATIONS_MAX": 30, "CONVERSATIONS_MAX": 20}
    for name, limit in limits.items():
        monkeypatch.setattr(conversations, name, limit)
    state = SimulatedState(failing_calls=range(1, 60), latency_seconds=0.3)
    async with open_system() as system:
        ref, lives = spawn(system, state)
        for number in range(200):
            await ref.ask(RecordTurn(line(number)))
            await trio.sleep(0.1)
        [actor] = lives
        assert len(vars(actor)["_pending"]) == 50
        assert len(vars(actor)["_records"]) == 30
        assert len(vars(actor)["_changed"]) == 30
        assert len(vars(actor)["_not_read"]) <= 30
        assert (actor.dropped_turns, actor.dropped_conversations) == (150, 170)
        await trio.sleep(7200)
        assert list(state.stored.turns) == [f"r{number}" for number in range(150, 200)]
        assert set(state.stored.conversations) == {f"c{number}" for number in range(170, 200)}
        await ref.ask(RecordTurn(line(200)))
        await trio.sleep(10)
        assert len(vars(actor)["_records"]) == 20
        assert len(lives) == 1


async def test_what_is_settled_while_a_batch_is_on_its_way_is_kept(
    autojump_clock: MockClock,
) -> None:
    state = SimulatedState(latency_seconds=1.0, failing_calls={4, 5, 6})
    async with open_system() as system:
        ref, _ = spawn(system, state)
        for number in range(60):
            await ref.ask(RecordTurn(line(number, conversation=number % 9)))
            await ref.ask(RecordTurn(line(100 + number)))
            await trio.sleep(0.17)
        await trio.sleep(600)
        turns = {
            record.conversation: record.turns for record in state.stored.conversations.values()
        }
        assert [turns[f"c{number}"] for number in range(9)] == [7, 7, 7, 7, 7, 7, 6, 6, 6]
        assert set(state.stored.turns) == {f"r{n}" for n in [*range(60), *range(100, 160)]}


@pytest.mark.parametrize("settled_since", [[], [2]])
async def test_stopping_waits_for_the_batch_on_its_way(
    settled_since: list[int], autojump_clock: MockClock
) -> None:
    state = SimulatedState(latency_seconds=0.2)
    async with open_system() as system:
        ref, _ = spawn(system, state)
        await ref.ask(RecordTurn(line(1)))
        await trio.sleep(conversations.FLUSH_SECONDS + 0.1)
        for number in settled_since:
            await ref.ask(RecordTurn(line(number)))
    assert set(state.stored.turns) == {"r1", *(f"r{number}" for number in settled_since)}


async def test_what_is_settled_while_others_are_read_is_counted_once(
    autojump_clock: MockClock,
) -> None:
    stored = StoredState({"c2": ConversationRecord("c2", "work/m", 7, 40, dieted=True)})
    async with open_system() as system:
        ref, _ = spawn(system, SimulatedState(stored, latency_seconds=0.2))
        await ref.ask(RecordTurn(line(1)))
        await trio.sleep(conversations.FLUSH_SECONDS + 0.1)
        await ref.ask(RecordTurn(line(2)))
        for turns in (41, 42):
            await trio.sleep(2)
            assert stored.conversations["c2"] == ConversationRecord("c2", "work/m", 7, turns, True)
            await ref.ask(RecordTurn(line(turns, conversation=2)))


async def test_a_restart_goes_on_where_it_stopped(autojump_clock: MockClock) -> None:
    stored, numbers = StoredState(), count(1)
    for _ in range(2):
        async with open_system() as system:
            ref, _ = spawn(system, SimulatedState(stored))
            await ref.ask(RecordTurn(line(next(numbers), conversation=1)))
            await ref.ask(RecordTurn(line(next(numbers), conversation=1)))
            if not stored.turns:
                assert await ref.ask(NoteDiet("c1"))
    async with open_system() as system:
        ref, _ = spawn(system, SimulatedState(stored))
        await ref.ask(RecordTurn(line(next(numbers), conversation=1)))
        assert not await ref.ask(NoteDiet("c1")), "the user was told before the restart"
        known = await ref.ask(Recall("c1"))
    assert known == stored.conversations["c1"] == ConversationRecord("c1", "work/m", 0, 5, True)
