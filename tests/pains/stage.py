"""Requests through the codecs and through the product, as short as a playbook wants them."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from itertools import count
from typing import Any, cast

import attrs
import trio
from understudy import app
from understudy.actors.kernel import open_system
from understudy.actors.kernel.ref import CellRef
from understudy.actors.sessions import Sessions
from understudy.io.ports import Search, UpstreamRequest
from understudy.protocols.actor import ActorError
from understudy.protocols.conversation.answer import AnswerEvent
from understudy.protocols.dialect import NEED_DATA, Target
from understudy.protocols.dialects import SERVED, UPSTREAM
from understudy.protocols.preparation import prepared
from understudy.protocols.settings_data import Dialect, EndpointSettings, SearchSettings, Settings
from understudy.protocols.turn import Cut, Head, Operation, StartTurn, Turn, TurnRefused
from understudy.simulations.engine import SimulatedEngine
from understudy.simulations.state import SimulatedState
from understudy.simulations.upstream import Respond, SendBytes, SendHead, SimulatedUpstream, Step

Json = dict[str, Any]

OTHERS = ("openai-chat", "openai-responses", "gemini", "ollama")
"""The dialects of endpoints that are not Anthropic's."""
MODELS = {
    "anthropic": "claude-sonnet-4-5",
    "openai-chat": "gpt-5.5",
    "openai-responses": "gpt-5.5",
    "gemini": "gemini-3-pro",
    "ollama": "qwen3",
}
TOOL: Json = {"name": "Read", "description": "Reads.", "input_schema": {"type": "object"}}
EVENT_HEADERS = ((b"content-type", b"text/event-stream"),)
_numbers = count(1)


def body(*messages: Json, **members: Any) -> bytes:
    """A Messages request as Claude Code sends it."""
    known = {"model": "work/m", "max_tokens": 64, "stream": True, "messages": list(messages)}
    return json.dumps({**known, **members}).encode()


def said(role: str, *content: Any) -> Json:
    """A message of blocks, or of one text."""
    one = len(content) == 1 and isinstance(content[0], str)
    return {"role": role, "content": content[0] if one else list(content)}


def text(words: str) -> Json:
    """A text block."""
    return {"type": "text", "text": words}


def use(identity: str, name: str = "Read", **given: Any) -> Json:
    """A tool call."""
    return {"type": "tool_use", "id": identity, "name": name, "input": given}


def result(identity: str, content: Any = "done") -> Json:
    """A tool's result."""
    return {"type": "tool_result", "tool_use_id": identity, "content": content}


def sent(dialect: str, request: bytes, *, served: str = "anthropic") -> bytes:
    """The body that an endpoint of this dialect gets for a client's request."""
    half = SERVED[served]
    conversation = half.conversation(half.parse(request, Target("m", streamed=True)))
    shown = prepared(conversation, dialect)
    return UPSTREAM[dialect].request(shown, MODELS[dialect]).body


def sent_json(dialect: str, request: bytes) -> Json:
    """The same, decoded."""
    found: Json = json.loads(sent(dialect, request))
    return found


def events_of(dialect: str, pieces: Iterable[bytes], request: bytes = body()) -> list[AnswerEvent]:
    """What an endpoint's answer says, in whatever pieces it comes."""
    conversation = SERVED["anthropic"].conversation(SERVED["anthropic"].parse(request))
    reader = UPSTREAM[dialect].reader(conversation, MODELS[dialect], "1")
    events: list[AnswerEvent] = []
    for data in (*pieces, None):
        if data is None:
            reader.receive_end()
        else:
            reader.receive_data(data)
        while (event := reader.next_event()) is not NEED_DATA:
            events.append(event)
    return events


def told(events: Iterable[AnswerEvent], served: str = "anthropic") -> bytes:
    """The stream that a client gets for them."""
    half = SERVED[served]
    writer = half.writer(half.parse(body()), "1")
    return b"".join([*map(writer.send, events), writer.end()])


def data_of(stream: bytes) -> list[Json]:
    """The data of each event of a stream, as JSON."""
    lines = (line for line in stream.decode().splitlines() if line.startswith("data:"))
    return [json.loads(line[5:]) for line in lines if "[DONE]" not in line]


