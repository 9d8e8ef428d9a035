"""The user's own table of recommended models, beside the settings, or ours where there is none."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import attrs

from ...protocols.models.recommended import (
    FILE_NAME,
    TABLE,
    BadTable,
    Recommendation,
    read_table,
)

FILE_BYTES_MAX: Final = 256 * 1024


@attrs.frozen
class Recommended:
    """The table that holds, and what is wrong with the user's own, "" if nothing is."""

    table: tuple[Recommendation, ...]
    problem: str = ""


def recommended_models(settings_file: Path) -> tuple[Recommendation, ...]:
    """The table that holds for these settings. Raises BadTable."""
    file = settings_file.with_name(FILE_NAME)
    try:
        with file.open("rb") as stream:
            data = stream.read(FILE_BYTES_MAX + 1)
    except FileNotFoundError:
        return TABLE
    except OSError as error:
        raise BadTable(f"{file}: cannot be read: {error.strerror}; correct or delete it") from None
    if len(data) > FILE_BYTES_MAX:
        raise BadTable(f"{file}: larger than {FILE_BYTES_MAX} bytes; make it shorter")
    try:
        return read_table(data.decode())
    except UnicodeDecodeError:
        raise BadTable(f"{file}: not in UTF-8; save it as UTF-8") from None


def recommended_beside(settings_file: Path) -> Recommended:
    """The same for who goes on in any case: with a mistake in the user's table, ours holds."""
    try:
        return Recommended(recommended_models(settings_file))
    except BadTable as error:
        return Recommended(TABLE, str(error))
