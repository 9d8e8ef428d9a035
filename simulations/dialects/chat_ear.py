"""A client of OpenAI's Chat Completions. It asks for the usage, and gives reasoning back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import attrs

from ...protocols.json_values import object_of, objects_of, text_of
from .ear import SCHEMA, TOOLS, Ear, Json, Prompt, Results, Turn, event_of, frames_of, object_in
from .meaning import Calls, Heard

DONE = b"data: [DONE]"
REASONS = ("stop", "length", "tool_calls", "content_filter")


class ChatEar(Ear):
    """See the module."""

    dialect: ClassVar[str] = "openai-chat"
    path: ClassVar[str] = "v1/chat/completions"

    def body(self, model: str, turns: Sequence[Turn], words: str, *, streamed: bool) -> Json:
        """See Ear."""
        messages: list[Json] = [{"role": "system", "content": words}]
        for turn in turns:
            messages += _messages(turn)
        functions = [{"name": name, "description": name, "parameters": SCHEMA} for name in TOOLS]
        tools = [{"type": "function", "function": function} for function in functions]
        body: Json = {"model": model, "messages": messages, "tools": tools, "stream": streamed}
        return body | ({"stream_options": {"include_usage": True}} if streamed else {})

    def heard(self, body: bytes, *, complete: bool) -> Heard:
        """See Ear."""
        frames, complaints = frames_of(body, complete=complete)
        hearing = _Hearing(complaints=complaints)
        for frame in frames:
            hearing.take(frame)
        return hearing.result(complete=complete)

    def heard_whole(self, body: bytes) -> Heard:
        """See Ear."""
        value = object_in(body) or {}
        hearing = _Hearing()
        try:
            [choice] = value["choices"]
            message: Json = choice["message"]
            hearing.check(value["object"] == "chat.completion", "it is no completion")
            hearing.check(message["role"] == "assistant", "the message is not the assistant's")
            hearing.take_delta({**message, "tool_calls": _numbered(message.get("tool_calls"))})
            hearing.finish(choice["finish_reason"])
            hearing.take_usage(value.get("usage"))
            hearing.done = True
        except (KeyError, TypeError, ValueError) as problem:
            hearing.check(False, f"not a completion: {problem!r} in {body[:80]!r}")
        return hearing.result(complete=True)

    def refusal(self, status: int, body: Json) -> str:
        """See Ear."""
        error = object_of(body.get("error"))
        return text_of(error.get("message")) if "type" in error else ""


@attrs.define
class _Hearing:
    """An answer while it is read."""

    complaints: list[str] = attrs.field(factory=list[str])
    done: bool = False
    _text: list[str] = attrs.field(factory=list[str])
    _thoughts: list[str] = attrs.field(factory=list[str])
    _details: list[Any] = attrs.field(factory=list[Any])
    _calls: list[Calls] = attrs.field(factory=list[Calls])
    _reason: str = ""
    _error: str = ""
    _usage: tuple[int, int] | None = None
    _id: str = ""

    def check(self, holds: bool, words: str) -> None:
        if not holds:
            self.complaints.append(words)

    def take(self, frame: bytes) -> None:
        self.check(not (self.done or self._error), f"something comes after the end: {frame[:80]!r}")
        if frame == DONE:
            self.done = True
            self.check(bool(self._reason), "[DONE] without a finish reason")
            return
        chunk = event_of(frame)
        if chunk is None:
            self.check(False, f"not a chunk: {frame[:80]!r}")
        elif "error" in chunk:
            self._error = str(chunk["error"]["message"])
        elif chunk.get("object") == "chat.completion.chunk":
            self._take_chunk(chunk)

    def _take_chunk(self, chunk: Json) -> None:
        self._id = self._id or chunk["id"]
        self.check(chunk["id"] == self._id, "the id changes")
        self.check(isinstance(chunk["created"], int), "no time")
        for choice in chunk["choices"]:
            self.check(not self._reason or not choice["delta"], "content after the finish reason")
            self.take_delta(choice["delta"])
            if choice.get("finish_reason") is not None:
                self.finish(choice["finish_reason"])
        self.take_usage(chunk.get("usage"))

    def take_delta(self, delta: Json) -> None:
        self._text.append(delta.get("content") or "")
        self._thoughts.append(delta.get("reasoning_content") or "")
        self._details += delta.get("reasoning_details") or []
        for call in objects_of(delta.get("tool_calls")):
            self._take_call(call, call["index"])

    def _take_call(self, call: Json, index: int) -> None:
        function = object_of(call.get("function"))
        named, name = text_of(call.get("id")), text_of(function.get("name"))
        if index > len(self._calls):
            self.check(False, f"call {index} comes before {len(self._calls)}")
            return
        if index == len(self._calls):
            self.check(bool(named and name), f"call {index} begins without an id or a name")
            self._calls.append(Calls(named, name, ""))
        known = self._calls[index]
        more = text_of(function.get("arguments"))
        self._calls[index] = attrs.evolve(known, arguments=known.arguments + more)

    def finish(self, reason: Any) -> None:
        self.check(not self._reason, "two finish reasons")
        self.check(reason in REASONS, f"no finish reason: {reason!r}")
        self._reason = str(reason)
        called = reason == "tool_calls"
        told = called == bool(self._calls) or reason == "length"  # after a call that is whole
        self.check(told, f"{reason} with {len(self._calls)} calls")

    def take_usage(self, usage: Any) -> None:
        if usage is not None:
            self._usage = (usage["prompt_tokens"], usage["completion_tokens"])

    def result(self, *, complete: bool) -> Heard:
        ended = self.done or bool(self._error)
        self.check(ended or not complete, "a clean end without [DONE]")
        text, thoughts = "".join(self._text), "".join(self._thoughts)
        echo: Json = {"role": "assistant", "content": text or None}
        if thoughts:
            echo["reasoning_content"] = thoughts
        if self._details:
            echo["reasoning_details"] = self._details
        if self._calls:
            echo["tool_calls"] = [
                {
                    "id": call.id,
                    "type": "function",
                    "function": {"name": call.name, "arguments": call.arguments},
                }
                for call in self._calls
            ]
        return Heard(
            text,
            thoughts,
            tuple(self._calls),
            self.done and not self._error,
            self._error,
            self._usage,
            tuple(self.complaints),
            [echo],
        )


def _numbered(calls: list[Json] | None) -> list[Json]:
    return [{"index": number, **call} for number, call in enumerate(calls or [])]


def _messages(turn: Turn) -> list[Json]:
    match turn:
        case Prompt(text):
            return [{"role": "user", "content": text}]
        case Results(results):
            return [
                {"role": "tool", "tool_call_id": call.id, "content": text} for call, text in results
            ]
        case Heard():
            echo: list[Json] = turn.echo
            return echo
