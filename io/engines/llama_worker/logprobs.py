"""How likely a chosen token was, and what else could have been, as Chat Completions tell it.

The distribution is the model's own, over the whole vocabulary. The likeliest token's probability is
exact in single precision; those of the others follow from the differences of the logits, so that an
unlikely token has a true number where its probability would be rounded to 0.
Source of the shape: OpenAI's API reference, chat completion object, `logprobs.content`.
"""

from __future__ import annotations

import math
from typing import Any

from .candidates import Candidates
from .vocabulary import Vocabulary


def logprobs(
    candidates: Candidates, vocabulary: Vocabulary, logits: int, token: int, alternatives: int
) -> dict[str, Any]:
    """One entry of `logprobs.content`, with so many alternatives."""
    candidates.fill(logits)
    candidates.normalise()
    own_logit, _ = candidates.at(token)
    top = candidates.top(max(alternatives, 1))
    best_logit, best_probability = candidates.at(0)
    zero = best_logit - math.log(best_probability)
    entry = _entry(vocabulary, token, own_logit - zero)
    others = [_entry(vocabulary, found, logit - zero) for found, logit in top[:alternatives]]
    return {**entry, "top_logprobs": others}


def _entry(vocabulary: Vocabulary, token: int, logprob: float) -> dict[str, Any]:
    piece = vocabulary.piece(token)
    return {
        "token": piece.decode("utf-8", "replace"),
        "logprob": min(logprob, 0.0),
        "bytes": list(piece),
    }
