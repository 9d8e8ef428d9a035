"""What an endpoint says of an error, on its way to the client, with every secret in it covered.

The body of an error response is covered from its first byte to its last. Of an answer with status
200 nothing is touched but what it tells as an error: from the member `"error"` of an object, from
`"type": "error"`, or from `event: error`, to the end of that event. The rest is what a model says;
if a key stands there, the client itself has shown it to the model, and a file that it is about to
write must not be changed in secret.

Covering keeps the length, so nothing waits but the last bytes of an error, which may be the
beginning of a secret.
"""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from typing import Final

import attrs

from .dialect import Headers
from .scrub import Secrets

HELD_BYTES: Final = 256
"""What waits at the end of a piece of a body: more than eight of a secret's characters take."""

_ERROR: Final = re.compile(
    rb'(?<!\\)"error"\s{0,4}(?::\s{0,4}[{"\[]|[,}\]])|(?<=[\r\n])event: ?error'
)
"""An error is told here; `"error": null` tells of none, and what a model says is escaped."""
_SEEN_BYTES: Final = 24
"""Of what has gone on: the words above, and a backslash, may come in pieces."""
_EVENT_ENDS: Final = re.compile(rb"\n\n|\r\n\r\n|\r\r")
_LINE_ENDS: Final = re.compile(rb"\n")
_END_BYTES_MAX: Final = 3
"""Of an event's end that is not whole yet."""
_NEVER_ENDS: Final = re.compile(rb"(?!)")


_NOT_RELAYED: Final = frozenset(
    b"connection keep-alive proxy-authenticate proxy-connection te trailer transfer-encoding"
    b" upgrade date server set-cookie alt-svc".split()
)
"""Headers of one hop (RFC 9110, 7.6.1), and those that are ours to say or not for a client."""


class Covering(ABC):
    """Takes the bytes of a body as they come, and gives those that can go on."""

    @abstractmethod
    def receive_data(self, data: bytes) -> bytes:
        """Takes the next bytes; gives those that can go on."""

    @abstractmethod
    def receive_end(self) -> bytes:
        """There will be no more: gives what is left."""


class Open(Covering):
    """Lets everything pass: there is no secret, or no word of the upstream's own."""

    def receive_data(self, data: bytes) -> bytes:
        """See Covering."""
        return data

    def receive_end(self) -> bytes:
        """See Covering."""
        return b""


@attrs.define(eq=False)
class CoveredBody(Covering):
    """The body of an error response."""

    _secrets: Secrets
    _held: bytes = b""

    def receive_data(self, data: bytes) -> bytes:
        """See Covering."""
        whole = self._held + data
        free = max(0, len(whole) - HELD_BYTES)
        self._held = whole[free:]
        return self._secrets.cover(whole)[:free]

    def receive_end(self) -> bytes:
        """See Covering."""
        rest, self._held = self._held, b""
        return self._secrets.cover(rest)


@attrs.define(eq=False)
class CoveredErrors(Covering):
    """The body of an answer, of which only errors are covered. `ends` is how an event ends."""

    _secrets: Secrets
    _ends: re.Pattern[bytes] = _NEVER_ENDS
    _seen: bytes = b"\n"
    _error: CoveredBody | None = None

    def receive_data(self, data: bytes) -> bytes:
        """See Covering."""
        pieces: list[bytes] = []
        while data:
            step = self._plain if self._error is None else self._covered
            sent, data = step(data)
            pieces.append(sent)
        return pieces[0] if len(pieces) == 1 else b"".join(pieces)

    def receive_end(self) -> bytes:
        """See Covering."""
        return b"" if self._error is None else self._error.receive_end()

    def _plain(self, data: bytes) -> tuple[bytes, bytes]:
        """What goes on as it is, and what is of an error."""
        looked_at = self._seen + data
        size = len(data)
        if b"error" in looked_at:
            for found in _ERROR.finditer(looked_at):
                if found.end() > len(self._seen):  # else it was of an event that is over
                    size = max(0, found.start() - len(self._seen))
                    self._error = CoveredBody(self._secrets)
                    break
        self._seen = b"" if self._error else looked_at[-_SEEN_BYTES:]
        return data[:size], data[size:]

    def _covered(self, data: bytes) -> tuple[bytes, bytes]:
        """What goes on of an error, and what comes after it."""
        assert self._error is not None
        before = len(self._seen)
        found = self._ends.search(self._seen + data)
        if found is None:
            self._seen = (self._seen + data)[-_END_BYTES_MAX:]
            return self._error.receive_data(data), b""
        size = found.end() - before
        sent = self._error.receive_data(data[:size]) + self._error.receive_end()
        self._error, self._seen = None, b"\n"
        return sent, data[size:]


def relayed_headers(headers: Headers, secrets: Secrets) -> Headers:
    """The upstream's headers that are for the client too, covered."""
    kept = tuple((name, value) for name, value in headers if name not in _NOT_RELAYED)
    return secrets.cover_headers(kept)


def covering(secrets: Secrets, status: int, headers: Headers) -> Covering:
    """What covers the body of a relayed response."""
    if not secrets:
        return Open()
    if status != 200:
        return CoveredBody(secrets)
    kind = dict(headers).get(b"content-type", b"").lower()
    if kind.startswith(b"text/event-stream"):
        return CoveredErrors(secrets, _EVENT_ENDS)
    return CoveredErrors(secrets, _LINE_ENDS if b"ndjson" in kind else _NEVER_ENDS)
