"""Windows as people say them: `64K` are 65,536 tokens, and `200K` are 200,000.

Which of the two a window means is told by the window itself; whatever is compared with it is said
in the same kilo. Imports nothing: a client's status line is printed by it many times a minute.
"""

from __future__ import annotations

_KILO, _BINARY_KILO = 1_000, 1_024


def kilo_of(window_tokens: int) -> int:
    """How many tokens a K of this window has."""
    return _KILO if window_tokens % _KILO == 0 else _BINARY_KILO


def in_kilos(tokens: int, kilo: int) -> str:
    """So many tokens: `812`, `47K`, `1.5M`."""
    if tokens >= kilo * kilo:
        return f"{tokens / (kilo * kilo):.1f}M".replace(".0M", "M")
    return f"{round(tokens / kilo)}K" if tokens >= kilo else str(tokens)
