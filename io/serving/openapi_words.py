"""What is said of each route at `/openapi.json` and `/docs`: a sentence, its shapes, an example.

Paths and methods are not said here: they are the routing table's. A test holds the two together,
so that no route is served without a word and no word outlives its route. Examples ask the model
that is always there.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import attrs

EVENTS: Final = "text/event-stream"
LINES: Final = "application/x-ndjson"
HTML: Final = "text/html"
MODEL: Final = "rehearsal/rehearsal"
_HELLO: Final = [{"role": "user", "content": "Hello"}]
_CONTENTS: Final = {"contents": [{"role": "user", "parts": [{"text": "Hello"}]}]}
_EMBED: Final = {"content": {"parts": [{"text": "Hello"}]}}


@attrs.frozen
class Words:
    """One route: `answer` and `request` name schemas, `streamed` the type of a streamed answer.

    Without an `answer` the route serves a page. A request comes with an `example` of it.
    """

    summary: str
    answer: str = ""
    request: str = ""
    example: Mapping[str, Any] | None = None
    streamed: str = ""
    description: str = ""


WORDS: Final[Mapping[str, Words]] = {
    "/v1/messages": Words(
        "Answer a conversation, whole or as events.",
        "Message",
        "MessagesRequest",
        {"model": MODEL, "max_tokens": 64, "messages": _HELLO, "stream": True},
        EVENTS,
    ),
    "/v1/messages/count_tokens": Words(
        "Count the tokens that a request would have.",
        "TokenCount",
        "MessagesRequest",
        {"model": MODEL, "messages": _HELLO},
    ),
    "/v1/models": Words("List every model that a request may name.", "ModelList"),
    "/v1/models/{model}": Words("Show one model.", "OpenAIModel"),
    "/v1/chat/completions": Words(
        "Answer a conversation, whole or as events.",
        "ChatCompletion",
        "ChatRequest",
        {"model": MODEL, "messages": _HELLO, "stream": True},
        EVENTS,
    ),
    "/v1/completions": Words(
        "Answer one text, the older form of a conversation.",
        "Completion",
        "CompletionRequest",
        {"model": MODEL, "prompt": "Hello"},
        EVENTS,
    ),
    "/v1/embeddings": Words(
        "Turn texts into vectors, with an endpoint that can.",
        "Embeddings",
        "EmbeddingsRequest",
        {"model": MODEL, "input": ["Hello"]},
    ),
    "/v1/responses": Words(
        "Answer an input, whole or as events.",
        "Response",
        "ResponseRequest",
        {"model": MODEL, "input": "Hello", "stream": True},
        EVENTS,
        "What `previous_response_id` names is kept for a bounded time only.",
    ),
    "/v1/responses/input_tokens": Words(
        "Count the tokens that a request would have.",
        "TokenCount",
        "ResponseRequest",
        {"model": MODEL, "input": "Hello"},
    ),
    "/v1beta/models": Words("List every model that a request may name.", "GeminiModelList"),
    "/v1beta/models/{model}": Words("Show one model.", "GeminiModel"),
    "/v1beta/models/{model}:generateContent": Words(
        "Answer a conversation, whole.", "GenerateAnswer", "GenerateRequest", _CONTENTS
    ),
    "/v1beta/models/{model}:streamGenerateContent": Words(
        "Answer a conversation, piece by piece.",
        "GenerateAnswers",
        "GenerateRequest",
        _CONTENTS,
        EVENTS,
        "As a JSON array that grows; as events with `?alt=sse`.",
    ),
    "/v1beta/models/{model}:countTokens": Words(
        "Count the tokens that a request would have.",
        "GeminiTokenCount",
        "GenerateRequest",
        _CONTENTS,
    ),
    "/v1beta/models/{model}:embedContent": Words(
        "Turn one text into a vector, with an endpoint that can.",
        "GeminiEmbedding",
        "GeminiEmbedRequest",
        _EMBED,
    ),
    "/v1beta/models/{model}:batchEmbedContents": Words(
        "Turn texts into vectors, with an endpoint that can.",
        "GeminiEmbeddings",
        "GeminiEmbedBatchRequest",
        {"requests": [{"model": f"models/{MODEL}", **_EMBED}]},
    ),
    "/api/chat": Words(
        "Answer a conversation, as lines unless `stream` is false.",
        "OllamaChat",
        "OllamaChatRequest",
        {"model": MODEL, "messages": _HELLO},
        LINES,
    ),
    "/api/generate": Words(
        "Answer one prompt, as lines unless `stream` is false.",
        "OllamaGenerate",
        "OllamaGenerateRequest",
        {"model": MODEL, "prompt": "Hello"},
        LINES,
    ),
    "/api/embed": Words(
        "Turn texts into vectors, with an endpoint that can.",
        "OllamaEmbeddings",
        "OllamaEmbedRequest",
        {"model": MODEL, "input": ["Hello"]},
    ),
    "/api/embeddings": Words(
        "Turn one text into a vector, the older form of it.",
        "OllamaEmbedding",
        "OllamaEmbeddingRequest",
        {"model": MODEL, "prompt": "Hello"},
    ),
    "/api/tags": Words("List every model that a request may name.", "OllamaModelList"),
    "/api/ps": Words("List the models that are in memory.", "OllamaModelList"),
    "/api/show": Words("Show one model.", "OllamaModel", "OllamaShowRequest", {"model": MODEL}),
    "/api/version": Words("Tell the version of Ollama whose API this is.", "OllamaVersion"),
    "/": Words("The status, for people."),
    "/docs": Words("This list of routes, for people."),
    "/openapi.json": Words("This list of routes, for programs.", "OpenAPI"),
    "/status.json": Words("The status, for programs: no word of what was said.", "Status"),
    "/usage.json": Words(
        "Tell what was used: `since` and `until` are days, `by` is day, endpoint, model or "
        "conversation.",
        "Usage",
    ),
    "/why.json": Words(
        "Tell where the attempts of a turn went, and why: `turn` is its id, how it begins, or "
        "`last`.",
        "Why",
    ),
    "/conversation.json": Words(
        "Tell how a conversation stands, for a client's status line: `session` is its id, `read` "
        "the input of its last turn, in tokens.",
        "Conversation",
    ),
    "/recommend.json": Words(
        "Compare all endpoints for a conversation: `goal` is long, fast, cheap, private or good, "
        "`conversation` the name of one; both may be left out.",
        "Recommendation",
    ),
    "/link": Words(
        "Make the path of a link that opens the pages once, in a browser.",
        "Link",
    ),
    "/keys/changed": Words(
        "Tell that a key of the keychain has changed; the next turn reads it anew.",
        "KeysForgotten",
        "KeyChanged",
        {"name": "work"},
    ),
    "/keys/unlock": Words(
        "Open the encrypted file of keys.",
        "KeysUnlocked",
        "KeysPassphrase",
        {"passphrase": "PASSPHRASE"},
    ),
    "/mcp": Words(
        "Call a tool of Understudy's own, by the Model Context Protocol.",
        "McpMessage",
        "McpMessage",
        {"jsonrpc": "2.0", "id": 1, "method": "tools/list"},
        EVENTS,
        "GET and DELETE are taken too, as the protocol says. Without the token it is answered 401.",
    ),
    "/healthz": Words("Tell that the server lives. Needs no token.", "Health"),
}
