"""Tokens and windows as people say them: `64K` are 65,536 tokens, and `200K` are 200,000.

Which of the two a window means is told by the window itself; whatever is compared with it is said
in the same kilo. Imports nothing: a client's status line is printed by it many times a minute.
"""

from __future__ import annotations

KILO, _BINARY_KILO = 1_000, 1_024
_WHOLE_FROM = 10
"""From so many kilos or megas on no decimal is said."""


def kilo_of(window_tokens: int) -> int:
    """How many tokens a K of this window has; what is compared with none is said in plain ones."""
    return KILO if window_tokens % KILO == 0 else _BINARY_KILO


def in_kilos(tokens: int, kilo: int = KILO, decimal: str = ".") -> str:
    """So many tokens: `812`, `4.5K`, `47K`, `1.5M`."""
    for unit, name, least in ((kilo * kilo, "M", kilo * kilo - kilo // 2), (kilo, "K", kilo)):
        if tokens >= least:
            value = tokens / unit
            places = 1 if value < _WHOLE_FROM and round(value, 1) != round(value) else 0
            return f"{value:.{places}f}".replace(".", decimal) + name
    return str(tokens)


def window_in_kilos(window_tokens: int, decimal: str = ".") -> str:
    """A window in its own kilo: `32K`, `200K`, `1M`."""
    return in_kilos(window_tokens, kilo_of(window_tokens), decimal)
