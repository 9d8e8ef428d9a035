"""The passage of an answer from an Anthropic endpoint to an Anthropic client: byte for byte.

Where we have opened the answer ourselves, the upstream's `message_start` is taken out; where the
request was shortened, or something is offered, a notice is put in. Nothing else is touched.
"""

from __future__ import annotations

from typing import ClassVar

from ..dialect import Failure, Headers, UpstreamNonsense
from ..passage import Passage
from . import events
from .failure import read_failure, retry_after_seconds
from .notice import NoticeInserter
from .sniffer import AnswerSniffer
from .start import StartRemover


class AnthropicRelay(Passage):
    """Relays one answer. `answer` and `model` are for a `message_start` of our own."""

    relays: ClassVar[bool] = True
    headers: Headers = events.STREAM_HEADERS

    def __init__(self, answer: str, model: str, *, streamed: bool) -> None:
        self._sniffer = self.account = AnswerSniffer(streamed)
        self._answer = answer
        self._model = model
        self._streamed = streamed
        self._remover: StartRemover | None = None
        self._inserter: NoticeInserter | None = None
        self._opened = False
        self._plain = True

    def opening(self, input_tokens: int) -> bytes:
        """Our own `message_start`; the upstream's is taken out from now on."""
        self._remover = StartRemover()
        self._opened = True
        return events.message_start(f"msg_{self._answer}", self._model, input_tokens)

    def notice(self, text: str) -> None:
        """See Passage."""
        before = "" if self._inserter is None else self._inserter.notice
        self._inserter = NoticeInserter(before + text, self._streamed)
        self.changes_length = True

    def receive_head(self, headers: Headers) -> None:
        """See Passage: into an answer that we have opened, only plain events can follow."""
        self._plain = is_plain_event_stream(headers)
        if self._opened and not self._plain:
            raise UpstreamNonsense("the answer to a streamed request is not a stream of events")
        if is_coded(headers) or self._streamed != self._plain:
            self._inserter, self.changes_length = None, False  # it could not be read, only held

    def receive_data(self, data: bytes) -> bytes:
        """See Passage."""
        self._sniffer.receive_data(data)
        if self._remover is not None:
            data = self._without_start(data)
        return data if self._inserter is None else self._inserted(self._inserter, data)

    def _inserted(self, inserter: NoticeInserter, data: bytes) -> bytes:
        data = inserter.receive_data(data)
        self.noticed = inserter.given
        return data

    def _without_start(self, data: bytes) -> bytes:
        assert self._remover is not None
        data = self._remover.receive_data(data)
        if self._remover.done:
            self._remover = None
        return data

    def receive_end(self) -> bytes:
        """See Passage."""
        self._sniffer.end()
        if self._inserter is None:
            return b""
        rest = self._inserter.end()
        self.noticed = self._inserter.given
        return rest

    def ping(self) -> bytes:
        """A ping between two events of a stream that has not come to its end."""
        ended = self._sniffer.stopped or self._sniffer.error
        between = self._plain and self._sniffer.at_boundary and not ended
        return events.PING if between else b""

    def failure(self, status: int, headers: Headers, body: bytes) -> Failure:
        """See Passage."""
        found = read_failure(status, body)
        wait = retry_after_seconds(headers)
        return Failure(found.status, found.kind, found.message, wait)

    def told(self, failure: Failure) -> bytes:
        """An error event before the first content; after it Claude Code takes a cut better."""
        if self.account.content_started or not self._opened:
            return b""
        return events.error_event(failure.kind, failure.message)


def is_plain_event_stream(headers: Headers) -> bool:
    """Whether an event of ours may be put in: events are coming, and they are not compressed."""
    kind = dict(headers).get(b"content-type", b"").lower()
    return kind.startswith(b"text/event-stream") and not is_coded(headers)


def is_coded(headers: Headers) -> bool:
    """Whether a body is compressed."""
    return dict(headers).get(b"content-encoding", b"identity").lower() != b"identity"
