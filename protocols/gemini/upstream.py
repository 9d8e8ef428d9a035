"""Gemini as we speak it to an endpoint: generateContent, streamed or not, and countTokens.

Sources: the reference of `models.generateContent`, and the pages on function calling, thinking and
structured output. What a model refuses is left out and named in `dropped`: a request that is
answered without one wish is worth more than a 400.
"""

from __future__ import annotations

from typing import Any, ClassVar

import msgspec

from ..conversation.deferral import plain_tools
from ..conversation.names import ToolNames
from ..conversation.request import Conversation, Tool
from ..dialect import AnswerReader, Failure, Headers, Outgoing, UpstreamDialect, UpstreamNonsense
from ..event_stream import decoded
from ..notice_placer import NoticePlacer
from ..request import ServedRequest
from .abilities import resource
from .failure import read_failure
from .generation import generation_config, tool_config
from .history import HistoryWriter
from .members import member, whole
from .names import RULE
from .notice import GeminiPlacer
from .reader import GeminiReader
from .schema import parameters
from .served import GeminiRequest
from .signatures import DIALECT, OURS_BYTES, relayable

JSON: Headers = ((b"content-type", b"application/json"),)


class GeminiUpstream(UpstreamDialect):
    """The upstream half."""

    name: ClassVar[str] = DIALECT

    def request(self, conversation: Conversation, model: str) -> Outgoing:
        """Writes a request for an answer."""
        dropped: set[str] = set()
        body = _body(conversation, model, dropped)
        path = _path(model, streamed=conversation.streamed)
        return Outgoing(path, msgspec.json.encode(body), JSON, tuple(sorted(dropped)))

    def reader(self, conversation: Conversation, model: str, answer: str) -> AnswerReader:
        """The reader for the answer; it finds out itself in which form that comes."""
        return GeminiReader(_names(conversation), model, answer)

    def failure(self, status: int, headers: Headers, body: bytes) -> Failure:
        """What an error response says."""
        return read_failure(status, headers, body)

    def relayed(self, request: ServedRequest, model: str) -> Outgoing:
        """The client's own bytes; the model stands in the path alone.

        Changed is at most: a `model` at the top, which must agree with the path; and `contents`
        with signatures that we made ourselves, since Google refuses those.
        """
        splices: dict[str, bytes | None] = {}
        if request.json.raw("model"):
            splices["model"] = msgspec.json.encode(resource(model))
        if OURS_BYTES in request.json.raw("contents"):
            contents = relayable(request.value("contents"), model)
            splices["contents"] = msgspec.json.encode(contents)
        array = isinstance(request, GeminiRequest) and request.array
        path = _path(model, streamed=request.streamed, array=array)
        return Outgoing(path, request.json.splice(splices), JSON)

    def placer(self, notice: str) -> NoticePlacer:
        """See UpstreamDialect."""
        return GeminiPlacer(notice)

    def count_request(self, conversation: Conversation, model: str) -> Outgoing:
        """Asks for a count of all that the request would hold."""
        dropped: set[str] = set()
        nested = {"model": resource(model), **_body(conversation, model, dropped)}
        body = msgspec.json.encode({"generateContentRequest": nested})
        path = f"/v1beta/{resource(model)}:countTokens"
        return Outgoing(path, body, JSON, tuple(sorted(dropped)))

    def counted(self, body: bytes) -> int:
        """The count in the answer."""
        count = whole(member(decoded(body), "totalTokens"))
        if count is None or count < 0:
            raise UpstreamNonsense("the count of tokens has no totalTokens")
        return count


def _path(model: str, *, streamed: bool, array: bool = False) -> str:
    if not streamed:
        return f"/v1beta/{resource(model)}:generateContent"
    query = "" if array else "?alt=sse"
    return f"/v1beta/{resource(model)}:streamGenerateContent{query}"


def _names(conversation: Conversation) -> ToolNames:
    called = [use.name for use in conversation.tool_uses().values()]
    return ToolNames.of([*(tool.name for tool in conversation.tools), *called], RULE)


def _body(conversation: Conversation, model: str, dropped: set[str]) -> dict[str, Any]:
    names = _names(conversation)
    history = HistoryWriter(conversation, model, names, dropped)
    found: dict[str, Any] = {"contents": history.contents()}
    system = [{"text": block.text} for block in conversation.system if block.text]
    if system:
        found["systemInstruction"] = {"parts": system}
    dropped.update(f"tools.{tool.name}" for tool in conversation.tools if tool.server is not None)
    tools = plain_tools(conversation)
    if tools:
        declared = [_declaration(tool, names) for tool in tools]
        found["tools"] = [{"functionDeclarations": declared}]
    if tools and (choice := tool_config(conversation, names, dropped)):
        found["toolConfig"] = choice
    if config := generation_config(conversation, model, dropped, has_tools=bool(tools)):
        found["generationConfig"] = config
    return found


def _declaration(tool: Tool, names: ToolNames) -> dict[str, Any]:
    found: dict[str, Any] = {"name": names.sent(tool.name)}
    if tool.description:
        found["description"] = tool.description
    if schema := parameters(tool.schema):
        found["parametersJsonSchema"] = schema
    return found
