"""llama.cpp's grammars: the state of one, fed token by token."""

from __future__ import annotations

from typing import Any, Final

from ..worker import model
from ..worker.model import BadGrammar
from .candidates import Candidates
from .library import llama
from .vocabulary import Vocabulary

GRAMMAR_CHARACTERS_MAX: Final = 4 * 1024 * 1024
ROOT: Final = "root"
_PREFIXED_ROOT: Final = "begun-root"
SPACE: Final = "[ \\n]{0,2}"
"""What models write between the end of their thinking and what they say."""


class Grammar(model.Grammar):
    """A grammar of the library's. `candidates` are overwritten by each question."""

    def __init__(
        self, vocabulary: Vocabulary, candidates: Candidates, gbnf: str, root: str = ROOT
    ) -> None:
        if len(gbnf) > GRAMMAR_CHARACTERS_MAX:
            raise BadGrammar(f"{len(gbnf)} characters; at most {GRAMMAR_CHARACTERS_MAX} are read")
        handle = llama.llama_sampler_init_grammar(vocabulary.handle, gbnf.encode(), root.encode())
        if not handle:
            raise BadGrammar("llama.cpp cannot read it")
        self._handle: Any = handle
        self._candidates = candidates

    @classmethod
    def begun(
        cls,
        vocabulary: Vocabulary,
        candidates: Candidates,
        gbnf: str,
        prefix: str,
        *,
        spaced: bool,
    ) -> Grammar:
        """One whose root begins with this text, and white space if it may be `spaced`."""
        if not prefix:
            return cls(vocabulary, candidates, gbnf)
        text = "".join(f"\\U{ord(character):08X}" for character in prefix)
        space = SPACE if spaced else ""
        begun = f'{gbnf}\n{_PREFIXED_ROOT} ::= "{text}" {space} {ROOT}\n'
        return cls(vocabulary, candidates, begun, _PREFIXED_ROOT)

    def allows(self, token: int) -> bool:
        """See Grammar.allows."""
        self._candidates.fill_one(token)
        llama.llama_sampler_apply(self._handle, self._candidates.reference)
        return self._candidates.is_allowed

    def apply(self) -> None:
        """Forbids all candidates that may not come now."""
        llama.llama_sampler_apply(self._handle, self._candidates.reference)

    def accept(self, token: int) -> None:
        """See Grammar.accept."""
        llama.llama_sampler_accept(self._handle, token)

    def close(self) -> None:
        """See Grammar.close."""
        llama.llama_sampler_free(self._handle)
