"""Reads an answer of Gemini's: chunks of `GenerateContentResponse`, streamed or in one piece.

An error may stand anywhere a chunk may. Calls come whole, several in a chunk, often without ids.
The end is told when the body ends and not at the first finish reason: some models put one into
each chunk, and usage or grounding may follow it. Usage is cumulative, so the last one counts. A
body that ends without a finish reason was cut.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import attrs
import msgspec

from ..conversation.answer import (
    REFUSAL,
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    BlockEnded,
    Cited,
    OtherBlock,
    TextDelta,
    ThinkingDelta,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from ..conversation.names import ToolNames
from ..dialect import (
    NEED_DATA,
    AnswerReader,
    NeedData,
    UpstreamNonsense,
)
from ..event_stream import decoded
from ..json_values import object_of, objects_of, text_of
from .failure import error_of, failed
from .frames import ChunkFrames, decoded_chunk
from .grounding import read_citations
from .logprobs import read_logprobs
from .members import member, members_of
from .plain import PlainChunk, plain_chunk
from .reasons import (
    FAILURES,
    NO_REASON,
    REFUSALS,
    block_details,
    refusal_details,
    stop_reason,
)
from .signatures import DIALECT, neutral
from .usage import counts_of, read_usage

_TEXT, _THINKING, _NONE = "text", "thinking", ""
_OTHER_PARTS = (
    "inlineData",
    "fileData",
    "executableCode",
    "codeExecutionResult",
    "toolCall",
    "toolResponse",
)


@attrs.define
class GeminiReader(AnswerReader):
    """Reads one answer; `prefix` makes the ids of calls that have none."""

    _names: ToolNames
    _model: str
    _prefix: str
    _frames: ChunkFrames = attrs.field(factory=ChunkFrames)
    _ended: bool = False
    _done: bool = False
    _events: deque[AnswerEvent] = attrs.field(factory=deque[AnswerEvent])
    _metadata: dict[str, Any] = attrs.field(factory=dict[str, Any])
    _plain_usage: bytes = b"{}"
    _sources: dict[str, Any] = attrs.field(factory=dict[str, Any])
    _started: bool = False
    _open: str = _NONE
    _calls: int = 0
    _ids: set[str] = attrs.field(factory=set[str])
    _finish: str = ""
    _finish_message: str = ""

    def receive_data(self, data: bytes) -> None:
        """Takes the next bytes; what comes after a failure or a refusal is left unread."""
        if not self._done:
            self._frames.add(data)

    def next_event(self) -> AnswerEvent | NeedData:
        """The next event, if it is whole."""
        while not self._events:
            if self._done or not self._read_more():
                return NEED_DATA
        return self._events.popleft()

    def receive_end(self) -> None:
        """The body is complete."""
        self._ended = True

    def _read_more(self) -> bool:
        """Reads one chunk, or the end; False if there is nothing to read yet."""
        data = self._frames.take()
        if data:
            chunk = plain_chunk(data) if self._started else None
            if chunk is None:
                self._read_value(decoded_chunk(data))
            else:
                self._read_plain(chunk)
        elif self._ended:
            for value in self._frames.take_rest():
                if not self._done:
                    self._read_value(value)
            if not self._done:
                self._end()
        return bool(data) or self._ended

    def _read_plain(self, chunk: PlainChunk) -> None:
        """A chunk of text; only the last usage of such chunks is ever decoded."""
        self._plain_usage = bytes(chunk.usage_metadata)
        for part in chunk.candidates[0].content.parts:
            if part.text:
                self._events.append(TextDelta(part.text))
                self._open = _TEXT

    def _read_value(self, value: Any) -> None:
        if error := error_of(value):
            self._start()
            self._fail(failed(error))
            return
        chunk = object_of(value)
        if not chunk and value != {}:
            raise UpstreamNonsense("a chunk of the stream is not an object")
        self._read_chunk(chunk)

    def _read_chunk(self, chunk: dict[str, Any]) -> None:
        if metadata := object_of(member(chunk, "usageMetadata")):
            self._count(metadata)
        self._start()
        for candidate in objects_of(chunk.get("candidates"))[:1]:
            self._read_candidate(candidate)
        feedback = object_of(member(chunk, "promptFeedback"))
        if block := text_of(member(feedback, "blockReason")):
            message = text_of(member(feedback, "blockReasonMessage"))
            self._finish_as(REFUSAL, block_details(block, message))

    def _read_candidate(self, candidate: dict[str, Any]) -> None:
        parts = members_of(object_of(candidate.get("content")).get("parts"))
        result = object_of(member(candidate, "logprobsResult"))
        logprobs = read_logprobs(result) if result else ()
        for part in parts:
            self._read_part(part, logprobs)
            if "text" in part:
                logprobs = ()
        for name in ("groundingMetadata", "citationMetadata"):
            if found := member(candidate, name):
                self._sources[name] = found
        finish = text_of(member(candidate, "finishReason"))
        if finish not in NO_REASON:
            self._finish = finish
            self._finish_message = text_of(member(candidate, "finishMessage"))

    def _read_part(self, part: dict[str, Any], logprobs: tuple[dict[str, Any], ...]) -> None:
        signature = text_of(member(part, "thoughtSignature"))
        text = part.get("text")
        call = member(part, "functionCall")
        if part.get("thought") is True and not isinstance(call, dict):
            self._think(text_of(text), signature)
            return
        if signature:
            self._sign(signature, on_thought=False)
        if isinstance(call, dict):
            self._call(object_of(call))
        elif isinstance(text, str):
            if text:
                self._events.append(TextDelta(text, logprobs))
                self._open = _TEXT
        elif any(member(part, name) is not None for name in _OTHER_PARTS):
            kept = {key: value for key, value in part.items() if "ignature" not in key}
            self._events.append(OtherBlock(DIALECT, kept))
            self._open = _NONE

    def _think(self, text: str, signature: str) -> None:
        if text:
            self._events.append(ThinkingDelta(text))
            self._open = _THINKING
        if signature:
            self._sign(signature, on_thought=True)

    def _sign(self, signature: str, *, on_thought: bool) -> None:
        """Signs the thinking that is open, or a block of its own; then the block ends."""
        if self._open == _TEXT:
            self._events.append(BlockEnded())
        signed = neutral(signature, self._model, on_thought=on_thought)
        self._events += (ThinkingSigned(signed), BlockEnded())
        self._open = _NONE

    def _call(self, call: dict[str, Any]) -> None:
        """A whole call. An id of our own is made of the answer's, so that it stays unique, and
        stands for one that another call has already."""
        name = text_of(call.get("name"))
        if not name:
            raise UpstreamNonsense("a function call without a name")
        if self._open:
            self._events.append(BlockEnded())
        given = text_of(call.get("id"))
        if not given or given in self._ids:
            given = f"call_{self._prefix}_{self._calls}"
        self._ids.add(given)
        arguments = msgspec.json.encode(object_of(call.get("args"))).decode()
        self._events += (
            ToolUseStarted(given, self._names.original(name)),
            ToolInputDelta(arguments),
            BlockEnded(),
        )
        self._open = _NONE
        self._calls += 1

    def _start(self) -> None:
        if not self._started:
            self._started = True
            usage = attrs.evolve(read_usage(self._metadata), output_tokens=0)
            self._events.append(AnswerStarted(usage))

    def _count(self, metadata: dict[str, Any]) -> None:
        """Takes the usage so far, after that of the plain chunks before it."""
        for found in (decoded(self._plain_usage), metadata):
            self._metadata |= counts_of(found)
        self._plain_usage = b"{}"

    def _end(self) -> None:
        """The body has ended: tells the end, if there was one."""
        self._done = True
        self._count({})
        if not self._finish:
            return
        if self._finish in FAILURES and not self._calls:
            message = f"the model's answer went wrong ({self._finish})"
            told = f"{message}: {self._finish_message}" if self._finish_message else message
            self._fail(AnswerFailed("api_error", told, 502))
            return
        if self._open == _TEXT:
            self._events.extend(Cited(citation) for citation in read_citations(self._sources))
        details = ""
        if self._finish in REFUSALS:
            details = refusal_details(self._finish, self._finish_message)
        self._finish_as(stop_reason(self._finish, has_calls=bool(self._calls)), details)

    def _finish_as(self, stop: str, details: str) -> None:
        self._events.append(AnswerEnded(stop, read_usage(self._metadata), details=details))
        self._done = True

    def _fail(self, failure: AnswerFailed) -> None:
        self._events.append(failure)
        self._done = True
