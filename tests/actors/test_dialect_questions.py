"""What is asked of endpoints beside answers, and what is asked of them by none: counts, vectors,
conversations that are kept elsewhere or too long."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
from trio.testing import MockClock
from understudy.actors.backend.endpoint import COUNT_SECONDS_MAX
from understudy.protocols.conversation.answer import AnswerEnded, ToolUseStarted
from understudy.protocols.dialect import Target
from understudy.protocols.dialects import SERVED, UPSTREAM
from understudy.protocols.embedding import GEMINI as GEMINI_VECTORS
from understudy.protocols.embedding import OLLAMA as OLLAMA_VECTORS
from understudy.protocols.embedding import OPENAI as OPENAI_VECTORS
from understudy.protocols.embedding import parse_wish
from understudy.protocols.records import TurnOutcome, Usage
from understudy.protocols.turn import Operation, Turn
from understudy.simulations.upstream import HANG, CutConnection, RefuseConnection, SendHead, Step

from .dialects import (
    ANTHROPIC,
    CHAT,
    EVENTS,
    GEMINI,
    OLLAMA,
    RESPONSES,
    SAID,
    answer,
    calling,
    dialect_turn,
    ledger,
    read,
    read_back,
    refusal_of,
    said,
    settings_for,
)
from .scripts import JSON, always, whole
from .stage import open_stage

EVERY_SERVED = pytest.mark.parametrize("served", list(SERVED))
EVERY_UPSTREAM = pytest.mark.parametrize("upstream", list(UPSTREAM))


@EVERY_SERVED
@EVERY_UPSTREAM
async def test_tokens_are_counted_for_every_client(
    served: str, upstream: str, autojump_clock: MockClock
) -> None:
    counts = {ANTHROPIC: b'{"input_tokens":7}', GEMINI: b'{"totalTokens":7}'}
    body = counts.get(upstream, b'{"object":"response.input_tokens","input_tokens":7}')
    asked = dialect_turn(served, operation=Operation.COUNT_TOKENS)
    reader = await read(upstream, asked, *whole(body))
    found = json.loads(reader.body)
    tokens = found.get("input_tokens", found.get("totalTokens"))
    exact = upstream in (ANTHROPIC, GEMINI, RESPONSES)
    assert tokens == 7 if exact else 1 <= tokens <= 30
    assert ledger(reader)[0] is TurnOutcome.ANSWERED


@pytest.mark.parametrize("script", [whole(b"no", 404), whole(b"", 405)])
async def test_an_endpoint_of_anthropic_s_dialect_without_a_count_gets_an_estimate(
    script: list[Step], autojump_clock: MockClock
) -> None:
    asked = dialect_turn(ANTHROPIC, operation=Operation.COUNT_TOKENS)
    reader = await read(ANTHROPIC, asked, *script)
    assert reader.head.status == 200
    assert 1 <= json.loads(reader.body)["input_tokens"] <= 30


async def test_an_endpoint_that_does_not_come_to_an_end_of_counting_is_not_waited_for(
    autojump_clock: MockClock,
) -> None:
    reader = await read(GEMINI, dialect_turn(ANTHROPIC, operation=Operation.COUNT_TOKENS), HANG)
    assert reader.ended_seconds == pytest.approx(COUNT_SECONDS_MAX)
    assert 1 <= json.loads(reader.body)["input_tokens"] <= 30


async def test_an_answer_that_is_kept_nowhere_is_not_gone_on_from(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(settings_for(CHAT)) as stage:
        reader = await stage.read(dialect_turn(RESPONSES, previous_response_id="resp_1"))
        assert stage.upstream.exchanges == []
    refused = reader.refused
    assert (refused.status, refused.kind) == (400, "invalid_request_error")
    assert refused.message == "Previous response with id 'resp_1' not found."


async def test_an_endpoint_that_may_have_kept_it_is_asked(autojump_clock: MockClock) -> None:
    asked = dialect_turn(RESPONSES, previous_response_id="resp_1")
    reader = await read(RESPONSES, asked, *answer(RESPONSES))
    assert said(RESPONSES, reader.body) == SAID


VECTORS: dict[str, Any] = {
    CHAT: {"data": [{"index": 0, "embedding": [0.5, 1]}], "usage": {"prompt_tokens": 4}},
    GEMINI: {"embeddings": [{"values": [0.5, 1]}]},
    OLLAMA: {"embeddings": [[0.5, 1]], "prompt_eval_count": 4},
}
WISHES: dict[str, dict[str, Any]] = {
    OPENAI_VECTORS: {"model": "work/m", "input": "Hello"},
    OLLAMA_VECTORS: {"model": "work/m", "input": ["Hello"]},
    GEMINI_VECTORS: {"content": {"parts": [{"text": "Hello"}]}},
}


def wish_turn(form: str) -> Turn:
    """A turn that asks for a vector."""
    request = parse_wish(form, json.dumps(WISHES[form]).encode(), Target("work/m"))
    return attrs.evolve(dialect_turn(CHAT), operation=Operation.EMBEDDINGS, request=request)


@pytest.mark.parametrize("upstream", VECTORS)
@pytest.mark.parametrize("form", WISHES)
async def test_vectors_come_from_every_endpoint_that_makes_them(
    form: str, upstream: str, autojump_clock: MockClock
) -> None:
    async with open_stage(settings_for(upstream)) as stage:
        stage.work.respond = always(whole(json.dumps(VECTORS[upstream]).encode()))
        reader = await stage.read(wish_turn(form))
        [exchange] = stage.upstream.exchanges
    found = json.loads(reader.body)
    places = {
        OPENAI_VECTORS: lambda: found["data"][0]["embedding"],
        OLLAMA_VECTORS: lambda: found["embeddings"][0],
        GEMINI_VECTORS: lambda: found["embedding"]["values"],
    }
    assert places[form]() == [0.5, 1]
    assert [name for name, _ in exchange.request.headers].count(b"content-type") == 1
    told = Usage(input_tokens=0 if upstream == GEMINI else 4)
    assert ledger(reader) == (TurnOutcome.ANSWERED, 200, told)


@pytest.mark.parametrize(
    ("script", "status"),
    [
        (refusal_of(CHAT, 401, "authentication_error", "Bad key."), 403),
        (refusal_of(CHAT, 404, "not_found_error", "No model."), 404),
        ([SendHead(307, ((b"location", b"http://elsewhere"),))], 502),
        (whole(b"{}"), 502),
        (whole(b'{"data":[]}'), 502),
        ([SendHead(200, JSON), CutConnection()], 502),
        ([SendHead(204)], 502),
        ([RefuseConnection()], 503),
        ([HANG], 504),
    ],
)
async def test_vectors_that_do_not_come_are_an_error(
    script: list[Step], status: int, autojump_clock: MockClock
) -> None:
    reader = await read(CHAT, wish_turn(OPENAI_VECTORS), *script)
    assert reader.items == []
    assert reader.refused.status == status


async def test_an_endpoint_that_makes_no_vectors_is_not_asked(autojump_clock: MockClock) -> None:
    async with open_stage(settings_for(ANTHROPIC)) as stage:
        reader = await stage.read(wish_turn(OPENAI_VECTORS))
        assert stage.upstream.exchanges == []
    assert (reader.refused.status, reader.refused.kind) == (400, "invalid_request_error")


LONG = [
    *(
        {"role": role, "content": f"{role} {number} " + "word " * 2_000}
        for number in range(8)
        for role in ("user", "assistant")
    ),
    {"role": "user", "content": "And now?"},
]


async def test_a_long_conversation_is_shortened_for_any_client_of_a_small_window(
    autojump_clock: MockClock,
) -> None:
    """A relay becomes a translation then: its notice has a place."""
    asked = dialect_turn(CHAT, messages=LONG)
    async with open_stage(settings_for(CHAT, context_tokens=8_000)) as stage:
        stage.work.respond = always(answer(CHAT))
        reader = await stage.read(asked)
        [exchange] = stage.upstream.exchanges
    assert len(exchange.request.body) < len(reader.turn.request.body) / 2
    assert said(CHAT, reader.body).endswith(SAID)
    assert said(CHAT, reader.body) != SAID, "the user is told"


async def test_what_is_shortened_keeps_its_wishes_and_the_names_of_its_tools(
    autojump_clock: MockClock,
) -> None:
    """It goes through Anthropic's form, which has no seed and no dots in names."""
    function = {"name": "notes.add", "parameters": {"type": "object"}}
    called = {"id": "call_0", "type": "function", "function": {**function, "arguments": "{}"}}
    messages = [
        *LONG,
        {"role": "assistant", "content": None, "tool_calls": [called]},
        {"role": "tool", "tool_call_id": "call_0", "content": "noted"},
    ]
    tools = [{"type": "function", "function": function}]
    asked = dialect_turn(OLLAMA, messages=messages, tools=tools, options={"seed": 7})
    async with open_stage(settings_for(CHAT, context_tokens=8_000)) as stage:
        stage.work.respond = lambda request: answer(
            CHAT, calling(json.loads(request.body)["tools"][0]["function"]["name"], "{}")
        )
        reader = await stage.read(asked)
        [exchange] = stage.upstream.exchanges
    assert len(exchange.request.body) < len(asked.request.body) / 2
    assert json.loads(exchange.request.body)["seed"] == 7
    calls = [event for event in read_back(OLLAMA, reader.body) if isinstance(event, ToolUseStarted)]
    assert [call.name for call in calls] == ["notes.add"]


async def test_the_endpoint_s_report_makes_the_next_estimate_better(
    autojump_clock: MockClock,
) -> None:
    estimates: list[int] = []
    async with open_stage(settings_for(CHAT)) as stage:
        heavy = AnswerEnded("end_turn", Usage(input_tokens=9, output_tokens=1))
        stage.work.respond = always(answer(CHAT, [*EVENTS[:-1], heavy]))
        for _ in range(2):
            count = await stage.read(dialect_turn(OLLAMA, operation=Operation.COUNT_TOKENS))
            estimates.append(json.loads(count.body)["input_tokens"])
            await stage.read(dialect_turn(OLLAMA))
    assert estimates[0] < estimates[1] <= 9
