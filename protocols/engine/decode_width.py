"""How many sequences are best decoded in one step, from what steps of some widths have cost.

A wider batch is not always faster: with a small model on one core, two sequences in a batch took
2.6 times as long as one. Between the measured widths the cost is taken to be linear, past the last
one as steep as before it.
"""

from __future__ import annotations

from collections.abc import Sequence


def best_widths(decode_seconds: Sequence[tuple[int, float]], slots: int) -> list[int]:
    """For 0 to `slots` active sequences, how many to decode at once for the most tokens a second.

    Without measurements: all. Of equally good widths the widest, which is the fairest.
    """
    if not decode_seconds:
        return list(range(slots + 1))
    speeds = [width / _seconds(sorted(decode_seconds), width) for width in range(1, slots + 1)]
    best = [0]
    for width, speed in enumerate(speeds, 1):
        before = best[-1]
        best.append(width if not before or speed >= speeds[before - 1] else before)
    return best


def _seconds(measured: Sequence[tuple[int, float]], width: int) -> float:
    """The cost of a width, which is at least 1; the measured ones are in order."""
    after = next((at for at, (other, _) in enumerate(measured) if other >= width), len(measured))
    is_measured = after < len(measured) and measured[after][0] == width
    if is_measured or len(measured) == 1:
        return measured[min(after, len(measured) - 1)][1]
    after = min(max(after, 1), len(measured) - 1)
    (left, left_seconds), (right, right_seconds) = measured[after - 1 : after + 1]
    slope = (right_seconds - left_seconds) / (right - left)
    return max(left_seconds + slope * (width - left), left_seconds / left)
