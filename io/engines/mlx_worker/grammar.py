"""A grammar fed token by token, over our own acceptor: bytes, and halves of characters, too.

A token may end inside a character. The grammar then stands before that character, with the bytes
that are there; what they may still become is compared with what may come next.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Final

import attrs

from ....protocols.grammar.acceptor import Acceptor, State
from ....protocols.grammar.gbnf import ranges_of
from ....protocols.grammar.notation import (
    BadNotation,
    Node,
    OneOf,
    Repeat,
    Row,
    Text,
    read_notation,
)
from ..worker import model
from ..worker.model import BadGrammar
from .vocabulary import Vocabulary

GRAMMARS_MAX: Final = 16
SPACE: Final = Repeat(OneOf(ranges_of(" \n")), 0, 2)
"""What models write between the end of their thinking and what they say."""
CONTINUATION_BITS: Final = 6


@attrs.frozen
class _Place:
    """Where a grammar stands: its state, and the first bytes of the next character."""

    state: State
    half: bytes = b""


class Grammar(model.Grammar):
    """See model.Grammar."""

    def __init__(self, vocabulary: Vocabulary, start: State) -> None:
        self._vocabulary = vocabulary
        self._place = _Place(start)

    def allows(self, token: int) -> bool:
        """See Grammar.allows."""
        if self._vocabulary.ends_answer(token):
            return self._place.state.may_end and not self._place.half
        return self._after(token) is not None

    def accept(self, token: int) -> None:
        """See Grammar.accept."""
        place = self._after(token)
        assert place is not None, "an accepted token is an allowed one"
        self._place = place

    def first_bytes(self) -> set[int]:
        """The bytes that a token may begin with now."""
        place = self._place
        return {byte for byte in range(256) if _moved(place.state, place.half + bytes([byte]))}

    def close(self) -> None:
        """See Grammar.close: nothing to be freed."""

    def _after(self, token: int) -> _Place | None:
        piece = self._vocabulary.piece(token)
        return _moved(self._place.state, self._place.half + piece) if piece else None


class Grammars:
    """Makes the grammars of one vocabulary; the last ones that were read are kept."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self._acceptors: OrderedDict[str, Acceptor] = OrderedDict()

    def grammar(self, gbnf: str, prefix: str, *, spaced: bool) -> Grammar:
        """See Draw.grammar. Raises BadGrammar."""
        before: Node | None = Text(prefix) if prefix else None
        if before is not None and spaced:
            before = Row((before, SPACE))
        return Grammar(self._vocabulary, self._acceptor(gbnf).start(before))

    def _acceptor(self, gbnf: str) -> Acceptor:
        found = self._acceptors.get(gbnf)
        if found is None:
            try:
                found = self._acceptors[gbnf] = Acceptor(read_notation(gbnf))
            except BadNotation as error:
                raise BadGrammar(str(error)) from error
            if len(self._acceptors) > GRAMMARS_MAX:
                self._acceptors.popitem(last=False)
        self._acceptors.move_to_end(gbnf)
        return found


def _moved(state: State, data: bytes) -> _Place | None:
    """Where a grammar stands behind these bytes; None if it does not let them through."""
    try:
        following = state.after(data.decode())
        return None if following is None else _Place(following)
    except UnicodeDecodeError as error:
        whole, half = data[: error.start], data[error.start :]
    run = _may_become(half)
    following = state.after(whole.decode())
    if run is None or following is None or not following.may_begin(*run):
        return None
    return _Place(following, half)


def _may_become(half: bytes) -> tuple[int, int] | None:
    """The first and the last character that begin with these bytes; None if none does."""
    lead = half[0]
    if 0xC2 <= lead < 0xE0:
        length, bits = 2, lead & 0x1F
    elif 0xE0 <= lead < 0xF0:
        length, bits = 3, lead & 0x0F
    elif 0xF0 <= lead < 0xF5:
        length, bits = 4, lead & 0x07
    else:
        return None
    if len(half) >= length or any(byte & 0xC0 != 0x80 for byte in half[1:]):
        return None
    for byte in half[1:]:
        bits = bits << CONTINUATION_BITS | byte & 0x3F
    missing = CONTINUATION_BITS * (length - len(half))
    least = {2: 0x80, 3: 0x800, 4: 0x10000}[length]
    first, last = max(bits << missing, least), min((bits + 1 << missing) - 1, 0x10FFFF)
    return (first, last) if first <= last else None
