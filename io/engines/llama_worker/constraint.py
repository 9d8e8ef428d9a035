"""An answer under a grammar: free until something opens it, and valid from there to its end.

Applying a grammar to a whole vocabulary takes 10 to 70 ms with 152,000 tokens, checking one token
6 us. So a token is chosen freely and checked, and only if the grammar rejects it, the grammar is
applied to all and the choice made again. (llama.cpp's common/sampling.cpp does the same.)

llama.cpp's own lazy grammars are not used: they search the whole answer at every token, and end the
process when a token goes on, behind the trigger, with something that the grammar forbids. Here an
opening is looked for in the bytes of the last tokens. Once one is whole, a grammar is made whose
root begins with what these tokens say before it, and is fed those tokens, each checked first: an
accepted token has always been an allowed one, which is what the library asserts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import attrs

from .context import Context
from .library import llama
from .sampler import Candidates, Sampler
from .vocabulary import Vocabulary

GRAMMAR_CHARACTERS_MAX: Final = 4 * 1024 * 1024
ROOT: Final = "root"
_PREFIXED_ROOT: Final = "begun-root"
SPACE: Final = "[ \\n]{0,2}"
"""What models write between the end of their thinking and what they say."""
DEAD_END: Final = -1
"""Chosen when the grammar allows no token at all."""


class BadGrammar(Exception):
    """The library cannot read this grammar."""


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


class Grammar:
    """A grammar's state: what has been written so far in it."""

    def __init__(self, vocabulary: Vocabulary, gbnf: str, root: str = ROOT) -> None:
        if len(gbnf) > GRAMMAR_CHARACTERS_MAX:
            raise BadGrammar(f"{len(gbnf)} characters; at most {GRAMMAR_CHARACTERS_MAX} are read")
        handle = llama.llama_sampler_init_grammar(vocabulary.handle, gbnf.encode(), root.encode())
        if not handle:
            raise BadGrammar("llama.cpp cannot read it")
        self._handle: Any = handle

    def allows(self, token: int, candidates: Candidates) -> bool:
        """Whether the answer may go on with this token."""
        candidates.fill_one(token)
        llama.llama_sampler_apply(self._handle, candidates.reference)
        return candidates.is_allowed

    def apply(self, candidates: Candidates) -> None:
        """Forbids all candidates that may not come now."""
        llama.llama_sampler_apply(self._handle, candidates.reference)

    def accept(self, token: int) -> None:
        """Goes on with a token, which must be allowed."""
        llama.llama_sampler_accept(self._handle, token)

    def close(self) -> None:
        """Frees it."""
        llama.llama_sampler_free(self._handle)


class Constraint:
    """The grammar of one answer, and whether it has begun."""

    def __init__(
        self,
        vocabulary: Vocabulary,
        candidates: Candidates,
        gbnf: str,
        opening: Opening | None,
        prefix: bytes = b"",
    ) -> None:
        """Without an opening the grammar begins at once, after `prefix`. Raises BadGrammar."""
        self._vocabulary = vocabulary
        self._candidates = candidates
        self._gbnf = gbnf
        self._opening = opening
        self._tail: list[int] = []
        self._tail_bytes = b""
        self._length_max = 0
        first = self._grammar(prefix)
        self._grammar_now: Grammar | None = None
        if opening is None:
            self._grammar_now = first
        else:
            first.close()
            self._length_max = max(map(len, opening.texts))

    def is_complete(self, ends: Sequence[int]) -> bool:
        """Whether the answer may end here; `ends` are tokens that end one."""
        grammar = self._grammar_now
        return grammar is None or any(grammar.allows(end, self._candidates) for end in ends)

    def choose(self, sampler: Sampler, context: Context, row: int) -> int:
        """Chooses the next token from the logits of a row; DEAD_END if there is none."""
        logits = context.logits(row)
        token = self._proposed(sampler, context, row, logits)
        if self._grammar_now is None:
            token = self._opened(token, sampler, logits)
        if self._grammar_now is not None:
            token = self._checked(token, sampler, logits)
        if token != DEAD_END:
            sampler.accept(token)
        return token

    def close(self) -> None:
        """Frees the grammar."""
        if self._grammar_now is not None:
            self._grammar_now.close()
            self._grammar_now = None

    def _proposed(self, sampler: Sampler, context: Context, row: int, logits: int) -> int:
        if not sampler.remembers:
            return sampler.sample(context, row)
        self._candidates.fill(logits)
        return sampler.choose(self._candidates)

    def _checked(self, token: int, sampler: Sampler, logits: int) -> int:
        grammar = self._grammar_now
        assert grammar is not None
        if token == DEAD_END or not grammar.allows(token, self._candidates):
            self._candidates.fill(logits)
            grammar.apply(self._candidates)
            token = sampler.choose(self._candidates)
            if token == DEAD_END:
                return DEAD_END
        if not self._vocabulary.ends_answer(token):
            grammar.accept(token)
        return token

    def _opened(self, token: int, sampler: Sampler, logits: int) -> int:
        """Looks for an opening that this token makes whole; makes the grammar then."""
        if token == DEAD_END or self._opening is None:
            return token
        if not self._opening.inside and self._vocabulary.ends_answer(token):
            # What was demanded has not begun yet: the model may not end before it.
            token = self._another(token, sampler, logits)
        found = None if token == DEAD_END else self._found(token)
        while found is not None:
            grammar = self._begun(found)
            if grammar is not None:
                self._grammar_now = grammar
                return token
            # Bytes that are no text stand before the opening: no grammar can begin there.
            token = self._another(token, sampler, logits)
            found = None if token == DEAD_END else self._found(token)
        self._note(token)
        return token

    def _another(self, token: int, sampler: Sampler, logits: int) -> int:
        """A token that is neither this one nor, if this ends the answer, ends it."""
        ends = self._vocabulary.ends if self._vocabulary.ends_answer(token) else ()
        self._candidates.fill(logits)
        for forbidden in (token, *ends):
            self._candidates.forbid(forbidden)
        return sampler.choose(self._candidates)

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

    def _begun(self, found: tuple[int, bytes]) -> Grammar | None:
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
        prefix = written[dropped:]
        try:
            prefix.decode()
        except UnicodeDecodeError:
            return None
        grammar = self._grammar(prefix)
        for token in held:
            if not grammar.allows(token, self._candidates):
                grammar.close()
                return None
            grammar.accept(token)
        return grammar

    def _grammar(self, prefix: bytes) -> Grammar:
        if not prefix:
            return Grammar(self._vocabulary, self._gbnf)
        text = "".join(f"\\U{ord(character):08X}" for character in prefix.decode())
        opening = self._opening
        space = "" if opening is None or opening.inside else SPACE
        begun = f'{self._gbnf}\n{_PREFIXED_ROOT} ::= "{text}" {space} {ROOT}\n'
        return Grammar(self._vocabulary, begun, _PREFIXED_ROOT)

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
