"""Every key that the server holds: found when a turn needs it, kept for a while, sent where it may.

A key of the keychain belongs to one host: a base URL that was changed to another gets nothing. What
was read is kept in memory for KEPT_SECONDS, so that a keychain that asks its user does so seldom; a
refusal is kept, too, for REFUSED_SECONDS: whoever has just closed a dialog is not shown it again
for each turn that waits. Each key has one reader at a time, and the others take what it found.

`forget` makes a key that was changed or removed take effect with the next turn, whatever is being
read meanwhile. A turn keeps the key that it began with.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs
import trio

from ..protocols.key_host import host_of, is_for
from ..protocols.secret import Secret
from ..protocols.settings_data import KeyReference
from .keychain.file_keychain import FileKeychain
from .keys import KeyUnavailable, resolve_key
from .ports import KeptKey, Keychain, KeychainError

KEPT_SECONDS: Final = 300.0
REFUSED_SECONDS: Final = 5.0
READS_MAX: Final = 3
"""How often a key is read again because it was changed while it was read."""
SLOTS_MAX: Final = 4_096


@attrs.define(eq=False)
class _Slot:
    """What is known of one key, and until when. `changes` counts how often it was forgotten."""

    lock: trio.Lock = attrs.field(factory=trio.Lock)
    until_seconds: float = 0.0
    key: KeptKey | None = None
    refusal: str = ""
    changes: int = 0

    def keep(self, key: KeptKey | None, refusal: str, seconds: float) -> None:
        """Remembers how a reading ended."""
        self.key, self.refusal = key, refusal
        self.until_seconds = trio.current_time() + seconds

    def forget(self) -> None:
        """What was read, and what is being read, holds no more."""
        self.key, self.refusal, self.until_seconds = None, "", 0.0
        self.changes += 1


@attrs.define(eq=False)
class KeyRing:
    """The keys. Without a keychain those of the environment alone."""

    _environ: Mapping[str, str]
    _keychain: Keychain | None = None
    _slots: dict[str, _Slot] = attrs.field(factory=dict[str, _Slot])

    async def find(self, reference: KeyReference, base_url: str) -> Secret | None:
        """The key that a reference names, for this address; None for `none`.

        Raises KeyUnavailable.
        """
        if reference.source != "keychain":
            return resolve_key(reference, self._environ)
        key = await self._read(reference)
        if not is_for(key.host, base_url):
            place = host_of(base_url)
            raise KeyUnavailable(
                f"{reference} was given for {key.host}, and was not sent to {place}; run "
                f"`understudy keys add {reference.name} --host {place}` if it is for there"
            )
        return key.value

    def forget(self, name: str | None = None) -> None:
        """What was read of a key, or of all, holds no more."""
        for each in self._slots if name is None else [name]:
            if each in self._slots:
                self._slots[each].forget()

    def refused(self, reference: KeyReference) -> None:
        """The endpoint did not take this key: the next turn reads it anew."""
        if reference.source == "keychain":
            self.forget(reference.name)

    async def unlock(self, passphrase: Secret) -> None:
        """Opens the encrypted file of keys. Raises KeychainError."""
        if not isinstance(self._keychain, FileKeychain):
            raise KeychainError(
                "the server keeps its keys in the system's keychain, which is unlocked there; "
                '`understudy keys unlock` is for [keys] store = "file" (and a server that was '
                "started with it)"
            )
        await self._keychain.unlock(passphrase)
        self.forget()

    async def _read(self, reference: KeyReference) -> KeptKey:
        if self._keychain is None:
            raise KeyUnavailable(f"{reference}: there is no keychain here; use env:NAME")
        slot = self._slot(reference.name)
        async with slot.lock:  # whoever asks the user asks once
            if trio.current_time() >= slot.until_seconds:
                await self._fill(slot, self._keychain, reference)
            if slot.refusal:
                raise KeyUnavailable(slot.refusal)
            assert slot.key is not None, "a reading ends with a key or a refusal"
            return slot.key

    async def _fill(self, slot: _Slot, keychain: Keychain, reference: KeyReference) -> None:
        """Reads a key into its slot, again if it was changed meanwhile."""
        for _ in range(READS_MAX):
            changes = slot.changes
            key, refusal = await _reading(keychain, reference)
            slot.keep(key, refusal, REFUSED_SECONDS if refusal else KEPT_SECONDS)
            if slot.changes == changes:
                return
        slot.until_seconds = 0.0  # whoever is next reads it again

    def _slot(self, name: str) -> _Slot:
        if len(self._slots) >= SLOTS_MAX and name not in self._slots:
            idle = [each for each, slot in self._slots.items() if not slot.lock.locked()]
            for each in idle:
                del self._slots[each]
        return self._slots.setdefault(name, _Slot())


async def _reading(keychain: Keychain, reference: KeyReference) -> tuple[KeptKey | None, str]:
    """The key, or what is said instead."""
    try:
        key = await keychain.read(reference.name)
    except KeychainError as error:
        return None, f"{reference}: {error}"
    if key is None:
        words = f"there is no such key; run `understudy keys add {reference.name}`"
        return None, f"{reference}: {words}"
    return key, ""
