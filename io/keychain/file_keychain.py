"""The encrypted file of keys behind the port `Keychain`; used only where the settings ask for it.

It is locked until it has been given its passphrase, by `unlock` or by the environment, and then
keeps the key that was derived of it, never the passphrase that was typed. Each operation reads the
file anew, so that what a command adds is there for the server at once. Deriving takes a fifth of a
second: it has a thread, and one at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

import attrs
import trio

from ...protocols.secret import Secret
from ..keys import PASSPHRASE_VARIABLE
from ..ports import KeptKey, Keychain, KeychainError
from .private_file import PrivateFile
from .vault import (
    FILE_BYTES_MAX,
    PASSPHRASE_CHARACTERS_MAX,
    PASSPHRASE_CHARACTERS_MIN,
    Damaged,
    Derivation,
    Opener,
    Vault,
    WrongPassphrase,
    check_opener,
    decoded,
    derive,
    encoded,
    new_derivation,
    new_vault,
    opened,
    with_key,
    without_key,
)
from .words import check_key, check_name

UNLOCK: Final = f"run `understudy keys unlock`, or start the server with {PASSPHRASE_VARIABLE} set"


@attrs.define(eq=False)
class FileKeychain(Keychain):
    """The keys in the file at `path`. `passphrase` is the environment's, if it has one."""

    path: Path
    passphrase: Secret | None = None
    make_derivation: Callable[[], Derivation] = new_derivation
    _opener: Opener | None = None
    _threads: trio.CapacityLimiter = attrs.field(factory=lambda: trio.CapacityLimiter(1))

    async def read(self, name: str) -> KeptKey | None:
        """See Keychain.read."""
        check_name(name)
        vault = await self._load()
        if vault is None or name not in vault.keys:
            return None
        opener = await self._opener_of(vault)
        try:
            return KeptKey(opened(vault, opener, name), vault.keys[name].host)
        except Damaged as error:
            raise self._damaged(error) from None

    async def write(self, name: str, key: KeptKey) -> None:
        """See Keychain.write. The first one makes the file."""
        check_name(name)
        check_key(key)
        async with self._file.locked():
            vault = await self._load()
            opener = await self._opener_of(vault)
            if vault is None:
                vault = new_vault(opener)
            try:
                changed = with_key(vault, opener, name, key.value, key.host)
            except Damaged as error:
                raise self._damaged(error) from None
            await self._store(changed)

    async def remove(self, name: str) -> bool:
        """See Keychain.remove. Nobody need unlock it for that."""
        check_name(name)
        async with self._file.locked():
            vault = await self._load()
            if vault is None or name not in vault.keys:
                return False
            await self._store(without_key(vault, name))
            return True

    async def unlock(self, passphrase: Secret, *, new: bool = False) -> None:
        """Opens the file from now on; `new` allows that it does not exist yet.

        Raises KeychainError: the passphrase is wrong, or the file cannot be used.
        """
        check_passphrase(passphrase)
        vault = await self._load()
        if vault is None and not new:
            raise KeychainError(f"{self.path}: there are no keys yet; run `understudy keys add`")
        self._opener = await self._derived(passphrase, vault)

    async def exists(self) -> bool:
        """Whether there is a file to unlock. Raises KeychainError if it cannot be used."""
        return await self._load() is not None

    @property
    def _file(self) -> PrivateFile:
        return PrivateFile(self.path, FILE_BYTES_MAX)

    async def _load(self) -> Vault | None:
        content = await trio.to_thread.run_sync(self._file.read)
        if content is None:
            return None
        try:
            return decoded(content)
        except Damaged as error:
            raise self._damaged(error) from None

    async def _store(self, vault: Vault) -> None:
        await trio.to_thread.run_sync(self._file.write, encoded(vault))

    async def _opener_of(self, vault: Vault | None) -> Opener:
        """What opens the file, or is to open a new one. Raises KeychainError while it is locked."""
        opener = self._opener
        if opener is not None and (vault is None or vault.derivation == opener.derivation):
            return opener
        if self.passphrase is None:
            raise KeychainError(f"{self.path}: is locked; {UNLOCK}", is_locked=True)
        check_passphrase(self.passphrase)
        self._opener = await self._derived(self.passphrase, vault)
        return self._opener

    async def _derived(self, passphrase: Secret, vault: Vault | None) -> Opener:
        """Raises KeychainError if the passphrase does not open the file."""
        derivation = self.make_derivation() if vault is None else vault.derivation
        opener = await trio.to_thread.run_sync(
            derive, passphrase, derivation, abandon_on_cancel=True, limiter=self._threads
        )
        try:
            check_opener(vault or new_vault(opener), opener)
        except WrongPassphrase:
            raise KeychainError(
                f"{self.path}: the passphrase is wrong; try again. If it is lost, so are the "
                "keys: move the file away, and add them anew",
                is_locked=True,
            ) from None
        return opener

    def _damaged(self, error: Damaged) -> KeychainError:
        return KeychainError(
            f"{self.path}: is damaged: {error}; restore it from a copy, or move it away and add "
            "your keys anew"
        )


def check_passphrase(passphrase: Secret) -> None:
    """It is long enough to be one. Raises KeychainError, without showing it."""
    length = len(passphrase.reveal())
    if not PASSPHRASE_CHARACTERS_MIN <= length <= PASSPHRASE_CHARACTERS_MAX:
        raise KeychainError(
            f"a passphrase has {PASSPHRASE_CHARACTERS_MIN} to {PASSPHRASE_CHARACTERS_MAX} "
            f"characters, this one (not shown) {length}",
            is_locked=True,
        )