def chunks(*deltas: Json, finish: str = "stop", usage: Json | None = None) -> list[bytes]:
    """A Chat Completions stream."""
    made: list[Json] = [{"choices": [{"index": 0, "delta": delta}]} for delta in deltas]
    made.append({"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]})
    made += [{"choices": [], "usage": usage}] if usage else []
    return [*(b"data: %b\n\n" % json.dumps(each).encode() for each in made), b"data: [DONE]\n\n"]


def streamed(*pieces: bytes) -> list[Step]:
    """A peer that answers with these bytes."""
    return [SendHead(200, EVENT_HEADERS), *map(SendBytes, pieces)]


def whole(value: Any, status: int = 200) -> list[Step]:
    """A peer that answers in one piece."""
    kind = ((b"content-type", b"application/json"),)
    return [SendHead(status, kind), SendBytes(json.dumps(value).encode())]


@attrs.define(eq=False)
class Reader:
    """A client that reads one answer."""

    items: list[Any] = attrs.field(factory=list[Any])
    refused: TurnRefused | None = None
    scope: trio.CancelScope = attrs.field(factory=trio.CancelScope)
    ended: trio.Event = attrs.field(factory=trio.Event)

    @property
    def body(self) -> bytes:
        """What came of the body."""
        return b"".join(item for item in self.items if isinstance(item, bytes))

    @property
    def cut(self) -> bool:
        """Whether the connection was cut."""
        return bool(self.items) and isinstance(self.items[-1], Cut)

    @property
    def has_head(self) -> bool:
        """Whether the answer has begun."""
        return bool(self.items) and isinstance(self.items[0], Head)


@attrs.define(eq=False)
class Product:
    """The product's actors before one scripted endpoint, `work`."""

    nursery: trio.Nursery
    sessions: Sessions
    router: CellRef
    upstream: SimulatedUpstream

    def ask(self, request: bytes, *, conversation: str = "c", counting: bool = False) -> Reader:
        """Starts to read the answer to a client's request."""
        operation = Operation.COUNT_TOKENS if counting else Operation.MESSAGES
        parsed = SERVED["anthropic"].parse(request)
        identity = f"req_{next(_numbers)}"
        reader = Reader()
        turn = Turn(identity, conversation, True, "", operation, parsed)
        self.nursery.start_soon(self._read, reader, turn)
        return reader

    async def read(self, request: bytes, *, counting: bool = False) -> Reader:
        """Reads an answer to its end."""
        reader = self.ask(request, conversation=f"c{next(_numbers)}", counting=counting)
        await reader.ended.wait()
        return reader

    async def _read(self, reader: Reader, turn: Turn) -> None:
        try:
            with reader.scope:
                session = self.sessions.session(turn.conversation)
                async with session.open_stream(StartTurn(turn)) as opened:
                    async for item in opened:
                        reader.items.append(item)
        except TurnRefused as refusal:
            reader.refused = refusal
        except ActorError as error:
            raise AssertionError("the turn failed") from error
        finally:
            reader.ended.set()

    def asked(self) -> list[Json]:
        """Every body that the endpoint was sent."""
        bodies = [exchange.request.body for exchange in self.upstream.exchanges]
        return [json.loads(each) for each in bodies]


@asynccontextmanager
async def open_product(
    dialect: str,
    respond: Respond,
    *,
    context_tokens: int | None = None,
    search: Search | None = None,
) -> AsyncGenerator[Product]:
    """Starts the actors as the composition root does, over simulated ports."""
    url, spoken = "http://work.test", cast("tuple[Dialect, ...]", (dialect,))
    models = ("m", "small")
    endpoint = EndpointSettings("work", models, spoken, url, context_tokens=context_tokens)

    def search_of(*_: object) -> Search:
        assert search is not None
        return search

    upstream = SimulatedUpstream()
    upstream.listen(url, respond)
    engine = SimulatedEngine(upstream)
    async with open_system() as system, trio.open_nursery() as nursery:
        searching = None if search is None else SearchSettings("searxng", "http://search.test")
        state, settings = SimulatedState(), Settings(endpoints=(endpoint,), search=searching)
        parts, router, sessions = app.start_actors(system, settings, state, upstream, engine, {})
        if search is not None:
            parts.searches = search_of
        yield Product(nursery, sessions, router, upstream)
        nursery.cancel_scope.cancel("the test is over")


def one_after_the_other(*scripts: Sequence[Step]) -> Respond:
    """A peer that answers each request with the next script."""
    left = list(scripts)

    def respond(_: UpstreamRequest) -> Sequence[Step]:
        return left.pop(0)

    return respond
