"""What endpoints say when they fail, in their many shapes."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.dialect import Failure
from understudy.protocols.openai_chat.dialect import SERVED, UPSTREAM

from .odd import VALUES


def failed(status: int, body: Any, **headers: str) -> Failure:
    """The failure of a response."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    pairs = tuple(
        (key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()
    )
    return UPSTREAM.failure(status, pairs, raw)


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (
            401,
            {
                "error": {
                    "message": "bad key",
                    "type": "x",
                    "param": None,
                    "code": "invalid_api_key",
                }
            },
            Failure(401, "authentication_error", "bad key"),
        ),
        (
            402,
            {"error": {"message": "no credits", "code": 402}},
            Failure(402, "billing_error", "no credits"),
        ),
        (403, {"error": {"message": "no", "code": None}}, Failure(403, "permission_error", "no")),
        (404, {"error": {"message": "no model"}}, Failure(404, "not_found_error", "no model")),
        (429, {"error": {"message": "slow"}}, Failure(429, "rate_limit_error", "slow")),
        (
            429,
            {
                "error": {
                    "message": "pay",
                    "type": "insufficient_quota",
                    "code": "insufficient_quota",
                }
            },
            Failure(402, "billing_error", "pay"),
        ),
        (500, {"error": {"message": "boom"}}, Failure(500, "api_error", "boom")),
        (
            502,
            b"<html>bad gateway",
            Failure(502, "api_error", "the endpoint answered with status 502"),
        ),
        (503, {"error": "loading"}, Failure(503, "overloaded_error", "loading")),
        (504, b"", Failure(504, "timeout_error", "the endpoint answered with status 504")),
        (500, {"error": {"code": "404", "message": "m"}}, Failure(500, "api_error", "m")),
        (418, {}, Failure(418, "invalid_request_error", "the endpoint answered with status 418")),
        (
            400,
            {"object": "error", "message": "vllm", "type": "BadRequestError", "code": 400},
            Failure(400, "invalid_request_error", "vllm"),
        ),
        (
            400,
            [{"error": {"code": 400, "message": "google", "status": "INVALID_ARGUMENT"}}],
            Failure(400, "invalid_request_error", "google"),
        ),
        (
            400,
            {
                "error": {
                    "message": "Provider returned error",
                    "metadata": {"raw": "why"},
                    "code": 400,
                }
            },
            Failure(400, "invalid_request_error", "Provider returned error: why"),
        ),
        (
            422,
            {"detail": [{"loc": ["body", "top_k"], "msg": "extra"}, {"msg": "x"}]},
            Failure(422, "invalid_request_error", "body.top_k: extra; : x"),
        ),
        (422, {"detail": "extra"}, Failure(422, "invalid_request_error", "extra")),
        (
            422,
            {"object": "error", "message": {"detail": [{"loc": ["body"], "msg": "m"}]}},
            Failure(422, "invalid_request_error", "body: m"),
        ),
    ],
)
def test_an_error_of_each_shape(status: int, body: Any, expected: Failure) -> None:
    assert failed(status, body) == expected


TOO_LONG = [
    # OpenAI
    "This model's maximum context length is 8192 tokens. However, your messages resulted in "
    "9000 tokens. Please reduce",
    "This model's maximum context length is 8192 tokens. However, you requested 9500 tokens "
    "(9000 in the messages, 500 in the completion).",
    # vLLM
    "This model's maximum context length is 8192 tokens. However, your request has 9000 input"
    " tokens. Please reduce the length",
    # OpenRouter
    "This endpoint's maximum context length is 8192 tokens. However, you requested about 9600"
    " tokens (9000 of text input, 600 in the output).",
    # SGLang
    "The input (9000 tokens) is longer than the model's context length (8192 tokens).",
    "Requested token count exceeds the model's maximum context length of 8192 tokens. You "
    "requested a total of 9100 tokens: 9000 tokens from the input messages and 100 tokens for"
    " the completion.",
    # llama.cpp
    "request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it",
    # Mistral
    "Prompt contains 9000 tokens and 0 draft tokens, too large for model with 8192 maximum "
    "context length",
    # xAI
    "This model's maximum prompt length is 8192 but the request contains 9000 tokens.",
    # Gemini
    "The input token count (9000) exceeds the maximum number of tokens allowed (8192).",
    # LM Studio
    "Trying to keep the first 9000 tokens when context the overflows. However, the model is "
    "loaded with context length of only 8192 tokens",
    # another Understudy in front of Anthropic
    "prompt is too long: 9000 tokens > 8192 maximum",
]


@pytest.mark.parametrize("message", TOO_LONG)
def test_a_prompt_that_is_too_long_is_told_as_claude_code_reads_it(message: str) -> None:
    told = "prompt is too long: 9000 tokens > 8192 maximum"
    expected = Failure(400, "invalid_request_error", told)
    assert (
        failed(400, {"error": {"message": message, "code": "context_length_exceeded"}}) == expected
    )
    assert failed(500, {"error": message}) == expected


