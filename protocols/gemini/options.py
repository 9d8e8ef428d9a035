"""Reads how a client wants its answer: tools, the choice among them, and `generationConfig`."""

from __future__ import annotations

from typing import Any

from ..conversation.request import OutputFormat, Sampling, Tool, ToolChoice
from ..json_values import object_of, strings_of, text_of
from .members import flag, member, members_of, number, snake, whole
from .schema import from_openapi

SERVER_TOOLS = {
    "googleSearch": {"type": "web_search_20250305", "name": "web_search"},
    "googleSearchRetrieval": {"type": "web_search_20250305", "name": "web_search"},
    "urlContext": {"type": "web_fetch_20250910", "name": "web_fetch"},
    "codeExecution": {"type": "code_execution_20250825", "name": "code_execution"},
}
"""Tools that the provider runs, in Anthropic's shape."""
_KNOWN_CONFIG = (
    "maxOutputTokens",
    "temperature",
    "topP",
    "topK",
    "stopSequences",
    "seed",
    "candidateCount",
    "presencePenalty",
    "frequencyPenalty",
    "responseLogprobs",
    "logprobs",
    "responseMimeType",
    "responseSchema",
    "responseJsonSchema",
    "thinkingConfig",
)
_KNOWN_CONFIG_SPELLINGS = frozenset((*_KNOWN_CONFIG, *map(snake, _KNOWN_CONFIG)))
_JSON_TYPES = ("application/json", "text/x.enum")


def read_tools(tools: Any, unknown: set[str]) -> tuple[Tool, ...]:
    """Every tool, those that the provider runs among them."""
    found: list[Tool] = []
    for tool in members_of(tools):
        for declared in members_of(member(tool, "functionDeclarations")):
            found.append(_declared(declared))
        for kind, definition in SERVER_TOOLS.items():
            if member(tool, kind) is not None:
                found.append(Tool(definition["name"], server=dict(definition)))
        known = {"functionDeclarations", *SERVER_TOOLS}
        spellings = known | {snake(name) for name in known}
        unknown.update(f"tools.{name[:32]}" for name in tool if name not in spellings)
    return tuple(found)


def _declared(declared: dict[str, Any]) -> Tool:
    schema = object_of(member(declared, "parametersJsonSchema"))
    if not schema:
        schema = from_openapi(object_of(declared.get("parameters")))
    description = text_of(declared.get("description"))
    default = {"type": "object", "properties": dict[str, Any]()}
    return Tool(text_of(declared.get("name")), description, schema or default)


def choose(
    tools: tuple[Tool, ...], config: dict[str, Any]
) -> tuple[tuple[Tool, ...], ToolChoice | None]:
    """The tools that may be called, and whether one must be.

    Several allowed names have no neutral form: the others are left out instead. `VALIDATED` is a
    promise of the API's about its own decoding and counts as `AUTO`.
    """
    calling = object_of(member(config, "functionCallingConfig"))
    mode = text_of(calling.get("mode")).upper()
    allowed = strings_of(member(calling, "allowedFunctionNames"))
    if mode == "NONE":
        return tools, ToolChoice("none")
    if allowed and mode in ("ANY", "VALIDATED"):
        kept = tuple(tool for tool in tools if tool.name in allowed)
        if mode == "ANY" and len(kept) == 1:
            return tools, ToolChoice("tool", kept[0].name)
        tools = kept or tools
    if mode == "ANY":
        return tools, ToolChoice("any")
    return tools, ToolChoice("auto") if mode in ("AUTO", "VALIDATED") else None


def read_sampling(config: dict[str, Any], unknown: set[str]) -> Sampling:
    """How tokens are chosen; what has no place is named in `unknown`."""
    unknown.update(
        f"generationConfig.{name[:32]}" for name in config if name not in _KNOWN_CONFIG_SPELLINGS
    )
    logprobs = whole(config.get("logprobs"))
    if logprobs is None and flag(member(config, "responseLogprobs")):
        logprobs = 0
    return Sampling(
        max_tokens=whole(member(config, "maxOutputTokens")),
        temperature=number(config.get("temperature")),
        top_p=number(member(config, "topP")),
        top_k=whole(member(config, "topK")),
        stop_sequences=strings_of(member(config, "stopSequences")),
        seed=whole(config.get("seed")),
        presence_penalty=number(member(config, "presencePenalty")),
        frequency_penalty=number(member(config, "frequencyPenalty")),
        logprobs=logprobs,
        choices=whole(member(config, "candidateCount")),
    )


def read_output(config: dict[str, Any]) -> OutputFormat | None:
    """The output's format; an enumeration is asked for as JSON, too."""
    kind = text_of(member(config, "responseMimeType"))
    schema = object_of(member(config, "responseJsonSchema"))
    if not schema:
        schema = from_openapi(object_of(member(config, "responseSchema")))
    if kind not in _JSON_TYPES:
        return None
    return OutputFormat(schema or None)
