"""Leases from the turn's side: who waits, who is told what, who is cut, and what is lost."""

from __future__ import annotations

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.actors.backend.exchange import COMMIT_SECONDS
from understudy.actors.backend.memory_lease import LIMIT_BYTES_MORE, LeaseTerms
from understudy.actors.resources import Resources
from understudy.protocols.actor import CallFailed, SuspectState
from understudy.protocols.records import TurnOutcome
from understudy.protocols.resources.need import MemoryNeed
from understudy.protocols.resources.report import DescribeMemory
from understudy.protocols.resources.rules import GIBIBYTE
from understudy.protocols.settings_data import EndpointSettings, MemorySettings, Settings
from understudy.protocols.turn import Turn
from understudy.simulations.engine import REPLY, Life
from understudy.simulations.memory import SimulatedMemory

from .scripts import turn
from .stage import HOME_ENDPOINT, Stage, open_stage
from .test_engine import text_of

NEEDS = {f"{name}.gguf": MemoryNeed(0, 6 * GIBIBYTE) for name in ("one", "two", "three")}
NEEDS["large.gguf"] = MemoryNeed(40 * GIBIBYTE)
SLOW = Life(token_seconds=10.0)
NAMES = ("one", "two", "three", "large")
SETTINGS = Settings(
    endpoints=(
        *(
            EndpointSettings(name, ("m",), engine="llama.cpp", file=f"{name}.gguf")
            for name in NAMES
        ),
        attrs.evolve(HOME_ENDPOINT, context_tokens=600),
    )
)


def machine() -> SimulatedMemory:
    """Sixteen GiB, of which models need six each."""
    memory = SimulatedMemory(16 * GIBIBYTE)
    memory.needs = NEEDS
    return memory


def to(name: str, text: str = "Hello", *, streamed: bool = True) -> Turn:
    """A turn for a model on this machine."""
    return turn(text, model=f"{name}/m", stream=streamed, conversation=f"about {name} {text}")


async def lease_states(stage: Stage) -> list[str]:
    """How the leases stand."""
    assert stage.resources is not None
    return [each.state for each in (await stage.resources.ask(DescribeMemory())).leases]


