"""How a client wants to be answered: `options`, `format`, `think`, `logprobs`, as neutral values.

Every option that we do not know, or whose value makes no sense, is named in `unknown` and ignored:
Ollama itself warns of such a one and goes on. Source: api/types.go and docs/openapi.yaml of Ollama.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

import attrs

from ..conversation.request import Effort, OutputFormat, Reasoning, Sampling
from ..json_values import list_of, object_of

THINK_LEVELS: Final[Mapping[str, Effort]] = {
    "low": "low",
    "medium": "medium",
    "high": "high",
    "max": "max",
}


def _number(value: Any) -> float | None:
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None


def _whole(value: Any) -> int | None:
    """A whole number; JavaScript clients may write it as 1.0."""
    number = _number(value)
    return int(number) if number is not None and number == int(number) else None


def _count(value: Any) -> int | None:
    """A number of tokens; Ollama's -1 and -2 mean that there is no limit."""
    number = _whole(value)
    return number if number is not None and number > 0 else None


def _texts(value: Any) -> tuple[str, ...] | None:
    if isinstance(value, str):
        return (value,)
    texts = tuple(text for text in list_of(value) if isinstance(text, str))
    return texts or None


_OPTIONS: Final[Mapping[str, tuple[str, Callable[[Any], Any]]]] = {
    "num_predict": ("max_tokens", _count),
    "temperature": ("temperature", _number),
    "top_p": ("top_p", _number),
    "top_k": ("top_k", _whole),
    "stop": ("stop_sequences", _texts),
    "seed": ("seed", _whole),
    "presence_penalty": ("presence_penalty", _number),
    "frequency_penalty": ("frequency_penalty", _number),
}
"""Each option that the neutral conversation can say: its name there, and how to read it."""


@attrs.define
class Wishes:
    """A request's members that say how to answer; `unknown` grows as they are read."""

    unknown: list[str] = attrs.field(factory=list[str])

    def sampling(self, options: Any, logprobs: Any, alternatives: Any) -> Sampling:
        """Reads `options`, `logprobs` and `top_logprobs`."""
        read: dict[str, Any] = {}
        for option, value in object_of(options).items():
            name, reader = _OPTIONS.get(option, ("", _nothing))
            found = reader(value)
            if found is not None:
                read[name] = found
            elif value is not None:
                self.unknown.append(f"options.{option}")
        if logprobs is True:
            read["logprobs"] = _count(alternatives) or 0
        return Sampling(**read)

    def reasoning(self, think: Any) -> Reasoning:
        """Reads `think`: true, false, or a level."""
        if think is None or isinstance(think, bool):
            return Reasoning(enabled=think)
        if isinstance(think, str) and think in THINK_LEVELS:
            return Reasoning(enabled=True, effort=THINK_LEVELS[think])
        self.unknown.append("think")
        return Reasoning()

    def output(self, wanted: Any) -> OutputFormat | None:
        """Reads `format`: "json", or a JSON Schema."""
        if wanted is None or wanted == "":
            return None
        if wanted == "json":
            return OutputFormat()
        if isinstance(wanted, dict):
            return OutputFormat(schema=object_of(wanted))
        self.unknown.append("format")
        return None


def answer_tokens_max(options: dict[str, Any]) -> int:
    """How long the answer may be; 0 where the client has set no limit."""
    return _count(options.get("num_predict")) or 0


def _nothing(value: Any) -> None:
    """An option without a neutral form."""
