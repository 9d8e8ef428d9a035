"""The table of providers: ours, with the rows of the user's own file in it.

Ours is read when it is first looked into, so that whoever names no provider waits for nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path

import attrs

from ...protocols.providers.provider import Provider, Providers
from ...protocols.providers.provider_table import FILE_NAME, parse_providers


@cache
def shipped_providers() -> Providers:
    """The providers that come with the package."""
    file = Path(__file__).with_name(FILE_NAME)
    return parse_providers(file.read_text("utf-8"), FILE_NAME)


@attrs.frozen(eq=False)
class ProviderTable(Mapping[str, Provider]):
    """The shipped rows, and those of the user in their place or behind them."""

    own: Providers = attrs.field(factory=dict[str, Provider])

    def __getitem__(self, name: str) -> Provider:
        return self.own[name] if name in self.own else shipped_providers()[name]

    def __iter__(self) -> Iterator[str]:
        yield from shipped_providers()
        yield from (name for name in self.own if name not in shipped_providers())

    def __len__(self) -> int:
        return sum(1 for _ in self)
