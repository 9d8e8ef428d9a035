"""What the actors know of all places comes together in one piece of advice."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.actors.advice import Question, advise, adviser
from understudy.actors.conversations import Conversations
from understudy.protocols.actor import ActorError, Message
from understudy.protocols.advice.contender import Contender, InMemory
from understudy.protocols.advice.exclusions import Cause
from understudy.protocols.advice.ranking import Advice
from understudy.protocols.resources.need import MemoryNeed
from understudy.protocols.resources.rules import GIBIBYTE
from understudy.protocols.settings_data import EndpointSettings, Settings
from understudy.protocols.turn import FindHome, KeepHome
from understudy.simulations.engine import Life
from understudy.simulations.memory import SimulatedMemory
from understudy.simulations.state import SimulatedState

from ..actors.scripts import HOME, WORK, always, answer_events, refusal, stream, turn
from ..actors.stage import HOME_ENDPOINT, WORK_ENDPOINT, Stage, open_stage

CONVERSATION = "conversation"
NEED = MemoryNeed(0, 6 * GIBIBYTE)
ENGINES = Settings(
    endpoints=tuple(
        EndpointSettings(name, ("m",), engine="llama.cpp", file=f"{name}.gguf")
        for name in ("one", "two", "large")
    )
)


async def ask(stage: Stage, question: Question | None = None) -> Advice:
    """What is recommended for the conversation."""
    asked = question or Question(CONVERSATION)
    return await advise(stage.router, stage.conversations, stage.resources, asked)


async def test_what_the_ledger_has_measured_is_compared(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        await stage.read(turn("hello", model=WORK))
        stage.work.respond = always(stream(answer_events("To", " be", input_tokens=40)))
        await stage.read(turn("hello again", model=WORK))
        advice = await ask(stage)
    now, here = advice.situation, advice.here
    assert (now.tokens, now.growth_tokens, now.place) == (42, 0, WORK)
    assert here is not None
    assert here.first_seconds == pytest.approx(0.1)
    assert (here.attempts, here.errors) == (2, 0)
    assert {each.place for each in advice.ranked} == {WORK, HOME}
    assert advice.unasked == ()


async def test_a_conversation_grows_by_what_its_turns_add(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        for tokens in (3_000, 3_500, 4_000):
            stage.work.respond = always(stream(answer_events("To", input_tokens=tokens)))
            await stage.read(turn("hello", model=WORK))
        now = (await ask(stage)).situation
        assert (now.tokens, now.growth_tokens) == (4_001, 500)
        new = (await ask(stage, Question(goal="long"))).situation
        assert (new.tokens, new.place, new.goal) == (0, "", "long")


async def test_what_is_in_use_is_read_from_the_request(autojump_clock: MockClock) -> None:
    image = {"type": "image", "source": {"type": "base64", "data": "x"}}
    asked = turn(
        tools=[{"name": "Read"}],
        thinking={"type": "enabled", "budget_tokens": 1024},
        messages=[{"role": "user", "content": [image]}],
    )
    async with open_stage() as stage:
        now = (await ask(stage, Question(CONVERSATION, turn=asked))).situation
    assert (now.tools, now.images, now.thinking) == (True, True, True)


async def test_a_private_conversation_stays_with_whom_the_user_trusts(
    autojump_clock: MockClock,
) -> None:
    endpoints = (WORK_ENDPOINT, attrs.evolve(HOME_ENDPOINT, private=True))
    async with open_stage(Settings(endpoints=endpoints)) as stage:
        await stage.conversations.ask(KeepHome(CONVERSATION, HOME))
        advice = await ask(stage)
    assert [each.place for each in advice.ranked] == [HOME]
    assert advice.left_out[0].cause is Cause.PRIVATE


async def test_where_nobody_can_say_it_is_private(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = Conversations.handle

    async def never() -> None:
        await trio.sleep_forever()

    def slow(actor: Conversations, message: Message[Any], /) -> Any:
        return never() if isinstance(message, FindHome) else whole(actor, message)

    monkeypatch.setattr(Conversations, "handle", slow)
    async with open_stage() as stage:
        advice = await ask(stage)
    assert advice.ranked == ()
    assert advice.unasked == ("what is private",)


async def test_a_disk_that_fails_leaves_what_memory_knows(autojump_clock: MockClock) -> None:
    state = SimulatedState(failing_calls=range(1_000))
    async with open_stage(state=state, check=False) as stage:
        await stage.read(turn("hello", model=WORK))
        advice = await ask(stage)
    assert "today's times" in advice.unasked
    assert advice.here is not None
    assert advice.here.attempts == 1


async def test_a_place_that_rests_is_left_out(autojump_clock: MockClock) -> None:
    busy = refusal(429, "rate_limit_error", "slowly")
    async with open_stage() as stage:
        stage.work.respond = always(busy)
        await stage.read(turn("hello", model=WORK))
        advice = await ask(stage)
    [left] = [each for each in advice.left_out if each.cause is Cause.RESTS]
    assert left.place == WORK
    assert left.contender.rest_seconds == pytest.approx(15)


async def test_a_days_tokens_that_are_used_up_leave_a_place_out(
    autojump_clock: MockClock,
) -> None:
    endpoints = (attrs.evolve(WORK_ENDPOINT, tokens_per_day=5), HOME_ENDPOINT)
    async with open_stage(Settings(endpoints=endpoints)) as stage:
        await stage.read(turn("hello", model=WORK))
        advice = await ask(stage)
    assert [each.place for each in advice.left_out if each.cause is Cause.SPENT] == [WORK]


async def test_the_models_of_this_machine_stand_to_its_memory(autojump_clock: MockClock) -> None:
    memory = SimulatedMemory(16 * GIBIBYTE)
    memory.needs = {"one.gguf": NEED, "two.gguf": NEED, "large.gguf": MemoryNeed(40 * GIBIBYTE)}
    async with open_stage(ENGINES, lives=(Life(),), memory=memory, check=False) as stage:
        before = await ask(stage, Question())
        await stage.read(turn("hello", model="one/m"))
        memory.other_bytes = 6 * GIBIBYTE
        await trio.sleep(2)
        after = await ask(stage, Question())
    assert standing(before) == {
        "one/m": InMemory.FITS,
        "two/m": InMemory.FITS,
        "large/m": InMemory.TOO_LARGE,
    }
    assert standing(after) == {
        "one/m": InMemory.LOADED,
        "two/m": InMemory.EVICTS,
        "large/m": InMemory.TOO_LARGE,
    }
    [two] = [each.contender for each in after.ranked if each.place == "two/m"]
    assert two.evicts == ("one/m",)


def standing(advice: Advice) -> dict[str, InMemory]:
    """How the models stand to the memory; the embedded one is left out."""
    places = [each.contender for each in advice.ranked]
    places += [each.contender for each in advice.left_out]
    return {each.place: each.memory for each in places if not each.embedded}


async def test_an_endpoint_that_lists_hundreds_brings_eight_and_those_in_use(
    autojump_clock: MockClock,
) -> None:
    models = tuple(f"m{number}" for number in range(100))
    endpoints = (attrs.evolve(WORK_ENDPOINT, models=models),)
    async with open_stage(Settings(endpoints=endpoints)) as stage:
        await stage.read(turn("hello", model="work/m77"))
        advice = await adviser(stage.router, stage.conversations, None)(CONVERSATION, "fast")
    wanted = {f"work/m{number}" for number in (*range(8), 77)}
    assert {each.place for each in advice.ranked} == wanted
    assert advice.situation.goal == "fast"


async def test_without_the_router_there_is_no_advice(autojump_clock: MockClock) -> None:
    async with open_stage(check=False) as stage:
        stage.router.cell.close(0)
        with pytest.raises(ActorError):
            await ask(stage)


async def test_a_model_that_has_left_remembers_nothing(autojump_clock: MockClock) -> None:
    memory = SimulatedMemory(16 * GIBIBYTE)
    memory.needs = {"one.gguf": NEED, "two.gguf": NEED, "large.gguf": MemoryNeed(40 * GIBIBYTE)}
    async with open_stage(ENGINES, lives=(Life(),), memory=memory, check=False) as stage:
        await stage.read(turn("hello", model="one/m"))
        before = await ask(stage)
        memory.other_bytes = 15 * GIBIBYTE
        await trio.sleep(600)
        memory.other_bytes = 0
        after = await ask(stage)
    found = [known(advice, "one/m") for advice in (before, after)]
    assert [(each.memory, each.cached) for each in found] == [
        (InMemory.LOADED, True),
        (InMemory.FITS, False),
    ]


def known(advice: Advice, place: str) -> Contender:
    """What is known of a place that could answer."""
    return next(each.contender for each in advice.ranked if each.place == place)


async def test_the_last_one_who_answered_aside_is_not_where_it_is(
    autojump_clock: MockClock,
) -> None:
    endpoints = (
        attrs.evolve(WORK_ENDPOINT, context_tokens=64_000),
        attrs.evolve(HOME_ENDPOINT, context_tokens=32_000),
    )
    async with open_stage(Settings(endpoints=endpoints), check=False) as stage:
        stage.work.respond = always(stream(answer_events("To", input_tokens=4_000)))
        await stage.read(turn("hello", model=WORK))
        stage.home.respond = always(stream(answer_events("To", input_tokens=3_000)))
        await stage.read(turn("look at this", model=HOME, agent="a1"))
        said = await stage.read(turn("which would you use for a long one?", model=WORK))
    assert b"of this model's 64K" in said.body


async def test_a_provider_s_cache_is_forgotten_after_a_while(autojump_clock: MockClock) -> None:
    start = answer_events("To")[0].replace(b'"input_tokens":11', b'"cache_read_input_tokens":900')
    async with open_stage() as stage:
        stage.work.respond = always(stream([start, *answer_events("To")[1:]]))
        await stage.read(turn("hello", model=WORK))
        before = known(await ask(stage), WORK).cached
        await trio.sleep(301)
        assert (before, known(await ask(stage), WORK).cached) == (True, False)
