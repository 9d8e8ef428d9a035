"""Both sides of the wire as tests write them: chunks in, events out, and the other way round."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from understudy.protocols.conversation.answer import AnswerEvent, AnswerStarted
from understudy.protocols.conversation.blocks import Block, Text, ToolUse
from understudy.protocols.conversation.request import Conversation, Message, Tool
from understudy.protocols.dialect import NEED_DATA, AnswerReader, AnswerWriter
from understudy.protocols.openai_chat.dialect import SERVED, UPSTREAM
from understudy.protocols.request import ServedRequest

MODEL = "some-model"
ANSWER = "4f"
STREAMED = Conversation((), streamed=True)
STARTED = AnswerStarted()
DONE = b"data: [DONE]\n\n"


def data(value: Any) -> bytes:
    """One event with this JSON."""
    return b"data: " + json.dumps(value, ensure_ascii=False).encode() + b"\n\n"


def chunk(finish: str | None = None, usage: Any = None, **delta: Any) -> bytes:
    """One chunk as OpenAI writes it."""
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
    members: dict[str, Any] = {"usage": usage} if usage else {}
    return data(
        {
            "id": "chatcmpl-1",
            "object": "chat.completion.chunk",
            "created": 1,
            "model": "served",
            "choices": [choice],
            **members,
        }
    )


def call(index: int | None, arguments: Any = None, **members: Any) -> dict[str, Any]:
    """One item of `tool_calls` in a delta; `name` goes into its function."""
    function = {"arguments": arguments} if arguments is not None else {}
    if "name" in members:
        function["name"] = members.pop("name")
    place = {} if index is None else {"index": index}
    return {**place, **members, "function": function}


def calls(*items: dict[str, Any]) -> bytes:
    """A chunk with these items."""
    return chunk(tool_calls=list(items))


def body(finish: str | None = "stop", **message: Any) -> bytes:
    """An answer in one piece."""
    choice = {"index": 0, "message": {"role": "assistant", **message}, "finish_reason": finish}
    usage = {"prompt_tokens": 3, "completion_tokens": 2, "total_tokens": 5}
    return json.dumps({"object": "chat.completion", "choices": [choice], "usage": usage}).encode()


def drained(reader: AnswerReader) -> Iterator[AnswerEvent]:
    """The events that are there."""
    while (event := reader.next_event()) is not NEED_DATA:
        yield event


def read(
    *pieces: bytes, conversation: Conversation = STREAMED, model: str = MODEL
) -> list[AnswerEvent]:
    """All events of an answer that comes in these pieces and then ends."""
    reader = UPSTREAM.reader(conversation, model, ANSWER)
    events: list[AnswerEvent] = []
    for piece in pieces:
        reader.receive_data(piece)
        events += drained(reader)
    reader.receive_end()
    return [*events, *drained(reader)]


def content(*pieces: bytes) -> list[AnswerEvent]:
    """The events between the first and the last of an answer that is complete."""
    events = read(*pieces, DONE)
    assert events[0] == STARTED
    return events[1:-1]


def request(**members: Any) -> ServedRequest:
    """A client's request."""
    value = {"model": MODEL, "messages": [{"role": "user", "content": "hi"}], **members}
    return SERVED.parse(json.dumps(value).encode())


def asked(**members: Any) -> Conversation:
    """What a client's request says."""
    return SERVED.conversation(request(**members))


def heard(*messages: dict[str, Any]) -> Conversation:
    """What these messages of a client say."""
    return asked(messages=list(messages))


def sent(conversation: Conversation, model: str = MODEL) -> dict[str, Any]:
    """The body of the request to an endpoint."""
    value: dict[str, Any] = json.loads(UPSTREAM.request(conversation, model).body)
    return value


def said(*messages: Message, system: tuple[Text, ...] = (), **members: Any) -> list[dict[str, Any]]:
    """The messages that an endpoint gets."""
    value: list[dict[str, Any]] = sent(Conversation(messages, system, **members))["messages"]
    return value


def user(*blocks: Block | str) -> Message:
    """A message of the user."""
    return Message("user", _blocks(blocks))


def assistant(*blocks: Block | str) -> Message:
    """A message of the model."""
    return Message("assistant", _blocks(blocks))


def _blocks(blocks: Iterable[Block | str]) -> tuple[Block, ...]:
    return tuple(Text(block) if isinstance(block, str) else block for block in blocks)


def use(name: str = "f", call_id: str = "call_1", **given: Any) -> ToolUse:
    """A call."""
    return ToolUse(call_id, name, given)


def tool(name: str = "f", **members: Any) -> Tool:
    """A tool."""
    return Tool(name, schema={"type": "object", "properties": {}}, **members)


def written(writer: AnswerWriter, events: Iterable[AnswerEvent]) -> bytes:
    """All bytes of an answer."""
    return b"".join([*map(writer.send, events), writer.end()])


def streamed(events: Iterable[AnswerEvent], **members: Any) -> bytes:
    """The stream that a client gets for these events."""
    return written(SERVED.writer(request(stream=True, **members), ANSWER), events)


def plain(events: Iterable[AnswerEvent], **members: Any) -> dict[str, Any]:
    """The body that a client gets for these events."""
    found: dict[str, Any] = json.loads(written(SERVED.writer(request(**members), ANSWER), events))
    return found


def decoded(stream: bytes) -> list[Any]:
    """The JSON of each event, without the end mark; an event is one line of data."""
    events = stream.split(b"\n\n")
    assert events.pop() == b""
    lines = [event for event in events if event != b"data: [DONE]"]
    assert all(line.startswith(b"data: ") for line in lines)
    return [json.loads(line[6:]) for line in lines]


def deltas(stream: bytes) -> list[dict[str, Any]]:
    """What each chunk with a choice adds."""
    chunks = decoded(stream)
    return [chunk["choices"][0]["delta"] for chunk in chunks if chunk["choices"]]
