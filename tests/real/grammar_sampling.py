"""llama.cpp's own grammars, run by the worker's classes, without a model: a vocabulary is enough.

What a model says does not matter to a grammar, so tokens are drawn from the same logits all the
time: all alike, but for those that end something, which are likelier.
"""

from __future__ import annotations

import re
from array import array
from collections.abc import Generator
from contextlib import contextmanager

from understudy.io.engines.llama_worker import library
from understudy.io.engines.llama_worker.candidates import Candidates
from understudy.io.engines.llama_worker.grammar import Grammar
from understudy.io.engines.llama_worker.sampler import Sampler
from understudy.io.engines.llama_worker.vocabulary import Vocabulary
from understudy.io.engines.llama_worker.weights import Weights
from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.protocols.engine.messages import Sampling

RANDOM = Sampling(temperature=1.0, top_k=0, top_p=1.0, min_p=0.0)
ENDING = re.compile(rb'["\]}]+|[,:]')
ENDING_LOGIT = 4.0
END_LOGIT = 8.0


class Bench:
    """A vocabulary, and room for its candidates."""

    def __init__(self, weights: Weights) -> None:
        self.vocabulary: Vocabulary = weights.vocabulary
        self.candidates = Candidates(self.vocabulary.size)
        self._logits = array("f", map(self._logit, range(self.vocabulary.size)))

    @property
    def logits(self) -> int:
        """Their address."""
        return self._logits.buffer_info()[0]

    def favoured(self) -> dict[int, float]:
        """The likelier tokens, as a bias."""
        found = ((token, self._logit(token)) for token in range(self.vocabulary.size))
        return {token: logit for token, logit in found if logit}

    def accepts(self, gbnf: str, text: str) -> bool:
        """Whether a grammar lets a text through, token by token, to its end."""
        grammar = Grammar(self.vocabulary, self.candidates, gbnf)
        try:
            for token in self.vocabulary.tokens_of_prompt(text):
                if not grammar.allows(token):
                    return False
                grammar.accept(token)
            return any(grammar.allows(end) for end in self.vocabulary.ends)
        finally:
            grammar.close()

    def drawn(self, gbnf: str, seed: int, tokens_max: int = 600) -> bytes | None:
        """A random text of a grammar; None if it has not ended after so many tokens."""
        grammar = Grammar(self.vocabulary, self.candidates, gbnf)
        sampler = Sampler(RANDOM, RANDOM, self.vocabulary, seed)
        try:
            return self._drawn(grammar, sampler, tokens_max)
        finally:
            grammar.close()
            sampler.close()

    def _drawn(self, grammar: Grammar, sampler: Sampler, tokens_max: int) -> bytes | None:
        written = b""
        for _ in range(tokens_max):
            self.candidates.fill(self.logits)
            token = sampler.choose(self.candidates)
            if not grammar.allows(token):
                self.candidates.fill(self.logits)
                grammar.apply()
                token = sampler.choose(self.candidates)
                assert token >= 0, "the grammar has come to a dead end"
            if self.vocabulary.ends_answer(token):
                return written
            grammar.accept(token)
            written += self.vocabulary.piece(token)
        return None

    def _logit(self, token: int) -> float:
        if self.vocabulary.ends_answer(token):
            return END_LOGIT
        return ENDING_LOGIT if ENDING.fullmatch(self.vocabulary.piece(token)) else 0.0


@contextmanager
def open_bench() -> Generator[Bench, None, None]:
    """The vocabulary of the embedded model."""
    library.start()
    weights = Weights(str(MODEL_FILE), 0, lambda _: None)
    try:
        yield Bench(weights)
    finally:
        weights.close()
