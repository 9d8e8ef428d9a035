"""JSON of any origin as values: one way to decode it, and one exception if it cannot be.

A program that cuts a text between the two halves of an emoji writes half a pair of surrogates:
`"\\ud83d"`. That is JSON by its grammar, and no text; no strict decoder takes it. A whole request
or answer would be lost for it, so such a half counts as the sign for an unknown character.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

_ANY = msgspec.json.Decoder()
_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
    rb"|(u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
"""An escape in a string; half a pair is its group."""


class NotJson(ValueError):
    """The bytes are not JSON, or nested too deeply; the message says where."""


def decode_json(data: bytes | bytearray | str) -> Any:
    """The value. Raises NotJson alone."""
    try:
        return _ANY.decode(data)
    except (msgspec.MsgspecError, UnicodeError) as error:
        return _decode_halves(data, error)
    except RecursionError:
        raise NotJson("nested too deeply") from None


def _decode_halves(data: bytes | bytearray | str, first: Exception) -> Any:
    """A second try with each half of a pair replaced."""
    try:
        raw = data.encode() if isinstance(data, str) else bytes(data)
        whole = _ESCAPE.sub(lambda found: b"\\ufffd" if found.group(1) else found.group(), raw)
        if whole == raw:
            raise NotJson(str(first))
        return _ANY.decode(whole)
    except (msgspec.MsgspecError, UnicodeError) as error:
        raise NotJson(str(error)) from None
    except RecursionError:
        raise NotJson("nested too deeply") from None
