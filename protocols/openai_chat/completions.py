"""The legacy `/v1/completions` as clients speak it to us: one prompt, one text.

The prompt becomes the user's only message: what stands behind it is a chat model, so the text goes
on as an answer, not as a continuation. A prompt of token ids means nothing without its tokenizer,
and several prompts would be several conversations: both are refused.
"""

from __future__ import annotations

from typing import Any

import msgspec

from ..conversation.answer import (
    NO_USAGE,
    AnswerEnded,
    AnswerEvent,
    AnswerFailed,
    AnswerStarted,
    TextDelta,
)
from ..conversation.blocks import Text
from ..conversation.request import Conversation, Message
from ..dialect import ANSWER_BYTES_MAX, NO_TARGET, AnswerWriter, Failure, Served, Target
from ..json_values import list_of, objects_of, text_of
from ..request import BadRequest, ServedRequest, checked_model, optional_member, parse_body
from .chunks import DONE, PING, STREAM_HEADERS
from .errors import error_body, error_event, error_object
from .finish import finish_reason
from .message import JSON_HEADERS
from .options import read_sampling, read_user, wants_usage, whole, words
from .request import COMPLETIONS as NAME
from .request import whole_body
from .usage import usage_object

READ_MEMBERS = words(
    """
    model prompt stream max_tokens stop temperature top_p top_k seed n logprobs presence_penalty
    frequency_penalty logit_bias user safety_identifier stream_options
    """
)


class ServedCompletions(Served):
    """`/v1/completions` as clients speak it to us."""

    name = NAME

    def parse(self, body: bytes, target: Target = NO_TARGET) -> ServedRequest:
        """Reads as much of a request as routing needs. Raises BadRequest."""
        found = parse_body(body)
        model = checked_model(found)
        if not found.raw("prompt"):
            raise BadRequest("prompt: expected a string")
        streamed = optional_member(found, "stream", bool, "true or false")
        max_tokens = optional_member(found, "max_tokens", int, "a whole number")
        return ServedRequest(found, model, streamed, max(0, max_tokens), NAME, ("prompt",))

    def conversation(self, request: ServedRequest) -> Conversation:
        """Reads all of a request. Raises BadRequest where the prompt is not one text."""
        body = whole_body(request)
        unknown = (key for key in body if key not in READ_MEMBERS and body[key] is not None)
        alternatives = whole(body.get("logprobs"))
        chat_form = {"logprobs": alternatives is not None, "top_logprobs": alternatives}
        return Conversation(
            messages=(Message("user", (Text(_prompt(body.get("prompt"))),)),),
            sampling=read_sampling({**body, **chat_form}),
            user=read_user(body),
            streamed=request.streamed,
            unknown=tuple(unknown),
        )

    def writer(self, request: ServedRequest, answer: str) -> AnswerWriter:
        """The writer for a request."""
        if not request.streamed:
            return CompletionWriter(answer, request.model)
        wanted = wants_usage(request.value("stream_options"))
        return CompletionChunkWriter(answer, request.model, usage_wanted=wanted)

    def error(self, failure: Failure, request_id: str) -> bytes:
        """The JSON body of an error response."""
        return error_body(failure, request_id)


COMPLETIONS = ServedCompletions()


def _prompt(given: Any) -> str:
    prompts = list_of(given) if isinstance(given, list) else [given]
    if len(prompts) != 1 or not isinstance(prompts[0], str) or not prompts[0]:
        raise BadRequest("prompt: expected one string that is not empty; token ids are not read")
    return prompts[0]


def _names(answer: str, model: str) -> dict[str, Any]:
    return {"id": f"cmpl-{answer}", "object": "text_completion", "created": 0, "model": model}


def _reason(event: AnswerEnded) -> str:
    """The word for why it ended; the old form knows no calls."""
    reason = finish_reason(event.stop_reason)
    return "stop" if reason == "tool_calls" else reason


