"""The shapes of what is asked and answered, for the description at `/openapi.json`.

Small but true: a shape names the members that a client needs to begin with, and those that every
answer has. None is closed: what a dialect has beyond them is read and written as well, and the
dialect's own reference lists it (docs/dialects.md says what becomes of it).
"""

from __future__ import annotations

from typing import Any, Final

Schema = dict[str, Any]

TEXT: Final[Schema] = {"type": "string"}
WHOLE: Final[Schema] = {"type": "integer"}
NUMBER: Final[Schema] = {"type": "number"}
TRUTH: Final[Schema] = {"type": "boolean"}
OBJECT: Final[Schema] = {"type": "object"}


def record(required: str, /, **members: Schema) -> Schema:
    """An object with these members; `required` names those that are always there."""
    return {"type": "object", "required": required.split(), "properties": members}


def several(item: Schema) -> Schema:
    """An array of these."""
    return {"type": "array", "items": item}


def either(*choices: Schema) -> Schema:
    """One of these."""
    return {"anyOf": list(choices)}


def only(word: str) -> Schema:
    """A string that is always the same."""
    return {"type": "string", "const": word}


TRUE: Final[Schema] = {"type": "boolean", "const": True}
CONTENT: Final = either(TEXT, several(record("type", type=TEXT)))
MESSAGES: Final = several(record("role content", role=TEXT, content=CONTENT))
MODEL: Final[Schema] = {
    "type": "string",
    "description": "An id that a list of models has; any other one goes to the default model.",
}

ANTHROPIC: Final[dict[str, Schema]] = {
    "MessagesRequest": record(
        "model messages",
        model=MODEL,
        messages=MESSAGES,
        system=CONTENT,
        tools=several(OBJECT),
        max_tokens=WHOLE,
        stream=TRUTH,
    ),
    "Message": record(
        "id type role model content stop_reason usage",
        id=TEXT,
        type=only("message"),
        role=only("assistant"),
        model=TEXT,
        content=several(record("type", type=TEXT)),
        stop_reason=either(TEXT, {"type": "null"}),
        usage=record("input_tokens output_tokens", input_tokens=WHOLE, output_tokens=WHOLE),
    ),
    "TokenCount": record("input_tokens", input_tokens=WHOLE),
    "ModelList": record("data", data=several(record("id", id=TEXT))),
    "AnthropicError": record(
        "type error", type=only("error"), error=record("type message", type=TEXT, message=TEXT)
    ),
}

OPENAI: Final[dict[str, Schema]] = {
    "ChatRequest": record(
        "model messages",
        model=MODEL,
        messages=several(record("role", role=TEXT, content=either(CONTENT, {"type": "null"}))),
        tools=several(OBJECT),
        max_completion_tokens=WHOLE,
        stream=TRUTH,
    ),
    "ChatCompletion": record(
        "id object created model choices",
        id=TEXT,
        object=only("chat.completion"),
        created=WHOLE,
        model=TEXT,
        choices=several(record("index message", index=WHOLE, message=OBJECT)),
        usage=OBJECT,
    ),
    "CompletionRequest": record(
        "model prompt", model=MODEL, prompt=either(TEXT, several(TEXT)), stream=TRUTH
    ),
    "Completion": record(
        "id object created model choices",
        id=TEXT,
        object=only("text_completion"),
        created=WHOLE,
        model=TEXT,
        choices=several(record("index text", index=WHOLE, text=TEXT)),
        usage=OBJECT,
    ),
    "ResponseRequest": record(
        "model input",
        model=MODEL,
        input=either(TEXT, several(OBJECT)),
        instructions=either(TEXT, {"type": "null"}),
        tools=several(OBJECT),
        max_output_tokens=either(WHOLE, {"type": "null"}),
        previous_response_id=either(TEXT, {"type": "null"}),
        stream=TRUTH,
    ),
    "Response": record(
        "id object status model output",
        id=TEXT,
        object=only("response"),
        status=TEXT,
        model=TEXT,
        output=several(record("type", type=TEXT)),
        usage=either(OBJECT, {"type": "null"}),
    ),
    "EmbeddingsRequest": record(
        "model input", model=MODEL, input=either(TEXT, several(TEXT)), dimensions=WHOLE
    ),
    "Embeddings": record(
        "object data model",
        object=only("list"),
        data=several(
            record("index embedding", index=WHOLE, embedding=either(several(NUMBER), TEXT))
        ),
        model=TEXT,
        usage=OBJECT,
    ),
    "OpenAIModel": record("id object", id=TEXT, object=only("model"), created=WHOLE, owned_by=TEXT),
    "OpenAIError": record("error", error=record("message type", message=TEXT, type=TEXT)),
}

_PARTS: Final = record("parts", parts=several(OBJECT))
_VALUES: Final = record("values", values=several(NUMBER))

