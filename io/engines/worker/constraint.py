"""An answer under a grammar: free until something opens it, and valid from there to its end.

Applying a grammar to a whole vocabulary takes 10 to 70 ms with 152,000 tokens, checking one token
6 us (llama.cpp's). So a token is chosen freely and checked, and only if the grammar rejects it, the
choice is made again among what it allows. (llama.cpp's common/sampling.cpp does the same.)

llama.cpp's own lazy grammars are not used: they search the whole answer at every token, and end the
process when a token goes on, behind the trigger, with something that the grammar forbids. Here an
opening is looked for in the bytes of the last tokens. Once one is whole, a grammar is made whose
root begins with what these tokens say before it, and is fed those tokens, each checked first: an
accepted token has always been an allowed one, which is what the library asserts.
"""

from __future__ import annotations

import attrs

from .model import DEAD_END, Draw, Grammar, Vocabulary


@attrs.frozen
class Opening:
    """What makes the grammar begin: one of these texts in the answer.

    `inside` says that the grammar's root begins with the text itself; else with what follows it,
    perhaps after a little white space. With `at_start` the text counts at the very start of the
    answer alone.
    """

    texts: tuple[bytes, ...]
    inside: bool = True
    at_start: bool = False


class Constraint:
    """The grammar of one answer, and whether it has begun."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        draw: Draw,
        gbnf: str,
        opening: Opening | None,
        prefix: str = "",
    ) -> None:
        """Without an opening the grammar begins at once, after `prefix`. Raises BadGrammar."""
        self._vocabulary = vocabulary
        self._gbnf = gbnf
        self._opening = opening
        self._tail: list[int] = []
        self._tail_bytes = b""
        self._length_max = 0
        # Made even if it is not to begin yet: a bad one is to be refused before anything is said.
        first = draw.grammar(gbnf, prefix)
        self._grammar_now: Grammar | None = None
        if opening is None:
            self._grammar_now = first
        else:
            first.close()
            self._length_max = max(map(len, opening.texts))

    @property
    def is_complete(self) -> bool:
        """Whether the answer may end here."""
        grammar = self._grammar_now
        return grammar is None or any(map(grammar.allows, self._vocabulary.ends))

    def choose(self, draw: Draw, row: int) -> int:
        """Chooses the next token from the logits of a row; DEAD_END if there is none."""
        token = draw.propose(row)
        if self._grammar_now is None:
            token = self._opened(token, draw, row)
        if self._grammar_now is not None:
            token = self._checked(token, draw, row)
        if token != DEAD_END:
            draw.accept(token)
        return token

    def close(self) -> None:
        """Frees the grammar."""
        if self._grammar_now is not None:
            self._grammar_now.close()
            self._grammar_now = None

    def _checked(self, token: int, draw: Draw, row: int) -> int:
        grammar = self._grammar_now
        assert grammar is not None
        if token == DEAD_END or not grammar.allows(token):
            token = draw.propose_under(row, grammar)
            if token == DEAD_END:
                return DEAD_END
        if not self._vocabulary.ends_answer(token):
            grammar.accept(token)
        return token

    def _opened(self, token: int, draw: Draw, row: int) -> int:
        """Looks for an opening that this token makes whole; makes the grammar then."""
        if token == DEAD_END or self._opening is None:
            return token
        if not self._opening.inside and self._vocabulary.ends_answer(token):
            # What was demanded has not begun yet: the model may not end before it.
            token = self._another(token, draw, row)
        found = None if token == DEAD_END else self._found(token)
        while found is not None:
            grammar = self._begun(found, draw)
            if grammar is not None:
                self._grammar_now = grammar
                return token
            # Bytes that are no text stand before the opening: no grammar can begin there.
            token = self._another(token, draw, row)
            found = None if token == DEAD_END else self._found(token)
        self._note(token)
        return token

    def _another(self, token: int, draw: Draw, row: int) -> int:
        """A token that is neither this one nor, if this ends the answer, ends it."""
        ends = self._vocabulary.ends if self._vocabulary.ends_answer(token) else ()
        return draw.propose_without(row, (token, *ends))

    def _found(self, token: int) -> tuple[int, bytes] | None:
        """Where in the tail and this token the grammar begins, and what is written before."""
        assert self._opening is not None
        before = len(self._tail_bytes)
        written = self._tail_bytes + self._vocabulary.piece(token)
        places = [
            (place, text)
            for text in self._opening.texts
            if (place := written.find(text, max(0, before - len(text) + 1))) >= 0
            and (place == 0 or not self._opening.at_start)
        ]
        if not places:
            return None
        place, text = min(places)
        start = place if self._opening.inside else place + len(text)
        return start, written[:start]

    def _begun(self, found: tuple[int, bytes], draw: Draw) -> Grammar | None:
        """The grammar that has begun there, fed with the tokens before the newest one."""
        start, written = found
        held = list(self._tail)
        dropped = 0
        # The tokens that lie before the opening need not be fed, down to a whole character.
        while held:
            piece = self._vocabulary.piece(held[0])
            if dropped + len(piece) > start or _starts_inside(written, dropped + len(piece)):
                break
            dropped += len(piece)
            del held[0]
        try:
            prefix = written[dropped:].decode()
        except UnicodeDecodeError:
            return None
        opening = self._opening
        spaced = opening is not None and not opening.inside
        grammar = draw.grammar(self._gbnf, prefix, spaced=spaced)
        for token in held:
            if not grammar.allows(token):
                grammar.close()
                return None
            grammar.accept(token)
        return grammar

    def _note(self, token: int) -> None:
        """Keeps the last tokens, as many as an opening may reach back into."""
        if token == DEAD_END:
            return
        assert self._opening is not None
        self._tail.append(token)
        self._tail_bytes += self._vocabulary.piece(token)
        if self._opening.at_start:
            start = self._tail_bytes
            if not any(text.startswith(start) for text in self._opening.texts):
                self._opening = None
            return
        while self._tail:
            piece = self._vocabulary.piece(self._tail[0])
            rest = self._tail_bytes[len(piece) :]
            if len(rest) < self._length_max or _starts_inside(rest, 0):
                return
            del self._tail[0]
            self._tail_bytes = rest


def _starts_inside(written: bytes, place: int) -> bool:
    """Whether the byte there is not the first one of a character."""
    return place < len(written) and written[place] & 0xC0 == 0x80
