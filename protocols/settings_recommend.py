"""Reads the `[recommend]` table: what counts how much when an endpoint is recommended.

Each weight is a number from 0, which leaves the respect out, to 10; 1 if it is not said. What an
endpoint's tokens cost is the user's to say, `price` of the endpoint: prices change, and they depend
on who pays.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, TypeGuard, cast

from .settings_data import PRICE_MAX, WEIGHT_MAX, RecommendSettings
from .settings_problems import shown
from .settings_table import Table

RECOMMEND_KEYS: Final = ("speed", "price", "privacy", "context", "reliability")


def read_recommend(table: Table) -> RecommendSettings:
    """Reads the table. Whatever is wrong is noted and read as absent."""
    said = {key: table.number(key, 0, WEIGHT_MAX) for key in RECOMMEND_KEYS}
    return RecommendSettings(**{key: weight for key, weight in said.items() if weight is not None})


def read_price(table: Table) -> tuple[float, float] | None:
    """Reads the prices of a million tokens, read and written."""
    if not table.has("price"):
        return None
    written = table.values["price"]
    if not _is_pair(written) or not all(0 <= each <= PRICE_MAX for each in written):
        table.problem(
            "price",
            "must be two numbers, the price of a million tokens read and of a million written, "
            f"like price = [3.0, 15.0], not {shown(written)}",
        )
        return None
    return float(written[0]), float(written[1])


def _is_pair(value: object) -> TypeGuard[Sequence[float]]:
    if not isinstance(value, list):
        return False
    numbers = cast(list[object], value)
    right = [isinstance(each, int | float) and not isinstance(each, bool) for each in numbers]
    return right == [True, True]
