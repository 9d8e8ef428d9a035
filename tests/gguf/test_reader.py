"""A header is read whole under every split, and each lie in one is named with its place."""

from __future__ import annotations

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.protocols.gguf.feed import HEADER_BYTES_MAX, TAKE_BYTES_MAX
from understudy.protocols.gguf.header import GgufHeader, Unkept
from understudy.protocols.gguf.problem import GgufProblem
from understudy.protocols.gguf.reader import (
    ARRAY_KEPT,
    KEPT_BYTES_MAX,
    PAIRS_MAX,
    TENSORS_MAX,
    TEXTS_MAX,
    HeaderReader,
)

from .writing import ARRAY, BOOL, LLAMA, TEXT, U32, Placed, file_of, header_of, pair, text


def read(data: bytes, *, size: int | None = None, piece: int = 1 << 20) -> GgufHeader:
    """Reads a file in pieces, leaving out what the reader does not want to see."""
    reader = HeaderReader(len(data) if size is None else size)
    place = 0
    while place < len(data) and not reader.receive_data(data[place : place + piece]):
        place += piece
        skipped = min(reader.skip_bytes, max(0, len(data) - place))
        reader.skip(skipped)
        place += skipped
    return reader.receive_end()


def head(tensors: int, pairs: int, rest: bytes = b"", version: int = 3) -> bytes:
    return struct.pack("<4sIQQ", b"GGUF", version, tensors, pairs) + rest


def entry(form: int, rest: bytes, key: str = "k") -> bytes:
    return head(0, 1, text(key) + struct.pack("<I", form) + rest)


def listed(form: int, count: int, rest: bytes = b"") -> bytes:
    return entry(ARRAY, struct.pack("<IQ", form, count) + rest)


def placed(*tensors: Placed, **options: Any) -> bytes:
    return file_of({}, tensors, **options)


def test_every_split_reads_the_same() -> None:
    data = file_of(with_data=False)
    size = len(file_of())
    whole = read(data, size=size)
    assert whole.architecture == "llama"
    for piece in range(1, 64):
        assert read(data, size=size, piece=piece) == whole


def test_the_shipped_model_is_read_with_large_pieces_and_small() -> None:
    data = Path(MODEL_FILE).read_bytes()
    found = read(data)
    assert found == read(data, piece=1_000)
    assert found.parameters == 2_532_288
    assert found.file_bytes == len(data)
    assert found.length("tokenizer.ggml.tokens") == 8_192


def test_all_forms_of_values_come_back() -> None:
    forms = {0: 200, 1: -3, 2: 60_000, 3: -300, 4: 2**32 - 1, 5: -(2**31), 10: 2**64 - 1, 11: -1}
    packs = {0: "B", 1: "b", 2: "H", 3: "h", 4: "I", 5: "i", 10: "Q", 11: "q"}
    for form, value in forms.items():
        found = read(entry(form, struct.pack(f"<{packs[form]}", value)))
        assert found.pairs["k"] == value
    assert read(entry(6, struct.pack("<f", 0.5))).pairs["k"] == 0.5
    assert read(entry(12, struct.pack("<d", 0.1))).pairs["k"] == 0.1
    assert read(entry(BOOL, b"\1")).pairs["k"] is True
    assert read(entry(TEXT, text("ä"))).text("k") == "ä"
    assert read(listed(BOOL, 2, b"\1\0")).pairs["k"] == (True, False)
    assert read(listed(2, 2, struct.pack("<2H", 7, 8))).counts("k", 3, 9) == (7, 8, 9)


def test_what_is_asked_for_in_the_wrong_form_is_not_there() -> None:
    found = read(file_of({"a": "text", "b": 0.5, "c": [1, 2], "d": True}, ()))
    assert (found.count("a", 7), found.count("b", 7), found.count("c", 7)) == (7, 7, 7)
    assert (found.text("b"), found.text("absent"), found.length("a")) == ("", "", 0)
    assert (found.counts("a", 2, 5), found.length("c"), found.count("d")) == ((5, 5), 2, 1)


