"""Ollama's /api/chat (docs/api.md of ollama/ollama), as it answers.

A stream is one JSON object a line. Thinking comes first, then text; calls come whole, with their
arguments as an object; the last line has `done`, the reason and the counts. Go escapes what breaks
a line elsewhere (U+2028); U+0085 is escaped here too, because the SDK ends a line there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ..answer import Answer, CallTool, Failure, Manner, Say, Think
from ..question import Json
from .ollama_rules import hear
from .rules import Complaints
from .script import Asked, Frames, Heard, Script, dump

CREATED = "2026-01-01T00:00:00.123456789Z"


class OllamaScript(Script):
    dialect = "ollama"
    stream_type = "application/x-ndjson"

    def listens_at(self, target: str) -> bool:
        return target == "/api/chat"

    def credential(self, headers: Mapping[str, str]) -> str:
        return headers.get("authorization", "").removeprefix("Bearer ")

    def hear(self, asked: Asked, body: Json, complaints: Complaints) -> Heard:
        return hear(body, complaints)

    def frames(self, answer: Answer, heard: Heard, manner: Manner) -> Frames:
        lines = [
            {**head(heard), "message": {"role": "assistant", "content": "", **said}, "done": False}
            for said in deltas(answer, heard, manner)
        ]
        if answer.failure:
            lines.append(self.error(answer.failure))
        else:
            lines.append({**head(heard), "message": {"role": "assistant", "content": ""}})
            lines[-1] |= tail(answer)
        made = tuple((lined(dump(line, manner)) + manner.line_end).encode() for line in lines)
        return Frames(made, len(made))

    def whole(self, answer: Answer, heard: Heard) -> Json:
        said: Json = {"role": "assistant", "content": ""}
        for delta in deltas(answer, heard, Manner(0)):
            for name, value in delta.items():
                said[name] = said[name] + value if name in said else value
        return {**head(heard), "message": said, **tail(answer)}

    def error(self, failure: Failure) -> Json:
        return {"error": failure.message}


def lined(text: str) -> str:
    """JSON that is one line for every reader."""
    for character in "\x85\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return text


def head(heard: Heard) -> Json:
    """What each line begins with."""
    return {"model": heard.model, "created_at": CREATED}


def tail(answer: Answer) -> Json:
    """What only the last line has; durations are in nanoseconds."""
    return {
        "done": True,
        "done_reason": answer.stop or "stop",
        "total_duration": 4_883_583_458,
        "load_duration": 1_334_875,
        "prompt_eval_count": answer.usage.all_input,
        "prompt_eval_duration": 342_546_000,
        "eval_count": answer.usage.output,
        "eval_duration": 4_535_599_000,
    }


def deltas(answer: Answer, heard: Heard, manner: Manner) -> Iterator[Json]:
    """The message's members, line by line."""
    place = 0
    for part in answer.parts:
        match part:
            case Say(text):
                for piece in manner.pieces(text):
                    yield {"content": piece}
            case Think(text):
                for piece in manner.pieces(text):
                    yield {"thinking": piece}
            case CallTool(_, given):
                function = {"index": place, "name": heard.tool_name(part), "arguments": given}
                yield {"tool_calls": [{"function": function}]}
                place += 1