async def test_a_model_that_never_fits_is_refused_and_others_are_named(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(SETTINGS, memory=machine()) as stage:
        refused = (await stage.read(to("large"))).refused
        assert (refused.status, refused.kind) == (503, "overloaded_error")
        assert "It needs 42.0 GiB" in refused.message
        offer = "`one/m`, `two/m`, `three/m`, `home/claude-y` (remote). Choose one as the model."
        assert refused.message.endswith(offer)
        assert stage.engine.starts == 0
        assert not stage.upstream.exchanges, "nobody else was asked"


async def test_endpoints_whose_window_is_too_small_are_not_named(autojump_clock: MockClock) -> None:
    async with open_stage(SETTINGS, memory=machine()) as stage:
        refused = (await stage.read(to("large", "word " * 1000))).refused
        assert "home/claude-y" not in refused.message
        assert "`one/m`" in refused.message


async def test_a_model_waits_until_another_has_finished_its_answer(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(SETTINGS, lives=[SLOW], memory=machine()) as stage:
        busy = [stage.start(to(name)) for name in ("one", "two")]
        await trio.sleep(5)
        third = stage.start(to("three"))
        await trio.sleep(1)
        assert sorted(await lease_states(stage)) == ["held", "leaving", "waiting"]
        for reader in (*busy, third):
            await reader.ended.wait()
            assert text_of(reader.body) == "".join(REPLY)
        assert stage.engine.starts == 3


async def test_a_head_of_ours_does_not_come_before_it_is_known_that_there_is_room(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(SETTINGS, lives=[SLOW], memory=machine()) as stage:
        busy = [stage.start(to(name)) for name in ("one", "two")]
        await trio.sleep(5)
        third = stage.start(to("three"))
        await trio.sleep(COMMIT_SECONDS + 5)
        assert not third.items
        for reader in (*busy, third):
            await reader.ended.wait()


async def test_turns_that_come_while_a_model_leaves_wait_for_its_next_process(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(SETTINGS, lives=[SLOW, SLOW, Life()], memory=machine()) as stage:
        readers = [stage.start(to(name)) for name in ("one", "two")]
        await trio.sleep(5)
        readers.append(stage.start(to("three")))
        await trio.sleep(1)
        readers += [stage.start(to(name, "again")) for name in ("one", "two")]
        for reader in readers:
            await reader.ended.wait()
            assert text_of(reader.body) == "".join(REPLY)


@pytest.mark.parametrize("both", [True, False])
async def test_esc_takes_the_wish_out_of_the_queue_with_the_last_who_waits(
    both: bool, autojump_clock: MockClock
) -> None:
    async with open_stage(SETTINGS, lives=[SLOW], memory=machine()) as stage:
        busy = [stage.start(to(name)) for name in ("one", "two")]
        await trio.sleep(5)
        waiting = [stage.start(to("three", text)) for text in ("first", "second")]
        await trio.sleep(1)
        for reader in waiting[: 1 + both]:
            reader.leave()
        await trio.sleep(0.01)
        assert ("waiting" in await lease_states(stage)) is not both
        for reader in (*busy, *waiting):
            await reader.ended.wait()
        assert stage.engine.starts == 2 + (not both)


async def test_in_a_critical_state_an_answer_is_cut_and_its_client_is_told_why(
    autojump_clock: MockClock,
) -> None:
    memory = machine()
    async with open_stage(SETTINGS, lives=[Life(prefill_seconds=60)], memory=memory) as stage:
        reader = stage.start(to("one"))
        await trio.sleep(10)
        memory.other_bytes = int(9.6 * GIBIBYTE)
        began_seconds = trio.current_time()
        await reader.ended.wait()
        assert trio.current_time() <= began_seconds + 4
        assert b"overloaded_error" in reader.body
        assert b"the machine is about to swap" in reader.body
        assert (await stage.line(reader)).outcome is TurnOutcome.BROKEN
        await trio.sleep(1)
        assert stage.engine.running == 0


@pytest.mark.parametrize("streamed", [True, False])
async def test_an_answer_that_has_begun_is_cut_and_one_that_has_not_is_refused(
    streamed: bool, autojump_clock: MockClock
) -> None:
    memory = machine()
    async with open_stage(SETTINGS, lives=[Life(token_seconds=20)], memory=memory) as stage:
        reader = stage.start(to("one", streamed=streamed))
        await trio.sleep(30)
        memory.other_bytes = int(9.6 * GIBIBYTE)
        await reader.ended.wait()
        if streamed:
            assert reader.cut is not None
        else:
            assert (reader.refused.status, reader.refused.kind) == (503, "overloaded_error")
            assert "about to swap" in reader.refused.message


async def test_a_load_is_broken_off_in_a_critical_state(autojump_clock: MockClock) -> None:
    memory = machine()
    async with open_stage(SETTINGS, lives=[Life(load_seconds=100)], memory=memory) as stage:
        reader = stage.start(to("one"))
        await trio.sleep(10)
        memory.other_bytes = int(15.3 * GIBIBYTE)
        await reader.ended.wait()
        assert trio.current_time() < 20
        told = reader.body.decode() if reader.items else reader.refused.message
        assert "is not loaded: the machine is about to swap" in told


async def test_a_model_that_was_idle_for_long_goes_and_comes_again(
    autojump_clock: MockClock,
) -> None:
    settings = attrs.evolve(SETTINGS, memory=MemorySettings(idle_minutes=1))
    async with open_stage(settings, memory=machine()) as stage:
        await stage.read(to("one"))
        await trio.sleep(50)
        assert stage.engine.running == 1
        await trio.sleep(15)
        assert stage.engine.running == 0
        assert await lease_states(stage) == []
        assert (await stage.read(to("one", "again"))).record is not None


async def test_a_lease_that_is_lost_has_the_model_load_again_under_a_new_one(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_stage(SETTINGS, lives=[SLOW], memory=machine(), check=False) as stage:
        reader = stage.start(to("one"))
        await trio.sleep(5)

        def suspect(*_: object) -> None:
            raise SuspectState("planted")

        with monkeypatch.context() as patch:
            patch.setattr(Resources, "handle", suspect)
            assert stage.resources is not None
            with pytest.raises(CallFailed):
                await stage.resources.ask(DescribeMemory())
        await reader.ended.wait()
        assert text_of(reader.body) == "".join(REPLY), "it was let come to its end"
        await trio.sleep(1)
        assert stage.engine.running == 0
        assert (await stage.read(to("one", "again"))).record is not None
        assert await lease_states(stage) == ["held"]


async def test_a_process_may_hold_more_than_its_need_and_not_any_amount() -> None:
    need = MemoryNeed(2 * GIBIBYTE, 2 * GIBIBYTE)
    assert LeaseTerms(limited=True).bytes_max(need) == 6 * GIBIBYTE + LIMIT_BYTES_MORE
    assert LeaseTerms(limited=True).bytes_max(MemoryNeed(0)) == 0
    assert LeaseTerms().bytes_max(need) == 0
