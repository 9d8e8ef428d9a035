"""The passage of an answer between two dialects: a reader of one, a writer of the other.

Between them are events alone (conversation/answer.py), so neither knows the other. A failure that
the upstream tells in mid-answer is not written here but kept in `failed`: before the commit it is a
refusal with a status, and only after it a word in the stream.

A call of a server tool's stand-in is not for the client: it is withheld, and where the model waits
for its result alone, the answer pauses. `resume` tells the client of the results; the next answer
of the model then goes on in the same one of ours, and the usage of both is added up.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

import attrs

from .account import EventAccount
from .conversation.answer import (
    PAUSE_TURN,
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    BlockEnded,
    OtherBlock,
    TextDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from .conversation.blocks import Block, ToolUse
from .conversation.collector import BlockCollector
from .conversation.request import Conversation
from .dialect import (
    NEED_DATA,
    AnswerReader,
    AnswerWriter,
    Failure,
    Headers,
    UpstreamDialect,
)
from .passage import Passage
from .records import Usage

JSON_TYPE = b"application/json"


class Translation(Passage):
    """Translates one answer. `expect` says whose it will be, before any byte of it comes."""

    relays: ClassVar[bool] = False

    def __init__(self, writer: AnswerWriter) -> None:
        self._told = self.account = EventAccount()
        self.headers = writer.headers
        self.failed: Failure | None = None
        self._writer = writer
        self._notice = ""
        self._upstream: UpstreamDialect | None = None
        self._reader: AnswerReader | None = None
        self._asked: tuple[Conversation, str, str] = Conversation(()), "", ""
        self._stand_ins: frozenset[str] = frozenset()
        self._collected = BlockCollector()
        self._withholding = False
        self._others = False
        self._ended: AnswerEnded | None = None
        self._spent = Usage()
        self.estimated_tokens = 0
        """Of the input, for as long as the endpoint has not said how many there are."""

    def stand_ins(self, names: frozenset[str]) -> None:
        """Calls of these tools are withheld."""
        self._stand_ins = names

    @property
    def withheld(self) -> tuple[ToolUse, ...]:
        """The calls of stand-ins in the last answer of the model."""
        if not self._stand_ins:
            return ()
        calls = (block for block in self.said if isinstance(block, ToolUse))
        return tuple(call for call in calls if call.name in self._stand_ins)

    @property
    def said(self) -> tuple[Block, ...]:
        """All that the model has said in its last answer, withheld calls too."""
        return self._collected.blocks

    def resume(self, told: Iterable[OtherBlock], *, last: bool = False) -> bytes:
        """Tells the client what became of the calls, and ends the answer if it has others.

        After the `last` time the model is not asked again: the client is told that the turn pauses,
        as Anthropic's API tells it, and may ask by itself.
        """
        assert self._ended is not None, "an answer that has not ended has nothing to resume"
        written = b"".join(map(self._tell, told))
        ended, self._ended = self._ended, None
        if last and not self._others:
            ended = attrs.evolve(ended, stop_reason=PAUSE_TURN)
        if last or self._others:
            self.paused = False
            return written + self._finish(ended)
        return written

    def expect(
        self, upstream: UpstreamDialect, conversation: Conversation, model: str, answer: str
    ) -> None:
        """The answer to this conversation will come in this dialect; see UpstreamDialect.reader."""
        self._upstream = upstream
        self._asked = conversation, model, answer
        self._collected, self._others, self.paused = BlockCollector(), False, False
        self._withholding = False
        self._reader = upstream.reader(*self._asked)

    def opening(self, input_tokens: int) -> bytes:
        """See Passage; where nobody has counted the input, an estimate is told."""
        tokens = input_tokens or self.estimated_tokens
        return self._writer.send(AnswerStarted(Usage(input_tokens=tokens, estimated=True)))

    def notice(self, text: str) -> None:
        """See Passage."""
        self._notice += text

    def receive_head(self, headers: Headers) -> None:
        """A server that was asked for a stream and sends one JSON value is read as it answers."""
        conversation, model, answer = self._asked
        kind = dict(headers).get(b"content-type", b"").lower()
        if self._upstream is not None and conversation.streamed and kind.startswith(JSON_TYPE):
            whole = attrs.evolve(conversation, streamed=False)
            self._reader = self._upstream.reader(whole, model, answer)

    def receive_data(self, data: bytes) -> bytes:
        """See Passage."""
        assert self._reader is not None, "an answer was expected"
        self._reader.receive_data(data)
        return self._written()

    def receive_end(self) -> bytes:
        """See Passage."""
        assert self._reader is not None, "an answer was expected"
        self._reader.receive_end()
        return self._written()

    def _written(self) -> bytes:
        assert self._reader is not None, "an answer was expected"
        pieces: list[bytes] = []
        while self.failed is None and not self.account.stopped:
            event = self._reader.next_event()
            if event is NEED_DATA:
                break
            pieces.append(self._write(event))
            if self.paused:
                break
        return b"".join(pieces)

    def _write(self, event: AnswerEvent) -> bytes:
        if self._stand_ins:
            self._collected.note(event)
            if self._withholds(event):
                return b""
        match event:
            case AnswerFailed(kind, message, status):
                self._told.note(event)
                self.failed = Failure(status, kind, message)
                return b""
            case AnswerStarted(usage):
                return self._start(usage)
            case AnswerEnded():
                return self._end(event)
            case TextDelta() if self._notice:
                notice, self._notice, self.noticed = self._notice, "", True
                return self._writer.send(TextDelta(notice)) + self._tell(event)
        return self._tell(event)

    def _tell(self, event: AnswerEvent) -> bytes:
        self._told.note(event)
        return self._writer.send(event)

    def _start(self, usage: Usage) -> bytes:
        """The answer begins, once; Claude Code reads there how full the window is."""
        if self._told.started:
            return b""
        return self._tell(AnswerStarted(self._with_input(usage)))

    def _with_input(self, usage: Usage) -> Usage:
        """The usage, with an estimate of the input where nothing is said of it."""
        if usage.read_tokens:
            return usage
        return attrs.evolve(usage, input_tokens=self.estimated_tokens, estimated=True)

    def _withholds(self, event: AnswerEvent) -> bool:
        """Whether an event belongs to a stand-in's call."""
        if isinstance(event, ToolUseStarted):
            self._withholding = event.name in self._stand_ins
            self._others = self._others or not self._withholding
            return self._withholding
        ends = self._withholding and isinstance(event, BlockEnded)
        withheld = self._withholding and isinstance(event, ToolInputDelta | BlockEnded)
        self._withholding = self._withholding and not ends
        return withheld

    def _end(self, event: AnswerEnded) -> bytes:
        """The model's answer has ended; ours has too, unless it waits for a stand-in's result."""
        self._spent = self._spent.added_to(event.usage)
        if self.withheld:
            self._ended, self.paused = event, True
            self._told.usage = self._spent
            return b""
        return self._finish(event)

    def _finish(self, event: AnswerEnded) -> bytes:
        whole = attrs.evolve(event, usage=self._with_input(self._spent))
        return self._tell(whole) + self._writer.end()

    def ping(self) -> bytes:
        """See Passage."""
        over = self._told.stopped or self.failed is not None
        return b"" if over else self._writer.ping()

    def failure(self, status: int, headers: Headers, body: bytes) -> Failure:
        """See Passage."""
        assert self._upstream is not None, "an answer was expected"
        return not_for_the_client(self._upstream.failure(status, headers, body))

    def told(self, failure: Failure) -> bytes:
        """See Passage."""
        return self._writer.told(failure, content_started=self.account.content_started)


def not_for_the_client(found: Failure) -> Failure:
    """A key that the endpoint refuses is the user's to mend: a client that is told 401 takes it for
    its own and tries again, Claude Code for minutes."""
    if found.status != 401:
        return found
    return Failure(403, "permission_error", f"its key was refused: {found.message}")
