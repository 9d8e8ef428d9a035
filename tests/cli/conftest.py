"""The stage of each test."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from .stage import Stage


@pytest.fixture
def stage(tmp_path: Path) -> Stage:
    """A home and programs of the test's own."""
    return Stage.create(tmp_path)


@pytest.fixture
def environ(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    """The stage's environment, for checks that run in this process."""
    monkeypatch.setattr(os, "environ", stage.environment)
    return stage.environment
