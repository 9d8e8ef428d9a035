"""A client's request, in whatever dialect: its bytes, and the little that routing reads of them.

Everything else stays in the bytes until somebody needs it: a relay to an endpoint of the same
dialect passes them on as they are but for a few named splices.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import attrs
import msgspec

from .json_decoding import NotJson, decode_json
from .json_members import JsonObject, NotAnObject, parse_object
from .json_values import list_of

MODEL_CHARACTERS_MAX = 256

_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])


class BadRequest(ValueError):
    """The request cannot be understood; the message says what, where and what is expected."""


@attrs.frozen
class ServedRequest:
    """A request's bytes with what routing needs to know of them.

    `question_keys` are the members that say what is asked, not how it is to be answered.
    `max_tokens` is 0 where the client has set none.
    """

    json: JsonObject
    model: str
    streamed: bool
    max_tokens: int
    dialect: str = "anthropic"
    question_keys: tuple[str, ...] = ("messages", "system", "tools")

    @cached_property
    def history(self) -> Sequence[msgspec.Raw] | None:
        """The messages, each in its own bytes; None where the history is no list of any.

        Found once: several want to know of the last ones, or of the first.
        """
        key = self.question_keys[0]
        if self.json.head(key, 1) != b"[":
            return None
        try:
            return _ITEMS.decode(self.json.view(key))
        except (msgspec.MsgspecError, RecursionError):
            return None

    @property
    def body(self) -> bytes:
        """The client's own bytes."""
        return self.json.body

    def value(self, key: str) -> Any:
        """A top-level member, decoded; None if it is not there.

        Raises BadRequest on a number that no one can hold, and on nesting that goes too deep.
        """
        raw = self.json.raw(key)
        try:
            return decode_json(raw) if raw else None
        except NotJson as error:
            raise BadRequest(f"{key}: {error}") from None

    def items(self, key: str) -> list[Any]:
        """A top-level list, decoded; [] if there is none. Raises BadRequest like `value`."""
        return list_of(self.value(key))

    def same_question(self, other: ServedRequest) -> bool:
        """Whether the other asks the same in the same dialect.

        How it is to be answered (`stream`, `max_tokens`, betas) may differ: a client that gave
        up on a stream asks again without one.
        """
        if self.dialect != other.dialect:
            return False
        return all(self.json.raw(key) == other.json.raw(key) for key in self.question_keys)


def parse_body(body: bytes) -> JsonObject:
    """Finds the members of a request's body. Raises BadRequest if it is not a JSON object."""
    try:
        return parse_object(body)
    except NotAnObject as error:
        raise BadRequest(f"the request body is not a JSON object: {error}") from None


def checked_model(found: JsonObject) -> str:
    """The member `model`. Raises BadRequest if it is missing, no string, empty or too long."""
    model: str = typed_member(found, "model", str, "a string, the id of a model")
    if not model or len(model) > MODEL_CHARACTERS_MAX:
        raise BadRequest(f"model: expected 1 to {MODEL_CHARACTERS_MAX} characters")
    return model


def typed_member(found: JsonObject, key: str, kind: type[Any], expected: str) -> Any:
    """A member of a certain type; null counts as that type's empty value, except for a string.

    Raises BadRequest when it is missing or of another type, in the words of `expected`.
    """
    raw = found.raw(key)
    if raw == b"null" and kind is not str:
        return kind()
    try:
        return msgspec.json.decode(raw, type=kind)
    except msgspec.MsgspecError:
        raise BadRequest(f"{key}: expected {expected}") from None


def optional_member(found: JsonObject, key: str, kind: type[Any], expected: str) -> Any:
    """Like `typed_member`, but a member that is missing counts as its type's empty value."""
    return typed_member(found, key, kind, expected) if found.raw(key) else kind()
