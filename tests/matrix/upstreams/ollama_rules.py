"""What /api/chat accepts (docs/api.md of ollama/ollama).

The server itself ignores members that it does not know; here they are refused, because what is
ignored is lost without a word.
"""

from __future__ import annotations

from typing import Any

from ..question import Json
from .rules import Complaints
from .script import Heard, HeardResult, HeardTool

OPTIONAL = "tools format options stream keep_alive think logprobs top_logprobs truncate shift"
OPTIONS = (
    "num_ctx num_batch num_gpu main_gpu use_mmap num_thread num_keep seed num_predict top_k top_p"
    " min_p typical_p repeat_last_n temperature repeat_penalty presence_penalty frequency_penalty"
    " stop"
)


def hear(body: Json, complaints: Complaints) -> Heard:
    """Reads a request; notes what the server would refuse or ignore."""
    complaints.members(body, "body", "model messages", OPTIONAL)
    options = complaints.members(body.get("options") or {}, "options", "", OPTIONS)
    think = body.get("think")
    levels = (None, True, False, "low", "medium", "high", "max")
    complaints.that(think in levels, f"think: {think!r} is neither a boolean nor a level")
    heard = Heard(
        model=complaints.text(body.get("model"), "model"),
        streamed=body.get("stream") is not False,
        max_tokens=options.get("num_predict"),
        stop_sequences=list(options.get("stop") or []),
        temperature=options.get("temperature"),
    )
    for place, tool in enumerate(body.get("tools") or []):
        where = f"tools.{place}"
        complaints.members(tool, where, "type function")
        at = f"{where}.function"
        function = complaints.members(tool.get("function"), at, "name parameters", "description")
        name = complaints.text(function.get("name"), f"{at}.name")
        schema = complaints.schema(function.get("parameters"), f"{at}.parameters")
        heard.tools.append(HeardTool(name, schema))
    for place, message in enumerate(complaints.items(body.get("messages"), "messages")):
        _message(message, f"messages.{place}", heard, complaints)
    return heard


def _message(message: Any, where: str, heard: Heard, complaints: Complaints) -> None:
    optional = "content images tool_calls thinking tool_name tool_call_id"
    complaints.members(message, where, "role", optional)
    role = complaints.one_of(message.get("role"), f"{where}.role", "system user assistant tool")
    text = complaints.text(message.get("content") or "", f"{where}.content", empty=True)
    images = [
        complaints.decoded(image, f"{where}.images.{place}")
        for place, image in enumerate(message.get("images") or [])
    ]
    if role == "tool":
        name = message.get("tool_name")
        call = message.get("tool_call_id")
        complaints.that(bool(name or call), f"{where}: neither tool_name nor tool_call_id")
        known = {part for called in heard.calls for part in called[:2]}
        complaints.that({name, call} & known != set(), f"{where}: no call of {name or call} before")
        heard.results.append(HeardResult(str(call or name), text, None, tuple(images)))
        return
    heard.images += images
    if role == "system":
        heard.system = "\n".join(filter(None, [heard.system, text]))
    elif text:
        (heard.texts if role == "user" else heard.model_texts).append(text)
    for place, call in enumerate(message.get("tool_calls") or []):
        complaints.that(role == "assistant", f"{where}.tool_calls: not the assistant's")
        _call(call, f"{where}.tool_calls.{place}", heard, complaints)
    if message.get("thinking"):
        heard.thoughts.append(message["thinking"])


def _call(call: Any, where: str, heard: Heard, complaints: Complaints) -> None:
    complaints.members(call, where, "function", "id type")
    at = f"{where}.function"
    function = complaints.members(call.get("function"), at, "name arguments", "index description")
    given = function.get("arguments")
    complaints.that(isinstance(given, dict), f"{at}.arguments: no object: {given!r:.80}")
    name = complaints.text(function.get("name"), f"{at}.name")
    heard.calls.append((call.get("id") or name, name, given or {}))
