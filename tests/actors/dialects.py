"""Turns and answers of every dialect, for peers that follow a script.

The bytes are written by our own codecs, which other tests hold to the dialects: what is looked at
here is what becomes of them on their way.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from itertools import count
from typing import Any, Final, cast

from understudy.io.ports import Headers
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.blocks import Text
from understudy.protocols.conversation.request import Conversation, Message
from understudy.protocols.dialect import NEED_DATA, Failure, Target
from understudy.protocols.dialects import SERVED, UPSTREAM, family
from understudy.protocols.records import TurnOutcome, Usage
from understudy.protocols.settings_data import Dialect, EndpointSettings, KeyReference, Settings
from understudy.protocols.turn import Operation, Turn
from understudy.simulations.upstream import SendBytes, SendHead, Step

from .scripts import always, paced
from .stage import WORK_URL, Reader, open_stage

ANTHROPIC, CHAT, RESPONSES, GEMINI, OLLAMA = UPSTREAM
COMPLETIONS, GENERATE = "openai-completions", "ollama-generate"
TEXTS: Final = ("To", " be", ".")
SAID: Final = "".join(TEXTS)
USAGE: Final = Usage(input_tokens=11, output_tokens=3)
EVENTS: Final[tuple[AnswerEvent, ...]] = (
    AnswerStarted(),
    *(TextDelta(text) for text in TEXTS),
    BlockEnded(),
    AnswerEnded("end_turn", USAGE),
)
CLIENT_HEADERS: Headers = ((b"content-type", b"application/json"), (b"x-client", b"kept"))

_USER: Final = [{"role": "user", "content": "Hello"}]
_BODIES: Final[dict[str, dict[str, Any]]] = {
    ANTHROPIC: {"max_tokens": 64, "messages": _USER},
    CHAT: {"messages": _USER},
    COMPLETIONS: {"prompt": "Hello"},
    RESPONSES: {"input": "Hello"},
    GEMINI: {"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]},
    OLLAMA: {"messages": _USER},
    GENERATE: {"prompt": "Hello"},
}
_numbers = count(1)


def settings_for(dialect: str, *, context_tokens: int | None = None) -> Settings:
    """Settings with one endpoint, which speaks this dialect."""
    key, spoken = KeyReference("env", "WORK_KEY"), cast("tuple[Dialect, ...]", (dialect,))
    work = EndpointSettings("work", ("m",), spoken, WORK_URL, key, context_tokens=context_tokens)
    return Settings(endpoints=(work,))


def dialect_turn(
    dialect: str,
    *,
    stream: bool = True,
    operation: Operation = Operation.MESSAGES,
    query: bytes = b"",
    **members: Any,
) -> Turn:
    """A turn of a client of this dialect, unlike every other."""
    number = next(_numbers)
    manner = {} if dialect == GEMINI else {"model": "work/m", "stream": stream}
    body: dict[str, Any] = {"unknown": number, **manner, **_BODIES[dialect], **members}
    request = SERVED[dialect].parse(json.dumps(body).encode(), Target("work/m", stream))
    return Turn(
        id=f"req_{dialect}_{number}",
        conversation="conversation",
        named=True,
        agent="",
        operation=operation,
        request=request,
        query=query,
        headers=CLIENT_HEADERS,
    )


def answer_pieces(
    dialect: str, events: Iterable[AnswerEvent] = EVENTS, *, streamed: bool = True
) -> tuple[list[bytes], Headers]:
    """An endpoint's answer as the pieces that it sends, and its headers; one without an end is
    cut there."""
    asked: dict[str, Any] = {}
    if dialect == CHAT and streamed:
        asked = {"stream_options": {"include_usage": True}}
    writer = SERVED[dialect].writer(dialect_turn(dialect, stream=streamed, **asked).request, "up")
    said = list(events)
    pieces = [writer.send(event) for event in said]
    if isinstance(said[-1], AnswerEnded):
        pieces.append(writer.end())
    return [piece for piece in pieces if piece], writer.headers


def answer(
    dialect: str,
    events: Iterable[AnswerEvent] = EVENTS,
    *,
    streamed: bool = True,
    seconds: float = 0.1,
) -> list[Step]:
    """An endpoint's answer as the script of a peer."""
    pieces, headers = answer_pieces(dialect, events, streamed=streamed)
    return [SendHead(200, headers), *paced(pieces, seconds)]


def calling(name: str, arguments: str, call: str = "call_1") -> list[AnswerEvent]:
    """An answer that calls one tool."""
    return [
        AnswerStarted(),
        ToolUseStarted(call, name),
        ToolInputDelta(arguments),
        BlockEnded(),
        AnswerEnded("tool_use", USAGE),
    ]


def refusal_of(dialect: str, status: int, kind: str, message: str) -> list[Step]:
    """An endpoint's error response."""
    body = SERVED[dialect].error(Failure(status, kind, message), "req_up")
    return [SendHead(status, ((b"content-type", b"application/json"),)), SendBytes(body)]


def read_back(dialect: str, body: bytes, *, streamed: bool = True) -> list[AnswerEvent]:
    """What a client of this dialect reads."""
    asked = Conversation((Message("user", (Text("Hello"),)),), streamed=streamed)
    reader = UPSTREAM[family(dialect)].reader(asked, "m", "read")
    reader.receive_data(body)
    reader.receive_end()
    events: list[AnswerEvent] = []
    while (event := reader.next_event()) is not NEED_DATA:
        events.append(event)
    return events


def said(dialect: str, body: bytes, *, streamed: bool = True) -> str:
    """The text that a client of this dialect reads."""
    if dialect in (COMPLETIONS, GENERATE):
        lines = [line.removeprefix(b"data: ") for line in body.splitlines()]
        values = [json.loads(line) for line in lines if line.startswith(b"{")]
        if dialect == GENERATE:
            return "".join(value["response"] for value in values)
        return "".join(choice["text"] for value in values for choice in value["choices"])
    events = read_back(dialect, body, streamed=streamed)
    return "".join(event.text for event in events if isinstance(event, TextDelta))


async def read(upstream: str, asked: Turn, *script: Step) -> Reader:
    """Reads one turn at an endpoint of one dialect that follows the script."""
    async with open_stage(settings_for(upstream)) as stage:
        stage.work.respond = always(script)
        reader = await stage.read(asked)
        assert reader.record in (None, await stage.line(reader))
        return reader


def ledger(reader: Reader) -> tuple[TurnOutcome, int, Usage]:
    """How the ledger says that it ended."""
    assert reader.record is not None
    return reader.record.outcome, reader.record.status, reader.record.usage
