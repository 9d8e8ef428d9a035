"""How many tokens a conversation has, for endpoints that cannot count: an estimate that learns.

The estimate is a weighted sum of features (`token_features`). The weights begin as those of a
tokenizer in the middle of those in use, each with how far tokenizers differ in it; every count that
the endpoint reports moves them by the rule of a Kalman filter: much where little is known, little
where much is. A conversation grows at its end, so after a few turns nearly all of it has been
reported already, and only what is new can be wrong.

One estimator stands for one endpoint and model. It never grows: it is a weight for each feature,
and how the weights depend on one another. What an endpoint reports is not trusted: a count far from
any tokenizer's is not learned from, and no estimate is far from the first one.
"""

from __future__ import annotations

from typing import Final

import attrs

from .token_features import NAMES, TokenFeatures

PRIOR: Final = (
    (0.55, 0.20),
    (0.13, 0.04),
    (0.22, 0.12),
    (1.20, 0.40),
    (0.06, 0.06),
    (0.55, 0.15),
    (1.00, 0.30),
    (0.03, 0.10),
    (1.30, 0.80),
    (0.70, 0.40),
    (0.40, 0.25),
    (0.80, 0.50),
    (0.60, 0.40),
    (0.90, 0.60),
    (0.70, 0.50),
    (0.85, 0.35),
    (1.00, 0.90),
    (0.60, 0.80),
    (0.30, 0.50),
    (1.00, 0.50),
    (1.00, 0.70),
    (5.00, 3.00),
    (12.0, 8.00),
    (12.0, 30.0),
)
"""For each feature, in the order of `NAMES`: its weight before anything was reported, and by how
much tokenizers (and what APIs add) differ in it. Fitted to nine tokenizers and 28 kinds of text."""
NOISE: Final = 0.005
"""By which part a count differs from what any weights can say."""
NOISE_TOKENS: Final = 10.0
"""By how many tokens it does so at least."""
DRIFT: Final = 0.05
"""Which part of a weight's first uncertainty comes back with each report: models are replaced, and
the next conversation is of other text."""
BAND: Final = 4.0
"""How many times more or fewer tokens than at first is the most that is believed."""

assert len(PRIOR) == len(NAMES)


def _first_covariance() -> list[list[float]]:
    count = len(PRIOR)
    return [
        [PRIOR[row][1] ** 2 if row == column else 0.0 for column in range(count)]
        for row in range(count)
    ]


@attrs.define
class TokenEstimator:
    """Estimates the input tokens of requests to one model of one endpoint."""

    _weights: list[float] = attrs.field(factory=lambda: [weight for weight, _ in PRIOR])
    _covariance: list[list[float]] = attrs.field(factory=_first_covariance)
    observations: int = 0

    def estimate(self, features: TokenFeatures) -> int:
        """The input tokens of a request with these features; 0 for an empty one."""
        first = _first_estimate(features)
        tokens = _product(self._weights, features.counts)
        return round(min(max(tokens, first / BAND), first * BAND))

    def observe(self, features: TokenFeatures, input_tokens: int) -> None:
        """Learns from what the endpoint has reported: the whole input, cached tokens too."""
        first = _first_estimate(features)
        if not first / BAND <= input_tokens <= first * BAND:
            return
        counts = features.counts
        places = [place for place, count in enumerate(counts) if count]
        for place, (_, spread) in enumerate(PRIOR):
            row = self._covariance[place]
            row[place] = min(row[place] + (DRIFT * spread) ** 2, spread**2)
        # Most features of a text are 0, and what is 0 changes nothing: it is left out of the sums.
        shared = [sum(row[place] * counts[place] for place in places) for row in self._covariance]
        noise = (NOISE * input_tokens + NOISE_TOKENS) ** 2
        trust = 1.0 / (max(_product(shared, counts), 0.0) + noise)
        error = input_tokens - _product(self._weights, counts)
        linked = [(place, own) for place, own in enumerate(shared) if own]
        for place, own in linked:
            gain = own * trust
            self._weights[place] += gain * error
            row = self._covariance[place]
            for other, share in linked:
                row[other] -= gain * share
        self.observations += 1


def _first_estimate(features: TokenFeatures) -> float:
    return sum(weight * count for (weight, _), count in zip(PRIOR, features.counts, strict=True))


def _product(first: list[float], second: list[float] | tuple[float, ...]) -> float:
    return sum(a * b for a, b in zip(first, second, strict=True))
