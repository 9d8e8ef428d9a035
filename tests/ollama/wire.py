"""Ollama's lines as its server writes them, and what our halves make of bytes and events."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ThinkingDelta,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.origin import signed
from understudy.protocols.conversation.request import Conversation, Sampling
from understudy.protocols.dialect import NEED_DATA, AnswerWriter
from understudy.protocols.ollama.dialect import GENERATE, SERVED, UPSTREAM
from understudy.protocols.records import Usage

MODEL = "qwen3:8b"
STREAMED = Conversation((), streamed=True)
WHOLE = Conversation((), streamed=False)


def line(**members: Any) -> bytes:
    """One line of a stream."""
    whole = {"model": MODEL, "created_at": "2026-08-21T18:48:22.1Z", "done": False, **members}
    return json.dumps(whole, ensure_ascii=False).encode() + b"\n"


def said(content: str = "", **members: Any) -> bytes:
    """A line with a piece of a message."""
    return line(message={"role": "assistant", "content": content, **members})


def call(name: str, arguments: Any, **members: Any) -> dict[str, Any]:
    """One tool call."""
    return {"function": {"name": name, "arguments": arguments}, **members}


def done(reason: str | None = "stop", **members: Any) -> bytes:
    """The last line."""
    counts = {"prompt_eval_count": 26, "eval_count": 9, "total_duration": 4_883_583_458}
    why = {} if reason is None else {"done_reason": reason}
    message = {"role": "assistant", "content": ""}
    return line(**{"message": message, "done": True, **why, **counts, **members})


ANSWER = [
    said(thinking="hm "),
    said(thinking="\u00e9\U0001f600"),
    said("Hel"),
    said("lo \u2028 \U0001f600"),
    said(tool_calls=[call("read", {"path": "a\u00e9"}, id="call_1"), call("list", {})]),
    said(tool_calls=[call("read", {"path": "b"})]),
    done(),
]
EVENTS: list[AnswerEvent] = [
    AnswerStarted(),
    ThinkingDelta("hm "),
    ThinkingDelta("\u00e9\U0001f600"),
    ThinkingSigned(signed("ollama", MODEL, "")),
    BlockEnded(),
    TextDelta("Hel"),
    TextDelta("lo \u2028 \U0001f600"),
    ToolUseStarted("call_1", "read"),
    ToolInputDelta('{"path":"a\u00e9"}'),
    BlockEnded(),
    ToolUseStarted("call_a1_1", "list"),
    ToolInputDelta("{}"),
    BlockEnded(),
    ToolUseStarted("call_a1_2", "read"),
    ToolInputDelta('{"path":"b"}'),
    BlockEnded(),
    AnswerEnded("tool_use", Usage(26, 9)),
]


def read(chunks: Iterable[bytes], conversation: Conversation = STREAMED) -> list[AnswerEvent]:
    """Every event of an answer that comes in these pieces."""
    reader = UPSTREAM.reader(conversation, MODEL, "a1")
    events: list[AnswerEvent] = []
    for chunk in chunks:
        reader.receive_data(chunk)
        while (event := reader.next_event()) is not NEED_DATA:
            events.append(event)
    reader.receive_end()
    while (event := reader.next_event()) is not NEED_DATA:
        events.append(event)
    return events


def limited(max_tokens: int) -> Conversation:
    """A streamed conversation with a limit for the answer."""
    return Conversation((), streamed=True, sampling=Sampling(max_tokens=max_tokens))


def writer(*, streamed: bool = True, generate: bool = False) -> AnswerWriter:
    """A writer for a request of one of the two routes."""
    served = GENERATE if generate else SERVED
    body = json.dumps({"model": MODEL, "prompt": "?", "messages": [], "stream": streamed}).encode()
    return served.writer(served.parse(body), "a1")


def written(events: Iterable[AnswerEvent], **kind: bool) -> bytes:
    """All bytes of an answer with these events."""
    to = writer(**kind)
    return b"".join([*(to.send(event) for event in events), to.end()])


def client_lines(data: bytes) -> list[dict[str, Any]]:
    """The lines as the official Python client reads them: cut by `splitlines`, each one JSON."""
    return [json.loads(found) for found in data.decode().splitlines()]
