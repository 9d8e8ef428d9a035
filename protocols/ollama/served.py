"""Ollama's own API as clients speak it to us: `/api/chat`, and `/api/generate` beside it.

Both are streamed unless the client says otherwise. A request without messages (or without a prompt)
asks for no answer but only that the model be loaded: `asks_to_load` tells.
Source: docs/api.md, docs/openapi.yaml and api/types.go of Ollama.
"""

from __future__ import annotations

import re
from typing import ClassVar, Final

from ..conversation.blocks import Block, Text
from ..conversation.request import Conversation, Message, Tool
from ..dialect import NO_TARGET, AnswerWriter, Failure, Served, Target
from ..json_members import JsonObject
from ..json_values import object_of, text_of
from ..request import BadRequest, ServedRequest, checked_model, optional_member, parse_body
from .answer_writer import ChatWriter, GenerateWriter, error_body
from .messages import MessagesReader, media_blocks
from .tools import read_tools
from .wishes import Wishes, answer_tokens_max

CHAT: Final = "ollama"
GENERATE: Final = "ollama-generate"

_COMMON_KEYS = frozenset(
    {"model", "stream", "options", "format", "think", "logprobs", "top_logprobs"}
)
_CHAT_KEYS = _COMMON_KEYS | {"messages", "tools"}
_GENERATE_KEYS = _COMMON_KEYS | {"prompt", "system", "images"}
_UNLOADING = (0, "0", "0s", "0m", "0h")
"""Values of `keep_alive` that ask for a model to be taken out of memory."""
_NOTHING: Final = re.compile(rb'(?:\[\s*\]|""|null)?')
"""No question; told from the bytes, because a long history need not be decoded for it."""


class ChatServed(Served):
    """`/api/chat`."""

    name: ClassVar[str] = CHAT

    def parse(self, body: bytes, target: Target = NO_TARGET) -> ServedRequest:
        """Reads as much of a request as routing needs. Raises BadRequest."""
        found = parse_body(body)
        if found.head("messages", 1) not in (b"", b"n", b"["):
            raise BadRequest("messages: expected a list of messages")
        return _request(found, CHAT, ("messages", "tools"))

    def conversation(self, request: ServedRequest) -> Conversation:
        """Reads all of a request."""
        reader = MessagesReader.of(request.items("messages"))
        system, messages = reader.read()
        tools, nameless = read_tools(request.items("tools"))
        unknown = [*reader.unknown, *nameless, *_unknown_keys(request, _CHAT_KEYS)]
        return _conversation(request, messages, system, tools, unknown)

    def writer(self, request: ServedRequest, answer: str) -> AnswerWriter:
        """The writer for a request; calls of tools keep the ids that they come with."""
        return ChatWriter(request.model, request.streamed)

    def error(self, failure: Failure, request_id: str) -> bytes:
        """The JSON body of an error response; the dialect has no place for the request's id."""
        return error_body(failure.message)


class GenerateServed(Served):
    """`/api/generate`: one prompt, one answer."""

    name: ClassVar[str] = GENERATE

    def parse(self, body: bytes, target: Target = NO_TARGET) -> ServedRequest:
        """Reads as much of a request as routing needs. Raises BadRequest."""
        found = parse_body(body)
        if found.raw("prompt")[:1] not in (b"", b"n", b'"'):
            raise BadRequest("prompt: expected a string")
        keys = ("prompt", "system", "images", "suffix", "template", "raw", "context")
        return _request(found, GENERATE, keys)

    def conversation(self, request: ServedRequest) -> Conversation:
        """Reads all of a request: the prompt and its images are the one message."""
        prompt, system = text_of(request.value("prompt")), text_of(request.value("system"))
        shown: list[Block] = [Text(prompt)] if prompt else []
        shown += media_blocks(request.value("images"))
        messages = (Message("user", tuple(shown)),) if shown else ()
        unknown = _unknown_keys(request, _GENERATE_KEYS)
        return _conversation(request, messages, (Text(system),) if system else (), (), unknown)

    def writer(self, request: ServedRequest, answer: str) -> AnswerWriter:
        """The writer for a request."""
        return GenerateWriter(request.model, request.streamed)

    def error(self, failure: Failure, request_id: str) -> bytes:
        """The JSON body of an error response."""
        return error_body(failure.message)


def asks_to_load(request: ServedRequest) -> bool:
    """Whether the request asks for no answer, but only for its model to be loaded."""
    key = "messages" if request.dialect == CHAT else "prompt"
    return _NOTHING.fullmatch(request.json.raw(key)) is not None


def load_answer(request: ServedRequest) -> bytes:
    """The body that answers such a request: Ollama's own, which is never streamed.

    `keep_alive` 0 asks for the opposite, and is answered so.
    """
    reason = "unload" if request.value("keep_alive") in _UNLOADING else "load"
    writer = ChatWriter if request.dialect == CHAT else GenerateWriter
    return writer(request.model, streamed=False).loaded(reason)


def _request(found: JsonObject, dialect: str, question_keys: tuple[str, ...]) -> ServedRequest:
    """What routing needs. Ollama streams unless `stream` is false."""
    model = checked_model(found)
    silent = found.raw("stream") in (b"", b"null")
    streamed = silent or optional_member(found, "stream", bool, "true or false")
    plain = ServedRequest(found, model, streamed, 0, dialect, question_keys)
    limit = answer_tokens_max(object_of(plain.value("options")))
    return ServedRequest(found, model, streamed, limit, dialect, question_keys)


def _conversation(
    request: ServedRequest,
    messages: tuple[Message, ...],
    system: tuple[Text, ...],
    tools: tuple[Tool, ...],
    unknown: list[str],
) -> Conversation:
    """The conversation with the wishes that both routes share."""
    wishes = Wishes(unknown)
    sampling = wishes.sampling(
        *(request.value(key) for key in ("options", "logprobs", "top_logprobs"))
    )
    reasoning = wishes.reasoning(request.value("think"))
    output = wishes.output(request.value("format"))
    return Conversation(
        messages,
        system,
        tools,
        sampling=sampling,
        reasoning=reasoning,
        output=output,
        streamed=request.streamed,
        unknown=tuple(wishes.unknown),
    )


def _unknown_keys(request: ServedRequest, known: frozenset[str]) -> list[str]:
    """The request's members that we do not read."""
    return [key for key in request.json.members if key not in known]
