"""The mark that a reply of ours carries, so that the history names its conversation.

A client that sends no id of a session sends the whole history with each request, our replies among
it. The last line of such a reply is `[understudy:...]`: 26 characters of base32 that hold a nonce,
which names the conversation, and a code (keyed BLAKE2b, RFC 7693) over it and over the history up
to the reply and with it. Whoever lacks the key can make none, and one that is copied to any other
place, by a user, a web page or a model that has learnt to end its answers so, is no mark there.

A bracketed line because it must come back: what a reader does not see (comments, characters without
a width) is what clients leave out, and Markdown shows brackets without a link as they are.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

from .history import Said

NONCE_BYTES: Final = 6
CODE_BYTES: Final = 10
KEY_BYTES: Final = 32
MARKED: Final = "mark:"
"""How the name of a conversation begins that we have given it."""
SIGN: Final = b"understudy:"
"""No request holds a mark that does not hold this."""

_CODE: Final = b"history mark"
_KEY: Final = b"marks' key"


def mark_key(token: str) -> bytes:
    """The key of a server, which changes with its token."""
    return hashlib.blake2b(token.encode(), digest_size=KEY_BYTES, person=_KEY).digest()


def written_mark(key: bytes, nonce: bytes, unsigned: bytes) -> str:
    """The mark for a reply; `unsigned` as `Said` has it."""
    assert len(nonce) == NONCE_BYTES, "a nonce has its length"
    signed = base64.b32encode(nonce + _code(key, nonce, unsigned)).decode()
    return signed.rstrip("=").lower()


def nonce_of(key: bytes, said: Said) -> bytes:
    """The nonce in a message's mark; b"" where it has none, or one that is not for this place."""
    if not said.mark or said.role != "assistant":
        return b""
    padding = "=" * (-len(said.mark) % 8)
    try:
        signed = base64.b32decode(said.mark.upper() + padding)
    except ValueError:
        return b""
    nonce, code = signed[:NONCE_BYTES], signed[NONCE_BYTES:]
    return nonce if hmac.compare_digest(code, _code(key, nonce, said.unsigned)) else b""


def name_of(nonce: bytes) -> str:
    """The name of a nonce's conversation."""
    return MARKED + base64.b32encode(nonce).decode().rstrip("=").lower()


def name_in(mark: str) -> str:
    """The name that a mark says, whoever has made it; "" if it says none."""
    try:
        signed = base64.b32decode(mark.upper() + "=" * (-len(mark) % 8))
    except ValueError:
        return ""
    return name_of(signed[:NONCE_BYTES]) if len(signed) == NONCE_BYTES + CODE_BYTES else ""


def nonce_in(name: str) -> bytes:
    """The nonce in a conversation's name; b"" where it is no name of ours."""
    letters = name.removeprefix(MARKED)
    try:
        nonce = base64.b32decode(letters.upper() + "=" * (-len(letters) % 8))
    except ValueError:
        return b""
    return nonce if name == name_of(nonce) and len(nonce) == NONCE_BYTES else b""


def with_mark(reply: str, mark: str) -> str:
    """A reply that ends with its mark, on a line of its own."""
    return f"{reply.rstrip()}\n\n[understudy:{mark}]"


def _code(key: bytes, nonce: bytes, unsigned: bytes) -> bytes:
    return hashlib.blake2b(nonce + unsigned, digest_size=CODE_BYTES, key=key, person=_CODE).digest()
