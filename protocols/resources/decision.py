"""What the policy decides; the actor carries it out."""

from __future__ import annotations

from typing import Final

import attrs

from .lease import LeaseRefused

FOR_A_LOAD: Final = "load"
FOR_PRESSURE: Final = "pressure"
FOR_IDLENESS: Final = "idle"


@attrs.frozen
class Grant:
    """Let it load."""

    lease: int
    reserved_bytes: int


@attrs.frozen
class Refuse:
    """Tell it that there is no room; the lease is gone with that."""

    lease: int
    refusal: LeaseRefused


@attrs.frozen
class Evict:
    """Ask it to leave; see `lease.Leave`. `cause` is one of the words above."""

    lease: int
    within_seconds: float
    critical: bool
    why: str
    cause: str


Decision = Grant | Refuse | Evict
