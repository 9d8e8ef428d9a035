"""The `Keychain` port's promises, kept by the simulated keychain and by the encrypted file."""

from __future__ import annotations

from collections.abc import Generator
from pathlib import Path

import pytest
import trio.testing

from .keychain_promises import PROMISES, KeychainStage, Promise
from .keychain_stage import open_stage


@pytest.fixture(params=["simulated", "file"])
def stage(request: pytest.FixtureRequest, tmp_path: Path) -> Generator[KeychainStage]:
    """Each adapter that needs nothing but this machine."""
    with open_stage(request.param, tmp_path) as opened:
        yield opened


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
async def test_a_keychain_keeps_its_promise(
    stage: KeychainStage,
    promise: Promise,
    autojump_clock: trio.testing.MockClock,
) -> None:
    await promise(stage)
