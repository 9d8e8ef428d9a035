"""A client of Ollama's `/api/chat`, which asks for thinking."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import attrs
import msgspec

from ...protocols.json_values import objects_of, text_of
from .ear import SCHEMA, TOOLS, Ear, Json, Prompt, Results, Turn, object_in
from .meaning import Calls, Heard


class OllamaEar(Ear):
    """See the module."""

    dialect: ClassVar[str] = "ollama"
    path: ClassVar[str] = "api/chat"

    def body(self, model: str, turns: Sequence[Turn], words: str, *, streamed: bool) -> Json:
        """See Ear."""
        messages: list[Json] = [{"role": "system", "content": words}]
        for turn in turns:
            messages += _messages(turn)
        functions = [{"name": name, "description": name, "parameters": SCHEMA} for name in TOOLS]
        tools = [{"type": "function", "function": function} for function in functions]
        asked = {"model": model, "messages": messages, "tools": tools, "think": True}
        return {**asked, "stream": streamed}

    def heard(self, body: bytes, *, complete: bool) -> Heard:
        """See Ear."""
        *lines, rest = body.split(b"\n")
        hearing = _Hearing()
        hearing.check(not (complete and rest), f"ends inside a line: {rest[:80]!r}")
        for line in lines:
            hearing.take(line)
        return hearing.result(complete=complete)

    def heard_whole(self, body: bytes) -> Heard:
        """See Ear."""
        hearing = _Hearing()
        hearing.take(body)
        return hearing.result(complete=True)

    def refusal(self, status: int, body: Json) -> str:
        """See Ear."""
        error = body.get("error")
        return error if isinstance(error, str) else ""


@attrs.define
class _Hearing:
    """An answer while it is read."""

    complaints: list[str] = attrs.field(factory=list[str])
    _text: str = ""
    _thoughts: str = ""
    _calls: list[Calls] = attrs.field(factory=list[Calls])
    _done: bool = False
    _error: str = ""
    _usage: tuple[int, int] | None = None

    def check(self, holds: bool, words: str) -> None:
        if not holds:
            self.complaints.append(words)

    def take(self, line: bytes) -> None:
        value = object_in(line)
        self.check(not (self._done or self._error), f"something comes after the end: {line[:80]!r}")
        if value is None:
            self.check(False, f"not a line of JSON: {line[:80]!r}")
        elif "error" in value:
            self._error = str(value["error"])
        else:
            self._take(value)

    def _take(self, value: Json) -> None:
        known = all(key in value for key in ("model", "created_at", "message", "done"))
        self.check(known, f"a line without its members: {sorted(value)}")
        message: Json = value.get("message") or {}
        self.check(message.get("role") == "assistant", "the message is not the assistant's")
        self._text += message.get("content") or ""
        self._thoughts += message.get("thinking") or ""
        for call in objects_of(message.get("tool_calls")):
            function = call["function"]
            self.check(isinstance(function["arguments"], dict), "arguments that are no object")
            arguments = msgspec.json.encode(function["arguments"]).decode()
            self._calls.append(Calls(text_of(call.get("id")), function["name"], arguments))
        if value.get("done"):
            self._done = True
            self.check("done_reason" in value, "the end has no reason")
            if "eval_count" in value:
                self._usage = (value.get("prompt_eval_count", 0), value["eval_count"])

    def result(self, *, complete: bool) -> Heard:
        ended = self._done or bool(self._error)
        self.check(ended or not complete, "a clean end without the last line")
        echo: Json = {"role": "assistant", "content": self._text}
        if self._thoughts:
            echo["thinking"] = self._thoughts
        if self._calls:
            echo["tool_calls"] = [_call(call) for call in self._calls]
        whole, complaints = self._done and not self._error, tuple(self.complaints)
        calls = tuple(self._calls)
        return Heard(
            self._text, self._thoughts, calls, whole, self._error, self._usage, complaints, [echo]
        )


def _call(call: Calls) -> Json:
    known = {"id": call.id} if call.id else {}
    arguments = msgspec.json.decode(call.arguments)
    return {**known, "function": {"name": call.name, "arguments": arguments}}


def _messages(turn: Turn) -> list[Json]:
    match turn:
        case Prompt(text):
            return [{"role": "user", "content": text}]
        case Results(results):
            return [_result(call, text) for call, text in results]
        case Heard():
            echo: list[Json] = turn.echo
            return echo


def _result(call: Calls, text: str) -> Json:
    known = {"tool_call_id": call.id} if call.id else {}
    return {"role": "tool", **known, "tool_name": call.name, "content": text}
