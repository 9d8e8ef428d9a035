"""What was used today, by endpoint, kept beside the ledger so that nobody waits for a disk.

Each line is added as it is settled, in constant time; one that is settled again replaces what it
was before. What earlier runs of the server had used on this day is added once, as soon as the disk
has said it, and before anything of this run is saved: so nothing counts twice. Another day begins
with nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Final

import attrs

from ..records import TurnRecord
from .percentile import percentile
from .sums import UNKNOWN, Sums, UsageRow, wait_of

WAITS_KEPT: Final = 200
"""Of each endpoint the newest waits for a first byte, for their percentiles."""


def _no_waits() -> deque[float]:
    return deque(maxlen=WAITS_KEPT)


@attrs.define
class EndpointToday:
    """One endpoint; `before` is what the disk had of it."""

    before: UsageRow
    sums: Sums = attrs.field(factory=Sums)
    waits: deque[float] = attrs.field(factory=_no_waits)

    def row(self) -> UsageRow:
        """All of it; the percentiles are those of the newest waits, or of those before."""
        waits = tuple(self.waits)
        return UsageRow(
            self.before.name,
            self.before.sums.plus(self.sums),
            percentile(waits, 50) if waits else self.before.first_byte_p50_seconds,
            percentile(waits, 95) if waits else self.before.first_byte_p95_seconds,
        )


@attrs.define
class Today:
    """The endpoints of one day. Their names come from the settings, which bounds them."""

    day: str = ""
    _endpoints: dict[str, EndpointToday] = attrs.field(factory=dict[str, EndpointToday])

    def begin(self, day: str) -> None:
        """It is this day: on another one than before nothing has been used yet."""
        if day != self.day:
            self.day, self._endpoints = day, {}

    def recall(self, day: str, rows: Sequence[UsageRow]) -> None:
        """Takes what a day had used before, if it still is that day."""
        if day == self.day:
            for row in rows:
                self._endpoint(row.name).before = row

    def settle(self, line: TurnRecord, before: TurnRecord | None = None) -> None:
        """Counts a line, in place of what it was before."""
        if before is not None and before.day == self.day:
            endpoint = self._endpoint(before.endpoint)
            endpoint.sums = endpoint.sums.minus(Sums.of(before))
        if line.day == self.day:
            endpoint = self._endpoint(line.endpoint)
            endpoint.sums = endpoint.sums.plus(Sums.of(line))
            if (wait_seconds := wait_of(line)) != UNKNOWN:
                endpoint.waits.append(wait_seconds)

    def rows(self) -> tuple[UsageRow, ...]:
        """Each endpoint's use, by name."""
        return tuple(self._endpoints[name].row() for name in sorted(self._endpoints))

    def _endpoint(self, name: str) -> EndpointToday:
        return self._endpoints.setdefault(name, EndpointToday(UsageRow(name, Sums())))
