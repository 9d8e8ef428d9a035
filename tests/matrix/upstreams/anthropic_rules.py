"""What Anthropic Messages accepts (docs.claude.com, "Messages", "Tool use", "Thinking")."""

from __future__ import annotations

from typing import Any, cast

from ..question import Json
from .rules import Complaints
from .script import Heard, HeardResult, HeardTool

REQUEST = "model max_tokens messages"
OPTIONAL = (
    "system tools tool_choice stop_sequences temperature top_p top_k stream metadata thinking"
    " output_config service_tier context_management container mcp_servers cache_control"
)
TOOL_NAME = r"[a-zA-Z0-9_-]{1,128}"
CALL_ID = r"[a-zA-Z0-9_-]+"
IMAGE_TYPES = "image/png image/jpeg image/gif image/webp"


def hear(body: Json, complaints: Complaints) -> Heard:
    """Reads a request; notes what the provider would refuse."""
    complaints.members(body, "body", REQUEST, OPTIONAL)
    complaints.number(body.get("max_tokens"), "max_tokens", 1, 1_000_000)
    heard = Heard(
        model=complaints.text(body.get("model"), "model"),
        streamed=body.get("stream") is True,
        system=_system(body.get("system", ""), complaints),
        max_tokens=body.get("max_tokens"),
        stop_sequences=list(body.get("stop_sequences") or []),
    )
    kind = _settings(body, complaints)
    choice: Json = body.get("tool_choice") or {}
    heard.choice = str(choice.get("type", ""))
    heard.temperature = body.get("temperature")
    for place, tool in enumerate(body.get("tools") or []):
        where = f"tools.{place}"
        optional = "type description cache_control strict defer_loading input_examples"
        complaints.members(tool, where, "name input_schema", optional)
        name = complaints.matching(tool.get("name"), f"{where}.name", TOOL_NAME)
        schema = complaints.schema(tool.get("input_schema"), f"{where}.input_schema")
        heard.tools.append(HeardTool(name, schema))
    names = [tool.name for tool in heard.tools]
    complaints.that(len(names) == len(set(names)), "tools: names must be unique")
    _Messages(heard, complaints).read(body.get("messages"), thinking=kind == "enabled")
    return heard


def _system(value: Any, complaints: Complaints) -> str:
    if isinstance(value, str):
        return value
    texts: list[str] = []
    for place, block in enumerate(complaints.items(value, "system")):
        complaints.members(block, f"system.{place}", "type text", "cache_control citations")
        texts.append(complaints.text(block.get("text"), f"system.{place}.text"))
    return "\n".join(texts)


def _settings(body: Json, complaints: Complaints) -> str:
    """Reads what is no message; says which kind of thinking is on."""
    thinking: Json = body.get("thinking") or {}
    kind = thinking.get("type", "disabled")
    complaints.one_of(kind, "thinking.type", "enabled disabled adaptive")
    if kind == "enabled":
        most = int(body.get("max_tokens") or 0) - 1
        complaints.number(thinking.get("budget_tokens"), "thinking.budget_tokens", 1_024, most)
        complaints.that(body.get("temperature", 1) == 1, "temperature: must be 1 with thinking")
        complaints.that("top_k" not in body, "top_k: not with thinking")
    if "temperature" in body:
        complaints.number(body["temperature"], "temperature", 0, 1)
    if "tool_choice" in body:
        choice = complaints.members(
            body["tool_choice"], "tool_choice", "type", "name disable_parallel_tool_use"
        )
        complaints.one_of(choice.get("type"), "tool_choice.type", "auto any tool none")
        complaints.that(bool(body.get("tools")), "tool_choice: only with tools")
    if "metadata" in body:
        complaints.members(body["metadata"], "metadata", "", "user_id")
    return str(kind)


