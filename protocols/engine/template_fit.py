"""A chat fitted to what its template can show: pure, and the same for the same messages.

Templates differ in what they take. Some know no system message, no tools, no results; some insist
that user and assistant take turns, that a message holds one call, that ids have nine characters.
What one cannot show is said in the words that it can, so that no conversation is refused for its
form, and nothing of it is silently left out. `Traits` says what a template takes; `template_probe`
finds it out by trying, as llama.cpp's common/jinja/caps.cpp does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

import attrs

from ..json_values import object_of
from ..model_format.format import ModelFormat
from .messages import ToolShape

THINKING: Final = "reasoning_content"

Messages = list[dict[str, Any]]

SHORT_ID_CHARACTERS: Final = 9
SCHEMA_DEPTH_MAX: Final = 16
"""How deep a schema is completed."""
APART: Final = "\n\n"


@attrs.frozen
class Traits:
    """What a template takes. Without a name it is what nearly all do."""

    system: bool = True
    """A system message comes first."""
    tools: bool = True
    """Tools are shown to the model."""
    bare_properties: bool = True
    """A property of a tool's input may come without type and description."""
    calls: bool = True
    """Calls of tools are shown."""
    results: bool = True
    """Results are shown as such."""
    empty_content: bool = True
    """Calls without words come with "" for content; else with None."""
    words_with_calls: bool = True
    """One message may have both."""
    calls_as_told: bool = False
    """Calls are shown as the family tells them in words, so that these may stand in for them."""
    parallel_calls: bool = True
    """Several calls in one message."""
    question_after_results: bool = True
    """The user speaks behind results, before the assistant has answered."""
    argument_objects: bool = True
    """Arguments are objects; else JSON in a string."""
    plain_content: bool = True
    """Content is a string; else a list of parts."""
    thinking: str = THINKING
    """The member of a message that holds its thinking; "content" if a part of that does."""
    free_ids: bool = True
    """A call may have any id; else nine letters and digits."""


def fitted(
    messages: Messages, tools: Sequence[ToolShape], traits: Traits, form: ModelFormat
) -> Messages:
    """The messages as a template with these traits takes them; those given stay as they are."""
    found = [dict(message) for message in messages]
    for is_taken, step in _steps(tools, traits, form):
        if not is_taken:
            found = step(found)
    return found


def shown(tools: Sequence[ToolShape], traits: Traits) -> list[dict[str, Any]]:
    """The tools in the form that templates with these traits read."""
    return [_function(tool, traits.bare_properties) for tool in tools]


def _steps(
    tools: Sequence[ToolShape], traits: Traits, form: ModelFormat
) -> Iterable[tuple[bool, Callable[[Messages], Messages]]]:
    """Whether the template takes a thing, and how to do without; the order matters."""
    return (
        (traits.tools or not tools, lambda found: _told(found, form.told_tools(tools))),
        (traits.calls, lambda found: _calls_in_words(found, form)),
        (traits.words_with_calls, lambda found: _words_apart(found, traits, form)),
        (traits.parallel_calls, _one_by_one),
        (traits.question_after_results, _questions_in_results),
        (traits.results, lambda found: _results_in_words(found, form)),
        (traits.system, _without_system),
        (traits.empty_content, _without_empty_content),
        (traits.thinking == THINKING, lambda found: _with_thinking_as(found, traits.thinking)),
        (traits.free_ids, _with_short_ids),
        (traits.argument_objects, _with_argument_texts),
        (traits.plain_content, _in_parts),
    )


def _function(tool: ToolShape, bare: bool) -> dict[str, Any]:
    schema = tool.schema if bare else _described(tool.schema)
    function = {"name": tool.name, "description": tool.description, "parameters": schema}
    return {"type": "function", "function": function}


def _described(schema: dict[str, Any], depth: int = 0) -> dict[str, Any]:
    """The schema, every property in it with a type and a description."""
    found: dict[str, Any] = {"type": "object" if "properties" in schema else "string"}
    found |= {"description": "", **schema}
    if depth == SCHEMA_DEPTH_MAX:
        return found
    if properties := object_of(schema.get("properties")):
        found["properties"] = {
            name: _described(object_of(value), depth + 1) if isinstance(value, dict) else value
            for name, value in properties.items()
        }
    if "items" in schema:
        found["items"] = _described(object_of(schema["items"]), depth + 1)
    return found


def _told(messages: Messages, text: str) -> Messages:
    """With this text at the end of the system prompt."""
    if messages and messages[0]["role"] == "system":
        return [{**messages[0], "content": f"{messages[0]['content']}{APART}{text}"}, *messages[1:]]
    return [{"role": "system", "content": text}, *messages]


def _one_by_one(messages: Messages) -> Messages:
    """Each call in a message of its own, with its result directly behind it."""
    found: Messages = []
    place = 0
    while place < len(messages):
        message = messages[place]
        place += 1
        calls = message.get("tool_calls", ())
        if len(calls) < 2:
            found.append(message)
            continue
        results: Messages = []
        while place < len(messages) and messages[place]["role"] == "tool":
            results.append(messages[place])
            place += 1
        found += _separate(message, results)
    return found


