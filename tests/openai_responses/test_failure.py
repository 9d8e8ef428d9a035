"""Errors: what an upstream's says, and how a client of this dialect is told one."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.protocols.dialect import Failure
from understudy.protocols.openai_responses.dialect import SERVED, UPSTREAM


def failure(status: int, error: Any, *headers: tuple[bytes, bytes]) -> Failure:
    return UPSTREAM.failure(status, headers, json.dumps(error).encode())


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"error": {"message": "boom", "type": "x"}}, "boom"),
        ({"error": "boom"}, "boom"),
        ({"message": "boom"}, "boom"),
        ({"detail": "boom"}, "boom"),
        ({}, "the endpoint answered with status 500"),
        ([7], "the endpoint answered with status 500"),
        ({"error": {"message": "x" * 5_000}}, "x" * 2_000),
    ],
)
def test_the_message_wherever_it_is(body: Any, message: str) -> None:
    assert failure(500, body) == Failure(500, "api_error", message)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, "invalid_request_error"),
        (401, "authentication_error"),
        (403, "permission_error"),
        (404, "not_found_error"),
        (418, "invalid_request_error"),
        (429, "rate_limit_error"),
        (502, "api_error"),
        (503, "overloaded_error"),
    ],
)
def test_kinds(status: int, kind: str) -> None:
    assert failure(status, {"error": {"message": "m"}}).kind == kind
    quota = {"error": {"message": "m", "code": "insufficient_quota"}}
    assert failure(429, quota).kind == "billing_error"


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            {
                "message": "This model's maximum context length is 8192 tokens. However, your "
                "messages resulted in 9001 tokens. Please reduce the length.",
                "code": "context_length_exceeded",
            },
            "prompt is too long: 9001 tokens > 8192 maximum",
        ),
        (
            {
                "message": "This model's maximum context length is 4096 tokens. However, your "
                "request has 5000 input tokens.",
            },
            "prompt is too long: 5000 tokens > 4096 maximum",
        ),
        (
            {
                "message": "the request exceeds the available context size, try increasing it",
                "type": "exceed_context_size_error",
                "n_prompt_tokens": 700,
                "n_ctx": 512,
            },
            "prompt is too long: 700 tokens > 512 maximum",
        ),
        (
            {"message": "request (700 tokens) exceeds the available context size (512 tokens)"},
            "prompt is too long: 700 tokens > 512 maximum",
        ),
        (
            {"message": "Your input exceeds the context window of this model."},
            "prompt is too long: Your input exceeds the context window of this model.",
        ),
        (
            {"message": "?", "code": "context_length_exceeded"},
            "prompt is too long: ?",
        ),
    ],
)
def test_an_overflow_is_told_in_claude_code_s_words(error: Any, message: str) -> None:
    wanted = Failure(400, "invalid_request_error", message)
    assert failure(400, {"error": error}) == wanted
    assert failure(413, {"error": error}) == wanted


def test_not_every_word_of_a_context_is_an_overflow() -> None:
    words = "context length must be set"
    assert failure(400, {"error": {"message": words}}).message == words


@pytest.mark.parametrize(
    ("headers", "words", "seconds"),
    [
        ([(b"Retry-After", b"7")], "", 7),
        ([(b"retry-after", b"1.2")], "", 2),
        ([(b"retry-after-ms", b"1500")], "", 2),
        ([(b"retry-after", b"Wed, 21 Oct 2026 07:28:00 GMT")], "", None),
        ([(b"retry-after", b"999999999")], "", 86_400),
        ([], "Please try again in 11.054s.", 12),
        ([], "Please try again in 120ms.", 1),
        ([], "Please try again in 2m.", 120),
        ([], "Please wait.", None),
    ],
)
def test_when_to_try_again(
    headers: list[tuple[bytes, bytes]], words: str, seconds: int | None
) -> None:
    found = failure(429, {"error": {"message": words}}, *headers)
    assert found.retry_after_seconds == seconds


@pytest.mark.parametrize(
    ("told", "kind", "code"),
    [
        (Failure(400, "invalid_request_error", "m"), "invalid_request_error", None),
        (
            Failure(400, "invalid_request_error", "prompt is too long: 2 tokens > 1 maximum"),
            "invalid_request_error",
            "context_length_exceeded",
        ),
        (Failure(401, "authentication_error", "m"), "invalid_request_error", "invalid_api_key"),
        (Failure(429, "rate_limit_error", "m"), "requests", "rate_limit_exceeded"),
        (Failure(529, "overloaded_error", "m"), "server_error", "server_is_overloaded"),
        (Failure(500, "?", "m"), "server_error", "server_error"),
    ],
)
def test_how_a_client_is_told(told: Failure, kind: str, code: str | None) -> None:
    error = {"message": told.message, "type": kind, "param": None, "code": code}
    assert json.loads(SERVED.error(told, "req_1")) == {"error": error}
