"""Ollama's errors as clients are told them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.dialect import Failure
from understudy.protocols.ollama.dialect import UPSTREAM
from understudy.protocols.ollama.failure import MESSAGE_CHARACTERS_MAX

from .inputs import VALUES, few_examples


def failure(status: int, error: Any, *headers: tuple[bytes, bytes]) -> Failure:
    """What an error response says."""
    return UPSTREAM.failure(status, headers, json.dumps({"error": error}).encode())


@pytest.mark.parametrize(
    ("status", "message", "told", "kind"),
    [
        (404, "model 'x' not found", 404, "not_found_error"),
        (400, '"x" does not support thinking', 400, "invalid_request_error"),
        (401, "unauthorized", 401, "authentication_error"),
        (429, "too many", 429, "rate_limit_error"),
        (503, "server busy", 503, "overloaded_error"),
        (500, "server busy.  maximum pending requests exceeded", 503, "overloaded_error"),
        (500, "model runner has unexpectedly stopped", 500, "api_error"),
        (502, "cloud model cannot be reached", 502, "api_error"),
        (499, "request canceled", 499, "api_error"),
    ],
)
def test_each_status_is_a_kind(status: int, message: str, told: int, kind: str) -> None:
    assert failure(status, message) == Failure(told, kind, message)


ENGINE = {
    "code": 400,
    "message": "request (9000 tokens) exceeds the available context size (4096 tokens)",
    "type": "exceed_context_size_error",
}
COUNTED = "prompt is too long: 9000 tokens > 4096 maximum"
WORDY = "the prompt is longer than the context length currently available to the model"


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (json.dumps({"error": ENGINE | {"n_prompt_tokens": 9000, "n_ctx": 4096}}), COUNTED),
        (json.dumps({"error": ENGINE}), COUNTED),
        (ENGINE, COUNTED),
        (ENGINE["message"], COUNTED),
        (WORDY, f"prompt is too long: {WORDY}"),
        (
            "the input length exceeds the context length",
            "prompt is too long: the input length exceeds the context length",
        ),
    ],
)
def test_a_prompt_that_is_too_long_is_told_with_what_is_known(error: Any, words: str) -> None:
    for status in (400, 500):
        assert failure(status, error) == Failure(400, "invalid_request_error", words)


def test_retry_after_is_read_where_it_is_a_number() -> None:
    assert failure(503, "x", (b"Retry-After", b"7")).retry_after_seconds == 7
    assert failure(503, "x", (b"retry-after", b"soon")).retry_after_seconds is None
    assert failure(503, "x", (b"retry-after", b"999999999")).retry_after_seconds == 86_400


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"error":null}', b"[]", b"\xff"])
def test_a_body_that_is_not_ollama_s_still_says_the_status(body: bytes) -> None:
    told = UPSTREAM.failure(502, (), body)
    assert told == Failure(502, "api_error", "the endpoint answered with status 502")


@few_examples
@given(st.integers(400, 599), VALUES | st.text(alphabet='{}":error', max_size=40))
def test_any_error_is_told_in_words(status: int, error: Any) -> None:
    told = failure(status, error)
    assert told.message
    assert len(told.message) <= MESSAGE_CHARACTERS_MAX + 30
