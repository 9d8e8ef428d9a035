"""A keychain made of memory, whose user may be slow, may refuse, or may not be there."""

from __future__ import annotations

import attrs
import trio

from ..io.keychain.words import check_key, check_name
from ..io.ports import KeptKey, Keychain, KeychainError

LOCKED = "the simulated keychain is locked; unlock it"
DENIED = "the simulated keychain's user has refused"
LATE = "the simulated keychain did not answer in time; look for its question, and try again"
ANSWER_SECONDS = 120.0


@attrs.define(eq=False)
class SimulatedKeychain(Keychain):
    """`keys` outlive nobody; each operation takes `latency_seconds`, and at most `seconds`."""

    keys: dict[str, KeptKey] = attrs.field(factory=dict[str, KeptKey])
    latency_seconds: float = 0.0
    is_locked: bool = False
    is_denied: bool = False
    seconds: float = ANSWER_SECONDS
    reads: int = 0

    async def read(self, name: str) -> KeptKey | None:
        """See Keychain.read."""
        self.reads += 1
        await self._wait(name)
        return self.keys.get(name)

    async def write(self, name: str, key: KeptKey) -> None:
        """See Keychain.write."""
        check_key(key)
        await self._wait(name)
        self.keys[name] = key

    async def remove(self, name: str) -> bool:
        """See Keychain.remove."""
        await self._wait(name)
        return self.keys.pop(name, None) is not None

    async def _wait(self, name: str) -> None:
        check_name(name)
        await trio.sleep(min(self.latency_seconds, self.seconds))
        if self.latency_seconds > self.seconds:
            raise KeychainError(LATE, is_locked=True)
        if self.is_locked:
            raise KeychainError(LOCKED, is_locked=True)
        if self.is_denied:
            raise KeychainError(DENIED)