GEMINI: Final[dict[str, Schema]] = {
    "GenerateRequest": record(
        "contents",
        contents=several(record("parts", role=TEXT, parts=several(OBJECT))),
        systemInstruction=OBJECT,
        tools=several(OBJECT),
        generationConfig=OBJECT,
    ),
    "GenerateAnswer": record(
        "candidates", candidates=several(OBJECT), usageMetadata=OBJECT, modelVersion=TEXT
    ),
    "GenerateAnswers": several({"$ref": "#/components/schemas/GenerateAnswer"}),
    "GeminiEmbedRequest": record("content", content=_PARTS, outputDimensionality=WHOLE),
    "GeminiEmbedding": record("embedding", embedding=_VALUES),
    "GeminiEmbedBatchRequest": record(
        "requests", requests=several(record("model content", model=MODEL, content=_PARTS))
    ),
    "GeminiEmbeddings": record("embeddings", embeddings=several(_VALUES)),
    "GeminiTokenCount": record("totalTokens", totalTokens=WHOLE),
    "GeminiModel": record("name", name=TEXT, displayName=TEXT, inputTokenLimit=WHOLE),
    "GeminiModelList": record("models", models=several(record("name", name=TEXT))),
    "GeminiError": record(
        "error", error=record("code message status", code=WHOLE, message=TEXT, status=TEXT)
    ),
}

OLLAMA: Final[dict[str, Schema]] = {
    "OllamaChatRequest": record(
        "model",
        model=MODEL,
        messages=several(record("role", role=TEXT, content=TEXT, images=several(TEXT))),
        tools=several(OBJECT),
        options=OBJECT,
        stream={"type": "boolean", "default": True},
    ),
    "OllamaChat": record("model message done", model=TEXT, message=OBJECT, done=TRUTH),
    "OllamaGenerateRequest": record(
        "model",
        model=MODEL,
        prompt=TEXT,
        system=TEXT,
        images=several(TEXT),
        options=OBJECT,
        stream={"type": "boolean", "default": True},
    ),
    "OllamaGenerate": record("model response done", model=TEXT, response=TEXT, done=TRUTH),
    "OllamaEmbedRequest": record("model input", model=MODEL, input=either(TEXT, several(TEXT))),
    "OllamaEmbeddings": record("model embeddings", model=TEXT, embeddings=several(several(NUMBER))),
    "OllamaEmbeddingRequest": record("model prompt", model=MODEL, prompt=TEXT),
    "OllamaEmbedding": record("embedding", embedding=several(NUMBER)),
    "OllamaModelList": record(
        "models", models=several(record("name model", name=TEXT, model=TEXT))
    ),
    "OllamaShowRequest": record("model", model=MODEL),
    "OllamaModel": record("capabilities", capabilities=several(TEXT), model_info=OBJECT),
    "OllamaVersion": record("version", version=TEXT),
    "OllamaError": record("error", error=TEXT),
}

MEMORY: Final = record(
    "now_seconds state words reading budget_bytes floor_bytes reserved_bytes leases decisions",
    state=TEXT,
    words=TEXT,
    reading=record("total_bytes available_bytes", total_bytes=WHOLE, available_bytes=WHOLE),
    budget_bytes=WHOLE,
    floor_bytes=WHOLE,
    reserved_bytes=WHOLE,
    leases=several(record("model state words need_bytes", model=TEXT, need_bytes=WHOLE)),
    decisions=several(record("kind words", kind=TEXT, words=TEXT)),
)
OWN: Final[dict[str, Schema]] = {
    "Status": record(
        "version address problems endpoints memory first_model live_turns recent_turns usage_today",
        version=TEXT,
        address=TEXT,
        problems=several(TEXT),
        endpoints=several(OBJECT),
        memory=either(MEMORY, {"type": "null"}),
        first_model=either(record("command words", command=TEXT, words=TEXT), {"type": "null"}),
        live_turns=several(OBJECT),
        recent_turns=several(OBJECT),
        usage_today=record("day rows", day=TEXT, rows=several(OBJECT)),
    ),
    "Usage": record("since until by rows", since=TEXT, until=TEXT, by=TEXT, rows=several(OBJECT)),
    "Why": record("lines", lines=several(OBJECT)),
    "Conversation": record(
        "place context_tokens used_tokens tokens_per_second state private",
        place=TEXT,
        chosen=TRUTH,
        once=TRUTH,
        context_tokens=WHOLE,
        used_tokens=WHOLE,
        tokens_per_second=NUMBER,
        state=TEXT,
        rest_seconds=NUMBER,
        private=TRUTH,
        turns=WHOLE,
    ),
    "Recommendation": record(
        "summary situation best ranking left_out not_known",
        summary=TEXT,
        situation=OBJECT,
        best=either(TEXT, {"type": "null"}),
        ranking=several(record("place points reason", place=TEXT, points=WHOLE, reason=TEXT)),
        left_out=several(record("place cause reason", place=TEXT, cause=TEXT, reason=TEXT)),
        not_known=several(TEXT),
    ),
    "Link": record("path", path=TEXT),
    "KeyChanged": record("", name=TEXT),
    "KeysForgotten": record("forgotten", forgotten=TRUE),
    "KeysPassphrase": record("passphrase", passphrase=TEXT),
    "KeysUnlocked": record("unlocked", unlocked=TRUE),
    "McpMessage": record("jsonrpc", jsonrpc=only("2.0"), id=WHOLE, method=TEXT, params=OBJECT),
    "Health": record("status", status=only("ok")),
    "OpenAPI": record("openapi info paths", openapi=TEXT, info=OBJECT, paths=OBJECT),
}

SCHEMAS: Final[dict[str, Schema]] = {**ANTHROPIC, **OPENAI, **GEMINI, **OLLAMA, **OWN}
