"""What every test here has: a disk that need not be waited for."""

from __future__ import annotations

import os

import pytest


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test here loses power; one looks at what is synced, and when."""

    def synced(descriptor: int) -> None:
        """Is there at once."""

    monkeypatch.setattr(os, "fsync", synced)
