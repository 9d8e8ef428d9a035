"""The `Keychain` port's promises, kept over a real Secret Service in a session of its own."""

from __future__ import annotations

import runpy
from collections.abc import Awaitable, Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from understudy.io.keychain.os_keychain import OsKeychain
from understudy.io.ports import Keychain

from .secret_service import (
    children_of_keychain,
    lock,
    missing_programs,
    open_fake,
    open_session,
)

DEADLINE_SECONDS = 1.0
SUITE = Path(__file__).parents[1] / "conformance" / "keychain_promises.py"
PROMISES: tuple[Callable[[Any], Awaitable[None]], ...] = runpy.run_path(str(SUITE))["PROMISES"]
"""The same functions: folders of tests import nothing of one another."""
pytestmark = pytest.mark.skipif(bool(missing_programs()), reason="no Secret Service here")


class OsStage:
    """gnome-keyring, unlocked; its troubles are played by a service of the same name."""

    def __init__(self, folder: Path, held: ExitStack) -> None:
        self._folder = folder
        self._held = held
        self._environ = held.enter_context(open_session(folder))
        self.keychain: Keychain = OsKeychain(self._environ, seconds=10.0)

    def lock(self) -> None:
        lock(self._environ)

    def deny(self) -> None:
        self._play("dismiss")

    def stall(self) -> None:
        self._play("ignore")

    def left(self) -> list[str]:
        return [f"process {process_id}" for process_id in children_of_keychain()]

    def _play(self, mode: str) -> None:
        (self._folder / "other").mkdir()
        environ = self._held.enter_context(open_fake(self._folder / "other", mode))
        self.keychain = OsKeychain(environ, DEADLINE_SECONDS)


@pytest.fixture
def stage(tmp_path: Path) -> Generator[OsStage]:
    """The operating system's keychain."""
    with ExitStack() as held:
        yield OsStage(tmp_path, held)


@pytest.mark.parametrize("promise", PROMISES, ids=lambda promise: promise.__name__)
async def test_the_secret_service_keeps_the_promise(
    stage: OsStage, promise: Callable[[OsStage], Awaitable[None]]
) -> None:
    await promise(stage)
