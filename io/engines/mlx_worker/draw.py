"""How one request's tokens are chosen, with the same parameters in the same order as llama.cpp's.

Bias, penalties, then top-k, top-p, min-p, temperature and a draw; at temperature 0 the likeliest
token. The likeliest tokens of a row are found where the logits are (`context.CANDIDATES`), and only
who asks for more of them, for penalties or for a bias has the whole row brought here. A draw uses
the request's own generator, so a seed gives the same answer as long as the logits are the same.

Under a grammar the likeliest candidates that it allows are drawn from; if it allows none of them,
those of the whole vocabulary, where most tokens are dismissed by their first byte.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from random import Random
from typing import Any, Final

from ....protocols.engine.messages import Sampling
from ..worker import model
from ..worker.model import DEAD_END
from ..worker.sampling_limits import PENALTY_TOKENS, REPEAT_TOKENS, SEEDS
from .context import CANDIDATES, Context, Row
from .grammar import Grammar, Grammars
from .library import numpy
from .vocabulary import NO_BYTE, Vocabulary

Candidate = tuple[int, float]
"""A token and its logit."""
WHOLE: Final = 0
"""A `top_k` that leaves nobody out."""


class Draw(model.Draw):
    """See model.Draw."""

    def __init__(
        self,
        sampling: Sampling,
        defaults: Sampling,
        seed: int,
        context: Context,
        vocabulary: Vocabulary,
        grammars: Grammars,
    ) -> None:
        self._sampling = sampling
        self._temperature = _first(sampling.temperature, defaults.temperature)
        self._top_k = int(_first(sampling.top_k, defaults.top_k))
        self._top_p = _first(sampling.top_p, defaults.top_p)
        self._min_p = _first(sampling.min_p, defaults.min_p)
        self._random = Random(seed % SEEDS)  # noqa: S311 answers, not secrets
        self._context, self._vocabulary, self._grammars = context, vocabulary, grammars
        self._chosen: list[int] = []
        self._penalises = (
            bool(sampling.frequency_penalty or sampling.presence_penalty)
            or sampling.repeat_penalty != 1.0
        )

    def choose(self, row: int) -> int:
        """See Draw.choose."""
        token = self.propose(row)
        self.accept(token)
        return token

    def propose(self, row: int) -> int:
        """See Draw.propose."""
        return self._drawn(self._likeliest(row))

    def propose_without(self, row: int, forbidden: Sequence[int]) -> int:
        """See Draw.propose_without."""
        found = (each for each in self._likeliest(row) if each[0] not in forbidden)
        return self._drawn(found)

    def propose_under(self, row: int, grammar: model.Grammar) -> int:
        """See Draw.propose_under."""
        assert isinstance(grammar, Grammar), "it is one that this library made"
        allowed = [each for each in self._likeliest(row) if grammar.allows(each[0])]
        if not allowed:
            count = self._top_k if 0 < self._top_k < CANDIDATES else CANDIDATES
            allowed = list(islice(self._allowed(row, grammar), count))
        return self._drawn(allowed)

    def accept(self, token: int) -> None:
        """See Draw.accept."""
        if self._penalises:
            self._chosen.append(token)
            del self._chosen[:-PENALTY_TOKENS]

    def logprobs(self, row: int, token: int, alternatives: int) -> dict[str, Any]:
        """See Draw.logprobs."""
        found = self._context.row(row)
        at = numpy.flatnonzero(found.candidates == token)
        logit = float(found.logits[at[0]] if len(at) else found.whole()[token])
        top = zip(found.candidates.tolist(), found.logits.tolist(), strict=True)
        others = [
            self._entry(other, value - found.total) for other, value in islice(top, alternatives)
        ]
        return {**self._entry(token, logit - found.total), "top_logprobs": others}

    def grammar(self, gbnf: str, prefix: str = "", *, spaced: bool = False) -> Grammar:
        """See Draw.grammar."""
        return self._grammars.grammar(gbnf, prefix, spaced=spaced)

    def close(self) -> None:
        """See Draw.close: nothing to be freed."""

    def _likeliest(self, row: int) -> Iterator[Candidate]:
        """The likeliest tokens in order, as many as parameters may want."""
        found = self._context.row(row)
        wants_all = self._temperature > 0 and not 0 < self._top_k <= CANDIDATES
        if self._penalises or self._sampling.logit_bias or wants_all:
            return _ordered(self._adjusted(found), None if wants_all else CANDIDATES)
        return zip(found.candidates.tolist(), found.logits.tolist(), strict=True)

    def _allowed(self, row: int, grammar: Grammar) -> Iterator[Candidate]:
        """All tokens that a grammar allows, the likeliest first."""
        logits = self._adjusted(self._context.row(row))
        may = numpy.zeros(NO_BYTE + 1, dtype=bool)
        may[list(grammar.first_bytes())] = True
        possible = may[self._vocabulary.first_bytes()]
        for end in self._vocabulary.ends:
            if end < len(possible):
                possible[end] = True
        logits[~possible] = -math.inf
        return (each for each in _ordered(logits) if grammar.allows(each[0]))

    def _adjusted(self, row: Row) -> Any:
        """The logits of all tokens with bias and penalties."""
        logits, sampling = row.whole(), self._sampling
        for token, bias in sampling.logit_bias.items():
            if token < len(logits):
                logits[token] += bias
        for token in set(self._chosen[-REPEAT_TOKENS:]) if sampling.repeat_penalty != 1.0 else ():
            logit, penalty = logits[token], sampling.repeat_penalty
            logits[token] = logit / penalty if logit > 0 else logit * penalty
        if sampling.frequency_penalty or sampling.presence_penalty:
            for token, count in Counter(self._chosen).items():
                lessened = count * sampling.frequency_penalty + sampling.presence_penalty
                logits[token] -= lessened
        return logits

    def _drawn(self, candidates: Iterable[Candidate]) -> int:
        """One of these, which stand in order; DEAD_END if there is none."""
        count = self._top_k if self._top_k > 0 else None
        if self._temperature <= 0:
            return next((token for token, _ in candidates), DEAD_END)
        kept = [each for each in islice(candidates, count) if each[1] != -math.inf]
        if not kept:
            return DEAD_END
        kept = _most_likely(kept, self._top_p)
        if self._min_p > 0:
            least = kept[0][1] + math.log(min(self._min_p, 1.0))
            kept = [each for each in kept if each[1] >= least]
        best = kept[0][1]
        weights = [math.exp((logit - best) / self._temperature) for _, logit in kept]
        return self._random.choices([token for token, _ in kept], weights)[0]

    def _entry(self, token: int, logprob: float) -> dict[str, Any]:
        piece = self._vocabulary.piece(token)
        return {
            "token": piece.decode("utf-8", "replace"),
            "logprob": min(logprob, 0.0),
            "bytes": list(piece),
        }


def _ordered(logits: Any, count: int | None = None) -> Iterator[Candidate]:
    """The tokens with a chance, the likeliest first; so many of them, or all."""
    if count is not None and count < len(logits):
        some = numpy.sort(numpy.argpartition(-logits, count - 1)[:count])
        order = some[numpy.argsort(-logits[some], kind="stable")]
    else:
        order = numpy.argsort(-logits, kind="stable")
    for token in order:
        logit = float(logits[token])
        if logit == -math.inf:
            return
        yield int(token), logit


def _most_likely(candidates: list[Candidate], share: float) -> list[Candidate]:
    """The first of these that have this share of their probability together; at least one."""
    if share >= 1:
        return candidates
    best = candidates[0][1]
    weights = [math.exp(logit - best) for _, logit in candidates]
    wanted, summed = share * math.fsum(weights), 0.0
    for count, weight in enumerate(weights, 1):
        summed += weight
        if summed >= wanted:
            return candidates[:count]
    return candidates


def _first(said: float | None, default: float | None) -> float:
    found = default if said is None else said
    assert found is not None
    return found
