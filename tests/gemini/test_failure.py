"""Errors of an endpoint: status, kind, words, and when to try again."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.dialect import Failure, Headers
from understudy.protocols.gemini.dialect import UPSTREAM

from .test_reader_splits import VALUES
from .wire import few_examples

INFO = "type.googleapis.com/google.rpc.ErrorInfo"
RETRY = "type.googleapis.com/google.rpc.RetryInfo"


def failure(status: int, word: str, message: str = "m", *details: Any, **more: str) -> Failure:
    error = {"code": status, "message": message, "status": word, "details": list(details)}
    headers: Headers = tuple((key.encode(), value.encode()) for key, value in more.items())
    return UPSTREAM.failure(status, headers, json.dumps({"error": error}).encode())


@pytest.mark.parametrize(
    ("status", "word", "kind"),
    [
        (400, "INVALID_ARGUMENT", "invalid_request_error"),
        (401, "UNAUTHENTICATED", "authentication_error"),
        (403, "PERMISSION_DENIED", "permission_error"),
        (404, "NOT_FOUND", "not_found_error"),
        (429, "RESOURCE_EXHAUSTED", "rate_limit_error"),
        (500, "INTERNAL", "api_error"),
        (503, "UNAVAILABLE", "overloaded_error"),
        (504, "DEADLINE_EXCEEDED", "timeout_error"),
        (413, "", "request_too_large"),
        (502, "", "api_error"),
    ],
)
def test_kinds(status: int, word: str, kind: str) -> None:
    assert failure(status, word) == Failure(status, kind, "m")


def test_a_wrong_key_and_a_place_that_may_not_are_no_malformed_request() -> None:
    invalid = failure(400, "INVALID_ARGUMENT", "m", {"@type": INFO, "reason": "API_KEY_INVALID"})
    assert invalid == Failure(403, "permission_error", "m")
    assert failure(400, "FAILED_PRECONDITION") == Failure(403, "permission_error", "m")


def test_when_to_try_again() -> None:
    detail = {"@type": RETRY, "retryDelay": "34.07s"}
    assert failure(429, "RESOURCE_EXHAUSTED", "m", detail).retry_after_seconds == 35
    assert failure(429, "", "m", **{"retry-after": "7"}).retry_after_seconds == 7
    assert failure(429, "", "m", **{"retry-after": "Fri, 1 Jan"}).retry_after_seconds is None
    far = failure(429, "", "m", {"retryDelay": "999999999s"})
    assert far.retry_after_seconds == 86_400


@pytest.mark.parametrize(
    ("said", "told"),
    [
        (
            "The input token count (1200293) exceeds the maximum number of tokens allowed (8192).",
            "prompt is too long: 1200293 tokens > 8192 maximum",
        ),
        (
            "The request's input token count is 20 but model only supports up to 8.",
            "prompt is too long: 20 tokens > 8 maximum",
        ),
        (
            "The input token count exceeds the maximum number of tokens allowed 8192.",
            "prompt is too long: 8193 tokens > 8192 maximum",
        ),
    ],
)
def test_a_prompt_that_is_too_long(said: str, told: str) -> None:
    assert failure(400, "INVALID_ARGUMENT", said) == Failure(400, "invalid_request_error", told)


def test_a_body_that_is_too_large() -> None:
    said = "Request payload size exceeds the limit: 20971520 bytes."
    assert failure(400, "INVALID_ARGUMENT", said).kind == "request_too_large"


def test_an_error_in_a_list_and_one_that_is_no_json() -> None:
    error = {"error": {"code": 503, "message": "busy", "status": "UNAVAILABLE"}}
    listed = UPSTREAM.failure(503, (), json.dumps([error]).encode())
    assert listed == Failure(503, "overloaded_error", "busy")
    plain = UPSTREAM.failure(502, (), b"<html>")
    assert plain == Failure(502, "api_error", "the endpoint answered with status 502")


@few_examples
@given(
    st.integers(400, 599), VALUES | st.fixed_dictionaries({"error": VALUES}), st.binary(max_size=9)
)
def test_any_body_is_a_failure(status: int, value: Any, tail: bytes) -> None:
    for body in (json.dumps(value).encode(), tail):
        found = UPSTREAM.failure(status, ((b"retry-after", tail),), body)
        assert found.kind.endswith(("_error", "_too_large"))
        assert found.message
