"""A model's tool and its user choose in one moment, or late: what the user says counts."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from trio.testing import MockClock
from understudy.actors.chat_desk import DECISIONS_MAX
from understudy.actors.conversations import Conversations
from understudy.io.mcp.desk import Mine, ToolRefused
from understudy.io.mcp.switch import Switcher
from understudy.protocols.actor import Message
from understudy.protocols.switching.choice import (
    Choice,
    ChoiceChanged,
    FindChoice,
    KeepChoice,
    switched,
)
from understudy.simulations.state import SimulatedState, StoredState

from ..actors.scripts import ANSWER, always, event, stream
from ..actors.stage import HOME_URL, WORK_URL
from .talk import NANO, NANO_ENDPOINT, Talk, hosts, open_talk

HOME, WORK = "home/claude-y", "work/claude-x"
CALL, OTHER = "toolu_1", "toolu_2"


def calling(*ids: str) -> list[bytes]:
    """An answer that asks for calls."""
    opening, *_, delta, ending = ANSWER
    blocks = [
        piece
        for index, name in enumerate(ids)
        for piece in (
            event(
                "content_block_start",
                index=index,
                content_block={"type": "tool_use", "id": name, "name": "endpoint_set", "input": {}},
            ),
            event("content_block_stop", index=index),
        )
    ]
    return [opening, *blocks, delta, ending]


async def calls(talk: Talk, *ids: str) -> None:
    """A prompt whose answer asks for calls; all that is asked after it is answered by a text."""
    for url in (WORK_URL, HOME_URL):
        talk.stage.upstream.listen(url, always(stream(calling(*ids), 0)))
    await talk.read("Look")
    for url in (WORK_URL, HOME_URL):
        talk.stage.upstream.listen(url, always(stream(ANSWER, 0)))


async def result(talk: Talk, call: str = CALL) -> None:
    """The client goes on with what a call has brought."""
    use: dict[str, Any] = {"type": "tool_use", "id": call, "name": "endpoint_set", "input": {}}
    talk.messages[-1] = {"role": "assistant", "content": [use]}
    await talk.read([{"type": "tool_result", "tool_use_id": call, "content": "done"}])


async def set_by_tool(
    talk: Talk, place: str, call: str = CALL, scope: str = "conversation"
) -> None:
    switcher = Switcher(talk.stage.router, talk.stage.conversations)
    await switcher.switch(Mine(talk.conversation, call), place, scope)


def before_each(patch: pytest.MonkeyPatch, times: int, new: Callable[[int], KeepChoice]) -> None:
    """Keeps another choice just before the next ones are kept that were decided on something."""
    handle, numbers = Conversations.handle, iter(range(times))

    async def after(self: Conversations, message: Any, number: int) -> Any:
        await handle(self, new(number))
        return await handle(self, message)

    def handled(self: Conversations, message: Message[Any], /) -> Any:
        is_meant = isinstance(message, KeepChoice) and message.expected is not None
        number = next(numbers, None) if is_meant else None
        return handle(self, message) if number is None else after(self, message, number)

    patch.setattr(Conversations, "handle", handled)


def by_tool(number: int) -> KeepChoice:
    choice = switched(Choice(), HOME if number % 2 else NANO)
    return KeepChoice("conversation", choice, soon=True, asked=10**6)


async def test_a_command_is_decided_again_on_what_a_tool_has_set(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_talk(NANO_ENDPOINT) as talk:
        await talk.say("Hello")
        before_each(monkeypatch, 1, by_tool)
        assert f"{HOME} answers from now on" in await talk.say("switch to home")
        assert f"{NANO} answers again" in await talk.say("go back")
        assert f"{WORK} answers again" in await talk.say("go back")


async def test_whatever_tools_do_the_user_has_the_last_word(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_talk(NANO_ENDPOINT) as talk:
        await talk.say("Hello")
        before_each(monkeypatch, DECISIONS_MAX - 1, by_tool)
        await talk.say("switch to work")
        await talk.say("Hello")
        assert hosts(talk.stage) == ["work", "work"]


async def test_a_prompt_that_is_no_command_undoes_nothing(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_talk(NANO_ENDPOINT) as talk:
        await talk.say("only this answer with home")
        before_each(monkeypatch, 1, by_tool)
        await talk.say("Hello")
        await talk.say("Hello")
        assert hosts(talk.stage) == ["nano", "nano"], "a tool has set it so"


async def test_a_tool_that_has_decided_on_something_else_is_refused(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_talk() as talk:
        await talk.say("Hello")
        ours = KeepChoice("conversation", switched(Choice(), HOME), soon=True, asked=10**6)
        before_each(monkeypatch, 1, lambda _: ours)
        with pytest.raises(ToolRefused, match="something else is chosen by now, and that holds"):
            await set_by_tool(talk, WORK, "")
        assert await talk.stage.conversations.ask(FindChoice("conversation")) == ours.choice


@pytest.mark.parametrize("place", ["home", "work"])
async def test_a_call_that_comes_after_its_user_has_spoken_is_refused(
    autojump_clock: MockClock, place: str
) -> None:
    async with open_talk(NANO_ENDPOINT) as talk:
        await talk.say("switch to work")
        await calls(talk, CALL)
        await talk.say(f"switch to {place}")
        with pytest.raises(ToolRefused, match=r"the user has chosen since .* nothing was changed"):
            await set_by_tool(talk, NANO)
        assert f"{place}/claude" in await talk.say("which model is this?")
        await calls(talk, OTHER)
        await set_by_tool(talk, NANO, OTHER)
        assert NANO in await talk.say("which model is this?"), "this one was asked for later"


async def test_a_call_of_an_earlier_run_comes_after_all_that_is_said_in_this_one(
    autojump_clock: MockClock,
) -> None:
    stored = StoredState()
    async with open_talk(NANO_ENDPOINT, state=SimulatedState(stored)) as talk:
        await calls(talk, CALL)
    async with open_talk(NANO_ENDPOINT, state=SimulatedState(stored)) as talk:
        await set_by_tool(talk, HOME)
        await talk.say("switch to home")
        with pytest.raises(ToolRefused, match="the user has chosen since"):
            await set_by_tool(talk, NANO)


async def test_what_a_tool_sets_for_an_answer_ends_with_it(autojump_clock: MockClock) -> None:
    async with open_talk() as talk:
        await calls(talk, CALL)
        await set_by_tool(talk, HOME, scope="answer")
        await result(talk)
        await talk.say("And now?")
        assert hosts(talk.stage) == ["work", "home", "work"]


async def test_of_an_answer_that_was_left_the_next_one_knows_nothing(
    autojump_clock: MockClock,
) -> None:
    async with open_talk() as talk:
        await calls(talk, CALL)
        await set_by_tool(talk, HOME, scope="answer")
        await talk.say("Something else")
        assert hosts(talk.stage) == ["work", "work"], "Esc has ended the answer that it was for"


@pytest.mark.parametrize("is_left", [False, True])
async def test_a_sub_agent_s_call_is_for_its_user_s_prompt(
    autojump_clock: MockClock, is_left: bool
) -> None:
    async with open_talk() as talk:
        talk.members["tools"] = [{"name": "Task", "input_schema": {"type": "object"}}]
        await calls(talk, "toolu_task")
        talk.stage.upstream.listen(WORK_URL, always(stream(calling(CALL), 0)))
        await talk.ask_aside("You are an agent", agent="agent-1")
        talk.stage.upstream.listen(WORK_URL, always(stream(ANSWER, 0)))
        await set_by_tool(talk, HOME, scope="answer")
        if not is_left:
            await result(talk, "toolu_task")
        await talk.say("And now?")
        wanted = ["work", "work", "work"] if is_left else ["work", "work", "home", "work"]
        assert hosts(talk.stage) == wanted


async def test_two_calls_of_one_answer_lose_neither(autojump_clock: MockClock) -> None:
    async with open_talk(NANO_ENDPOINT) as talk:
        await calls(talk, CALL, OTHER)
        await set_by_tool(talk, HOME)
        await set_by_tool(talk, NANO, OTHER)
        assert f"{HOME} answers again" in await talk.say("go back")


async def test_an_offer_that_was_made_meanwhile_is_no_change(autojump_clock: MockClock) -> None:
    async with open_talk() as talk:
        ask = talk.stage.conversations.ask
        await ask(KeepChoice("conversation", Choice(told=True), soon=True))
        await ask(KeepChoice("conversation", Choice(HOME), expected=Choice()))
        assert await ask(FindChoice("conversation")) == Choice(HOME, told=True)


async def test_what_is_only_on_the_disk_is_compared_too(autojump_clock: MockClock) -> None:
    stored = StoredState()
    async with open_talk(state=SimulatedState(stored)) as talk:
        await talk.stage.conversations.ask(KeepChoice("a", Choice(HOME)))
    async with open_talk(state=SimulatedState(stored)) as talk:
        ask = talk.stage.conversations.ask
        with pytest.raises(ChoiceChanged):
            await ask(KeepChoice("a", Choice(WORK), expected=Choice()))
        assert await ask(KeepChoice("a", Choice(WORK), expected=Choice(HOME)))
        stored.fails = True
        with pytest.raises(ChoiceChanged):
            await ask(KeepChoice("b", Choice(WORK), expected=attrs.evolve(Choice(), place=HOME)))
        stored.fails = False
