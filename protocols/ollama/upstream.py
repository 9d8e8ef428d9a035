"""Ollama's own API as we speak it to an endpoint: `/api/chat`.

Left to itself Ollama cuts a prompt that is longer than its context, and says nothing: by whole
messages before it starts (`truncate`), and at the front while it answers (`shift`). Both are
switched off in each request, so that such a prompt is refused instead, with both counts.
`context_tokens` sets the size of the context (`num_ctx`), which is 4,096 tokens by default on most
machines; it is a property of the endpoint, because Ollama loads a model again when it changes.
0 leaves it to Ollama.
"""

from __future__ import annotations

from typing import Any, ClassVar

import attrs
import msgspec

from ..conversation.request import Conversation
from ..dialect import AnswerReader, Failure, Headers, Outgoing, UpstreamDialect
from ..notice_placer import NoticePlacer
from ..request import ServedRequest
from .answer_reader import DIALECT, ChatReader
from .failure import read_failure
from .notice import OllamaPlacer
from .served import GENERATE
from .upstream_messages import MessagesWriter
from .upstream_wishes import written_wishes

CHAT_PATH = "/api/chat"
GENERATE_PATH = "/api/generate"


@attrs.frozen
class OllamaUpstream(UpstreamDialect):
    """The dialect for one endpoint."""

    name: ClassVar[str] = DIALECT
    context_tokens: int = 0

    def request(self, conversation: Conversation, model: str) -> Outgoing:
        """Writes a request for an answer from `model`."""
        writer = MessagesWriter.of(conversation, model)
        body: dict[str, Any] = {
            "model": model,
            "messages": writer.messages(),
            "stream": conversation.streamed,
            "truncate": False,
            "shift": False,
        }
        members, dropped = written_wishes(conversation, model, self.context_tokens)
        return Outgoing(
            CHAT_PATH,
            msgspec.json.encode(body | members),
            dropped=tuple(dict.fromkeys((*writer.dropped, *dropped))),
        )

    def reader(self, conversation: Conversation, model: str, answer: str) -> AnswerReader:
        """The reader for the answer to that request."""
        return ChatReader(conversation, model, answer)

    def failure(self, status: int, headers: Headers, body: bytes) -> Failure:
        """What an error response says."""
        return read_failure(status, headers, body)

    def relayed(self, request: ServedRequest, model: str) -> Outgoing:
        """A request of this same dialect: the client's own bytes but for the model."""
        path = GENERATE_PATH if request.dialect == GENERATE else CHAT_PATH
        return Outgoing(path, request.json.splice({"model": msgspec.json.encode(model)}))

    def placer(self, notice: str) -> NoticePlacer:
        """See UpstreamDialect."""
        return OllamaPlacer(notice)