def _separate(message: dict[str, Any], results: Messages) -> Messages:
    found: Messages = []
    left = list(results)
    for call in message["tool_calls"]:
        own = [result for result in left if result.get("tool_call_id") == call["id"]]
        left = [result for result in left if result not in own]
        found += [{**message, "tool_calls": [call]}, *own]
        message = {"role": message["role"], "content": ""}
    return found + left


def _questions_in_results(messages: Messages) -> Messages:
    """With what the user says behind results at the end of the last of them."""
    found: Messages = []
    for message in messages:
        if message["role"] == "user" and found and found[-1]["role"] == "tool":
            found[-1] = _with_more(found[-1], message)
        else:
            found.append(message)
    return found


def _with_more(message: dict[str, Any], more: dict[str, Any]) -> dict[str, Any]:
    texts = (message.get("content"), more.get("content"))
    return {**message, "content": APART.join(text for text in texts if text)}


def _calls_in_words(messages: Messages, form: ModelFormat) -> Messages:
    """With calls as the assistant's words."""
    return [_worded(each, form) if each.get("tool_calls") else each for each in messages]


def _worded(message: dict[str, Any], form: ModelFormat) -> dict[str, Any]:
    functions = [call["function"] for call in message["tool_calls"]]
    calls = "\n".join(form.told_call(each["name"], each["arguments"]) for each in functions)
    rest = {key: value for key, value in message.items() if key != "tool_calls"}
    return {**rest, "content": "\n".join(filter(None, (message.get("content"), calls)))}


def _results_in_words(messages: Messages, form: ModelFormat) -> Messages:
    """With results as the user's words, joined with what else the user says there."""
    found: Messages = []
    for message in messages:
        told = message
        if message["role"] == "tool":
            told = {"role": "user", "content": form.told_result(message.get("content") or "")}
        if found and told["role"] == found[-1]["role"] == "user":
            found[-1] = _with_more(found[-1], told)
        else:
            found.append(told)
    return found


def _words_apart(messages: Messages, traits: Traits, form: ModelFormat) -> Messages:
    """With words and calls in one text where that is what the model wrote, else in two messages."""
    found: Messages = []
    for message in messages:
        if not message.get("tool_calls") or not message.get("content"):
            found.append(message)
        elif traits.calls_as_told:
            found.append(_worded(message, form))
        else:
            found.append({key: value for key, value in message.items() if key != "tool_calls"})
            calls = {key: message[key] for key in ("role", "tool_calls")}
            found.append({**calls, "content": ""})
    return found


def _without_system(messages: Messages) -> Messages:
    """With the system prompt in front of the user's first words, as llama.cpp joins the two."""
    if not messages or messages[0]["role"] != "system":
        return messages
    system, *rest = messages
    if not rest or rest[0]["role"] != "user":
        return [{**system, "role": "user"}, *rest]
    content = f"{system['content']}\n{rest[0]['content']}"
    return [{**rest[0], "content": content}, *rest[1:]]


def _without_empty_content(messages: Messages) -> Messages:
    return [
        {**each, "content": None} if each.get("tool_calls") and not each.get("content") else each
        for each in messages
    ]


def _with_thinking_as(messages: Messages, member: str) -> Messages:
    if member == "content":
        return [_with_thinking_part(each) if THINKING in each else each for each in messages]
    return [
        {member if key == THINKING else key: value for key, value in message.items()}
        for message in messages
    ]


def _with_thinking_part(message: dict[str, Any]) -> dict[str, Any]:
    """With the thinking as the first part of the content (Mistral's reasoning models)."""
    parts = [{"type": "thinking", "thinking": message[THINKING]}]
    if message.get("content"):
        parts.append({"type": "text", "text": message.get("content")})
    rest = {key: value for key, value in message.items() if key != THINKING}
    return {**rest, "content": parts}


def _with_short_ids(messages: Messages) -> Messages:
    found: Messages = []
    for message in messages:
        changed = dict(message)
        if "tool_call_id" in message:
            changed["tool_call_id"] = _short(message["tool_call_id"])
        if "tool_calls" in message:
            changed["tool_calls"] = [
                {**call, "id": _short(call["id"])} for call in message["tool_calls"]
            ]
        found.append(changed)
    return found


def _short(call: str) -> str:
    """The id as nine letters and digits, the same for the same id."""
    if len(call) == SHORT_ID_CHARACTERS and call.isascii() and call.isalnum():
        return call
    digest = hashlib.blake2b(call.encode("utf-8", "surrogatepass")).hexdigest()
    return digest[:SHORT_ID_CHARACTERS]


def _with_argument_texts(messages: Messages) -> Messages:
    return [
        {**message, "tool_calls": [_with_text(call) for call in message["tool_calls"]]}
        if "tool_calls" in message
        else message
        for message in messages
    ]


def _with_text(call: dict[str, Any]) -> dict[str, Any]:
    function = call["function"]
    arguments = function["arguments"]
    if not isinstance(arguments, str):
        arguments = json.dumps(arguments, ensure_ascii=False)
    return {**call, "function": {**function, "arguments": arguments}}


def _in_parts(messages: Messages) -> Messages:
    return [
        {**message, "content": [{"type": "text", "text": message.get("content")}]}
        if isinstance(message.get("content"), str)
        else message
        for message in messages
    ]
