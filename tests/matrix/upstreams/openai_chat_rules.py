"""What Chat Completions accepts (platform.openai.com, "Create chat completion")."""

from __future__ import annotations

import json
from typing import Any

from ..question import Json
from .rules import Complaints
from .script import Heard, HeardResult, HeardTool

OPTIONAL = (
    "tools tool_choice parallel_tool_calls stop temperature top_p stream stream_options max_tokens"
    " max_completion_tokens reasoning_effort response_format user seed n logprobs top_logprobs"
    " presence_penalty frequency_penalty logit_bias metadata store service_tier verbosity"
    " safety_identifier prompt_cache_key modalities"
)
TOOL_NAME = r"[a-zA-Z0-9_-]{1,64}"
ROLES = "system developer user assistant tool"
EFFORTS = "none minimal low medium high xhigh max"
TOOLS_MAX = 128
STOPS_MAX = 4


def hear(body: Json, complaints: Complaints) -> Heard:
    """Reads a request; notes what the provider would refuse."""
    complaints.members(body, "body", "model messages", OPTIONAL)
    stops: Any = body.get("stop") or []
    options = body.get("stream_options")
    heard = Heard(
        model=complaints.text(body.get("model"), "model"),
        streamed=body.get("stream") is True,
        max_tokens=body.get("max_completion_tokens", body.get("max_tokens")),
        stop_sequences=[stops] if isinstance(stops, str) else list(stops),
        usage_in_stream=bool(options and options.get("include_usage")),
    )
    _settings(body, complaints)
    heard.choice = heard_choice(body.get("tool_choice", ""))
    heard.temperature = body.get("temperature")
    complaints.that(len(heard.stop_sequences) <= STOPS_MAX, "stop: at most 4")
    for place, tool in enumerate(body.get("tools") or []):
        heard.tools.append(_tool(tool, f"tools.{place}", complaints))
    _Messages(heard, complaints).read(body.get("messages"))
    return heard


def _settings(body: Json, complaints: Complaints) -> None:
    both = "max_tokens" in body and "max_completion_tokens" in body
    complaints.that(not both, "max_tokens: not together with max_completion_tokens")
    if "stream_options" in body:
        complaints.that(body.get("stream") is True, "stream_options: only with stream")
        optional = "include_usage include_obfuscation"
        complaints.members(body["stream_options"], "stream_options", "", optional)
    for name in ("tool_choice", "parallel_tool_calls"):
        complaints.that(name not in body or bool(body.get("tools")), f"{name}: only with tools")
    if "tools" in body:
        count = len(complaints.items(body["tools"], "tools"))
        complaints.that(count <= TOOLS_MAX, "tools: at most 128")
    if "reasoning_effort" in body:
        complaints.one_of(body["reasoning_effort"], "reasoning_effort", EFFORTS)
    if "temperature" in body:
        complaints.number(body["temperature"], "temperature", 0, 2)


def heard_choice(choice: Any) -> str:
    """A tool choice of OpenAI's two dialects in neutral words."""
    return {"required": "any"}.get(choice, choice) if isinstance(choice, str) else "tool"


def _tool(tool: Any, where: str, complaints: Complaints) -> HeardTool:
    complaints.members(tool, where, "type function")
    complaints.one_of(tool.get("type"), f"{where}.type", "function")
    at = f"{where}.function"
    function = complaints.members(tool.get("function"), at, "name", "description parameters strict")
    name = complaints.matching(function.get("name"), f"{at}.name", TOOL_NAME)
    return HeardTool(name, complaints.schema(function.get("parameters"), f"{at}.parameters"))


