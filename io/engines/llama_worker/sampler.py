"""How one request's tokens are chosen: a chain of llama.cpp's samplers of its own.

The order is llama.cpp's: bias, penalties, then top-k, top-p, min-p, temperature and a draw; at
temperature 0 the likeliest token. A draw uses the request's own generator, so a seed gives the same
answer as long as the logits are the same; in a shared batch these differ in the last bits from
those of a batch of one, because the library then sums in another order.

The penalties count the answer's own tokens, as the OpenAI API says: `repeat_penalty` the last 64,
the others all. Probabilities are told of the model's own distribution, before any of this.
"""

from __future__ import annotations

from typing import Any

from ....protocols.engine.messages import Sampling
from ..worker.sampling_limits import (
    MIN_P,
    PENALTY_TOKENS,
    REPEAT_TOKENS,
    SEEDS,
    TEMPERATURE,
    TOP_K,
    TOP_P,
)
from .candidates import Candidates
from .context import Context
from .library import llama
from .vocabulary import Vocabulary
from .weights import Weights


def defaults_of(weights: Weights) -> Sampling:
    """What the model's file recommends, else llama.cpp's defaults."""

    def recommended(name: str, default: float) -> float:
        found = weights.number(f"general.sampling.{name}")
        return default if found is None else found

    return Sampling(
        temperature=recommended("temp", TEMPERATURE),
        top_k=int(recommended("top_k", TOP_K)),
        top_p=recommended("top_p", TOP_P),
        min_p=recommended("min_p", MIN_P),
    )


class Sampler:
    """Chooses the tokens of one request."""

    def __init__(
        self, sampling: Sampling, defaults: Sampling, vocabulary: Vocabulary, seed: int
    ) -> None:
        self.remembers = _has_penalties(sampling)
        """Whether a token that is counted changes the next choices."""
        chain = llama.llama_sampler_chain_init(llama.llama_sampler_chain_default_params())
        self._handle: Any = chain
        for part in _parts(sampling, defaults, vocabulary, seed % SEEDS):
            llama.llama_sampler_chain_add(chain, part)

    def sample(self, context: Context, row: int) -> int:
        """Chooses from the logits of a row, and counts the token as chosen."""
        return int(llama.llama_sampler_sample(self._handle, context.handle, row))

    def choose(self, candidates: Candidates) -> int:
        """Chooses among candidates, without counting the token as chosen."""
        llama.llama_sampler_apply(self._handle, candidates.reference)
        return candidates.selected

    def accept(self, token: int) -> None:
        """Counts a token as chosen."""
        llama.llama_sampler_accept(self._handle, token)

    def close(self) -> None:
        """Frees the chain."""
        llama.llama_sampler_free(self._handle)


def _parts(sampling: Sampling, defaults: Sampling, vocabulary: Vocabulary, seed: int) -> list[Any]:
    parts: list[Any] = []
    if sampling.logit_bias:
        biases = (llama.llama_logit_bias * len(sampling.logit_bias))(
            *((token, bias) for token, bias in sampling.logit_bias.items())
        )
        parts.append(llama.llama_sampler_init_logit_bias(vocabulary.size, len(biases), biases))
    if sampling.repeat_penalty != 1.0:
        parts.append(_penalties(vocabulary, REPEAT_TOKENS, sampling.repeat_penalty, 0.0, 0.0))
    if sampling.frequency_penalty or sampling.presence_penalty:
        window = PENALTY_TOKENS
        frequency, presence = sampling.frequency_penalty, sampling.presence_penalty
        parts.append(_penalties(vocabulary, window, 1.0, frequency, presence))
    temperature = _first(sampling.temperature, defaults.temperature)
    if temperature <= 0:
        return [*parts, llama.llama_sampler_init_greedy()]
    return [
        *parts,
        llama.llama_sampler_init_top_k(int(_first(sampling.top_k, defaults.top_k))),
        llama.llama_sampler_init_top_p(_first(sampling.top_p, defaults.top_p), 1),
        llama.llama_sampler_init_min_p(_first(sampling.min_p, defaults.min_p), 1),
        llama.llama_sampler_init_temp(temperature),
        llama.llama_sampler_init_dist(seed),
    ]


def _has_penalties(sampling: Sampling) -> bool:
    counted = sampling.frequency_penalty or sampling.presence_penalty
    return bool(counted) or sampling.repeat_penalty != 1.0


def _penalties(
    vocabulary: Vocabulary, window: int, repeat: float, frequency: float, presence: float
) -> Any:
    return llama.llama_sampler_init_penalties(vocabulary.size, window, repeat, frequency, presence)


def _first(said: float | None, default: float | None) -> float:
    found = default if said is None else said
    assert found is not None
    return found
