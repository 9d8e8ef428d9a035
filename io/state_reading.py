"""Reads the state's file where no server runs: never made, never migrated, never written to.

A file that was closed has no log beside it, and is read as it lies there, so that reading leaves
nothing behind. One that a killed server has left is read with its log.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from .ports import StateError
from .state_schema import MIGRATIONS

if TYPE_CHECKING:
    import sqlite3

BUSY_SECONDS: Final = 1.0


class NothingKept(StateError):
    """There is nothing to read yet; the message says what to do."""


@contextmanager
def reading(file: Path) -> Generator[sqlite3.Connection]:
    """Opens the database for reading alone. Raises NothingKept or StateError."""
    import sqlite3

    if not file.exists():
        raise NothingKept("no turn has been kept yet: ask something, as with `understudy ask`")
    log = Path(f"{file}-wal")
    manner = "mode=ro" if log.exists() else "mode=ro&immutable=1"
    try:
        address = f"{file.absolute().as_uri()}?{manner}"
        with closing(sqlite3.connect(address, timeout=BUSY_SECONDS, uri=True)) as connection:
            _check(connection, file)
            yield connection
    except sqlite3.Error as error:
        raise StateError(f"{file}: the state cannot be read: {error}") from None
    except ValueError as error:
        raise StateError(
            f"{file}: holds a row that this version cannot read ({error}); update understudy"
        ) from None


def _check(connection: sqlite3.Connection, file: Path) -> None:
    version = int(connection.execute("PRAGMA user_version").fetchone()[0])
    if version > len(MIGRATIONS):
        raise StateError(
            f"{file}: was written by a newer version (schema {version}, this version knows "
            f"up to {len(MIGRATIONS)}); update understudy"
        )
    if version < len(MIGRATIONS):
        raise NothingKept(
            f"{file}: was written by an older version, which kept no days: the next turn that is "
            "answered brings it up to date"
        )