def test_long_arrays_and_texts_are_counted_and_not_kept() -> None:
    data = listed(U32, ARRAY_KEPT + 1, bytes(4 * (ARRAY_KEPT + 1)))
    assert read(data).pairs["k"] == Unkept(U32, ARRAY_KEPT + 1)
    length = TAKE_BYTES_MAX + 1
    data = entry(TEXT, struct.pack("<Q", length) + bytes(length))
    for piece in (1 << 22, 4_096):
        assert read(data, piece=piece).pairs["k"] == Unkept(TEXT, length)


def test_a_reader_says_what_need_not_be_read() -> None:
    data = listed(U32, 1_000_000, bytes(4_000_000))
    reader = HeaderReader(len(data))
    assert not reader.receive_data(data[:1_000])
    assert reader.skip_bytes == len(data) - 1_000
    reader.skip(reader.skip_bytes - 10)
    assert not reader.receive_data(data[-10:-1])
    assert reader.receive_data(data[-1:])


LIES: Sequence[tuple[str, bytes, int]] = (
    ("begins with b'PK", b"PK\3\4" + bytes(20), 0),
    ("looks like a Git LFS pointer", b"version https://git-lfs.github.com", 0),
    ("is big-endian", struct.pack(">4sIQQ", b"GGUF", 3, 0, 0), 4),
    ("GGUF version 0;", head(0, 0, version=0), 4),
    ("GGUF version 1;", head(0, 0, version=1), 4),
    ("GGUF version 4; 2 and 3 are known", head(0, 0, version=4), 4),
    ("9 tensors cannot be in 100 bytes", head(9, 0, bytes(76)), 8),
    ("18446744073709551615 tensors", head(2**64 - 1, 0, bytes(76)), 8),
    ("9 entries of metadata cannot be", head(0, 9, bytes(76)), 16),
    (f"at most {TENSORS_MAX}", head(TENSORS_MAX + 1, 0, bytes(25 * TENSORS_MAX + 99)), 8),
    (f"at most {PAIRS_MAX}", head(0, PAIRS_MAX + 1, bytes(13 * PAIRS_MAX + 99)), 16),
    ("a key takes 99 bytes", head(0, 1, struct.pack("<Q", 99) + bytes(20)), 32),
    ("at most 65535 are possible", head(0, 1, struct.pack("<Q", 65_536) + bytes(65_536)), 32),
    ("a key is empty", head(0, 1, text("") + bytes(9)), 24),
    ("a key is not in UTF-8", head(0, 1, text(b"ab\xff") + bytes(9)), 34),
    ("'k' is there twice", file_of({"k": 1}, (), pairs=pair("k", 1), more_pairs=1), 41),
    ("of form 13, which does not exist", entry(13, bytes(9)), 33),
    ("truth value of 'k' is 2", entry(BOOL, b"\2"), 37),
    ("the text of 'k' takes 999 bytes", entry(TEXT, struct.pack("<Q", 999)), 45),
    ("text of 'k' is not in UTF-8", entry(TEXT, text(b"\x80")), 45),
    ("has arrays in it", listed(ARRAY, 1, bytes(12)), 37),
    ("'k' is of form 99", listed(99, 1, bytes(12)), 37),
    ("of 18446744073709551615 values", listed(U32, 2**64 - 1), 49),
    ("of 7 texts takes 56 bytes", listed(TEXT, 7, bytes(9)), 49),
    ("a text in an array takes", listed(TEXT, 1, struct.pack("<Q", 2**63)), 49),
    ("is there twice", placed(Placed("a", (8,)), Placed("a", (8,))), 57),
    ("the name of a tensor takes 64", placed(Placed("a" * 64, (8,))), 32),
    ("has 0 dimensions", head(1, 0, text("a") + bytes(64)), 33),
    ("has 5 dimensions", placed(Placed("a", (1, 1, 1, 1, 1))), 33),
    ("0 x 8 weights cannot be", placed(Placed("a", (0, 8))), 24),
    ("cannot be", placed(Placed("a", (2**32, 2**32)), with_data=False), 24),
    ("is of form 4, which is not known", placed(Placed("a", (32,), 4)), 45),
    ("rows of 33, in blocks of 32", placed(Placed("a", (33,), 8)), 24),
    (
        "shares bytes with the one before",
        placed(Placed("a", (64,)), Placed("b", (64,), 1, 32)),
        128,
    ),
    ("is apart: offset 64, expected 0", placed(Placed("a", (64,), 1, 64)), 128),
    ("ends at byte 192, and the file at 191", placed(Placed("a", (64,)))[:-1], 64),
    ("must be a power of 2", file_of({"general.alignment": 48}, ()), 57),
    ("must be a power of 2", file_of({"general.alignment": 0}, ()), 57),
    ("must be a power of 2", file_of({"general.alignment": 2**31}, ()), 57),
    ("is no number, and must be", file_of({"general.alignment": "x" * 500}, ()), 561),
)


