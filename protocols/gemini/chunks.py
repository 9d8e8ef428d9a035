"""How parts of an answer become bytes: a stream of chunks, or one object.

Two sinks with the same methods. A stream writes each part at once: as server-sent events
(`alt=sse`), or as a JSON array that grows. The whole keeps them, and joins text to the text before
it, as the API does.

A ping is an empty line. A comment would not do: the newest google-genai for Python reads any line
without `data: ` in front as a piece of JSON, and fails; all of Google's SDKs pass over empty lines.
Between the items of an array it is white space.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

import attrs
import msgspec

from ..dialect import ANSWER_BYTES_MAX, Headers, UpstreamNonsense
from .logprobs import logprobs_result

SSE_HEADERS: Headers = ((b"content-type", b"text/event-stream"), (b"cache-control", b"no-cache"))
JSON_HEADERS: Headers = ((b"content-type", b"application/json; charset=UTF-8"),)
Part = dict[str, Any]


class Sink(ABC):
    """Where the parts of one answer go."""

    headers: Headers

    @abstractmethod
    def text(self, text: str, logprobs: tuple[Any, ...] = ()) -> bytes:
        """More text."""

    @abstractmethod
    def thought(self, text: str) -> bytes:
        """More thinking."""

    @abstractmethod
    def part(self, part: Part) -> bytes:
        """A whole part."""

    @abstractmethod
    def close(self, candidate: dict[str, Any], chunk: dict[str, Any], last: Part) -> bytes:
        """The last chunk: members of its candidate, its own, and the part that ends it."""

    @abstractmethod
    def replace(self, chunk: dict[str, Any]) -> bytes:
        """A chunk without a candidate, which ends the answer: a block or an error."""

    @abstractmethod
    def ping(self) -> bytes:
        """What keeps a client waiting."""

    @abstractmethod
    def end(self) -> bytes:
        """What ends the body."""


@attrs.define
class Stream(Sink):
    """Chunks that are written at once, as events or as items of an array."""

    _names: dict[str, str]
    _array: bool
    headers: Headers = attrs.field(init=False)
    _head: bytes = b'{"candidates":[{"content":{"parts":[{"text":'
    _tail: bytes = attrs.field(init=False)
    _items: int = 0

    def __attrs_post_init__(self) -> None:
        self.headers = JSON_HEADERS if self._array else SSE_HEADERS
        names = msgspec.json.encode(self._names)
        self._tail = b'}],"role":"model"},"index":0}],' + names[1:]

    def text(self, text: str, logprobs: tuple[Any, ...] = ()) -> bytes:
        """Text as a chunk; the frequent case is put together from bytes."""
        if logprobs:
            return self._candidate({"text": text}, {"logprobsResult": logprobs_result(logprobs)})
        return self._item(self._head + msgspec.json.encode(text) + self._tail)

    def thought(self, text: str) -> bytes:
        """Thinking as a chunk."""
        return self._candidate({"text": text, "thought": True}, {})

    def part(self, part: Part) -> bytes:
        """A part as a chunk."""
        return self._candidate(part, {})

    def close(self, candidate: dict[str, Any], chunk: dict[str, Any], last: Part) -> bytes:
        """The last chunk has a part, too: clients read the text of each one."""
        return self._candidate(last, candidate, chunk)

    def replace(self, chunk: dict[str, Any]) -> bytes:
        """An error stands first in its chunk, where the SDKs look for it, and ends an array."""
        if "error" in chunk:
            return self._item(msgspec.json.encode(chunk)) + self.end()
        return self._item(msgspec.json.encode(chunk | self._names))

    def ping(self) -> bytes:
        """An empty line, or white space between items."""
        return b"\n" if self._array else b"\n\n"

    def end(self) -> bytes:
        """The end of the array; a stream of events just ends."""
        if not self._array:
            return b""
        return b"]" if self._items else b"[]"

    def _candidate(
        self, part: Part, members: dict[str, Any], chunk: dict[str, Any] | None = None
    ) -> bytes:
        content = {"parts": [part], "role": "model"}
        candidates = [{"content": content, **members, "index": 0}]
        return self._item(
            msgspec.json.encode({"candidates": candidates, **(chunk or {}), **self._names})
        )

    def _item(self, chunk: bytes) -> bytes:
        self._items += 1
        if self._array:
            return (b"," if self._items > 1 else b"[") + chunk + b"\r\n"
        return b"data: " + chunk + b"\r\n\r\n"


@attrs.define
class Whole(Sink):
    """All of an answer, kept until its end."""

    _names: dict[str, str]
    headers: Headers = JSON_HEADERS
    _parts: list[Part] = attrs.field(factory=list[Part])
    _run: list[str] = attrs.field(factory=list[str])
    _run_is_thought: bool = False
    _logprobs: list[Any] = attrs.field(factory=list[Any])
    _gathered: int = 0
    _body: dict[str, Any] = attrs.field(factory=dict[str, Any])

    def text(self, text: str, logprobs: tuple[Any, ...] = ()) -> bytes:
        """Keeps text."""
        self._logprobs += logprobs
        return self._add(text, is_thought=False)

    def thought(self, text: str) -> bytes:
        """Keeps thinking."""
        return self._add(text, is_thought=True)

    def part(self, part: Part) -> bytes:
        """Keeps a part."""
        self._end_run()
        self._gather(len(msgspec.json.encode(part)))
        self._parts.append(part)
        return b""

    def close(self, candidate: dict[str, Any], chunk: dict[str, Any], last: Part) -> bytes:
        """Makes the body; an empty last part is left out where there are others."""
        self._end_run()
        if last != {"text": ""} or not self._parts:
            self._parts.append(last)
        content = {"parts": self._parts, "role": "model"}
        if self._logprobs:
            candidate["logprobsResult"] = logprobs_result(tuple(self._logprobs))
        candidates = [{"content": content, **candidate, "index": 0}]
        self._body = {"candidates": candidates, **chunk, **self._names}
        return b""

    def replace(self, chunk: dict[str, Any]) -> bytes:
        """Makes a body without a candidate."""
        self._body = chunk if "error" in chunk else chunk | self._names
        return b""

    def ping(self) -> bytes:
        """Nothing: no byte of the body is sent before its end."""
        return b""

    def end(self) -> bytes:
        """The body."""
        return msgspec.json.encode(self._body)

    def _add(self, text: str, *, is_thought: bool) -> bytes:
        self._gather(len(text))
        if is_thought != self._run_is_thought:
            self._end_run()
            self._run_is_thought = is_thought
        self._run.append(text)
        return b""

    def _end_run(self) -> None:
        if not self._run:
            return
        part: Part = {"text": "".join(self._run)}
        self._run.clear()
        self._parts.append({**part, "thought": True} if self._run_is_thought else part)

    def _gather(self, size: int) -> None:
        self._gathered += size
        if self._gathered > ANSWER_BYTES_MAX:
            raise UpstreamNonsense(f"the answer has more than {ANSWER_BYTES_MAX} characters")
