"""The settings change while turns are in flight: each sees one snapshot, none is lost."""

from __future__ import annotations

from contextlib import suppress
from itertools import count

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.actors.kernel import CallEnded
from understudy.actors.kernel.observer import Event
from understudy.actors.kernel.ref import CellRef
from understudy.actors.router import ApplySettings
from understudy.protocols.records import TurnOutcome
from understudy.protocols.routing.wish import FindRoute, Wish
from understudy.protocols.settings_data import EndpointSettings, Settings
from understudy.protocols.turn import ListEndpoints, ListModels, TurnRefused
from understudy.simulations.upstream import HANG, Wait

from .instruments import ActAt
from .scripts import ANSWER, HOME, WORK, always, stream, turn
from .stage import HOME_ENDPOINT, SETTINGS, WORK_ENDPOINT, Stage, open_stage
from .test_trace import CallTree

HOME_ALONE = Settings(endpoints=(HOME_ENDPOINT,))
MOVED = attrs.evolve(WORK_ENDPOINT, base_url=HOME_ENDPOINT.base_url)


def asked(stage: Stage) -> list[str]:
    """The hosts that were asked, in order."""
    urls = [exchange.request.url for exchange in stage.upstream.exchanges]
    return [url.removeprefix("http://").split(".")[0] for url in urls]


async def test_the_default_changes_between_two_turns(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        await stage.read(turn(model="claude-unknown"))
        await stage.apply(attrs.evolve(SETTINGS, default=HOME))
        await stage.read(turn(model="claude-unknown"))
        assert asked(stage) == ["work", "home"]
        assert [line.endpoint for line in await stage.ledger()] == ["home", "work"]


async def test_a_turn_in_flight_keeps_its_backend_and_finishes(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        stage.work.respond = always([*stream(ANSWER[:3]), Wait(100), *stream(ANSWER[3:])[1:]])
        reader = stage.start(turn())
        await trio.sleep(5)
        await stage.apply(HOME_ALONE)
        await stage.read(turn("Meanwhile"))
        assert not reader.ended.is_set()
        assert stage.living("backend:work") == ["backend:work:1"]
        await reader.ended.wait()
        assert [piece for piece in reader.pieces if piece in ANSWER] == list(ANSWER)
        assert (await stage.line(reader)).endpoint == "work"
        assert asked(stage) == ["work", "home"]


async def test_a_conversation_of_a_local_model_goes_nowhere_else_once_that_is_gone(
    autojump_clock: MockClock,
) -> None:
    local = EndpointSettings("mine", ("m",), engine="llama-server", file="m.gguf")
    async with open_stage() as stage:
        await stage.apply(attrs.evolve(SETTINGS, endpoints=(*SETTINGS.endpoints, local)))
        await stage.read(turn(model="mine/m"))
        await stage.apply(SETTINGS)
        for model in ("mine/m", "m", "anthropic/mine/m", "mine/m:latest"):
            reader = await stage.read(turn(model=model))
            assert isinstance(reader.error, TurnRefused)
            assert reader.error.status == 403
            assert "choose another model" in reader.error.message
        assert asked(stage) == ["127", "127"], "its own process, for the count and the answer"
        assert [line.status for line in await stage.ledger()] == [403, 403, 403, 403, 200]


async def test_a_removed_endpoint_drains_and_is_gone(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        stage.work.respond = always([Wait(10), *stream()])
        reader = stage.start(turn())
        await trio.sleep(5)
        await stage.apply(HOME_ALONE)
        await reader.ended.wait()
        assert reader.body == b"".join(ANSWER)
        await trio.sleep(0.01)
        assert stage.living("backend:work") == []
        names = [status.name for status in await stage.router.ask(ListEndpoints())]
        assert names == ["home", "rehearsal"]


async def test_a_backend_that_drains_for_too_long_is_ended(autojump_clock: MockClock) -> None:
    async with open_stage(check=False) as stage:
        stage.work.respond = always([*stream(ANSWER[:3]), HANG])
        reader = stage.start(turn())
        await trio.sleep(5)
        await stage.apply(HOME_ALONE)
        await reader.ended.wait()
        assert reader.error is not None
        assert trio.current_time() == pytest.approx(605)
        assert (await stage.line(reader)).outcome is TurnOutcome.CANCELLED
        await trio.sleep(0.01)
        assert stage.living("backend:work") == []


async def test_a_changed_endpoint_is_made_anew_and_others_stay(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        await stage.apply(Settings(endpoints=(MOVED, HOME_ENDPOINT)))
        await stage.read(turn())
        await trio.sleep(1)
        assert asked(stage) == ["home"]
        living = ["backend:home:2", "backend:rehearsal:3", "backend:work:4"]
        assert stage.living("backend:") == living


@attrs.define(eq=False)
class ChangeBehindTheAnswer:
    """Puts a change of the settings right behind the first route that the router gives."""

    router: list[CellRef] = attrs.field(factory=list[CellRef])

    def observe(self, event: Event, /) -> None:
        """Is told of the answer in the step that gave it, and has the change applied in it too."""
        if isinstance(event, CallEnded) and event.actor == "router" and self.router:
            cell = self.router.pop().cell
            with suppress(StopIteration):  # it is handed over at once: nothing is awaited
                cell.enqueue(cell.new_call(ApplySettings(HOME_ALONE))).send(None)


async def test_a_turn_routed_at_the_moment_of_removal_is_routed_again(
    autojump_clock: MockClock,
) -> None:
    change, tree = ChangeBehindTheAnswer(), CallTree()
    async with open_stage(observers=[change, tree]) as stage:
        await stage.read(turn("Before"))
        change.router.append(stage.router)
        reader = await stage.read(turn("Explain quaternions"))
        assert reader.body == b"".join(ANSWER)
        routed = [message for _, _, message in tree.calls].count("FindRoute")
        assert routed == 3, "once for the turn before, and twice for this one"
        assert asked(stage) == ["work", "home"]


async def test_a_turn_is_answered_at_whatever_step_its_endpoint_is_removed(
    autojump_clock: MockClock,
) -> None:
    async with open_stage() as stage:
        for step in count(1):
            await stage.apply(SETTINGS)
            at = ActAt(step, lambda: stage.nursery.start_soon(stage.apply, HOME_ALONE), True)
            trio.lowlevel.add_instrument(at)
            reader = await stage.read(turn(f"{step}"))
            trio.lowlevel.remove_instrument(at)
            assert reader.body == b"".join(ANSWER), f"step {step}, after {at.where}"
            if at.count < step:
                break
        assert len(stage.readers) > 20
        assert set(asked(stage)) == {"work", "home"}
        assert len(asked(stage)) == len(stage.readers), "each turn was asked once"


async def test_who_is_listed_changes_too(autojump_clock: MockClock) -> None:
    local = EndpointSettings("den", ("small",), engine="llama-server", file="/models/small.gguf")
    async with open_stage() as stage:
        before = [card.id for card in await stage.router.ask(ListModels())]
        await stage.apply(attrs.evolve(SETTINGS, endpoints=(local, *SETTINGS.endpoints)))
        after = [card.id for card in await stage.router.ask(ListModels())]
        assert set(after) - set(before) == {"den/small", "anthropic/den/small"}
        assert before[0] == WORK
        assert after[0] == "den/small", "the default comes first"
        route = await stage.router.ask(FindRoute(Wish("small")))
        assert (route.endpoint, route.model) == ("den", "small")
