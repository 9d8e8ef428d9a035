"""OpenAI Chat Completions (platform.openai.com, "Chat", "Streaming"), as it answers.

Told apart by habit, and legal: usage comes in a chunk without choices behind `finish_reason`, and
is null before; a chunk may carry `obfuscation`; thinking comes as `reasoning_content`, the member
that the servers of open models have agreed on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ..answer import Answer, CallTool, Failure, Manner, Say, Think, natural_stop
from ..question import Json
from .openai_chat_rules import hear
from .openai_error import error_body
from .rules import Complaints
from .script import Asked, Frames, Heard, Script, dump, event

CREATED = 1_767_225_600
COMPLETION_ID = "chatcmpl-ScriptedUpstream"


class OpenAIChatScript(Script):
    dialect = "openai-chat"

    def listens_at(self, target: str) -> bool:
        return target == "/v1/chat/completions"

    def credential(self, headers: Mapping[str, str]) -> str:
        return headers.get("authorization", "").removeprefix("Bearer ")

    def hear(self, asked: Asked, body: Json, complaints: Complaints) -> Heard:
        return hear(body, complaints)

    def frames(self, answer: Answer, heard: Heard, manner: Manner) -> Frames:
        told: Json = {"usage": None} if heard.usage_in_stream else {}
        common = head(heard, "chat.completion.chunk")

        def chunk(delta: Json, finish: str | None = None) -> bytes:
            choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish}
            noise = {"obfuscation": "x7Yd"} if manner.comments else {}
            return event({**common, "choices": [choice], **told, **noise}, manner)

        made = [chunk({"role": "assistant", "content": "", "refusal": None})]
        made += [chunk(delta) for delta in deltas(answer, heard, manner)]
        if answer.failure:
            made.append(event(self.error(answer.failure), manner))
            return Frames(tuple(made), len(made))
        made.append(chunk({}, finish_reason(answer)))
        complete_at = len(made)
        if heard.usage_in_stream:
            made.append(event({**common, "choices": [], "usage": usage(answer)}, manner))
        made.append(event("[DONE]", manner))
        return Frames(tuple(made), complete_at)

    def whole(self, answer: Answer, heard: Heard) -> Json:
        text = "".join(part.text for part in answer.parts if isinstance(part, Say))
        thoughts = "".join(part.text for part in answer.parts if isinstance(part, Think))
        calls = [
            {"id": call_id(place), "type": "function", "function": function(part, heard, Manner())}
            for place, part in enumerate(calls_of(answer))
        ]
        said: Json = {
            "role": "assistant",
            "content": text or None,
            "refusal": answer.refusal or None,
            "annotations": [],
        }
        said |= {"reasoning_content": thoughts} if thoughts else {}
        said |= {"tool_calls": calls} if calls else {}
        finish = finish_reason(answer)
        choice = {"index": 0, "message": said, "logprobs": None, "finish_reason": finish}
        return {**head(heard, "chat.completion"), "choices": [choice], "usage": usage(answer)}

    def error(self, failure: Failure) -> Json:
        return error_body(failure)


def head(heard: Heard, kind: str) -> Json:
    """What each object of an answer begins with."""
    return {
        "id": COMPLETION_ID,
        "object": kind,
        "created": CREATED,
        "model": heard.model,
        "service_tier": "default",
        "system_fingerprint": "fp_scripted",
    }


def finish_reason(answer: Answer) -> str:
    """Why it stopped."""
    return answer.stop or str(natural_stop(answer, "stop", "tool_calls"))


def usage(answer: Answer) -> Json:
    """Cached tokens are among the prompt's."""
    told = answer.usage
    return {
        "prompt_tokens": told.all_input,
        "completion_tokens": told.output,
        "total_tokens": told.all_input + told.output,
        "prompt_tokens_details": {
            "cached_tokens": told.cache_read,
            "cache_write_tokens": told.cache_write,
            "audio_tokens": 0,
        },
        "completion_tokens_details": {
            "reasoning_tokens": 0,
            "audio_tokens": 0,
            "accepted_prediction_tokens": 0,
            "rejected_prediction_tokens": 0,
        },
    }


def deltas(answer: Answer, heard: Heard, manner: Manner) -> Iterator[Json]:
    """The answer's content in the deltas of its chunks."""
    for part in answer.parts:
        if not isinstance(part, CallTool):
            member = "content" if isinstance(part, Say) else "reasoning_content"
            for piece in manner.pieces(part.text):
                yield {member: piece}
    for piece in manner.pieces(answer.refusal):
        yield {"refusal": piece}
    streams = [
        call_deltas(place, part, heard, manner) for place, part in enumerate(calls_of(answer))
    ]
    for delta in by_turns(streams) if manner.interleaved else in_order(streams):
        yield {"tool_calls": [delta]}


def call_deltas(place: int, part: CallTool, heard: Heard, manner: Manner) -> Iterator[Json]:
    """One call: its name first, then its arguments."""
    first = {"name": heard.tool_name(part), "arguments": ""}
    pieces = manner.pieces(dump(part.input, manner))
    if not manner.characters:
        first["arguments"] = pieces.pop()
    yield {"index": place, "id": call_id(place), "type": "function", "function": first}
    for piece in pieces:
        yield {"index": place, "function": {"arguments": piece}}


def function(part: CallTool, heard: Heard, manner: Manner) -> Json:
    """A whole call."""
    return {"name": heard.tool_name(part), "arguments": dump(part.input, manner)}


def calls_of(answer: Answer) -> list[CallTool]:
    """The calls among an answer's parts."""
    return [part for part in answer.parts if isinstance(part, CallTool)]


def call_id(place: int) -> str:
    """An id like the provider's own."""
    return f"call_Scripted{place}"


def in_order(streams: list[Iterator[Any]]) -> Iterator[Any]:
    """One stream after the other."""
    for stream in streams:
        yield from stream


def by_turns(streams: list[Iterator[Any]]) -> Iterator[Any]:
    """An item of each in turn, for as long as it has one."""
    while streams:
        for stream in list(streams):
            for item in stream:
                yield item
                break
            else:
                streams.remove(stream)
