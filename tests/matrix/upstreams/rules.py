"""How a scripted upstream finds fault: every breach is noted in words, none is forgiven.

Real providers refuse what they do not know; a request that they would answer with a 400 must fail
here too, and say why.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import Any, cast

import attrs

from ..question import Json


@attrs.define
class Complaints:
    """What is wrong with one request."""

    found: list[str] = attrs.Factory(list[str])

    def that(self, holds: bool, words: str) -> bool:
        """Notes the words unless it holds; says whether it does."""
        if not holds:
            self.found.append(words)
        return holds

    def members(self, value: Any, where: str, required: str, optional: str = "") -> Json:
        """An object that has all of `required` and nothing but these and `optional`."""
        if not isinstance(value, dict):
            self.found.append(f"{where}: expected an object, got {value!r:.80}")
            return {}
        found = cast(Json, value)
        must, may = set(required.split()), set(optional.split())
        for name in sorted(must - found.keys()):
            self.found.append(f"{where}.{name}: required")
        for name in sorted(found.keys() - must - may):
            self.found.append(f"{where}.{name}: unknown member")
        return found

    def any_object(self, value: Any, where: str) -> Json:
        """An object with whatever members."""
        self.that(isinstance(value, dict), f"{where}: expected an object, got {value!r:.80}")
        return cast(Json, value) if isinstance(value, dict) else {}

    def items(self, value: Any, where: str) -> list[Any]:
        """A list that is not empty."""
        if not isinstance(value, list) or not value:
            self.found.append(f"{where}: expected a list with something in it, got {value!r:.80}")
            return []
        return cast(list[Any], value)

    def text(self, value: Any, where: str, *, empty: bool = False) -> str:
        """A string, which is not empty unless that is allowed."""
        if not isinstance(value, str) or not (value or empty):
            self.found.append(f"{where}: expected a string with something in it, got {value!r:.80}")
            return ""
        return value

    def one_of(self, value: Any, where: str, allowed: str) -> str:
        """One of these words."""
        if value not in allowed.split():
            self.found.append(f"{where}: expected one of {allowed}, got {value!r:.80}")
        return str(value)

    def matching(self, value: Any, where: str, pattern: str) -> str:
        """A string of this form."""
        if not isinstance(value, str) or not re.fullmatch(pattern, value):
            self.found.append(f"{where}: {value!r:.160} does not match {pattern}")
        return str(value)

    def number(self, value: Any, where: str, least: float, most: float) -> None:
        """A number in this range."""
        good = isinstance(value, int | float) and not isinstance(value, bool)
        if not good or not least <= value <= most:
            self.found.append(f"{where}: expected {least} to {most}, got {value!r:.80}")

    def decoded(self, value: Any, where: str) -> bytes:
        """Standard base64 with padding."""
        try:
            return base64.b64decode(self.text(value, where), validate=True)
        except binascii.Error as error:
            self.found.append(f"{where}: not base64: {error}")
            return b""

    def data_url(self, value: Any, where: str) -> tuple[str, bytes]:
        """The media type and the bytes of a data URL."""
        text = self.text(value, where)
        head, comma, data = text.partition(",")
        good = head.startswith("data:") and head.endswith(";base64") and comma
        if not self.that(bool(good), f"{where}: not a base64 data URL: {text:.60}"):
            return "", b""
        return head[5:-7], self.decoded(data, where)

    def schema(self, value: Any, where: str) -> Json:
        """The JSON Schema of a tool's input: an object."""
        found = cast(Json, value) if isinstance(value, dict) else {}
        kind = str(found.get("type", "")).lower()
        self.that(kind == "object", f"{where}: not the schema of an object: {value!r:.80}")
        return found
