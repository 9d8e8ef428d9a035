"""Reads the `[keys]` table: where the keys that `keychain:NAME` names are kept.

Without it that is the operating system's keychain. The encrypted file is never fallen back to: it
is used where somebody has written that it is to be.
"""

from __future__ import annotations

from typing import Final, cast

from .settings_data import KEY_STORES, KeysSettings, KeyStore
from .settings_table import Table

KEYS_KEYS: Final = ("store",)


def read_keys(table: Table) -> KeysSettings:
    """Reads the table. Whatever is wrong is noted and read as absent."""
    store = table.choice("store", KEY_STORES)
    return KeysSettings() if store is None else KeysSettings(cast(KeyStore, store))
