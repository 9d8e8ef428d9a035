"""Each adapter of the `Keychain` port that needs nothing but this machine, and its troubles."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from understudy.io.keychain.file_keychain import FileKeychain
from understudy.io.keychain.vault import Derivation, new_derivation
from understudy.io.ports import Keychain
from understudy.protocols.secret import Secret
from understudy.simulations.keychain import SimulatedKeychain

from .keychain_promises import KeychainStage

PASSPHRASE = "a passphrase of the test"
QUICK = {"iterations": 1, "memory_kibibytes": 64}
"""Deriving that costs nothing; what it costs for users is not what is tested here."""


def quick_derivation() -> Derivation:
    """How a file's passphrase becomes a key in tests."""
    return new_derivation(**QUICK)


class SimulatedStage:
    """The simulated keychain."""

    def __init__(self, _folder: Path) -> None:
        self._simulated = SimulatedKeychain()
        self.keychain: Keychain = self._simulated

    def lock(self) -> None:
        self._simulated.is_locked = True

    def deny(self) -> None:
        self._simulated.is_denied = True

    def stall(self) -> None:
        self._simulated.latency_seconds = 1e9

    def left(self) -> list[str]:
        return []


class FileStage:
    """The encrypted file. It asks nobody: what is like a refusal is that its file is unreadable."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / "keys.json"
        self.keychain: Keychain = self._make()
        self._locks: list[int] = []

    def _make(self) -> FileKeychain:
        return FileKeychain(self._path, Secret(PASSPHRASE), quick_derivation)

    def lock(self) -> None:
        self.keychain = FileKeychain(self._path, None, quick_derivation)

    def deny(self) -> None:
        self._path.chmod(0o644)

    def stall(self) -> None:
        lock = self._path.with_name(f"{self._path.name}.lock")
        descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        self._locks.append(descriptor)

    def left(self) -> list[str]:
        known = {self._path.name, f"{self._path.name}.lock"}
        return [path.name for path in self._path.parent.iterdir() if path.name not in known]

    def close(self) -> None:
        """Lets go of the lock."""
        for descriptor in self._locks:
            os.close(descriptor)


@contextmanager
def open_stage(kind: str, folder: Path) -> Generator[KeychainStage]:
    """The stage of an adapter, by name."""
    if kind == "simulated":
        yield SimulatedStage(folder)
        return
    stage = FileStage(folder)
    try:
        yield stage
    finally:
        stage.close()
