"""Conversations that a client goes on with by the id of an answer: `previous_response_id`.

An answer is kept with everything that led to it, as the very bytes of the items. So a request that
goes on becomes one that says everything, which any endpoint can answer, and no answer depends on
another that may have been forgotten. Pure: whoever calls brings the time. Three limits bound it,
and the answer that was kept first goes first.
"""

from __future__ import annotations

from typing import Final

import attrs
import msgspec

from ..json_members import JsonObject, NotAnObject, parse_object
from ..request import BadRequest, parse_body, typed_member
from .errors import ID_CHARACTERS_MAX, PREVIOUS, PreviousResponseNotFound

ANSWERS_MAX: Final = 1_000
BYTES_MAX: Final = 256 * 1024 * 1024
SECONDS_MAX: Final = 3_600.0
KEPT_STATUSES: Final = ("completed", "incomplete")

_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])


@attrs.frozen
class _Kept:
    """A conversation's items up to an answer and with it, and when it is to be forgotten."""

    items: tuple[bytes, ...]
    size: int
    until_seconds: float


@attrs.define
class Shelf:
    """The answers that are kept, the oldest first."""

    answers_max: int = ANSWERS_MAX
    bytes_max: int = BYTES_MAX
    seconds_max: float = SECONDS_MAX
    _kept: dict[str, _Kept] = attrs.field(factory=dict[str, _Kept])
    _size: int = 0

    def __len__(self) -> int:
        return len(self._kept)

    @property
    def size(self) -> int:
        """How many bytes are kept."""
        return self._size

    def expand(self, body: bytes, now_seconds: float) -> bytes:
        """A request that says everything: the earlier items in front, and no id of an answer.

        A request that goes on from no answer is returned as it is. Raises BadRequest where it
        cannot be understood, and PreviousResponseNotFound.
        """
        found = parse_body(body)
        if found.raw(PREVIOUS) in (b"", b"null"):
            return body
        items = self._conversation(found, now_seconds)
        spliced = b"[" + b",".join(items) + b"]"
        if "input" in found.members:
            return found.splice({"input": spliced, PREVIOUS: None})
        rest = found.splice({PREVIOUS: None})
        comma = b"," if len(found.members) > 1 else b""
        return b'{"input":' + spliced + comma + rest[1:]

    def keep(self, body: bytes, response: bytes, now_seconds: float) -> None:
        """Keeps an answer, unless the request or its own state says otherwise.

        The request may be the one before `expand` or the one after it. One that cannot be
        understood, or goes on from what is forgotten, leaves nothing to keep.
        """
        self._forget_until(now_seconds)
        try:
            request, answer = parse_object(body), parse_object(response)
            identity = _text(answer.raw("id"))
            if not _may_be_kept(request, answer, identity):
                return
            items = (*self._conversation(request, now_seconds), *_items(answer.raw("output")))
        except (NotAnObject, BadRequest):
            return
        size = sum(len(item) for item in items) + len(identity)
        if size <= self.bytes_max:
            self._forget(identity)
            self._kept[identity] = _Kept(items, size, now_seconds + self.seconds_max)
            self._size += size
            self._make_room()

    def _conversation(self, request: JsonObject, now_seconds: float) -> tuple[bytes, ...]:
        """All items of a request, those that it goes on from first."""
        earlier: tuple[bytes, ...] = ()
        if request.raw(PREVIOUS) not in (b"", b"null"):
            previous: str = typed_member(request, PREVIOUS, str, "the id of an answer")
            self._forget_until(now_seconds)
            if previous not in self._kept:
                raise PreviousResponseNotFound(previous)
            earlier = self._kept[previous].items
        return (*earlier, *_items(request.raw("input")))

    def _forget_until(self, now_seconds: float) -> None:
        """Forgets what is too old; what was kept earlier is forgotten earlier."""
        for identity, kept in list(self._kept.items()):
            if kept.until_seconds > now_seconds:
                return
            self._forget(identity)

    def _make_room(self) -> None:
        while len(self._kept) > self.answers_max or self._size > self.bytes_max:
            self._forget(next(iter(self._kept)))

    def _forget(self, identity: str) -> None:
        kept = self._kept.pop(identity, None)
        self._size -= 0 if kept is None else kept.size


def _may_be_kept(request: JsonObject, answer: JsonObject, identity: str) -> bool:
    fits = 0 < len(identity) <= ID_CHARACTERS_MAX
    ended = _text(answer.raw("status")) in KEPT_STATUSES
    return fits and ended and request.raw("store") != b"false"


def _items(raw: bytes) -> tuple[bytes, ...]:
    """The items of an input or an output, as they are; a string is a message of the user's."""
    if raw.startswith(b'"'):
        return (b'{"type":"message","role":"user","content":' + raw + b"}",)
    if not raw.startswith(b"["):
        return ()
    return tuple(bytes(item) for item in _ITEMS.decode(raw))


def _text(raw: bytes) -> str:
    """A member that is a string; "" for any other."""
    try:
        return msgspec.json.decode(raw, type=str)
    except msgspec.MsgspecError:
        return ""
