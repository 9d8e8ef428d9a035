"""The legacy `/v1/completions`: one prompt in, one text out."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    TextDelta,
    ThinkingDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.request import Conversation, Sampling
from understudy.protocols.dialect import Failure
from understudy.protocols.openai_chat import completions as module
from understudy.protocols.openai_chat.completions import COMPLETIONS
from understudy.protocols.openai_chat.dialect import UPSTREAM
from understudy.protocols.records import Usage
from understudy.protocols.request import BadRequest, ServedRequest

from .wire import ANSWER, DONE, decoded, user, written

ENTRIES = (
    {"token": "na", "logprob": -0.1, "top_logprobs": [{"token": "na", "logprob": -0.1}]},
    {"token": "y", "logprob": -0.2},
)
EVENTS: list[AnswerEvent] = [
    AnswerStarted(Usage(3)),
    ThinkingDelta("hm"),
    TextDelta("ok "),
    TextDelta("nay", ENTRIES),
    ToolUseStarted("c", "f"),
    AnswerEnded("max_tokens", Usage(output_tokens=2)),
]


def request(**members: Any) -> ServedRequest:
    body = {"model": "m", "prompt": "Once", **members}
    return COMPLETIONS.parse(json.dumps(body).encode())


def answered(events: list[AnswerEvent], **members: Any) -> bytes:
    return written(COMPLETIONS.writer(request(**members), ANSWER), events)


def test_a_prompt_is_the_user_s_only_message() -> None:
    found = request(stream=True, max_tokens=16, stop=["\n"], logprobs=2, echo=True, user="u")
    assert (found.dialect, found.streamed, found.max_tokens) == ("openai-completions", True, 16)
    assert COMPLETIONS.conversation(found) == Conversation(
        (user("Once"),),
        sampling=Sampling(max_tokens=16, stop_sequences=("\n",), logprobs=2),
        user="u",
        streamed=True,
        unknown=("echo",),
    )
    assert COMPLETIONS.conversation(request(prompt=["Once"])).messages == (user("Once"),)
    assert COMPLETIONS.conversation(request(logprobs=0)).sampling == Sampling(logprobs=0)


@pytest.mark.parametrize("prompt", ["", [], ["a", "b"], [1, 2], [[1]], 7, None, {}])
def test_a_prompt_that_is_not_one_text_is_refused(prompt: Any) -> None:
    with pytest.raises(BadRequest, match="prompt"):
        COMPLETIONS.conversation(request(prompt=prompt))


@pytest.mark.parametrize(
    "body", [b"{}", b'{"model":"m"}', b'{"model":"m","prompt":"x","stream":3}']
)
def test_a_request_that_cannot_be_routed_is_refused(body: bytes) -> None:
    with pytest.raises(BadRequest):
        COMPLETIONS.parse(body)


LOGPROBS = {
    "tokens": ["na", "y"],
    "token_logprobs": [-0.1, -0.2],
    "top_logprobs": [{"na": -0.1}, {}],
    "text_offset": [3, 5],
}
NAMES = {"id": f"cmpl-{ANSWER}", "object": "text_completion", "created": 0, "model": "m"}


def choice(text: str, reason: str | None, logprobs: Any = None) -> dict[str, Any]:
    return {"text": text, "index": 0, "logprobs": logprobs, "finish_reason": reason}


def test_a_stream_has_the_shape_of_the_body_and_text_alone() -> None:
    stream = answered(EVENTS, stream=True)
    assert stream.endswith(DONE)
    assert decoded(stream) == [
        {**NAMES, "choices": [choice("ok ", None)]},
        {**NAMES, "choices": [choice("nay", None, LOGPROBS)]},
        {**NAMES, "choices": [choice("", "length")]},
    ]


def test_a_body() -> None:
    found = json.loads(answered(EVENTS))
    usage = found.pop("usage")
    logprobs = {**LOGPROBS, "text_offset": [0, 2]}
    assert found == {**NAMES, "choices": [choice("ok nay", "length", logprobs)]}
    assert (usage["prompt_tokens"], usage["completion_tokens"]) == (3, 2)
    asked = {"stream": True, "stream_options": {"include_usage": True}}
    assert decoded(answered(EVENTS, **asked))[-1] == {**NAMES, "choices": [], "usage": usage}


@pytest.mark.parametrize(
    ("reason", "expected"), [("tool_use", "stop"), ("refusal", "content_filter"), ("x", "stop")]
)
def test_the_old_form_knows_no_calls(reason: str, expected: str) -> None:
    events: list[AnswerEvent] = [AnswerEnded(reason)]
    assert json.loads(answered(events))["choices"][0]["finish_reason"] == expected
    assert decoded(answered(events, stream=True))[0]["choices"][0]["finish_reason"] == expected


def test_an_answer_that_failed_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    failed: list[AnswerEvent] = [TextDelta("x"), AnswerFailed("api_error", "boom")]
    assert json.loads(answered(failed))["error"]["message"] == "boom"
    stream = answered(failed, stream=True)
    assert decoded(stream)[-1]["error"]["message"] == "boom"
    assert not stream.endswith(DONE)
    monkeypatch.setattr(module, "ANSWER_BYTES_MAX", 3)
    assert "longer than" in json.loads(answered(EVENTS))["error"]["message"]


def test_pings_and_errors_are_those_of_the_chat() -> None:
    assert COMPLETIONS.writer(request(stream=True), ANSWER).ping() == b": ping\n\n"
    assert COMPLETIONS.writer(request(), ANSWER).ping() == b""
    error = json.loads(COMPLETIONS.error(Failure(404, "not_found_error", "no model"), ""))
    assert error["error"]["code"] == "model_not_found"


def test_an_endpoint_of_the_dialect_gets_the_older_form_at_its_own_path() -> None:
    sent = UPSTREAM.relayed(COMPLETIONS.parse(b'{"model":"m","prompt":"a"}'), "real")
    assert (sent.path, sent.body) == ("/v1/completions", b'{"model":"real","prompt":"a"}')
