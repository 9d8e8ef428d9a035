"""Error responses, as any client can be told them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.anthropic.dialect import UPSTREAM
from understudy.protocols.anthropic.failure import RETRY_SECONDS_MAX
from understudy.protocols.dialect import Failure


def body(kind: str, message: str) -> bytes:
    return json.dumps({"type": "error", "error": {"type": kind, "message": message}}).encode()


def test_an_error_keeps_its_kind_and_words() -> None:
    found = UPSTREAM.failure(429, ((b"Retry-After", b"3"),), body("rate_limit_error", "slow down"))
    assert found == Failure(429, "rate_limit_error", "slow down", 3)


def test_row_9_a_prompt_that_is_too_long_is_told_in_the_client_s_words() -> None:
    words = "prompt is too long: 210000 tokens > 200000 maximum"
    assert UPSTREAM.failure(400, (), body("invalid_request_error", words)).message == words
    summed = "input length and `max_tokens` exceed context limit: 188240 + 21333 > 200000, so less"
    found = UPSTREAM.failure(400, (), body("invalid_request_error", summed))
    assert found.message == "prompt is too long: 209573 tokens > 200000 maximum"


@pytest.mark.parametrize(
    ("told", "seconds"),
    [
        (b"30", 30),
        (b" 1.5 ", 1),
        (b"0", 0),
        (b"999999999", RETRY_SECONDS_MAX),
        (b"9999999999", None),
        (b"Wed, 21 Oct 2026 07:28:00 GMT", None),
        (b"-1", None),
        (b"", None),
    ],
)
def test_when_to_ask_again(told: bytes, seconds: int | None) -> None:
    assert UPSTREAM.failure(529, ((b"retry-after", told),), b"").retry_after_seconds == seconds


@given(st.integers(400, 599), st.binary(max_size=60))
def test_any_error_response_is_told(status: int, data: bytes) -> None:
    found = UPSTREAM.failure(status, (), data)
    assert found.status == status
    assert found.kind
    assert found.message
