"""Requests that do not hold their history: a chain of answers, and what the endpoint keeps."""

from __future__ import annotations

import json
from contextlib import suppress
from typing import Any

import attrs
import pytest
from trio.testing import MockClock
from understudy.actors import chat_desk
from understudy.protocols.dialects import SERVED
from understudy.protocols.openai_responses.errors import PreviousResponseNotFound
from understudy.protocols.openai_responses.final_response import FinalResponse
from understudy.protocols.openai_responses.shelf import Shelf
from understudy.protocols.request import ServedRequest
from understudy.protocols.switching.beginning import begins
from understudy.protocols.switching.typed import Typed

from ..actors.dialects import COMPLETIONS, RESPONSES, dialect_turn
from ..actors.stage import HOME_URL, Reader, Stage, open_stage
from .windows import new_marks, turn_of


@attrs.define
class Chain:
    """A client of Responses that goes on from the id of an answer, and serving with its shelf."""

    stage: Stage
    shelf: Shelf = attrs.field(factory=Shelf)
    previous: str = ""

    async def say(self, text: str) -> Reader:
        said: dict[str, Any] = {"model": "work/claude-x", "stream": True}
        said["input"] = [{"role": "user", "content": text}]
        if self.previous:
            said["previous_response_id"] = self.previous
        body = json.dumps(said).encode()
        with suppress(PreviousResponseNotFound):
            body = self.shelf.expand(body, 0.0)
        asked = SERVED[RESPONSES].parse(body)
        reader = await self.stage.read(turn_of(asked, self.stage.sessions.marks))
        final = FinalResponse(streamed=True)
        final.receive_data(reader.body)
        final.receive_end()
        if final.found:
            self.shelf.keep(body, final.found, 0.0)
            self.previous = json.loads(final.found)["id"]
        return reader


async def test_a_chain_of_answers_is_a_history(autojump_clock: MockClock) -> None:
    async with open_stage() as stage:
        one, other = (Chain(stage) for _ in range(2))
        for chain in (one, other):
            await chain.say("Hello")
        await one.say("switch to home")
        for chain in (one, other):
            await chain.say("hm")
        urls = [exchange.request.url for exchange in stage.upstream.exchanges]
        assert [HOME_URL in url for url in urls] == [False, False, True, False]


@pytest.mark.parametrize("text", ["switch to home", "which model is this?"])
async def test_where_the_endpoint_keeps_the_history_no_command_is_obeyed(
    autojump_clock: MockClock, text: str
) -> None:
    """The client would go on from an answer of ours, which the endpoint does not have."""
    async with open_stage() as stage:
        refused = (await Chain(stage, previous="resp_elsewhere").say(text)).refused
        assert refused.status == 400
        assert "The endpoint keeps this conversation" in refused.message
        assert stage.upstream.exchanges == []


def test_a_conversation_that_the_endpoint_keeps_is_named_by_its_id() -> None:
    for said in ("conv_1", {"id": "conv_1"}):
        body: dict[str, Any] = {"model": "m", "input": "Hello", "conversation": said}
        turn = turn_of(SERVED[RESPONSES].parse(json.dumps(body).encode()), new_marks())
        assert (turn.conversation, turn.named) == ("conv_1", True)
    odds: tuple[Any, ...] = (None, 7, [], {}, {"id": 7})
    for odd in odds:
        body = {"model": "m", "input": "Hello", "conversation": odd}
        asked = SERVED[RESPONSES].parse(json.dumps(body).encode())
        assert not turn_of(asked, new_marks()).named


@pytest.mark.parametrize("key", ["previous_response_id", "conversation"])
def test_what_goes_on_from_elsewhere_does_not_begin(key: str) -> None:
    """Nobody knows, then, that nothing has been chosen."""
    for value, is_beginning in (("id_1", False), (None, True), ("", True)):
        body = {"model": "m", "input": [{"role": "user", "content": "Hello"}], key: value}
        assert begins(SERVED[RESPONSES].parse(json.dumps(body).encode())) is is_beginning


@pytest.mark.parametrize("named", [False, True])
async def test_a_single_text_can_be_bound_by_a_name_alone(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch, named: bool
) -> None:
    said = Typed("switch to home", "p")

    def typed_here(_request: ServedRequest) -> Typed:
        return said

    monkeypatch.setattr(chat_desk, "typed", typed_here)
    async with open_stage() as stage:
        asked = dialect_turn(COMPLETIONS, prompt="switch to home")
        reader = await stage.read(attrs.evolve(asked, named=named))
        if named:
            assert b"home/claude-y answers" in reader.body
        else:
            assert "holds no history" in reader.refused.message
