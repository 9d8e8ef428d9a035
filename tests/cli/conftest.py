"""The stage of each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from .stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A home and programs of the test's own."""
    return Stage.create(tmp_path)
