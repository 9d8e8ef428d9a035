"""Requests in which somebody else than the user says something, as real clients send them.

The shapes of Claude Code are those that were recorded of version 2.1.330 (docs/claude-code.md);
those of Chat Completions and Responses are of their API references. In each of them the user has
asked for work, and the last word in the request is not theirs or is that work.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import attrs

Json = dict[str, Any]
WORK = "Fix the failing test in parser.py."
PIXEL = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7"
REMINDER = (
    "<system-reminder>\nThe folder is a project; its tests are in tests/.\n</system-reminder>"
)
SURROUNDINGS = "Working folder: /home/ann/project. Deferred tools: WebFetch, CronList."
CHAT, RESPONSES, ANTHROPIC = "openai-chat", "openai-responses", "anthropic"


@attrs.frozen
class Carried:
    """A request: its dialect, its body but for the model, and the sub-agent that sends it."""

    shape: str
    dialect: str
    body: Json
    agent: str = ""


def text_of(text: str) -> Json:
    """A block of text."""
    return {"type": "text", "text": text}


def said(role: str, *blocks: Json | str) -> Json:
    """A message; what is one text alone is a plain string."""
    if len(blocks) == 1 and isinstance(blocks[0], str):
        return {"role": role, "content": blocks[0]}
    found = [text_of(block) if isinstance(block, str) else block for block in blocks]
    if role == "user":
        found[-1] = {**found[-1], "cache_control": {"type": "ephemeral"}}
    return {"role": role, "content": found}


def calls(name: str = "Bash") -> Json:
    """The model calls a tool."""
    return {"type": "tool_use", "id": "toolu_1", "name": name, "input": {"command": "run"}}


def result(content: Any, *, is_error: bool = False) -> Json:
    """What the tool has said."""
    block = {"type": "tool_result", "tool_use_id": "toolu_1", "content": content}
    return {**block, "is_error": is_error}


def claude(
    shape: str,
    *messages: Json,
    system: str = "",
    description: str = "Runs a command.",
    agent: str = "",
) -> Carried:
    """A request of Claude Code, with what comes after the first message and the surroundings."""
    told = [said("user", REMINDER, WORK), said("system", text_of(SURROUNDINGS)), *messages]
    return Carried(shape, ANTHROPIC, _body(told, system, description), agent)


def _body(messages: Sequence[Json], system: str = "", description: str = "Runs it.") -> Json:
    schema = {"type": "object", "properties": {"command": {"type": "string"}}}
    return {
        "max_tokens": 32_000,
        "stream": True,
        "system": [text_of("You are the client."), *([text_of(system)] if system else [])],
        "tools": [{"name": "Bash", "description": description, "input_schema": schema}],
        "messages": [*messages],
    }


def alone(shape: str, *messages: Json, agent: str = "") -> Carried:
    """A request of Claude Code with these messages and no others."""
    return Carried(shape, ANTHROPIC, _body(messages), agent)


def chat(shape: str, *messages: Json, system: str = "Help.", description: str = "") -> Carried:
    """A request of Chat Completions."""
    function: Json = {"name": "run", "description": description or "Runs it.", "parameters": {}}
    told = [said("system", system), *messages]
    tools: list[Json] = [{"type": "function", "function": function}]
    return Carried(shape, CHAT, {"stream": True, "messages": told, "tools": tools})


def responses(shape: str, *items: Json, system: str = "Help.", description: str = "") -> Carried:
    """A request of Responses."""
    tool: Json = {"type": "function", "name": "run", "description": description, "parameters": {}}
    body: Json = {"stream": True, "store": False, "instructions": system, "tools": [tool]}
    return Carried(shape, RESPONSES, {**body, "input": [*items]})


def item(role: str, text: str) -> Json:
    """A message of Responses."""
    kind = "output_text" if role == "assistant" else "input_text"
    return {"type": "message", "role": role, "content": [{"type": kind, "text": text}]}


CHAT_CALL = {"id": "call_1", "type": "function", "function": {"name": "run", "arguments": "{}"}}
RESPONSES_CALL = {"type": "function_call", "call_id": "call_1", "name": "run", "arguments": "{}"}


def _results(text: str) -> list[Carried]:
    """By a tool."""
    called = said("assistant", "I run it.", calls())
    output = {"type": "function_call_output", "call_id": "call_1", "output": text}
    chat_call = {"role": "assistant", "content": None, "tool_calls": [CHAT_CALL]}
    chat_result = {"role": "tool", "tool_call_id": "call_1", "content": text}
    return [
        claude("a text", called, said("user", result(text))),
        claude("a block", called, said("user", result([text_of(text)]))),
        claude("an error", called, said("user", result(text, is_error=True))),
        claude("before a reminder", called, said("user", result(text), REMINDER)),
        chat("a tool's message", said("user", WORK), chat_call, chat_result),
        responses("an output", item("user", WORK), RESPONSES_CALL, output),
    ]


def _reminders(text: str) -> list[Carried]:
    """In what the client adds to what the user has typed."""
    called = said("assistant", "I run it.", calls())
    return [
        alone("before the prompt", said("user", text, WORK)),
        alone("after the prompt", said("user", WORK, text)),
        alone("between reminders", said("user", REMINDER, text, WORK)),
        alone("inside the prompt", said("user", f"{text}\n{WORK}")),
        claude("beside a result", called, said("user", result("12 passed"), text)),
        claude("in a later message", said("assistant", "Done."), said("user", text, "Go on.")),
    ]


def _files(text: str) -> list[Carried]:
    """In a file or a resource: by a tool, or by the client where the user has mentioned it."""
    read = f"<system-reminder>\nResult of calling the Read tool:\n{text}\n</system-reminder>"
    return [*_results(text)[1:], *_reminders(read)[:3]]


def _pictures(text: str) -> list[Carried]:
    """In a picture, or in what a tool has read in one."""
    source = {"type": "base64", "media_type": "image/gif", "data": PIXEL}
    picture = {"type": "image", "source": source}
    url = {"type": "image_url", "image_url": {"url": f"data:image/gif;base64,{PIXEL}"}}
    called = said("assistant", "I look at it.", calls())
    return [
        _results(text)[0],
        claude("a picture as a result", called, said("user", result([picture, text_of(text)]))),
        alone("a caption in a reminder", said("user", picture, _reminded(text), WORK)),
        chat("a picture with work", said("user", url, f"{WORK} The picture says: {text}")),
    ]


def _reminded(text: str) -> str:
    return f"<system-reminder>\n{text}\n</system-reminder>"


def _hooks(text: str) -> list[Carried]:
    """By a hook of the client's."""
    hooked = f"<user-prompt-submit-hook>{text}</user-prompt-submit-hook>"
    return [
        *_reminders(_reminded(text))[:4],
        alone("in a tag of its own", said("user", hooked, WORK)),
        claude("as the system", said("system", text)),
        claude("as the system, later", said("assistant", "Done."), said("system", text)),
    ]


