"""What Responses accepts (platform.openai.com, "Create a response")."""

from __future__ import annotations

import json
from typing import Any

from ..question import Json
from .openai_chat_rules import heard_choice
from .rules import Complaints
from .script import Heard, HeardResult, HeardTool

OPTIONAL = (
    "instructions tools tool_choice parallel_tool_calls temperature top_p stream stream_options"
    " max_output_tokens max_tool_calls reasoning text user metadata store include service_tier"
    " truncation previous_response_id prompt_cache_key safety_identifier top_logprobs background"
)
TOOL_NAME = r"[a-zA-Z0-9_-]{1,128}"
CALL_ID_CHARACTERS_MAX = 64
EFFORTS = "none minimal low medium high xhigh max"
ITEMS = "message function_call function_call_output reasoning"


def hear(body: Json, complaints: Complaints) -> Heard:
    """Reads a request; notes what the provider would refuse."""
    complaints.members(body, "body", "model input", OPTIONAL)
    heard = Heard(
        model=complaints.text(body.get("model"), "model"),
        streamed=body.get("stream") is True,
        system=str(body.get("instructions") or ""),
        max_tokens=body.get("max_output_tokens"),
    )
    _settings(body, complaints)
    heard.choice = heard_choice(body.get("tool_choice", ""))
    heard.temperature = body.get("temperature")
    for place, tool in enumerate(body.get("tools") or []):
        where = f"tools.{place}"
        complaints.members(tool, where, "type name parameters strict", "description")
        complaints.one_of(tool.get("type"), f"{where}.type", "function")
        name = complaints.matching(tool.get("name"), f"{where}.name", TOOL_NAME)
        schema = complaints.schema(tool.get("parameters"), f"{where}.parameters")
        heard.tools.append(HeardTool(name, schema))
    _Items(heard, complaints).read(body.get("input"))
    return heard


def _settings(body: Json, complaints: Complaints) -> None:
    if body.get("max_output_tokens") is not None:
        complaints.number(body["max_output_tokens"], "max_output_tokens", 16, 1_000_000)
    if body.get("reasoning"):
        reasoning = complaints.members(body["reasoning"], "reasoning", "", "effort summary")
        complaints.one_of(reasoning.get("effort", "medium"), "reasoning.effort", EFFORTS)
        summary = reasoning.get("summary", "auto")
        complaints.one_of(summary, "reasoning.summary", "auto concise detailed")
    if "stream_options" in body:
        complaints.that(body.get("stream") is True, "stream_options: only with stream")
    complaints.that("tool_choice" not in body or bool(body.get("tools")), "tool_choice: no tools")
    if "previous_response_id" in body:
        complaints.that(False, f"{body['previous_response_id']}: no response is stored here")


class _Items:
    """Reads the input's items in order; every call must have its output before the end."""

    def __init__(self, heard: Heard, complaints: Complaints) -> None:
        self._heard = heard
        self._complaints = complaints
        self._open_calls: set[str] = set()

    def read(self, value: Any) -> None:
        if isinstance(value, str):
            self._heard.texts.append(value)
            return
        for place, item in enumerate(self._complaints.items(value, "input")):
            where = f"input.{place}"
            kind = item.get("type", "message")
            self._complaints.one_of(kind, f"{where}.type", ITEMS)
            if kind == "function_call":
                self._call(item, where)
            elif kind == "function_call_output":
                self._output(item, where)
            elif kind == "reasoning":
                self._reasoning(item, where)
            else:
                self._message(item, where)
        for call in self._open_calls:
            self._complaints.found.append(f"No tool output found for function call {call}")

    def _message(self, item: Json, where: str) -> None:
        complaints, heard = self._complaints, self._heard
        complaints.members(item, where, "role content", "type id status phase")
        roles = "user assistant system developer"
        role = complaints.one_of(item.get("role"), f"{where}.role", roles)
        content = item.get("content")
        if isinstance(content, str):
            texts = [content]
        else:
            kinds = "output_text refusal" if role == "assistant" else INPUT_PARTS
            texts = self._parts(content, f"{where}.content", kinds, heard.images)
        if role == "user":
            heard.texts += texts
        elif role == "assistant":
            heard.model_texts += texts
        else:
            heard.system = "\n".join(filter(None, [heard.system, *texts]))

    def _parts(self, value: Any, where: str, kinds: str, images: list[bytes]) -> list[str]:
        complaints = self._complaints
        texts: list[str] = []
        for place, part in enumerate(complaints.items(value, where)):
            at = f"{where}.{place}"
            kind = complaints.one_of(part.get("type"), f"{at}.type", kinds)
            required, optional = PARTS.get(kind, ("type text", ""))
            complaints.members(part, at, required, optional)
            if kind == "input_image":
                _, data = complaints.data_url(part.get("image_url"), f"{at}.image_url")
                images.append(data)
            elif kind == "input_file":
                _, data = complaints.data_url(part.get("file_data"), f"{at}.file_data")
                self._heard.documents.append(data)
            else:
                texts.append(complaints.text(part.get(required.split()[1]), at))
        return texts

    def _call(self, item: Json, where: str) -> None:
        complaints = self._complaints
        complaints.members(item, where, "type call_id name arguments", "id status")
        call = self._call_id(item, where)
        name = complaints.matching(item.get("name"), f"{where}.name", TOOL_NAME)
        if "id" in item:
            complaints.matching(item["id"], f"{where}.id", r"fc_[a-zA-Z0-9_-]+")
        try:
            given: Json = json.loads(item.get("arguments", ""))
        except (TypeError, ValueError):
            complaints.found.append(f"{where}.arguments: no JSON: {item.get('arguments')!r:.80}")
            given = {}
        self._open_calls.add(call)
        self._heard.calls.append((call, name, given))

    def _call_id(self, item: Json, where: str) -> str:
        call = self._complaints.text(item.get("call_id"), f"{where}.call_id")
        fits = len(call) <= CALL_ID_CHARACTERS_MAX
        self._complaints.that(fits, f"{where}.call_id: at most {CALL_ID_CHARACTERS_MAX} characters")
        return call

    def _output(self, item: Json, where: str) -> None:
        complaints = self._complaints
        complaints.members(item, where, "type call_id output", "id status")
        call = self._call_id(item, where)
        known = call in self._open_calls
        complaints.that(known, f"{where}: no tool call found for output with call_id {call}")
        self._open_calls.discard(call)
        output = item.get("output")
        images: list[bytes] = []
        if isinstance(output, str):
            texts = [output]
        else:
            texts = self._parts(output, f"{where}.output", INPUT_PARTS, images)
        result = HeardResult(call, "\n".join(texts), None, tuple(images))
        self._heard.results.append(result)

    def _reasoning(self, item: Json, where: str) -> None:
        complaints = self._complaints
        complaints.members(item, where, "type id summary", "content encrypted_content status")
        complaints.matching(item.get("id"), f"{where}.id", r"rs_[a-zA-Z0-9_-]+")
        self._heard.thoughts.append(str(item.get("encrypted_content") or ""))


INPUT_PARTS = "input_text input_image input_file"
PARTS = {
    "input_text": ("type text", "prompt_cache_breakpoint"),
    "input_image": ("type image_url", "detail"),
    "input_file": ("type file_data filename", "detail"),
    "output_text": ("type text", "annotations logprobs"),
    "refusal": ("type refusal", ""),
}
