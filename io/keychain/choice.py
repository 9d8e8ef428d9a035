"""Which keychain the settings ask for. The encrypted file is never fallen back to."""

from __future__ import annotations

from collections.abc import MutableMapping

from ...protocols.secret import Secret
from ...protocols.settings_data import KeysSettings
from ..folders import Folders
from ..keys import PASSPHRASE_VARIABLE
from ..ports import Keychain
from .file_keychain import FileKeychain
from .os_keychain import OsKeychain, patience_seconds


def open_keychain(
    keys: KeysSettings,
    folders: Folders,
    environ: MutableMapping[str, str],
    seconds: float | None = None,
) -> Keychain:
    """The keychain of the settings. The passphrase is taken out of `environ`: children get that.

    `seconds` is how long the system's keychain may take; without it, as long as its user needs.
    """
    passphrase = environ.pop(PASSPHRASE_VARIABLE, "")
    if keys.store == "file":
        return FileKeychain(folders.keys_file, Secret(passphrase) if passphrase else None)
    return OsKeychain(environ, patience_seconds(environ) if seconds is None else seconds)
