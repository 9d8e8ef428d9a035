"""How one request's tokens are chosen: a chain of llama.cpp's samplers of its own.

The order is llama.cpp's: bias, penalties, then top-k, top-p, min-p, temperature and a draw; at
temperature 0 the likeliest token. A draw uses the request's own generator, so a seed gives the same
answer as long as the logits are the same; in a shared batch these differ in the last bits from
those of a batch of one, because the library then sums in another order.

The penalties count the answer's own tokens, as the OpenAI API says: `repeat_penalty` the last 64,
the others all. Probabilities are told of the model's own distribution, before any of this.
"""

from __future__ import annotations

import ctypes
import math
from array import array
from typing import Any, Final

from ....protocols.engine.messages import Sampling
from .context import Context
from .library import llama
from .vocabulary import Vocabulary
from .weights import Weights

REPEAT_TOKENS: Final = 64
"""How far `repeat_penalty` looks back: llama.cpp's default."""
PENALTY_TOKENS: Final = 32_768
"""How far the other penalties look back: the whole of nearly any answer."""
TEMPERATURE: Final = 0.8
TOP_K: Final = 40
TOP_P: Final = 0.95
MIN_P: Final = 0.05
"""llama.cpp's defaults, for models whose file recommends nothing."""
LOGIT_BIAS_MAX: Final = 1024
LOGPROBS_MAX: Final = 20
NUMBER_MAX: Final = 10_000.0
"""Of any parameter; single precision makes infinities of what is much larger."""
SEEDS: Final = 2**32


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


def complaint(sampling: Sampling, vocabulary_size: int) -> str:
    """What is wrong with the parameters, or ""."""
    numbers = {
        "temperature": sampling.temperature,
        "top_p": sampling.top_p,
        "min_p": sampling.min_p,
        "presence_penalty": sampling.presence_penalty,
        "frequency_penalty": sampling.frequency_penalty,
        "repeat_penalty": sampling.repeat_penalty,
    }
    for name, value in numbers.items():
        if value is not None and not abs(value) <= NUMBER_MAX:
            return f"{name} is {value}: it must be a number of at most {NUMBER_MAX}"
    if (sampling.temperature or 0.0) < 0:
        return f"temperature is {sampling.temperature}: it must be 0 or more"
    if sampling.repeat_penalty <= 0:
        return f"repeat_penalty is {sampling.repeat_penalty}: it must be more than 0"
    if len(sampling.logit_bias) > LOGIT_BIAS_MAX:
        return f"logit_bias names {len(sampling.logit_bias)} tokens: at most {LOGIT_BIAS_MAX}"
    for token, bias in sampling.logit_bias.items():
        if not 0 <= token < vocabulary_size:
            return f"logit_bias: this model has no token {token} (0 to {vocabulary_size - 1})"
        if not -math.inf <= bias <= NUMBER_MAX:
            return f"logit_bias of token {token} is {bias}: it must be at most {NUMBER_MAX}"
    if sampling.logprobs is not None and not 0 <= sampling.logprobs <= LOGPROBS_MAX:
        return f"logprobs is {sampling.logprobs}: 0 to {LOGPROBS_MAX} are possible"
    return ""


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


class Candidates:
    """Every token of the vocabulary with its logit, as samplers and grammars read them.

    One is enough for a worker: it is filled anew for each choice.
    """

    def __init__(self, vocabulary_size: int) -> None:
        self._size = vocabulary_size
        self._data: Any = (llama.llama_token_data * vocabulary_size)()
        self._clean = array("i", bytes(12 * vocabulary_size))
        memoryview(self._clean)[::3] = memoryview(array("i", range(vocabulary_size)))
        self._copied = array("i", bytes(4 * vocabulary_size))
        self._logits = memoryview(self._clean)[1::3]
        self._array: Any = llama.llama_token_data_array()
        native: Any = ctypes
        self._first: Any = native.cast(self._data, type(self._array.data))
        self.reference = ctypes.byref(self._array)

    def fill(self, logits: int) -> None:
        """Takes all tokens, with the logits at this address."""
        copied = self._copied.buffer_info()[0]
        ctypes.memmove(copied, logits, 4 * self._size)
        # As integers: the bits are the same, and a strided copy wants one type.
        self._logits[:] = memoryview(self._copied)
        ctypes.memmove(self._data, self._clean.buffer_info()[0], 12 * self._size)
        self._take(self._size)

    def fill_one(self, token: int) -> None:
        """Takes one token alone."""
        first = self._data[0]
        first.id, first.logit, first.p = token, 1.0, 1.0
        self._take(1)

    @property
    def selected(self) -> int:
        """The token that was chosen; -1 if none can be."""
        chosen = self._array.selected
        if chosen < 0 or self._array.data[chosen].logit == -math.inf:
            return -1
        return int(self._array.data[chosen].id)

    @property
    def is_allowed(self) -> bool:
        """Whether the first candidate is still one."""
        return bool(self._data[0].logit != -math.inf)

    def top(self, count: int) -> list[tuple[int, float]]:
        """The likeliest tokens with their logits; they stand in front afterwards."""
        sampler = llama.llama_sampler_init_top_k(count)
        llama.llama_sampler_apply(sampler, self.reference)
        llama.llama_sampler_free(sampler)
        return [(self._array.data[at].id, self._array.data[at].logit) for at in range(count)]

    def normalise(self) -> None:
        """Gives each token its probability, in `probability`."""
        sampler = llama.llama_sampler_init_dist(0)
        llama.llama_sampler_apply(sampler, self.reference)
        llama.llama_sampler_free(sampler)

    def at(self, place: int) -> tuple[float, float]:
        """Logit and probability of the candidate at a place: the token's own right after `fill`."""
        entry = self._data[place]
        return entry.logit, entry.p

    def _take(self, size: int) -> None:
        self._array.data = self._first
        self._array.size, self._array.selected, self._array.sorted = size, -1, False

    def forbid(self, token: int) -> None:
        """Takes a token's chance, right after `fill`."""
        self._data[token].logit = -math.inf
