"""Reads a worker's answer: frames to messages, text to what it means, and to events of an answer.

The worker sends the model's text as it is; its model's format (`Started.format`) says what of it is
thinking, text and calls. `Started` tells the size of the input before any of it has been read, and
how much of it is remembered; the former is Anthropic's `input_tokens`, the latter
`cache_read_input_tokens`.

Probabilities are told with text alone: those of a token that turns out to be thinking, or part of a
call, go.
"""

from __future__ import annotations

from collections import deque
from typing import Any, Final

import attrs
import msgspec

from ..conversation.answer import (
    CONTEXT_WINDOW,
    END_TURN,
    MAX_TOKENS,
    STOP_SEQUENCE,
    TOOL_USE,
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ThinkingDelta,
    ThinkingSigned,
)
from ..conversation.origin import signed
from ..dialect import NEED_DATA, AnswerReader, NeedData, UpstreamNonsense
from ..model_format.format import AnswerParser, Expectation, Said, ToolUseStarted
from ..model_format.formats import FORMATS
from ..records import Usage
from . import messages
from .frames import FrameBuffer, FrameNonsense
from .messages import Ended, FromWorker, Piece, Refused, Started, ToolShape, decode_from_worker
from .step import TOKEN_BYTES

DIALECT: Final = "worker"
STOP_REASONS: Final = {
    messages.STOP: END_TURN,
    messages.LENGTH: MAX_TOKENS,
    messages.STOP_SEQUENCE: STOP_SEQUENCE,
    messages.CONTEXT: CONTEXT_WINDOW,
}


@attrs.define
class WorkerReader(AnswerReader):
    """Reads one answer. `tools` are those that were offered; `model` signs the thinking."""

    _tools: tuple[ToolShape, ...]
    _model: str
    _answer: str
    _frames: FrameBuffer = attrs.field(factory=FrameBuffer)
    _events: deque[AnswerEvent] = attrs.field(factory=deque[AnswerEvent])
    _parser: AnswerParser | None = None
    _usage: Usage = attrs.field(factory=Usage)
    _logprobs: list[dict[str, Any]] = attrs.field(factory=list[dict[str, Any]])
    _thinks: bool = False
    _called: bool = False
    _ended: bool = False
    _thought_tokens: int = 0

    def receive_data(self, data: bytes) -> None:
        """Takes the next bytes. Raises UpstreamNonsense."""
        if self._ended:
            return
        try:
            self._frames.receive_data(data)
        except FrameNonsense as error:
            raise UpstreamNonsense(f"{DIALECT}: {error}") from None

    def receive_end(self) -> None:
        """The body is complete: an answer that has not ended was cut."""

    def next_event(self) -> AnswerEvent | NeedData:
        """The next event, if it is whole. Raises UpstreamNonsense."""
        while not self._events:
            if self._ended:
                return NEED_DATA
            message = next_message(self._frames)
            if message is None:
                return NEED_DATA
            self._read(message)
        return self._events.popleft()

    def _read(self, message: FromWorker) -> None:
        match message:
            case Piece():
                self._read_piece(message)
            case Started():
                self._start(message)
            case Ended():
                self._end(message)
            case Refused(_, status, kind, words):
                self._fail(kind, words, status)
            case _:
                pass  # how far the prompt has been read

    def _start(self, started: Started) -> None:
        kept = min(started.kept_tokens, started.input_tokens)
        self._usage = Usage(started.input_tokens - kept, cache_read_tokens=kept)
        expectation = Expectation(self._tools, started.prompt_tail, self._answer)
        try:
            self._parser = FORMATS[started.format].parser(expectation)
        except LookupError:
            words = f"{DIALECT}: a model format that is not known: {started.format}"
            raise UpstreamNonsense(words) from None
        self._events.append(AnswerStarted(self._usage))

    def _read_piece(self, piece: Piece) -> None:
        if piece.logprobs:
            self._logprobs += piece.logprobs
        thought = False
        for said in self._begun().receive_text(piece.text):
            thought = thought or isinstance(said, ThinkingDelta)
            self._tell(said)
        if thought:
            self._thought_tokens += len(piece.tokens) // TOKEN_BYTES

    def _begun(self) -> AnswerParser:
        if self._parser is None:
            raise UpstreamNonsense(f"{DIALECT}: an answer that goes on before it has begun")
        return self._parser

    def _tell(self, said: Said) -> None:
        """An event of the parser, and what a client needs beside it."""
        if self._thinks and not isinstance(said, ThinkingDelta):
            self._sign()
            if isinstance(said, BlockEnded):
                self._logprobs.clear()
                return
        match said:
            case TextDelta(text) if self._logprobs:
                said = TextDelta(text, tuple(self._logprobs))
            case ThinkingDelta():
                self._thinks = True
            case ToolUseStarted():
                self._called = True
            case _:
                pass
        self._logprobs.clear()
        self._events.append(said)

    def _sign(self) -> None:
        """Says whose the thinking is that has ended: it is for this model alone."""
        self._thinks = False
        self._events += (ThinkingSigned(signed(DIALECT, self._model, "")), BlockEnded())

    def _end(self, ended: Ended) -> None:
        if ended.reason == messages.CANCELLED:
            self._fail("api_error", "the computation was stopped", 500)
            return
        for said in self._begun().receive_end(whole=ended.whole):
            self._tell(said)
        if self._thinks:
            self._sign()
        thought = min(self._thought_tokens, ended.output_tokens)
        usage = attrs.evolve(
            self._usage, output_tokens=ended.output_tokens, reasoning_tokens=thought
        )
        reason = STOP_REASONS.get(ended.reason, ended.reason)
        if reason == END_TURN and self._called:
            reason = TOOL_USE
        self._events.append(AnswerEnded(reason, usage, ended.stop_sequence))
        self._ended = True

    def _fail(self, kind: str, words: str, status: int) -> None:
        self._events.append(AnswerFailed(kind, words, status))
        self._ended = True


def next_message(frames: FrameBuffer) -> FromWorker | None:
    """The next whole message of a worker, or None. Raises UpstreamNonsense."""
    try:
        payload = frames.next_payload()
        return None if payload is None else decode_from_worker(payload)
    except (FrameNonsense, msgspec.MsgspecError) as error:
        raise UpstreamNonsense(f"{DIALECT}: {error}") from None