def legacy_logprobs(entries: list[dict[str, Any]], offset: int) -> dict[str, list[Any]] | None:
    """Log probabilities in the old form, four lists; `offset` is where the text begins."""
    if not entries:
        return None
    tokens = [text_of(entry.get("token")) for entry in entries]
    offsets = [offset + len("".join(tokens[:number])) for number in range(len(tokens))]
    tops = [
        {text_of(each.get("token")): each.get("logprob") for each in objects_of(top)}
        for top in (entry.get("top_logprobs") for entry in entries)
    ]
    return {
        "tokens": tokens,
        "token_logprobs": [entry.get("logprob") for entry in entries],
        "top_logprobs": tops,
        "text_offset": offsets,
    }


class CompletionChunkWriter(AnswerWriter):
    """A streamed text; what is not text is left out."""

    headers = STREAM_HEADERS

    def __init__(self, answer: str, model: str, *, usage_wanted: bool) -> None:
        self._names = _names(answer, model)
        self._usage_wanted = usage_wanted
        self._usage = NO_USAGE
        self._length = 0
        self._failed = False

    def send(self, event: AnswerEvent) -> bytes:
        """Writes one event."""
        match event:
            case TextDelta():
                logprobs = legacy_logprobs(objects_of(list(event.logprobs)), self._length)
                self._length += len(event.text)
                return self._chunk(event.text, logprobs, None)
            case AnswerStarted():
                self._usage = self._usage.completed_by(event.usage)
            case AnswerEnded():
                return self._chunk("", None, _reason(event)) + self._usage_chunk(event)
            case AnswerFailed():
                self._failed = True
                return error_event(event.kind, event.message)
            case _:
                pass
        return b""

    def ping(self) -> bytes:
        """A comment."""
        return PING

    def end(self) -> bytes:
        """The end mark; an answer that failed has none."""
        return b"" if self._failed else DONE

    def _chunk(self, text: str, logprobs: dict[str, Any] | None, reason: str | None) -> bytes:
        choice = {"text": text, "index": 0, "logprobs": logprobs, "finish_reason": reason}
        return self._event({"choices": [choice]})

    def _usage_chunk(self, event: AnswerEnded) -> bytes:
        if not self._usage_wanted:
            return b""
        return self._event(
            {"choices": [], "usage": usage_object(self._usage.completed_by(event.usage))}
        )

    def _event(self, members: dict[str, Any]) -> bytes:
        return b"data: " + msgspec.json.encode({**self._names, **members}) + b"\n\n"


class CompletionWriter(AnswerWriter):
    """A text in one body."""

    headers = JSON_HEADERS

    def __init__(self, answer: str, model: str) -> None:
        self._names = _names(answer, model)
        self._texts: list[str] = []
        self._logprobs: list[Any] = []
        self._length = 0
        self._usage = NO_USAGE
        self._ended = AnswerEnded("")
        self._failure: AnswerFailed | None = None

    def send(self, event: AnswerEvent) -> bytes:
        """Takes one event."""
        match event:
            case TextDelta():
                self._length += len(event.text)
                self._logprobs += event.logprobs
                if self._length <= ANSWER_BYTES_MAX:
                    self._texts.append(event.text)
                else:
                    limit = f"the answer is longer than {ANSWER_BYTES_MAX} characters"
                    self._failure = AnswerFailed("api_error", limit)
            case AnswerStarted():
                self._usage = self._usage.completed_by(event.usage)
            case AnswerEnded():
                self._ended = event
            case AnswerFailed():
                self._failure = event
            case _:
                pass
        return b""

    def ping(self) -> bytes:
        """Nothing: a body that comes in one piece has no room for it."""
        return b""

    def end(self) -> bytes:
        """The body: the text, or the error that it ended with."""
        if self._failure is not None:
            error = error_object(self._failure.kind, self._failure.message)
            return msgspec.json.encode({"error": error})
        choice: dict[str, Any] = {
            "text": "".join(self._texts),
            "index": 0,
            "logprobs": legacy_logprobs(objects_of(self._logprobs), 0),
            "finish_reason": _reason(self._ended),
        }
        usage = usage_object(self._usage.completed_by(self._ended.usage))
        return msgspec.json.encode({**self._names, "choices": [choice], "usage": usage})
