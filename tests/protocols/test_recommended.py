"""The table of recommended models adds up, and a user's own replaces it or is refused in words."""

from __future__ import annotations

from pathlib import Path

import pytest
from understudy.io.models.recommended_file import recommended_beside
from understudy.protocols.models.recommended import (
    GIBIBYTE,
    TABLE,
    BadTable,
    Recommendation,
    read_table,
    recommend,
)
from understudy.protocols.resources.rules import MemoryRules

PROCESS_BYTES = 400_000_000
"""A vocabulary of 200,000 tokens, a batch and the process."""
ENTRY = """
[[recommended]]
memory_gibibytes = 16
repository = "me/mine"
quantisation = "Q8_0"
size_bytes = 9
context_tokens = 8
token_bytes = 7
licence = "mit"
why = "because"
"""


@pytest.mark.parametrize("entry", TABLE, ids=lambda entry: f"{entry.memory_gibibytes} GiB")
def test_a_recommended_model_fits_where_it_is_recommended(entry: Recommendation) -> None:
    total = entry.memory_gibibytes * GIBIBYTE
    room = total - MemoryRules().floor_bytes(total)
    assert entry.size_bytes + entry.cache_bytes + PROCESS_BYTES <= room
    assert entry.context_tokens % 1_024 == 0
    assert entry.why


@pytest.mark.parametrize(
    ("gibibytes", "expected"),
    [
        (4, None),
        (7.5, 8),
        (15.4, 16),
        (21, 16),
        (23, 24),
        (31, 32),
        (40, 32),
        (47, 48),
        (62, 64),
        (94, 96),
        (125, 128),
        (512, 128),
    ],
)
def test_which_entry_is_for_a_machine(gibibytes: float, expected: int | None) -> None:
    found = recommend(int(gibibytes * GIBIBYTE))
    assert (found.memory_gibibytes if found else None) == expected


def test_a_table_of_the_user_s_own_replaces_ours(tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    assert recommended_beside(settings).table == TABLE
    (tmp_path / "recommended.toml").write_text(ENTRY)
    (found,) = recommended_beside(settings).table
    assert found == Recommendation(16, "me/mine", "Q8_0", 9, 8, 7, "mit", "because")
    assert recommend(8 * GIBIBYTE, [found]) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[[recommended", "not TOML"),
        ("", r"write 1 to 64 tables"),
        ("recommended = [1]", "entry 1: write it as a table"),
        ("recommended = 1", "write 1 to 64"),
        (ENTRY.replace('why = "because"', ""), "entry 1: `why` is missing"),
        (ENTRY + "speed = 3", "`speed` is not known; memory_gibibytes, "),
        (ENTRY.replace("size_bytes = 9", "size_bytes = -9"), "`size_bytes` must be a whole"),
        (ENTRY.replace("size_bytes = 9", "size_bytes = true"), "`size_bytes` must be a whole"),
        (ENTRY.replace('"mit"', "3"), "`licence` must be a line of text"),
        (ENTRY.replace('"mit"', '"a\\nb"'), "`licence` must be a line of text"),
        (ENTRY.replace('"mit"', f'"{"x" * 501}"'), "longer than 500"),
    ],
)
def test_a_table_with_a_mistake_is_refused(text: str, said: str) -> None:
    with pytest.raises(BadTable, match=said):
        read_table(text)