class _Messages:
    """Reads the messages in order; `open_calls` are the ids that the next message must answer."""

    def __init__(self, heard: Heard, complaints: Complaints) -> None:
        self._heard = heard
        self._complaints = complaints
        self._open_calls: set[str] = set()
        self._answered: set[str] = set()

    def read(self, value: Any, *, thinking: bool) -> None:
        """With thinking on, a turn that goes on after a tool must have begun with it."""
        messages = self._complaints.items(value, "messages")
        for place, message in enumerate(messages):
            where = f"messages.{place}"
            self._complaints.members(message, where, "role content")
            role = self._complaints.one_of(message.get("role"), f"{where}.role", "user assistant")
            self._complaints.that(place > 0 or role == "user", "messages.0: must be the user's")
            self._message(role, message.get("content"), where)
        self._complaints.that(
            not self._open_calls, f"messages: no tool_result for {self._open_calls}"
        )
        if thinking and self._answered:
            kind = messages[-2]["content"][0]["type"]
            self._complaints.that(
                kind in ("thinking", "redacted_thinking"),
                f"messages.{len(messages) - 2}.content.0.type: Expected `thinking` or"
                f" `redacted_thinking`, but found `{kind}`",
            )

    def _message(self, role: str, content: Any, where: str) -> None:
        if isinstance(content, str):
            content = [{"type": "text", "text": content}]
        pending, self._open_calls = self._open_calls, set()
        self._answered = set()
        kinds: list[str] = []
        for place, found in enumerate(self._complaints.items(content, f"{where}.content")):
            block = cast(Json, found) if isinstance(found, dict) else {}
            kinds.append(str(block.get("type")))
            self._block(role, kinds[-1], block, f"{where}.content.{place}", pending)
        lacking = pending - self._answered
        self._complaints.that(not lacking, f"{where}: no tool_result for the tool_use {lacking}")
        late = "tool_result" in kinds[len([k for k in kinds if k == "tool_result"]) :]
        self._complaints.that(not late, f"{where}: tool_result blocks must come first")

    def _block(self, role: str, kind: str, block: Json, where: str, pending: set[str]) -> None:
        heard, complaints = self._heard, self._complaints
        allowed = {
            "user": "text image document tool_result",
            "assistant": "text tool_use thinking redacted_thinking",
        }
        complaints.one_of(kind, f"{where}.type", allowed.get(role, ""))
        if kind == "tool_use":
            complaints.members(block, where, "type id name input", "cache_control caller")
            call = complaints.matching(block.get("id"), f"{where}.id", CALL_ID)
            name = complaints.matching(block.get("name"), f"{where}.name", TOOL_NAME)
            complaints.that(isinstance(block.get("input"), dict), f"{where}.input: no object")
            complaints.that(
                call not in {known for known, _, _ in heard.calls}, f"{where}.id: used twice"
            )
            self._open_calls.add(call)
            heard.calls.append((call, name, block.get("input") or {}))
        elif kind == "tool_result":
            self._result(block, where, pending)
        elif kind == "thinking":
            complaints.members(block, where, "type thinking signature")
            heard.thoughts.append(complaints.text(block.get("signature"), f"{where}.signature"))
        elif kind == "redacted_thinking":
            complaints.members(block, where, "type data")
            heard.thoughts.append(complaints.text(block.get("data"), f"{where}.data"))
        else:
            texts = heard.texts if role == "user" else heard.model_texts
            texts += content_texts([block], where, complaints, heard.images, heard.documents)

    def _result(self, block: Json, where: str, pending: set[str]) -> None:
        complaints = self._complaints
        complaints.members(block, where, "type tool_use_id", "content is_error cache_control")
        call = str(block.get("tool_use_id"))
        complaints.that(call in pending, f"{where}: {call} is no tool_use of the message before")
        complaints.that(call not in self._answered, f"{where}: {call} has two results")
        self._answered.add(call)
        content = block.get("content", "")
        if isinstance(content, str):
            content = [{"type": "text", "text": content}] if content else []
        images: list[bytes] = []
        texts = content_texts(content, where, complaints, images, self._heard.documents)
        failed = block.get("is_error") is True
        result = HeardResult(call, "\n".join(texts), failed, tuple(images))
        self._heard.results.append(result)


def content_texts(
    content: Any, where: str, complaints: Complaints, images: list[bytes], documents: list[bytes]
) -> list[str]:
    """The texts among text, image and document blocks; the others go into the two lists."""
    texts: list[str] = []
    for place, block in enumerate(content):
        at = f"{where}.{place}"
        kind = complaints.one_of(block.get("type"), f"{at}.type", "text image document")
        if kind == "text":
            complaints.members(block, at, "type text", "cache_control citations")
            text = complaints.text(block.get("text"), f"{at}.text")
            complaints.that(bool(text.strip()), f"{at}.text: must hold more than white space")
            texts.append(text)
            continue
        optional = "cache_control title context citations"
        complaints.members(block, at, "type source", optional)
        source = complaints.members(block.get("source"), f"{at}.source", "type media_type data")
        complaints.one_of(source.get("type"), f"{at}.source.type", "base64")
        wanted = IMAGE_TYPES if kind == "image" else "application/pdf"
        complaints.one_of(source.get("media_type"), f"{at}.source.media_type", wanted)
        data = complaints.decoded(source.get("data"), f"{at}.source.data")
        (images if kind == "image" else documents).append(data)
    return texts
