"""How much a load may have at one moment, and where that comes from in words."""

from __future__ import annotations

import attrs

from .book import Book
from .reading import MemoryReading
from .rules import MemoryRules
from .words import describe_size


@attrs.frozen
class Room:
    """What is left for a load: of the machine's available memory, and of the user's budget."""

    reading: MemoryReading
    floor_bytes: int
    claimed_bytes: int
    held_bytes: int
    budget_bytes: int | None

    @classmethod
    def of(
        cls, rules: MemoryRules, reading: MemoryReading, book: Book, read_seconds: float
    ) -> Room:
        """The room that this reading and these leases leave."""
        return cls(
            reading,
            rules.floor_bytes(reading.total_bytes),
            book.claimed_bytes(read_seconds),
            book.held_bytes,
            rules.budget_bytes,
        )

    @property
    def machine_bytes(self) -> int:
        """What the machine has for a load; negative if it lacks memory already."""
        return self.reading.available_bytes - self.floor_bytes - self.claimed_bytes

    @property
    def bytes(self) -> int:
        """What a load may have."""
        if self.budget_bytes is None:
            return self.machine_bytes
        return min(self.machine_bytes, self.budget_bytes - self.held_bytes)

    @property
    def words(self) -> str:
        """Where it comes from."""
        reading = self.reading
        words = (
            f"of {describe_size(reading.total_bytes)} on {reading.limit} "
            f"{describe_size(reading.available_bytes)} are available and "
            f"{describe_size(self.floor_bytes)} stay free"
        )
        if self.claimed_bytes:
            words += f", and models that are loaded need {describe_size(self.claimed_bytes)} more"
        if self.budget_bytes is not None:
            words += (
                f"; of the budget of {describe_size(self.budget_bytes)} "
                f"{describe_size(self.held_bytes)} are taken"
            )
        return words
