"""The router at work: budgets, privacy, and changes in the middle of turns."""

from __future__ import annotations

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.actors.kernel.ref import CellRef
from understudy.actors.router import Router
from understudy.actors.session import Session
from understudy.protocols.actor import CallFailed, SuspectState
from understudy.protocols.dialect import Target
from understudy.protocols.embedding import OPENAI, parse_wish
from understudy.protocols.records import ConversationRecord, TurnOutcome
from understudy.protocols.resources.need import MemoryNeed
from understudy.protocols.resources.rules import GIBIBYTE
from understudy.protocols.routing.wish import FindRoute, Wish
from understudy.protocols.settings_data import (
    EndpointSettings,
    RuleSettings,
    Settings,
)
from understudy.protocols.turn import (
    ListEndpoints,
    Operation,
    RecentNotices,
)
from understudy.simulations.calendar import DAY_SECONDS
from understudy.simulations.memory import SimulatedMemory
from understudy.simulations.state import SimulatedState, StoredState
from understudy.simulations.upstream import HANG

from .routes import (
    FALLING_BACK,
    OVERLOADED,
    PRIVATE,
    QUICK,
    TURN_TOKENS,
    asked,
    led,
    status,
)
from .scripts import HOME, WORK, always, refusal, stream, turn
from .stage import (
    HOME_ENDPOINT,
    HOME_URL,
    WORK_ENDPOINT,
    open_stage,
)


@pytest.mark.parametrize("moved", [False, True])
async def test_what_is_known_of_an_endpoint_that_stays_survives_a_change(
    moved: bool, autojump_clock: MockClock
) -> None:
    async with open_stage(QUICK, check=False) as stage:
        stage.work.respond = always(OVERLOADED)
        await stage.read(turn(model=WORK))
        work, home = QUICK.endpoints
        work = attrs.evolve(work, tokens_per_day=1_000_000)
        if moved:
            work = attrs.evolve(work, base_url="http://elsewhere.test")
        await stage.apply(attrs.evolve(QUICK, endpoints=(work, home)))
        assert await led(stage) == ("work" if moved else "home")


