"""The passage of an answer to a client of the same dialect: byte for byte, read along with.

Only a notice of ours is put in, where there is one and the answer can carry it; see NoticeRelay.
The dialect's own reader keeps the account. It must not harm: what it cannot read it lets pass, and
looks no more. Where we have opened the answer ourselves, there was only what any answer may begin
with, so nothing of the upstream's need be taken out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import attrs

from .account import EventAccount
from .conversation.request import Conversation
from .dialect import (
    NEED_DATA,
    AnswerReader,
    AnswerWriter,
    Failure,
    Headers,
    UpstreamDialect,
    UpstreamNonsense,
)
from .passage import Passage
from .relayed_notice import Framing, NoticeRelay

LINE_TYPE = b"application/x-ndjson"


class SniffedRelay(Passage):
    """Relays one answer of any dialect but Anthropic's, which has a relay of its own."""

    relays: ClassVar[bool] = True

    def __init__(
        self, upstream: UpstreamDialect, writer: AnswerWriter, answer: str, *, streamed: bool
    ) -> None:
        self._told = self.account = EventAccount()
        self.headers = writer.headers
        self._upstream = upstream
        self._writer = writer
        asked = Conversation((), streamed=streamed)
        self._reader: AnswerReader | None = upstream.reader(asked, "", answer)
        self._tail = b""
        by_line = dict(writer.headers).get(b"content-type", b"").startswith(LINE_TYPE)
        self._ends = (b"\n",) if by_line else (b"\n\n", b"\r\n\r\n")
        self._framing: Framing | None = _framing(by_line, streamed, writer.headers)
        self._inserter: NoticeRelay | None = None
        self._notice = ""
        self._opened = False
        self._plain = True

    def opening(self, input_tokens: int) -> bytes:
        """What keeps a client patient, and nothing that begins an answer: the upstream does."""
        self._opened = True
        return self._writer.ping()

    def notice(self, text: str) -> None:
        """See Passage."""
        self._notice += text

    def receive_head(self, headers: Headers) -> None:
        """See Passage: after an opening of ours the answer must be what we have announced."""
        found = dict(headers)
        wanted = dict(self.headers).get(b"content-type", b"").partition(b";")[0]
        coded = found.get(b"content-encoding", b"identity").lower() != b"identity"
        self._plain = found.get(b"content-type", b"").lower().startswith(wanted) and not coded
        if self._opened and not self._plain:
            raise UpstreamNonsense("the answer to a streamed request is not a stream")
        placer = self._upstream.placer(self._notice) if self._notice else None
        if placer is not None and self._plain and self._framing is not None:
            self._inserter = NoticeRelay(placer, self._framing)
            self.changes_length = True

    def receive_data(self, data: bytes) -> bytes:
        """See Passage."""
        self._tail = (self._tail + data[-4:])[-4:]
        self._read_along(lambda reader: reader.receive_data(data))
        return self._with_notice(lambda inserter: inserter.receive_data(data), data)

    def receive_end(self) -> bytes:
        """See Passage."""
        self._read_along(lambda reader: reader.receive_end())
        if self._reader is None:  # it ended, and nobody here can say that it ended early
            self._told.stopped = True
            self._told.usage = attrs.evolve(self._told.usage, estimated=True)
        return self._with_notice(NoticeRelay.end, b"")

    def _with_notice(self, feed: Callable[[NoticeRelay], bytes], data: bytes) -> bytes:
        """The bytes for the client, with the notice in them where there is one."""
        if self._inserter is None:
            return data
        data = feed(self._inserter)
        self.noticed = self._inserter.placer.given
        return data

    def _read_along(self, feed: Callable[[AnswerReader], None]) -> None:
        """Reads what the reader is fed; over what makes no sense to it, it looks no more."""
        if self._reader is None:
            return
        try:
            feed(self._reader)
            while (event := self._reader.next_event()) is not NEED_DATA:
                self._told.note(event)
        except UpstreamNonsense:
            self._reader = None

    def ping(self) -> bytes:
        """See Passage."""
        over = self.account.stopped or self.account.error
        whole = not self._tail or self._tail.endswith(self._ends)
        return self._writer.ping() if self._plain and whole and not over else b""

    def failure(self, status: int, headers: Headers, body: bytes) -> Failure:
        """See Passage."""
        return self._upstream.failure(status, headers, body)

    def told(self, failure: Failure) -> bytes:
        """See Passage."""
        return self._writer.told(failure, content_started=self.account.content_started)


def _framing(by_line: bool, streamed: bool, headers: Headers) -> Framing | None:
    """How the answer comes; None for a stream that is one array, which is passed as it comes."""
    if not streamed:
        return "whole"
    if by_line:
        return "lines"
    kind = dict(headers).get(b"content-type", b"")
    return "events" if kind.startswith(b"text/event-stream") else None