@pytest.mark.parametrize(("said", "data", "offset"), LIES, ids=[lie[0] for lie in LIES])
def test_a_lie_is_named_with_its_place(said: str, data: bytes, offset: int) -> None:
    for piece in (1 << 20, 1, 7):
        with pytest.raises(GgufProblem) as found:
            read(data[:120_000] if piece < 9 else data, size=len(data), piece=piece)
        assert said in str(found.value)
        assert found.value.offset == offset, found.value
        assert "; " in str(found.value), "nothing is said about what to do"
        assert len(str(found.value)) < 400


def test_every_cut_of_a_file_is_found() -> None:
    data = file_of(with_data=False)
    for size in range(len(data)):
        with pytest.raises(GgufProblem):
            read(data[:size])
    with pytest.raises(GgufProblem, match="the file ends at byte"):
        read(data[:-40], size=len(data) - 40)


def test_a_file_of_unknown_length_is_held_to_the_limits_alone() -> None:
    reader = HeaderReader()
    assert reader.receive_data(file_of(with_data=False))
    for data, said in (
        (listed(U32, HEADER_BYTES_MAX), "at most"),
        (listed(TEXT, TEXTS_MAX + 1), "texts, at most"),
        (listed(U32, HEADER_BYTES_MAX // 4), "reaches beyond"),
    ):
        with pytest.raises(GgufProblem, match=said):
            HeaderReader().receive_data(data)


def test_what_is_kept_is_bounded() -> None:
    one = TAKE_BYTES_MAX - 100
    pairs = {f"k{number}": "x" * one for number in range(KEPT_BYTES_MAX // one + 1)}
    with pytest.raises(GgufProblem, match="without long arrays take more than"):
        read(file_of(pairs, ()))
    many = {f"k{number}": [1] * ARRAY_KEPT for number in range(PAIRS_MAX // 4)}
    with pytest.raises(GgufProblem, match="without long arrays take more than"):
        read(file_of(many, ()))


def test_a_reader_that_is_done_takes_no_more() -> None:
    reader = HeaderReader()
    assert reader.receive_data(file_of())
    assert reader.receive_data(b"anything")
    with pytest.raises(GgufProblem, match="the file is empty"):
        HeaderReader(0).receive_end()


def test_a_text_that_a_terminal_obeys_is_not_shown_as_it_is() -> None:
    with pytest.raises(GgufProblem) as found:
        read(
            file_of(
                {"\x1b[2J" + "k" * 900: 1}, (), pairs=pair("\x1b[2J" + "k" * 900, 1), more_pairs=1
            )
        )
    assert "\x1b" not in str(found.value)
    assert len(str(found.value)) < 300


def test_a_small_model_says_how_long_it_must_be() -> None:
    found = header_of(LLAMA)
    assert found.file_bytes == len(file_of())
    assert found.parameters == 64 * 4 + 2 * 64 * 64 + 64
