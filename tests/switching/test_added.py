"""What is said after a turn that has failed: clients put it into the message of that turn."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from trio.testing import MockClock

from ..actors.dialects import CHAT
from ..actors.scripts import always, refusal
from .talk import Talk, hosts, open_talk, text_of

USE: dict[str, Any] = {
    "role": "assistant",
    "content": [{"type": "tool_use", "id": "t1", "name": "Read", "input": {}}],
}
RESULT: dict[str, Any] = {"type": "tool_result", "tool_use_id": "t1", "content": "go back"}


def text(said: str) -> dict[str, Any]:
    return {"type": "text", "text": said}


async def ask(talk: Talk, *blocks: dict[str, Any]) -> str:
    """Sends one message of these blocks, without keeping it."""
    reader = await talk.stage.read(talk.turn(list(blocks)))
    return text_of(reader) if reader.head.status == 200 else f"status {reader.head.status}"


async def failing(talk: Talk) -> None:
    """Its endpoint refuses from now on."""
    talk.stage.work.respond = always(refusal(400, "invalid_request_error", "no"))


@pytest.mark.parametrize("before", [(text("fix it"),), (RESULT,), (RESULT, text("A skill."))])
async def test_a_command_after_a_failure_is_heard(
    autojump_clock: MockClock, before: tuple[dict[str, Any], ...]
) -> None:
    async with open_talk() as talk:
        await talk.say("Read it")
        talk.messages.append(USE)
        await failing(talk)
        assert await ask(talk, *before) == "status 400"
        said = [*before, text("switch to home")]
        first = await ask(talk, *said)
        assert "home/claude-y answers from now on" in first
        assert await ask(talk, *said) == first, "its answer was lost, and it is sent again"
        await ask(talk, *said, text("hm"))
        assert hosts(talk.stage) == ["work", "work", "home"]


@pytest.mark.parametrize("other", [{"named": False}, {"dialect": CHAT}])
async def test_of_other_clients_nothing_beside_a_prompt_is_heard(
    autojump_clock: MockClock, other: dict[str, Any]
) -> None:
    async with open_talk() as talk:
        await failing(talk)
        replies = list[str]()
        for blocks in ([text("fix it")], [text("fix it"), text("switch to home")]):
            asked = talk.turn(blocks)
            if "dialect" in other:
                asked = attrs.evolve(asked, request=attrs.evolve(asked.request, **other))
            else:
                asked = attrs.evolve(asked, **other)
            replies.append((await talk.stage.read(asked)).body.decode())
        assert all("answers from now on" not in reply for reply in replies)
        assert hosts(talk.stage) == ["work", "work"]


async def test_a_new_line_at_the_seam_makes_no_difference(autojump_clock: MockClock) -> None:
    async with open_talk() as talk:
        await failing(talk)
        await ask(talk, text("fix it"))
        reminder = text("<system-reminder>x</system-reminder>")
        for said in ("and then", "go on"):
            await ask(talk, reminder, text("fix it\n"), text(said))
            assert hosts(talk.stage)[-1] == "work"
        reply = await ask(talk, text("fix it\n"), text("go on\n"), text("switch to home"))
        assert "home/claude-y answers from now on" in reply


@pytest.mark.parametrize(
    "seen",
    [
        (),
        (text("fix that"),),
        (RESULT,),
        (text("fix it"), text("and that")),
    ],
)
async def test_a_text_beside_another_is_not_heard_otherwise(
    autojump_clock: MockClock, seen: tuple[dict[str, Any], ...]
) -> None:
    async with open_talk() as talk:
        await failing(talk)
        if seen:
            await ask(talk, *seen)
        assert await ask(talk, text("fix it"), text("switch to home")) == "status 400"
        assert await ask(talk, text("fix it"), text("switch to home")) == "status 400"


async def test_a_skill_beside_the_result_of_a_tool_is_not_heard(autojump_clock: MockClock) -> None:
    async with open_talk() as talk:
        await talk.say("Read it")
        talk.messages.append(USE)
        for _ in range(2):
            assert await ask(talk, RESULT, text("switch to home")) == "To be."
        assert hosts(talk.stage) == ["work"] * 3


async def test_what_the_client_asks_aside_is_not_the_last_message(
    autojump_clock: MockClock,
) -> None:
    async with open_talk() as talk:
        await failing(talk)
        await ask(talk, text("fix it"))
        await ask(talk, text("fix it"), text("[SUGGESTION MODE: Suggest what"))
        await talk.ask_aside([text("another")], agent="agent-1")
        reply = await ask(talk, text("fix it"), text("switch to home"))
        assert "home/claude-y answers from now on" in reply
