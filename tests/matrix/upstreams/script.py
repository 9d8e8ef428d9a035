"""What a scripted upstream must be able to do, whatever its dialect."""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

import attrs

from ..answer import AS_IT_COMES, Answer, CallTool, Failure, Manner
from ..question import Json
from .rules import Complaints

KEY = "key-of-the-scripted-upstreams"
TOKEN = "token-of-the-judges"
"""What the judges show to Understudy; no upstream may ever see it."""


@attrs.frozen
class Asked:
    """A request as it arrived."""

    target: str
    headers: Mapping[str, str]
    body: bytes = attrs.field(repr=False)


@attrs.frozen
class HeardTool:
    name: str
    schema: Json


@attrs.frozen
class HeardResult:
    """`is_error` is None where the dialect does not tell."""

    call: str
    text: str
    is_error: bool | None
    images: tuple[bytes, ...] = ()


@attrs.define
class Heard:
    """What a request says, in neutral words. `texts` is all that users said, in order."""

    model: str = ""
    streamed: bool = False
    system: str = ""
    texts: list[str] = attrs.Factory(list[str])
    model_texts: list[str] = attrs.Factory(list[str])
    images: list[bytes] = attrs.Factory(list[bytes])
    documents: list[bytes] = attrs.Factory(list[bytes])
    calls: list[tuple[str, str, Json]] = attrs.Factory(list[tuple[str, str, Json]])
    results: list[HeardResult] = attrs.Factory(list[HeardResult])
    tools: list[HeardTool] = attrs.Factory(list[HeardTool])
    max_tokens: int | None = None
    stop_sequences: list[str] = attrs.Factory(list[str])
    thoughts: list[str] = attrs.Factory(list[str])
    usage_in_stream: bool = True
    choice: str = ""
    temperature: float | None = None

    def tool_name(self, call: CallTool) -> str:
        """The name that the request gives to the tool that the script calls."""
        return self.tools[call.tool].name


@attrs.frozen
class Frames:
    """A streamed answer as its events. From `complete_at` events on nothing of it is missing but
    the dialect's end mark, which is the last of all."""

    events: tuple[bytes, ...] = attrs.field(repr=False)
    complete_at: int


class Script(ABC):
    """One provider, as it answers requests of its dialect."""

    dialect: ClassVar[str]
    stream_type: ClassVar[str] = "text/event-stream; charset=utf-8"

    @abstractmethod
    def listens_at(self, target: str) -> bool:
        """Whether this is the path of the dialect's one operation that is played."""

    @abstractmethod
    def credential(self, headers: Mapping[str, str]) -> str:
        """The key in the request's headers, "" for none."""

    @abstractmethod
    def hear(self, asked: Asked, body: Json, complaints: Complaints) -> Heard:
        """Reads a request and notes each breach of the dialect's rules."""

    @abstractmethod
    def frames(self, answer: Answer, heard: Heard, manner: Manner) -> Frames:
        """The answer as a stream of events."""

    @abstractmethod
    def whole(self, answer: Answer, heard: Heard) -> Json:
        """The answer in one piece."""

    @abstractmethod
    def error(self, failure: Failure) -> Json:
        """The body of an error response."""

    def error_headers(self, failure: Failure) -> dict[str, str]:
        """The headers that belong to an error response."""
        if failure.retry_after_seconds is None:
            return {}
        return {"retry-after": str(failure.retry_after_seconds)}


def dump(value: Any, manner: Manner = AS_IT_COMES) -> str:
    """JSON as compact as providers write it."""
    return json.dumps(value, ensure_ascii=manner.escaped, separators=(",", ":"))


def event(data: Json | str, manner: Manner, name: str = "") -> bytes:
    """One event of a stream, with a comment before it where the manner is to have comments.

    No provider sends an `id` or a `retry`, and not every SDK bears one.
    """
    text = data if isinstance(data, str) else dump(data, manner)
    lines = [f"event: {name}"] if name else []
    lines += [f"data: {text}", "", ""]
    if manner.comments:
        lines = [": a comment", "", *lines]
    return manner.line_end.join(lines).encode()
