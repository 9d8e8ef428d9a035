"""llama.cpp's server.

Pages: `get_res_models`, `get_res_model_info` and `get_res_props` in ggml-org/llama.cpp,
tools/server/server-context.cpp; the caps in common/jinja/caps.cpp. The chat: `to_json_oaicompat_
chat_stream` in tools/server/server-task.cpp and `server_chat_msg_diff_to_json_oaicompat` in
tools/server/server-chat.cpp: the first delta has `content: null`, a call its name and then pieces
of its arguments, `timings` stand in the last chunk. tests/real/test_found_servers.py holds the
names of these members against a real one.
"""

from __future__ import annotations

from typing import Any, ClassVar

import attrs

from .chat import streamed
from .host import Asked, Json, Reply, Standin, as_json

BUILD = "b6200-0c1e570"
TIMINGS = {"prompt_n": 21, "prompt_ms": 8.4, "predicted_n": 7, "predicted_ms": 70.1}


def model_entry(name: str, window_tokens: int) -> Json:
    """The model in the list; `meta` says its window."""
    return {
        "id": name,
        "aliases": [name],
        "tags": [],
        "object": "model",
        "created": 1_755_684_000,
        "owned_by": "llamacpp",
        "meta": {
            "vocab_type": 2,
            "n_vocab": 151_936,
            "n_ctx": window_tokens,
            "n_ctx_train": 40_960,
            "n_embd": 4_096,
            "n_params": 8_190_735_360,
            "size": 5_021_784_064,
            "ftype": "Q4_K - Medium",
        },
    }


def props(name: str, window_tokens: int) -> Json:
    """What a server says of itself."""
    return {
        "default_generation_settings": {"params": {"seed": -1}, "n_ctx": window_tokens},
        "total_slots": 4,
        "model_alias": name,
        "model_ftype": "Q4_K - Medium",
        "model_path": f"/models/{name}.gguf",
        "modalities": {"vision": False, "video": False, "audio": False},
        "media_marker": "<__media__>",
        "endpoint_slots": True,
        "endpoint_props": False,
        "endpoint_metrics": False,
        "ui": True,
        "ui_settings": {},
        "chat_template": "{{ messages }}",
        "chat_template_caps": {
            "supports_object_arguments": False,
            "supports_parallel_tool_calls": True,
            "supports_preserve_reasoning": False,
            "supports_reasoning_effort": False,
            "supports_string_content": True,
            "supports_system_role": True,
            "supports_tool_calls": True,
            "supports_tools": True,
            "supports_typed_content": False,
        },
        "bos_token": "",
        "eos_token": "<|im_end|>",
        "build_info": BUILD,
        "is_sleeping": False,
        "cors_proxy_enabled": False,
    }


def chat(asked: Asked, name: str) -> Reply:
    """The chat, in which any name of a model is taken for the one that there is."""
    about = {
        "created": 1_755_684_001,
        "id": "chatcmpl-X5",
        "model": name,
        "system_fingerprint": BUILD,
    }
    opening = {"role": "assistant", "content": None}
    return streamed(asked, about, opening, "RZ3q8gkvPlFg")


@attrs.define(eq=False)
class LlamaServer(Standin):
    """Started with one model."""

    window_tokens: int = 16_384
    kind: ClassVar[str] = "llama-server"
    model: ClassVar[str] = "qwen3-8b"

    def page(self, path: str) -> Any:
        """See Standin.page."""
        listed = {
            "name": self.model,
            "model": self.model,
            "modified_at": "",
            "size": "",
            "digest": "",
            "type": "model",
            "description": "",
            "tags": [""],
            "capabilities": ["completion"],
            "parameters": "",
            "details": {"parent_model": "", "format": "gguf", "family": "", "families": [""]},
        }
        data = [model_entry(self.model, self.window_tokens)]
        return {
            "/v1/models": {"models": [listed], "object": "list", "data": data},
            "/props": props(self.model, self.window_tokens),
            "/health": {"status": "ok"},
        }.get(path)

    def post(self, asked: Asked) -> Reply:
        """See Standin.post."""
        assert asked.path == "/v1/chat/completions", asked.path
        return chat(asked, self.model)

    def missing(self, asked: Asked) -> Reply:
        """Its own words."""
        error = {"message": "File Not Found", "type": "not_found_error", "code": 404}
        return as_json({"error": error}, 404)