class _Messages:
    """Reads the messages in order; `open_calls` are the ids that tool messages must answer next."""

    def __init__(self, heard: Heard, complaints: Complaints) -> None:
        self._heard = heard
        self._complaints = complaints
        self._open_calls: list[str] = []

    def read(self, value: Any) -> None:
        for place, message in enumerate(self._complaints.items(value, "messages")):
            where = f"messages.{place}"
            role = self._complaints.one_of(message.get("role"), f"{where}.role", ROLES)
            if role != "tool":
                self._nothing_open(where)
            if role == "assistant":
                self._assistant(message, where)
            elif role == "tool":
                self._tool_message(message, where)
            else:
                self._complaints.members(message, where, "role content", "name")
                self._said(role, message.get("content"), f"{where}.content")
        self._nothing_open("the end")

    def _nothing_open(self, where: str) -> None:
        words = f"{where}: tool_calls must be followed by tool messages for {self._open_calls}"
        self._complaints.that(not self._open_calls, words)
        self._open_calls = []

    def _assistant(self, message: Json, where: str) -> None:
        complaints = self._complaints
        optional = "content tool_calls refusal name reasoning_content audio"
        complaints.members(message, where, "role", optional)
        content, calls = message.get("content"), message.get("tool_calls")
        complaints.that(
            content is not None or bool(calls) or bool(message.get("refusal")),
            f"{where}: content or tool_calls must be there",
        )
        if content is not None:
            complaints.that(isinstance(content, str | list), f"{where}.content: not text")
            parts = [content] if isinstance(content, str) else [part["text"] for part in content]
            self._heard.model_texts += [part for part in parts if part]
        if "tool_calls" in message:
            for place, call in enumerate(complaints.items(calls, f"{where}.tool_calls")):
                self._call(call, f"{where}.tool_calls.{place}")
        if "reasoning_content" in message:
            self._heard.thoughts.append(str(message["reasoning_content"]))

    def _call(self, call: Any, where: str) -> None:
        complaints = self._complaints
        complaints.members(call, where, "id type function")
        complaints.one_of(call.get("type"), f"{where}.type", "function")
        function = complaints.members(call.get("function"), f"{where}.function", "name arguments")
        name = complaints.matching(function.get("name"), f"{where}.function.name", TOOL_NAME)
        given: Any = function.get("arguments")
        try:
            arguments: Json = json.loads(given)
        except (TypeError, ValueError):
            complaints.found.append(f"{where}.function.arguments: no JSON text: {given!r:.80}")
            arguments = {}
        identity = complaints.text(call.get("id"), f"{where}.id")
        self._open_calls.append(identity)
        self._heard.calls.append((identity, name, arguments))

    def _tool_message(self, message: Json, where: str) -> None:
        complaints = self._complaints
        complaints.members(message, where, "role content tool_call_id")
        call = complaints.text(message.get("tool_call_id"), f"{where}.tool_call_id")
        if complaints.that(call in self._open_calls, f"{where}: {call} is no open tool call"):
            self._open_calls.remove(call)
        content = message.get("content")
        if isinstance(content, str):
            texts = [content]
        else:
            parts = complaints.items(content, f"{where}.content")
            for place, part in enumerate(parts):
                complaints.one_of(part.get("type"), f"{where}.content.{place}.type", "text")
            texts = [str(part.get("text")) for part in parts]
        self._heard.results.append(HeardResult(call, "\n".join(texts), None))

    def _said(self, role: str, content: Any, where: str) -> None:
        heard, complaints = self._heard, self._complaints
        if isinstance(content, str):
            texts = [content]
        else:
            parts = complaints.items(content, where)
            texts = [self._part(role, part, f"{where}.{place}") for place, part in enumerate(parts)]
        if role == "user":
            heard.texts += [text for text in texts if text]
        else:
            heard.system = "\n".join(filter(None, [heard.system, *texts]))

    def _part(self, role: str, part: Any, where: str) -> str:
        """Text is given back; an image or a file is kept."""
        complaints = self._complaints
        allowed = "text image_url file" if role == "user" else "text"
        kind = complaints.one_of(part.get("type"), f"{where}.type", allowed)
        complaints.members(part, where, f"type {kind}")
        if kind == "image_url":
            image = complaints.members(part.get("image_url"), f"{where}.image_url", "url", "detail")
            media_type, data = complaints.data_url(image.get("url"), f"{where}.image_url.url")
            complaints.that(media_type.startswith("image/"), f"{where}: {media_type} is no image")
            self._heard.images.append(data)
        elif kind == "file":
            file = complaints.members(part.get("file"), f"{where}.file", "filename file_data")
            _, data = complaints.data_url(file.get("file_data"), f"{where}.file.file_data")
            self._heard.documents.append(data)
        else:
            return complaints.text(part.get("text"), f"{where}.text")
        return ""
