"""A prefix's file is taken only whole and only for what it is."""

from __future__ import annotations

from array import array

import pytest
from understudy.protocols.engine.state_header import (
    HEADER_BYTES,
    BadState,
    decode_header,
    encode_header,
    verify_state,
)

KEY = "0123456789abcdef" * 2
TOKENS = array("i", [5, 6, 2**31 - 1]).tobytes()
STATE = bytes(range(40))
FILE = encode_header(KEY, TOKENS, STATE) + TOKENS + STATE


def test_a_whole_file_gives_its_state_back() -> None:
    assert bytes(verify_state(memoryview(FILE), KEY, TOKENS)) == STATE
    header = decode_header(FILE[:HEADER_BYTES], len(FILE))
    assert (header.key, header.tokens, header.state_bytes) == (KEY, 3, 40)


@pytest.mark.parametrize("length", range(len(FILE)))
def test_half_a_file_is_refused(length: int) -> None:
    with pytest.raises(BadState):
        verify_state(memoryview(FILE[:length]), KEY, TOKENS)


@pytest.mark.parametrize("at", range(len(FILE)))
def test_any_byte_that_has_changed_is_seen(at: int) -> None:
    for bit in range(8):
        damaged = bytearray(FILE)
        damaged[at] ^= 1 << bit
        with pytest.raises(BadState):
            verify_state(memoryview(damaged), KEY, TOKENS)


def test_another_model_s_file_other_tokens_and_a_longer_file_are_refused() -> None:
    with pytest.raises(BadState, match="another model"):
        verify_state(memoryview(FILE), KEY[::-1], TOKENS)
    with pytest.raises(BadState, match="other tokens"):
        verify_state(memoryview(FILE), KEY, TOKENS[:8])
    with pytest.raises(BadState, match="bytes"):
        verify_state(memoryview(FILE + b"x"), KEY, TOKENS)


def test_another_kind_of_file_is_refused_though_its_header_is_whole(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("understudy.protocols.engine.state_header._VERSION", 2)
    newer = encode_header(KEY, TOKENS, STATE) + TOKENS + STATE
    monkeypatch.undo()
    with pytest.raises(BadState, match="another kind"):
        verify_state(memoryview(newer), KEY, TOKENS)
