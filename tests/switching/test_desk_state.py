"""What a disk that fails, another command at once, or a client that leaves makes of a choice."""

from __future__ import annotations

import pytest
import trio
from trio.testing import MockClock
from understudy.protocols.records import TurnOutcome
from understudy.protocols.settings_data import EndpointSettings
from understudy.simulations.state import SimulatedState, StoredState

from .talk import HERE, Talk, hosts, open_talk, sent


async def test_two_commands_at_once_are_two_commands(autojump_clock: MockClock) -> None:
    state = SimulatedState(latency_seconds=0.5)
    async with open_talk(HERE, state=state) as talk:
        readers = [talk.stage.start(talk.turn(f"switch to {name}")) for name in ("home", "den")]
        for reader in readers:
            await reader.ended.wait()
        first = (
            "home/claude-y" if "den" in await talk.say("which model is this?") else "den/claude-h"
        )
        assert f"{first} answers again" in await talk.say("go back")
        assert "work/claude-x answers again" in await talk.say("go back")


@pytest.mark.parametrize("seconds", [0.0, 0.3, 0.7, 1.2, 1.9])
async def test_a_command_that_was_left_has_happened_or_not(
    autojump_clock: MockClock, seconds: float
) -> None:
    stored = StoredState()
    async with open_talk(state=SimulatedState(stored, latency_seconds=0.5)) as talk:
        reader = talk.stage.start(talk.turn("switch to home"))
        await trio.sleep(seconds)
        reader.leave()
        await reader.ended.wait()
        said = await talk.say("which model is this?")
        await trio.sleep(5)
    async with open_talk(state=SimulatedState(stored)) as talk:
        assert (await talk.say("which model is this?")) == said


async def test_what_cannot_be_saved_holds_and_is_told(autojump_clock: MockClock) -> None:
    stored = StoredState()
    async with open_talk(state=SimulatedState(stored)) as talk:
        await talk.say("Hello")
        await trio.sleep(1)
        stored.fails = True
        reply = await talk.say("switch to home")
        assert reply.endswith(
            "This could not be saved, and will be forgotten when Understudy restarts."
        )
        await talk.say("Hello")
        assert hosts(talk.stage) == ["work", "home"]
        stored.fails = False
        await trio.sleep(100)
    async with open_talk(state=SimulatedState(stored)) as talk:
        assert "home/claude-y answers" in await talk.say("which model is this?")


@pytest.mark.parametrize("latency_seconds", [0.0, 60.0])
async def test_a_choice_that_cannot_be_read_sends_nothing_away(
    autojump_clock: MockClock, latency_seconds: float
) -> None:
    stored = StoredState()
    async with open_talk(HERE, state=SimulatedState(stored)) as talk:
        await talk.say("switch to den")
        await talk.say("Hello")
        history = talk.messages
    stored.fails = not latency_seconds
    state = SimulatedState(stored, latency_seconds=latency_seconds)
    async with open_talk(HERE, state=state) as talk:
        talk.messages = list(history)
        assert "it cannot be read whether" in await talk.say("Hello")
        assert "cannot be read just now" in await talk.say("which model is this?")
        assert hosts(talk.stage) == []
        assert "work/claude-x answers from now on" in await talk.say("switch to work")
        await talk.say("Hello")
        assert hosts(talk.stage) == ["work"], "that was the user's own word"


async def test_a_disk_that_fails_keeps_no_new_conversation_from_its_default(
    autojump_clock: MockClock,
) -> None:
    stored = StoredState(fails=True)
    async with open_talk(HERE, state=SimulatedState(stored)) as talk:
        await talk.say("Hello")
        await talk.say("Hello again")
        assert hosts(talk.stage) == ["work", "work"]
        compacted = Talk(talk.stage, "another")
        words = "This session is being continued from a previous conversation: it was long"
        assert "it cannot be read whether" in await compacted.say(words)


async def test_without_a_model_here_a_disk_that_fails_changes_nothing(
    autojump_clock: MockClock,
) -> None:
    async with open_talk(state=SimulatedState(StoredState(fails=True))) as talk:
        talk.messages = [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hi"}]
        await talk.say("Hello")
        assert hosts(talk.stage) == ["work"]


async def test_a_command_costs_a_line_and_nothing_else(autojump_clock: MockClock) -> None:
    async with open_talk() as talk:
        reader = await talk.read("list models")
        line = await talk.stage.line(reader)
        assert line.outcome is TurnOutcome.ANSWERED
        assert line.usage.read_tokens == line.usage.output_tokens == 0
        assert line.why == "a command, answered by Understudy itself"
        assert b'"input_tokens":0' not in reader.body, "the client's own count stays right"


async def test_without_a_router_a_command_is_refused_and_no_work_is_sent(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    from understudy.actors.router import Router

    def fail(*_: object) -> None:
        raise RuntimeError("a defect")

    monkeypatch.setattr(Router, "_standings", fail)
    async with open_talk() as talk:
        reader = await talk.read("switch to home")
        assert reader.refused.status == 503
        assert hosts(talk.stage) == []


async def test_thinking_of_the_place_before_is_not_shown_to_the_next(
    autojump_clock: MockClock,
) -> None:
    thought = {"type": "thinking", "thinking": "Hm.", "signature": "c2lnbmVk"}
    async with open_talk() as talk:
        await talk.say([{"type": "text", "text": "Hello", "cache_control": {"type": "ephemeral"}}])
        talk.messages[-1]["content"] = [thought, {"type": "text", "text": "Hi."}]
        await talk.say("And now?")
        assert sent(talk.stage)["messages"][1]["content"][0] == thought
        await talk.say("switch to home")
        await talk.say("And then?")
        messages = sent(talk.stage)["messages"]
        assert messages[1]["content"] == [{"type": "text", "text": "Hi."}]
        assert messages[0]["content"][0]["cache_control"] == {"type": "ephemeral"}
        await talk.say("go back")
        await talk.say("And after that?")
        assert "thinking" not in str(sent(talk.stage)["messages"])


async def test_a_conversation_may_begin_with_a_command_and_change_the_dialect(
    autojump_clock: MockClock,
) -> None:
    chat = EndpointSettings("chatty", ("gpt-x",), ("openai-chat",), "http://chatty.test:9005")
    async with open_talk(chat) as talk:
        await talk.say("switch to work")
        await talk.say("Look")
        call = {"type": "tool_use", "id": "toolu_01", "name": "ls", "input": {"at": "."}}
        thought = {"type": "thinking", "thinking": "Hm.", "signature": "c2lnbmVk"}
        talk.messages[-1] = {"role": "assistant", "content": [thought, call]}
        await talk.say([{"type": "tool_result", "tool_use_id": "toolu_01", "content": "a b"}])
        await talk.say("switch to chatty")
        talk.members["tools"] = [{"name": "ls", "input_schema": {"type": "object"}}]
        await talk.read("And now?")
        messages = sent(talk.stage)["messages"]
        assert [each["role"] for each in messages[:2]] == ["user", "assistant"]
        calls = [each for each in messages if each.get("tool_calls")]
        results = [each for each in messages if each["role"] == "tool"]
        assert [each["tool_call_id"] for each in results] == [calls[0]["tool_calls"][0]["id"]]
        assert "Hm." not in str(messages)
