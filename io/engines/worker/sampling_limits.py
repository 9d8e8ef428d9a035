"""What parameters of sampling may be, whatever library samples."""

from __future__ import annotations

import math
from typing import Final

from ....protocols.engine.messages import Sampling

LOGIT_BIAS_MAX: Final = 1024
LOGPROBS_MAX: Final = 20
NUMBER_MAX: Final = 10_000.0
"""Of any parameter; single precision makes infinities of what is much larger."""
SEEDS: Final = 2**32
REPEAT_TOKENS: Final = 64
"""How far `repeat_penalty` looks back: llama.cpp's default."""
PENALTY_TOKENS: Final = 32_768
"""How far the other penalties look back: the whole of nearly any answer."""
TEMPERATURE: Final = 0.8
TOP_K: Final = 40
TOP_P: Final = 0.95
MIN_P: Final = 0.05
"""llama.cpp's defaults, for models whose file recommends nothing."""


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
