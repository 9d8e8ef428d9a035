"""One request's draw: its sampler over the rows of the context, with or without a grammar."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from ....protocols.engine.messages import Sampling
from ..worker import model
from .candidates import Candidates
from .context import Context
from .grammar import Grammar
from .logprobs import logprobs
from .sampler import Sampler
from .vocabulary import Vocabulary


class Draw(model.Draw):
    """See model.Draw. `candidates` are one worker's, filled anew for each choice."""

    def __init__(
        self,
        sampling: Sampling,
        defaults: Sampling,
        seed: int,
        context: Context,
        vocabulary: Vocabulary,
        candidates: Candidates,
    ) -> None:
        self._sampler = Sampler(sampling, defaults, vocabulary, seed)
        self._context, self._vocabulary, self._candidates = context, vocabulary, candidates

    def choose(self, row: int) -> int:
        """See Draw.choose."""
        return self._sampler.sample(self._context, row)

    def propose(self, row: int) -> int:
        """See Draw.propose. Counting changes nothing where nothing is remembered."""
        if not self._sampler.remembers:
            return self._sampler.sample(self._context, row)
        self._candidates.fill(self._context.logits(row))
        return self._sampler.choose(self._candidates)

    def propose_without(self, row: int, forbidden: Sequence[int]) -> int:
        """See Draw.propose_without."""
        self._candidates.fill(self._context.logits(row))
        for token in forbidden:
            self._candidates.forbid(token)
        return self._sampler.choose(self._candidates)

    def propose_under(self, row: int, grammar: model.Grammar) -> int:
        """See Draw.propose_under."""
        assert isinstance(grammar, Grammar), "it is one that this library made"
        self._candidates.fill(self._context.logits(row))
        grammar.apply()
        return self._sampler.choose(self._candidates)

    def accept(self, token: int) -> None:
        """See Draw.accept."""
        self._sampler.accept(token)

    def logprobs(self, row: int, token: int, alternatives: int) -> dict[str, Any]:
        """See Draw.logprobs."""
        logits = self._context.logits(row)
        return logprobs(self._candidates, self._vocabulary, logits, token, alternatives)

    def grammar(self, gbnf: str, prefix: str = "", *, spaced: bool = False) -> Grammar:
        """See Draw.grammar."""
        return Grammar.begun(self._vocabulary, self._candidates, gbnf, prefix, spaced=spaced)

    def close(self) -> None:
        """See Draw.close."""
        self._sampler.close()
