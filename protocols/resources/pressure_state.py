"""How the machine is: normal, pressed, or critical. A judgement of readings, with hysteresis.

Pressed is what has lasted for `windows` readings in a row; readings that come closer together than
half of `reading_seconds` count once, so that being looked at often is no pressure. Critical is true
at once. Each ends at half its thresholds of stalls; of what is available it takes half a floor more
than where it began. Stalls are averages over 10 s and outlive their cause by some seconds, which is
why the cool-down is longer than that.
"""

from __future__ import annotations

from math import inf

import attrs

from .reading import MemoryReading, PressureLevel
from .report import CRITICAL, NORMAL, PRESSED
from .rules import MemoryRules
from .words import describe_size


@attrs.frozen
class Thresholds:
    """From where on a reading speaks for a state; `floors` are parts of what stays free."""

    some_percent: float
    full_percent: float
    floors: float
    level: PressureLevel

    def signs(self, reading: MemoryReading, floor_bytes: int) -> list[str]:
        """What speaks for it, in words with numbers."""
        signs: list[str] = []
        pressure = reading.pressure
        if reading.available_bytes < floor_bytes * self.floors:
            signs.append(
                f"{describe_size(reading.available_bytes)} of "
                f"{describe_size(reading.total_bytes)} are available, and "
                f"{describe_size(floor_bytes)} should stay free"
            )
        if pressure and pressure.full_percent >= self.full_percent:
            signs.append(f"all programs waited for memory {pressure.full_percent:.1f} % of 10 s")
        elif pressure and pressure.some_percent >= self.some_percent:
            signs.append(f"programs waited for memory {pressure.some_percent:.1f} % of 10 s")
        if reading.level >= self.level:
            signs.append(f"the system calls its memory pressure {reading.level.name.lower()}")
        return signs


class PressureState:
    """`state` is one of the report's words, `why` what speaks for it.

    `critical_readings` counts those in a row in which it was critical, close ones once. `is_short`
    says that so little is available as to be critical by itself, whatever stalls there were.
    """

    def __init__(self, rules: MemoryRules) -> None:
        some, full = rules.some_percent_pressed, rules.full_percent_pressed
        stalled = rules.full_percent_critical
        self.state: str = NORMAL
        self.why = ""
        self.critical_readings = 0
        self.is_short = False
        self.rules = rules
        self._pressed_from = Thresholds(some, full, 1.0, PressureLevel.WARNING)
        self._pressed_until = Thresholds(some / 2, full / 2, 1.5, PressureLevel.WARNING)
        self._critical_from = Thresholds(inf, stalled, 0.5, PressureLevel.CRITICAL)
        self._critical_until = Thresholds(inf, stalled / 2, 1.0, PressureLevel.CRITICAL)
        self._pressed_readings = 0
        self._counted_seconds = -inf

    def read(self, reading: MemoryReading, now_seconds: float) -> None:
        """Judges one reading."""
        floor_bytes = self.rules.floor_bytes(reading.total_bytes)
        counts = now_seconds - self._counted_seconds >= self.rules.reading_seconds / 2
        if counts:
            self._counted_seconds = now_seconds
        critical = self._critical_until if self.state == CRITICAL else self._critical_from
        self.is_short = reading.available_bytes < floor_bytes * critical.floors
        if signs := critical.signs(reading, floor_bytes):
            self.critical_readings += counts or not self.critical_readings
            self._pressed_readings += counts
            self.state, self.why = CRITICAL, " and ".join(signs)
            return
        self.critical_readings = 0
        signs = self._pressed_from.signs(reading, floor_bytes)
        self._pressed_readings = self._pressed_readings + counts if signs else 0
        if self.state != NORMAL:
            signs = self._pressed_until.signs(reading, floor_bytes)
        is_pressed = self.state != NORMAL or self._pressed_readings >= self.rules.windows
        self.state = PRESSED if signs and is_pressed else NORMAL
        self.why = " and ".join(signs) if self.state == PRESSED else ""
