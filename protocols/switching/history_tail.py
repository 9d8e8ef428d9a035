"""What stood before a mark, told backwards: a history that lost its beginning is still known.

A mark's code covers all that was said before it, and cannot be looked at where the first of it is
missing. So the server remembers for each mark a chain of digests from its reply backwards, one for
each message. Where a mark stands after exactly so many messages as one of them covers, and their
digest is that one, the history is the mark's own without its beginning, and no other: anything that
stands before them, a copy's surroundings or a summary, makes it another one. Some message must be
left, which is the command: a reply of ours alone could have been copied.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterator, Sequence
from typing import Final

from .history import DIGEST_BYTES, linked, mark_in, normal

MESSAGES_MAX: Final = 64
"""Before a mark. Where more are left of a shortened history, its mark is not known."""
TAIL_BYTES: Final = 6
"""Of each digest: a history that is made up has one try."""

_TAIL: Final = b"history tail"
Words = tuple[str, str]
"""A message: its role, and its words with their mark."""


def written_tail(key: bytes, reply: str, before: Sequence[Words]) -> str:
    """The tail for a reply that bears its mark: the mark, and the digests."""
    digests = base64.b64encode(b"".join(_digests(key, reply, before))).decode()
    return f"{mark_in(reply)}:{digests}"


def read_tail(text: str) -> tuple[str, bytes]:
    """A tail that was stored: the mark, and the digests; b"" where they are none."""
    mark, _, digests = text.partition(":")
    try:
        return mark, base64.b64decode(digests, validate=True)
    except ValueError:
        return mark, b""


def is_tail_of(key: bytes, tail: bytes, reply: str, before: Sequence[Words]) -> bool:
    """Whether a reply stands after the end of what it stood after, and after nothing else."""
    digests = list(_digests(key, reply, before))
    spoken = sum(1 for _, words in before if normal(words))
    if not digests or len(digests) != spoken:
        return False
    end = len(digests) * TAIL_BYTES
    return hmac.compare_digest(tail[end - TAIL_BYTES : end], digests[-1])


def _digests(key: bytes, reply: str, before: Sequence[Words]) -> Iterator[bytes]:
    link = hashlib.blake2b(normal(reply), digest_size=DIGEST_BYTES, key=key, person=_TAIL).digest()
    number = 0
    for role, words in reversed(before):
        text = normal(words)
        if not text:
            continue
        if number == MESSAGES_MAX:
            return
        number += 1
        link = linked(link, role, text)
        yield link[:TAIL_BYTES]
