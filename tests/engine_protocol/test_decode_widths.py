"""The width that decodes the most tokens a second, from what was measured."""

from __future__ import annotations

import pytest
from understudy.protocols.engine.decode_width import best_widths


@pytest.mark.parametrize(
    ("measured", "expected"),
    [
        ((), [0, 1, 2, 3, 4]),
        (((1, 1.0),), [0, 1, 2, 3, 4]),
        (((1, 1.0), (2, 2.0), (4, 4.0)), [0, 1, 2, 3, 4]),
        (((1, 1.0), (2, 2.6), (4, 3.125)), [0, 1, 1, 3, 4]),
        (((1, 1.0), (2, 2.6), (4, 5.0)), [0, 1, 1, 1, 1]),
        (((4, 3.0), (1, 1.0), (2, 2.5)), [0, 1, 1, 3, 4]),
        (((1, 1.0), (2, 1.1)), [0, 1, 2, 3, 4]),
        (((2, 1.0), (4, 9.0)), [0, 1, 2, 2, 2]),
    ],
)
def test_the_best_width_of_so_many(
    measured: tuple[tuple[int, float], ...], expected: list[int]
) -> None:
    assert best_widths(measured, 4) == expected
