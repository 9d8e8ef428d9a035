"""llama.cpp's own chat templates, and what llama.cpp makes of a conversation with each of them.

The templates come in the source distribution of llama-cpp-python, which `install_llama_suite.sh`
fetches. The judge is the llama.cpp server that the product embeds: one process for each template,
asked at `/apply-template`, in a tenth of a second.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import httpx
from understudy.protocols.engine.messages import Chat, ToolShape

from .llama_peer import LlamaPeer, open_llama_peer
from .llama_suite import suite_folder

CASES_FILE = Path(__file__).parents[1] / "engine_templates" / "cases.json"
CONTEXT_TOKENS = 256
REQUEST_SECONDS_MAX = 30.0


@attrs.frozen
class Judgement:
    """The prompts by the name of their conversation, or the error that was answered; and what the
    model's special tokens are there."""

    prompts: Mapping[str, str]
    errors: Mapping[str, str]
    bos: str
    eos: str


def cases() -> dict[str, Chat]:
    """The conversations by their names."""
    found: dict[str, Any] = json.loads(CASES_FILE.read_text())
    tools = [ToolShape(**tool) for tool in found["tools"]]
    return {
        name: Chat(case["messages"], tools if case["tools"] else [], case["variables"])
        for name, case in found["cases"].items()
    }


def template_files() -> dict[str, Path]:
    """The templates by their names."""
    files = sorted((suite_folder() / "templates").glob("*.jinja"))
    return {file.stem: file for file in files}


async def judged(source: str, bodies: Mapping[str, dict[str, Any]]) -> Judgement:
    """What llama.cpp renders for these requests with this template."""
    peer = LlamaPeer("judge", CONTEXT_TOKENS, slots=1, batch_tokens=32, template=source)
    async with (
        open_llama_peer(peer) as address,
        httpx.AsyncClient(base_url=address, timeout=REQUEST_SECONDS_MAX) as client,
    ):
        properties = (await client.get("/props")).json()
        prompts: dict[str, str] = {}
        errors: dict[str, str] = {}
        for name, body in bodies.items():
            answer = (await client.post("/apply-template", json=body)).json()
            if "prompt" in answer:
                prompts[name] = answer["prompt"]
            else:
                errors[name] = answer["error"]["message"]
    return Judgement(prompts, errors, properties["bos_token"], properties["eos_token"])


def wire(chat: Chat, variables: Mapping[str, Any]) -> dict[str, Any]:
    """The chat as a request to `/apply-template`, which takes arguments as text. `variables` are
    those that our own rendering has: how they are chosen is not what is compared."""
    body: dict[str, Any] = {
        "messages": [_wired(message) for message in chat.messages],
        "chat_template_kwargs": dict(variables),
    }
    if chat.tools:
        body["tools"] = [_tool(tool) for tool in chat.tools]
    return body


def _tool(tool: ToolShape) -> dict[str, Any]:
    described = {"name": tool.name, "description": tool.description, "parameters": tool.schema}
    return {"type": "function", "function": described}


def _wired(message: dict[str, Any]) -> dict[str, Any]:
    if "tool_calls" not in message:
        return message
    return {**message, "tool_calls": [_wired_call(call) for call in message["tool_calls"]]}


def _wired_call(call: dict[str, Any]) -> dict[str, Any]:
    arguments = json.dumps(call["function"]["arguments"], ensure_ascii=False)
    return {**call, "function": {**call["function"], "arguments": arguments}}
