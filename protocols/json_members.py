"""Where the members of a JSON object lie in its bytes, so that one can be replaced in place.

A relayed request must stay the client's own bytes but for a few named splices: re-encoding would
reorder, renormalise and lose what we do not know. msgspec finds each top-level value as a raw view;
because those views are exact and in order, walking them gives every offset at C speed.

A duplicate key is refused: two parsers may disagree on which one counts, and we route by one.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs
import msgspec

_WHITESPACE = b" \t\r\n"
_OBJECT = msgspec.json.Decoder(dict[str, msgspec.Raw])


class NotAnObject(ValueError):
    """The bytes are not a JSON object without duplicate keys; the message says what and where."""


@attrs.frozen
class Member:
    """One member: the key's offset, and the value's first and past-the-last offset, in bytes."""

    key_start: int
    start: int
    end: int


@attrs.frozen
class JsonObject:
    """A JSON object's bytes and the places of its members, in order of appearance."""

    body: bytes = attrs.field(repr=False)
    members: Mapping[str, Member]

    def raw(self, key: str) -> bytes:
        """The value's own bytes; b"" if there is no such member."""
        member = self.members.get(key)
        return b"" if member is None else self.body[member.start : member.end]

    def length(self, key: str) -> int:
        """How many bytes the value has; 0 if there is no such member."""
        member = self.members.get(key)
        return 0 if member is None else member.end - member.start

    def view(self, key: str) -> memoryview:
        """The value's own bytes, where they lie; empty if there is no such member."""
        member = self.members.get(key)
        return memoryview(self.body)[member.start : member.end] if member else memoryview(b"")

    def head(self, key: str, bytes_max: int) -> bytes:
        """The first of the value's own bytes."""
        member = self.members.get(key)
        return (
            b""
            if member is None
            else self.body[member.start : min(member.end, member.start + bytes_max)]
        )

    def tail(self, key: str, bytes_max: int) -> bytes:
        """The last of the value's own bytes."""
        member = self.members.get(key)
        return (
            b""
            if member is None
            else self.body[max(member.start, member.end - bytes_max) : member.end]
        )

    def splice(self, values: Mapping[str, bytes | None]) -> bytes:
        """The object's bytes with some values replaced, or their members taken out (None).

        Keys that are not members are ignored: a splice changes what is there, it adds nothing.
        Only where a member is taken out does the white space between members change.
        """
        if any(key in self.members and value is None for key, value in values.items()):
            kept = [
                self._member(member, values.get(key))
                for key, member in self.members.items()
                if key not in values or values[key] is not None
            ]
            return b"{" + b",".join(kept) + b"}"
        pieces: list[bytes | memoryview] = []
        done, body = 0, memoryview(self.body)
        for key, member in self.members.items():
            value = values.get(key)
            if value is not None:
                pieces += (body[done : member.start], value)
                done = member.end
        return b"".join([*pieces, body[done:]])

    def _member(self, member: Member, value: bytes | None) -> bytes:
        """One member's bytes, key to value, with its value replaced unless that is None."""
        if value is None:
            return self.body[member.key_start : member.end]
        return self.body[member.key_start : member.start] + value


def parse_object(body: bytes) -> JsonObject:
    """Finds the top-level members of a JSON object.

    Raises NotAnObject on invalid JSON, on another kind of value, and on duplicate keys.
    """
    try:
        if not body.isascii():
            str(body, "utf-8")  # raw values are not checked by the decoder
        values = _OBJECT.decode(body)
    except msgspec.MsgspecError as error:
        raise NotAnObject(str(error)) from None
    except RecursionError:
        raise NotAnObject("nested too deeply") from None
    except UnicodeDecodeError as error:
        raise NotAnObject(f"not UTF-8: {error.reason} at byte {error.start}") from None
    members: dict[str, Member] = {}
    place = body.index(b"{") + 1
    for key, value in values.items():
        key_start = _skip_whitespace(body, place)
        colon = _skip_whitespace(body, _end_of_string(body, key_start))
        start = _skip_whitespace(body, colon + 1)
        raw = memoryview(value)
        end = start + len(raw)
        if body[colon : colon + 1] != b":" or not body.startswith(raw, start):
            raise NotAnObject(f'the key "{key[:64]}" or one before it appears twice')
        members[key] = Member(key_start, start, end)
        place = _skip_whitespace(body, end) + 1
    if not values:
        place = _skip_whitespace(body, place) + 1
    if _skip_whitespace(body, place) != len(body):
        raise NotAnObject("a key appears twice")
    return JsonObject(body, members)


def _skip_whitespace(body: bytes, place: int) -> int:
    while body[place : place + 1] and body[place] in _WHITESPACE:
        place += 1
    return place


def _end_of_string(body: bytes, start: int) -> int:
    """The offset just past a string's closing quote."""
    place = start + 1
    while body[place] != 0x22:
        place += 2 if body[place] == 0x5C else 1
    return place + 1
