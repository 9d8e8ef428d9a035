"""Loading, pinning and unloading a model by a person's word, among leases of memory."""

from __future__ import annotations

import pytest
import trio
from trio.testing import MockClock
from understudy.protocols.actor import Refusal
from understudy.protocols.engine.control import Loaded, LoadModel, Unloaded, UnloadModel
from understudy.protocols.resources.report import DescribeMemory, LeaseLine
from understudy.protocols.turn import MemoryRefused

from ..actors.stage import Stage, open_stage
from ..actors.test_leases import SETTINGS, SLOW, machine, to


async def leases(stage: Stage) -> dict[str, LeaseLine]:
    """The leases by endpoint."""
    assert stage.resources is not None
    report = await stage.resources.ask(DescribeMemory())
    return {line.endpoint: line for line in report.leases}


async def test_a_model_is_loaded_and_given_back(autojump_clock: MockClock) -> None:
    async with open_stage(SETTINGS, memory=machine(), check=False) as stage:
        assert await stage.router.ask(LoadModel("one")) == Loaded(pinned=False)
        assert stage.engine.running == 1
        await stage.read(to("one"))
        assert stage.engine.starts == 1, "the turn has found it loaded"
        assert await stage.router.ask(UnloadModel("one")) == Unloaded(was_loaded=True)
        await trio.sleep(1)
        assert (stage.engine.running, await leases(stage)) == (0, {})
        assert await stage.router.ask(UnloadModel("one")) == Unloaded(was_loaded=False)


async def test_answers_come_to_their_end_before_a_model_goes(autojump_clock: MockClock) -> None:
    lives = (SLOW,)
    async with open_stage(SETTINGS, memory=machine(), lives=lives, check=False) as stage:
        reader = stage.start(to("one"))
        await trio.sleep(5)
        assert await stage.router.ask(UnloadModel("one")) == Unloaded(was_loaded=True, answers=1)
        await reader.ended.wait()
        assert reader.error is None
        assert reader.cut is None
        await trio.sleep(1)
        assert stage.engine.running == 0


async def test_a_pinned_model_makes_no_room_until_it_is_unloaded(autojump_clock: MockClock) -> None:
    async with open_stage(SETTINGS, memory=machine(), check=False) as stage:
        assert await stage.router.ask(LoadModel("one", pin=True)) == Loaded(pinned=True)
        await stage.router.ask(LoadModel("two"))
        assert (await leases(stage))["one"].pinned
        await stage.router.ask(LoadModel("three"))
        assert sorted(await leases(stage)) == ["one", "three"], "the other one has left"
        await stage.router.ask(LoadModel("three", pin=True))
        with pytest.raises(MemoryRefused):
            await stage.router.ask(LoadModel("two"))
        await stage.router.ask(UnloadModel("one"))
        await trio.sleep(1)
        assert await stage.router.ask(LoadModel("two")) == Loaded(pinned=False)


async def test_a_pinned_model_does_not_go_for_being_idle(autojump_clock: MockClock) -> None:
    async with open_stage(SETTINGS, memory=machine(), check=False) as stage:
        await stage.router.ask(LoadModel("one", pin=True))
        await stage.router.ask(LoadModel("two"))
        await trio.sleep(3600)
        assert sorted(await leases(stage)) == ["one"]


async def test_a_load_that_is_left_is_withdrawn(autojump_clock: MockClock) -> None:
    async with open_stage(SETTINGS, memory=machine(), lives=(SLOW,), check=False) as stage:
        readers = [stage.start(to(name)) for name in ("one", "two")]
        await trio.sleep(5)
        with trio.move_on_after(1):
            await stage.router.ask(LoadModel("three"))
        await trio.sleep(1)
        assert sorted(await leases(stage)) == ["one", "two"]
        for reader in readers:
            reader.leave()
            await reader.ended.wait()


@pytest.mark.parametrize("name", ["home", "nobody"])
async def test_what_is_not_on_this_machine_is_not_loaded(
    name: str, autojump_clock: MockClock
) -> None:
    async with open_stage(SETTINGS, memory=machine(), check=False) as stage:
        for message in (LoadModel(name), UnloadModel(name)):
            with pytest.raises(Refusal, match="no model that Understudy runs on this machine"):
                await stage.router.ask(message)


async def test_a_model_that_never_fits_is_refused_with_its_numbers(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(SETTINGS, memory=machine(), check=False) as stage:
        with pytest.raises(MemoryRefused, match=r"It needs 42\.0 GiB"):
            await stage.router.ask(LoadModel("large"))