def test_llama_cpp_gives_the_counts_as_numbers() -> None:
    error = {
        "code": 400,
        "message": "the request exceeds the available context size",
        "type": "exceed_context_size_error",
        "n_prompt_tokens": 9000,
        "n_ctx": 8192,
    }
    told = "prompt is too long: 9000 tokens > 8192 maximum"
    assert failed(400, {"error": error}).message == told
    without = {key: value for key, value in error.items() if not key.startswith("n_")}
    assert failed(400, {"error": without}).message.startswith("prompt is too long: the request")


@pytest.mark.parametrize(
    "message",
    [
        "This model's maximum context length is 8192 tokens. However, you requested 9000 tokens "
        "(4000 in the messages, 5000 in the completion). Please reduce the length",
        "'max_tokens' or 'max_completion_tokens' is too large: 5000. This model's maximum context "
        "length is 8192 tokens and your request has 4000 input tokens (5000 > 8192 - 4000).",
        "You passed 4000 input tokens and requested 5000 output tokens. However, the model's "
        "context length is only 8192 tokens, resulting in a maximum input length of 3192 tokens.",
    ],
)
def test_a_prompt_that_fits_with_an_answer_that_does_not_is_told_as_that(message: str) -> None:
    told = (
        "input length and `max_tokens` exceed context limit: 4000 + 5000 > 8192, decrease input "
        "length or `max_tokens` and try again"
    )
    assert failed(400, {"error": {"message": message}}).message == told


FITS = "This model's maximum context length is 8192 tokens and your request has 9 input tokens"


@pytest.mark.parametrize("message", ["Invalid schema", "max_tokens is too large", "?", FITS])
def test_other_errors_are_not_taken_for_it(message: str) -> None:
    assert failed(400, {"error": {"message": message}}).message == message


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"retry_after": "3"}, 3),
        ({"Retry_After": " 2.2 "}, 3),
        ({"retry_after_ms": "1500", "retry_after": "9"}, 2),
        ({"retry_after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"retry_after": "-1"}, None),
        ({"retry_after": "999999999"}, 86_400),
        ({"retry_after": "\u00b2"}, None),
        ({}, None),
    ],
)
def test_when_to_try_again(headers: dict[str, str], expected: int | None) -> None:
    assert failed(429, {"error": {"message": "slow"}}, **headers).retry_after_seconds == expected


@pytest.mark.parametrize(
    ("words", "expected"),
    [("in 20s.", 20), ("in 1.5s", 2), ("in 340ms.", 1), ("in 2m", 120), ("later", None)],
)
def test_when_to_try_again_may_stand_in_the_words(words: str, expected: int | None) -> None:
    error = {"error": {"message": f"Rate limit reached. Please try again {words}"}}
    assert failed(429, error).retry_after_seconds == expected
    assert failed(429, error, retry_after="7").retry_after_seconds == 7


@given(st.integers(400, 599), VALUES | st.fixed_dictionaries({"error": VALUES}))
def test_any_error_is_told(status: int, body: Any) -> None:
    found = failed(status, body)
    assert 400 <= found.status <= 599
    assert found.message


def test_a_message_has_a_limit() -> None:
    assert len(failed(400, {"error": {"message": "x" * 10_000}}).message) == 2_000


@pytest.mark.parametrize(
    ("failure", "expected"),
    [
        (
            Failure(400, "invalid_request_error", "bad"),
            {"message": "bad", "type": "invalid_request_error", "param": None, "code": None},
        ),
        (
            Failure(403, "authentication_error", "bad key"),
            {
                "message": "bad key",
                "type": "invalid_request_error",
                "param": None,
                "code": "invalid_api_key",
            },
        ),
        (
            Failure(429, "rate_limit_error", "slow", 3),
            {"message": "slow", "type": "requests", "param": None, "code": "rate_limit_exceeded"},
        ),
        (
            Failure(500, "made_up_error", "x"),
            {"message": "x", "type": "made_up_error", "param": None, "code": None},
        ),
        (
            Failure(400, "invalid_request_error", "prompt is too long: 9000 tokens > 8192 maximum"),
            {
                "message": "This model's maximum context length is 8192 tokens. However, your "
                "messages resulted in 9000 tokens. Please reduce the length of the messages.",
                "type": "invalid_request_error",
                "param": "messages",
                "code": "context_length_exceeded",
            },
        ),
    ],
)
def test_a_client_gets_errors_in_openai_s_words(failure: Failure, expected: Any) -> None:
    assert json.loads(SERVED.error(failure, "")) == {"error": expected}
    assert json.loads(SERVED.error(failure, "r1")) == {"error": expected, "request_id": "r1"}


def test_a_prompt_that_is_too_long_survives_the_way_out_and_in() -> None:
    told = Failure(400, "invalid_request_error", "prompt is too long: 9000 tokens > 8192 maximum")
    assert UPSTREAM.failure(400, (), SERVED.error(told, "")) == told
