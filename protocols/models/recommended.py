"""A coding model for each size of memory: a dated table, with reasons.

The facts were read on the date below from public copies of the hub's listings and of model cards,
not tried here. They grow old: the hub's own listing has the last word when a model is pulled, and
a file `recommended.toml` beside the settings replaces the table (`read_table`):

    [[recommended]]
    memory_gibibytes = 16
    repository = "owner/name-GGUF"
    quantisation = "Q4_K_M"
    size_bytes = 11_600_000_000
    context_tokens = 32_768
    token_bytes = 49_152
    licence = "apache-2.0"
    why = "..."

The windows are chosen so that a model, a cache for two of them and what stays free of the machine
fit into its memory (tests/protocols/test_recommended.py adds them up).
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from typing import Any, Final

import attrs

from ..json_values import list_of, object_of

READ_ON: Final = "2026-11-26"
FILE_NAME: Final = "recommended.toml"
GIBIBYTE: Final = 1024**3
NOMINAL_SHARE: Final = 0.9
"""What a machine of a nominal size has of it at least, after firmware and graphics took theirs."""
WINDOWS: Final = 2
"""So many whole windows are kept of all conversations together."""
ENTRIES_MAX: Final = 64
TEXT_MAX: Final = 500


@attrs.frozen
class Recommendation:
    """A model for machines from this memory on. `context_tokens` is the window to run it with, and
    `token_bytes` what a token of that takes in half precision; `why` is for people."""

    memory_gibibytes: int
    repository: str
    quantisation: str
    size_bytes: int
    context_tokens: int
    token_bytes: int
    licence: str
    why: str

    @property
    def cache_bytes(self) -> int:
        """The memory of its conversations."""
        return WINDOWS * self.context_tokens * self.token_bytes


class BadTable(ValueError):
    """The file of recommendations cannot be used; the message says what, where and what to do."""


_CODER_7B: Final = "bartowski/Qwen2.5-Coder-7B-Instruct-GGUF"
_CODER_30B: Final = "unsloth/Qwen3-Coder-30B-A3B-Instruct-GGUF"
_OSS_120B: Final = "unsloth/gpt-oss-120b-GGUF"
_APACHE: Final = "apache-2.0"

TABLE: Final[tuple[Recommendation, ...]] = (
    Recommendation(
        8,
        _CODER_7B,
        "Q4_K_M",
        4_680_000_000,
        8_192,
        57_344,
        _APACHE,
        "trained for code, and the largest that leaves room for anything else; its window is too"
        " small for long work with tools",
    ),
    Recommendation(
        16,
        "unsloth/gpt-oss-20b-GGUF",
        "Q4_K_M",
        11_600_000_000,
        24_576,
        49_152,
        _APACHE,
        "a mixture of experts that computes 3.6 of its 21 billion weights for a token, so it is"
        " quick on a processor, and knows tools",
    ),
    Recommendation(
        24,
        "unsloth/Qwen3.6-27B-GGUF",
        "UD-Q4_K_XL",
        17_612_564_704,
        32_768,
        65_536,
        _APACHE,
        "the best at code of its size in public comparisons; every weight is computed for every"
        " token, so it wants a GPU or a Mac",
    ),
    Recommendation(
        32,
        _CODER_30B,
        "Q4_K_M",
        18_556_689_568,
        49_152,
        98_304,
        _APACHE,
        "trained for work with tools on code; computes 3 of its 30 billion weights for a token",
    ),
    Recommendation(
        48,
        _CODER_30B,
        "Q6_K",
        25_092_535_456,
        98_304,
        98_304,
        _APACHE,
        "the same with more of its precision, and a window for long conversations",
    ),
    Recommendation(
        64,
        "unsloth/Qwen3-Coder-Next-GGUF",
        "Q4_K_M",
        48_500_000_000,
        131_072,
        24_576,
        _APACHE,
        "80 billion weights of which 3 are computed for a token; three layers of four keep a state"
        " and no cache, so large windows are cheap",
    ),
    Recommendation(
        96,
        _OSS_120B,
        "Q4_K_M",
        62_800_000_000,
        131_072,
        73_728,
        _APACHE,
        "117 billion weights, 5 of them computed for a token; its whole window fits",
    ),
    Recommendation(
        128,
        _OSS_120B,
        "Q4_K_M",
        62_800_000_000,
        131_072,
        73_728,
        _APACHE,
        "the same, with room for a second model beside it",
    ),
)
"""The smallest memory first."""


def recommend(memory_bytes: int, table: Sequence[Recommendation] = TABLE) -> Recommendation | None:
    """The model for a machine with so much memory; None if it has less than any is for."""
    fitting = [each for each in table if memory_bytes >= _least_bytes(each)]
    return max(fitting, key=lambda each: each.memory_gibibytes, default=None)


def read_table(text: str) -> tuple[Recommendation, ...]:
    """The table in a file of the user's own. Raises BadTable."""
    try:
        found = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise BadTable(f"{FILE_NAME}: not TOML: {error}; correct it or delete the file") from None
    entries = list_of(found.get("recommended"))
    if not 0 < len(entries) <= ENTRIES_MAX:
        raise BadTable(f"{FILE_NAME}: write 1 to {ENTRIES_MAX} tables [[recommended]]")
    read = (_entry(number, entry) for number, entry in enumerate(entries, 1))
    return tuple(sorted(read, key=lambda each: each.memory_gibibytes))


_NUMBERS: Final = frozenset(("memory_gibibytes", "size_bytes", "context_tokens", "token_bytes"))


def _entry(number: int, entry: Any) -> Recommendation:
    where = f"{FILE_NAME}: entry {number}"
    values = dict(object_of(entry))
    if not values:
        raise BadTable(f"{where}: write it as a table [[recommended]]")
    fields = [field.name for field in attrs.fields(Recommendation)]
    for name in set(fields) - values.keys():
        raise BadTable(f"{where}: `{name}` is missing")
    for name, value in values.items():
        if name not in fields:
            raise BadTable(f"{where}: `{name}` is not known; {', '.join(fields)} are")
        if name in _NUMBERS:
            if type(value) is not int or not 0 < value < 2**63:
                raise BadTable(f"{where}: `{name}` must be a whole number from 1 on")
        elif not isinstance(value, str) or not value or not value.isprintable():
            raise BadTable(f"{where}: `{name}` must be a line of text")
        elif len(value) > TEXT_MAX:
            raise BadTable(f"{where}: `{name}` is longer than {TEXT_MAX} characters")
    return Recommendation(**values)


def _least_bytes(entry: Recommendation) -> int:
    return int(entry.memory_gibibytes * GIBIBYTE * NOMINAL_SHARE)