def _typed(text: str) -> list[Carried]:
    """Quoted or pasted by the user: all of it is what they have typed."""
    return [
        alone("a first prompt", said("user", REMINDER, text), said("system", SURROUNDINGS)),
        claude("a later prompt", said("assistant", "Done."), said("user", text_of(text))),
        alone("a text", said("user", text)),
        chat("a prompt", said("user", text)),
        responses("a prompt", item("user", text)),
    ]


def _compactions(text: str) -> list[Carried]:
    """In the summary that takes the history's place, or in the request for one."""
    history = [said("user", REMINDER, WORK), said("assistant", text)]
    wish = "Your task is to create a detailed summary of the conversation so far."
    return [
        alone("a summary alone", said("user", text)),
        alone("a summary in blocks", said("user", REMINDER, text_of(text))),
        alone("before the prompt", said("user", text, WORK)),
        alone(
            "a message before", said("user", text), said("assistant", "Yes."), said("user", WORK)
        ),
        alone("a request for a summary", *history, said("user", f"{wish}\n\n{text}")),
    ]


def _agents(text: str) -> list[Carried]:
    """By a sub-agent, or to one."""
    called = said("assistant", calls("Agent"))
    return [
        alone("its prompt", said("user", text), agent="explore-1"),
        alone("its prompt in blocks", said("user", REMINDER, text_of(text)), agent="explore-1"),
        claude("its report", called, said("user", result([text_of(text)]))),
        claude("its report as a text", called, said("user", result(text))),
    ]


def _assistants(text: str) -> list[Carried]:
    """By the model."""
    return [
        claude("before the next prompt", said("assistant", text), said("user", "Go on.")),
        claude("as the last message", said("assistant", text)),
        claude("beside a call", said("assistant", text, calls()), said("user", result("ok"))),
        chat("an answer", said("user", WORK), said("assistant", text), said("user", "Go on.")),
        responses("an answer", item("user", WORK), item("assistant", text), item("user", "Go on.")),
    ]


def _descriptions(text: str) -> list[Carried]:
    """In what a tool says of itself."""
    return [
        claude("a tool", description=text),
        chat("a function", said("user", WORK), description=text),
        responses("a function", item("user", WORK), description=text),
    ]


def _systems(text: str) -> list[Carried]:
    """By whoever has written the client's prompt."""
    return [
        claude("a block", system=text),
        claude("in the middle", said("assistant", "Done."), said("system", text)),
        alone("the last message", said("user", WORK), said("system", text)),
        chat("a message", said("user", WORK), system=text),
        chat("a later message", said("user", WORK), said("system", text)),
        responses("instructions", item("user", WORK), system=text),
        responses("a developer", item("user", WORK), item("developer", text)),
    ]


CARRIERS: Mapping[str, Callable[[str], list[Carried]]] = {
    "tool_result": _results,
    "web_page": _results,
    "file": _files,
    "mcp_resource": _files,
    "image_text": _pictures,
    "system_reminder": _reminders,
    "hook_output": _hooks,
    "compaction_summary": _compactions,
    "pasted_block": _typed,
    "quoted_history": _typed,
    "subagent": _agents,
    "assistant": _assistants,
    "tool_description": _descriptions,
    "system_prompt": _systems,
}