async def test_a_turn_keeps_its_route_and_its_end_says_nothing_of_the_new_endpoint(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(QUICK, check=False) as stage:
        stage.work.respond = always([*stream()[:3], HANG])
        reader = stage.start(turn(model=WORK))
        await trio.sleep(5)
        work = attrs.evolve(QUICK.endpoints[0], base_url="http://elsewhere.test")
        await stage.apply(attrs.evolve(QUICK, endpoints=(work, HOME_ENDPOINT)))
        stage.work.stop()
        await trio.sleep(1_000)
        assert reader.ended.is_set()
        assert await led(stage) == "work"


async def test_a_router_that_is_made_anew_has_the_same_backends_and_no_memory_of_ills(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_stage(QUICK, check=False) as stage:
        stage.work.respond = always(OVERLOADED)
        await stage.read(turn("question 1", model=WORK))
        backends = stage.living("backend:")
        early = await stage.router.ask(FindRoute(Wish(HOME, turn(model=HOME), "")))

        def suspect(*_: object) -> None:
            raise SuspectState("planted")

        with monkeypatch.context() as patch:
            patch.setattr(Router, "handle", suspect)
            with pytest.raises(CallFailed):
                await stage.router.ask(ListEndpoints())
        await trio.sleep(1)
        assert await led(stage) == "work"
        assert stage.living("backend:") == backends
        late = await stage.router.ask(FindRoute(Wish(HOME, turn(model=HOME), "")))
        assert late.ticket > early.ticket


async def test_counting_says_nothing_of_an_endpoint_s_health(autojump_clock: MockClock) -> None:
    async with open_stage(QUICK, check=False) as stage:
        stage.work.respond = always(OVERLOADED)
        await stage.read(turn("question 1", model=WORK))
        stage.work.respond = always(refusal(404, "not_found_error", "No such path"))
        stage.home.respond = always(OVERLOADED)
        counted = await stage.read(turn(model=WORK, operation=Operation.COUNT_TOKENS))
        assert counted.head.status == 200
        assert (await status(stage)).state == "resting"


async def test_a_budget_warns_and_then_is_a_wall_until_the_next_day(
    autojump_clock: MockClock,
) -> None:
    work = attrs.evolve(WORK_ENDPOINT, tokens_per_day=3 * TURN_TOKENS)
    async with open_stage(Settings(endpoints=(work,)), check=False) as stage:
        for number in range(3):
            await stage.read(turn(f"question {number}", model=WORK))
        [notice] = await stage.conversations.ask(RecentNotices())
        assert notice.text.startswith(f"work has used {3 * TURN_TOKENS} of the {3 * TURN_TOKENS}")
        found = await status(stage)
        assert found.spent_tokens == found.tokens_per_day == 3 * TURN_TOKENS
        refused = (await stage.read(turn(model=WORK))).refused
        assert refused.status == 403
        assert "The next day begins in" in refused.message
        await trio.sleep(DAY_SECONDS)
        assert (await stage.read(turn("tomorrow", model=WORK))).head.status == 200
        assert (await status(stage)).spent_tokens == TURN_TOKENS


async def test_what_a_turn_has_used_that_was_left_counts(autojump_clock: MockClock) -> None:
    work = attrs.evolve(WORK_ENDPOINT, tokens_per_day=1_000)
    async with open_stage(Settings(endpoints=(work,)), check=False) as stage:
        stage.work.respond = always([*stream()[:5], HANG])
        reader = stage.start(turn(model=WORK))
        await trio.sleep(5)
        reader.leave()
        await reader.ended.wait()
        await trio.sleep(1)
        line = await stage.line(reader)
        assert line.outcome is TurnOutcome.CANCELLED
        assert (await status(stage)).spent_tokens == line.usage.input_tokens + (
            line.usage.output_tokens
        )


async def test_what_was_used_before_a_restart_counts(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = attrs.evolve(WORK_ENDPOINT, tokens_per_day=TURN_TOKENS, fallback=(HOME,))
    async with open_stage(Settings(endpoints=(work, HOME_ENDPOINT)), check=False) as stage:
        await stage.read(turn(model=WORK))

        def suspect(*_: object) -> None:
            raise SuspectState("planted")

        with monkeypatch.context() as patch:
            patch.setattr(Router, "handle", suspect)
            with pytest.raises(CallFailed):
                await stage.router.ask(ListEndpoints())
        await trio.sleep(1)
        assert await led(stage) == "home"


async def test_a_conversation_is_private_after_a_restart_and_while_that_cannot_be_read(
    autojump_clock: MockClock,
) -> None:
    stored = StoredState({"conversation": ConversationRecord("conversation", home=WORK)})
    async with open_stage(PRIVATE, state=SimulatedState(stored), check=False) as stage:
        assert (await stage.read(turn(model=HOME))).refused.status == 403
    failing = SimulatedState(StoredState(fails=True))
    async with open_stage(PRIVATE, state=failing, check=False) as stage:
        refused = (await stage.read(turn(model=HOME))).refused
        assert "it cannot be read whether this conversation is private" in refused.message
        assert (await stage.read(turn("question 2", model=WORK))).head.status == 200
        failing.stored.fails = False
        assert (await stage.read(turn(model=HOME, conversation="new"))).head.status == 200


@pytest.mark.parametrize("agent", ["", "sub"])
async def test_background_turns_and_sub_agents_of_a_private_conversation_stay(
    agent: str, autojump_clock: MockClock
) -> None:
    rules = (
        RuleSettings((HOME,), when=("background",)),
        RuleSettings((HOME,), when=("sub-agent",)),
    )
    async with open_stage(attrs.evolve(PRIVATE, rules=rules)) as stage:
        await stage.read(turn("question 1", model=WORK))
        reader = await stage.read(turn("question 2", model="claude-haiku-5", agent=agent))
        assert reader.head.status == 200
        assert asked(stage, HOME_URL) == []


async def test_a_backend_that_is_ill_gives_way(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_stage(FALLING_BACK, check=False) as stage:
        route = await stage.router.ask(FindRoute(Wish(WORK, turn(model=WORK), "")))
        assert isinstance(route.backend, CellRef)
        route.backend.cell.resting = True
        reader = await stage.read(turn(model=WORK))
        assert reader.head.status == 200
        lines = [(line.turn, line.outcome.value) for line in await stage.ledger()]
        turn_id = reader.turn.id
        assert lines == [(f"{turn_id}~2", "answered"), (turn_id, "refused")]


async def test_a_refusal_of_the_router_s_does_not_hide_what_a_place_has_said(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    rule = RuleSettings((HOME,), model="work/*")
    async with open_stage(FALLING_BACK, check=False) as stage:
        stage.work.respond = always(OVERLOADED)
        whole = vars(Session)["_find_route"]

        async def change_first(session: Session, flight: object) -> object:
            if stage.taken.count:
                await stage.apply(attrs.evolve(PRIVATE, rules=(rule,)))
            return await whole(session, flight)

        monkeypatch.setattr(Session, "_find_route", change_first)
        reader = await stage.read(turn(model=WORK))
        assert reader.refused.status == 529
        assert [line.turn for line in await stage.ledger()] == [reader.turn.id]


async def test_a_model_without_room_gives_way_only_to_a_place_that_is_named(
    autojump_clock: MockClock,
) -> None:
    local = EndpointSettings(
        "large", ("m",), engine="llama.cpp", file="large.gguf", fallback=(HOME,)
    )
    settings = Settings(endpoints=(local, HOME_ENDPOINT))
    memory = SimulatedMemory(16 * GIBIBYTE)
    memory.needs = {"large.gguf": MemoryNeed(40 * GIBIBYTE)}
    async with open_stage(settings, memory=memory, check=False) as stage:
        assert (await stage.read(turn("question 1", model="large/m"))).head.status == 200
        assert (await status(stage, "large")).why == "it is at its limit (503)"
        await stage.apply(
            attrs.evolve(settings, endpoints=(attrs.evolve(local, fallback=()), HOME_ENDPOINT))
        )
        refused = (await stage.read(turn("question 2", model="large/m"))).refused
        assert "Choose one as the model" in refused.message
        assert len(asked(stage, HOME_URL)) == 1


async def test_vectors_are_taken_from_nobody_else(autojump_clock: MockClock) -> None:
    open_ai = attrs.evolve(WORK_ENDPOINT, dialects=("openai-chat",), fallback=(HOME,))
    request = parse_wish(OPENAI, b'{"model":"work/claude-x","input":["a"]}', Target())
    wanted = attrs.evolve(turn(), operation=Operation.EMBEDDINGS, request=request)
    settings = attrs.evolve(QUICK, endpoints=(open_ai, HOME_ENDPOINT))
    async with open_stage(settings, check=False) as stage:
        stage.work.respond = always(refusal(503, "x", "Down"))
        assert (await stage.read(wanted)).refused.status == 503
        assert asked(stage, HOME_URL) == []
