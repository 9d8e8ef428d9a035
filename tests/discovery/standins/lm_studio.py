"""LM Studio.

Pages: lmstudio.ai/docs/developer/rest/list (`/api/v1/models`) and .../rest/endpoints
(`/api/v0/models`), in lmstudio-ai/docs, 1_developer/2_rest; `owned_by` of `/v1/models` as its users
quote it. The chat: "Streaming" in 1_developer/3_openai-compat/tools.md: the call's id is a number,
its name comes first with empty arguments, then the arguments in pieces. An unknown path: status 200
and `error` (issue 618 of lmstudio-ai/lmstudio-bug-tracker).
"""

from __future__ import annotations

from typing import Any, ClassVar

import attrs

from .chat import streamed
from .host import Asked, Json, Reply, Standin, as_json


@attrs.define(eq=False)
class LmStudio(Standin):
    """Has a model loaded with 4,096 tokens, and one for vectors that is not."""

    loaded_tokens: int = 4_096
    is_old: bool = False
    kind: ClassVar[str] = "lmstudio"
    model: ClassVar[str] = "qwen/qwen3-8b"

    def page(self, path: str) -> Any:
        """See Standin.page."""
        pages = {
            "/v1/models": {"object": "list", "data": [self._entry(self.model), self._entry("e")]},
            "/api/v0/models": {"object": "list", "data": [self._older()]},
        }
        if not self.is_old:
            pages["/api/v1/models"] = {"models": self._newer()}
        return pages.get(path)

    def _entry(self, name: str) -> Any:
        return {"id": name, "object": "model", "owned_by": "organization_owner"}

    def _newer(self) -> list[Any]:
        config = {
            "context_length": self.loaded_tokens,
            "eval_batch_size": 512,
            "flash_attention": True,
            "offload_kv_cache_to_gpu": True,
        }
        answering = {
            "type": "llm",
            "publisher": "qwen",
            "key": self.model,
            "display_name": "Qwen3 8B",
            "architecture": "qwen3",
            "quantization": {"name": "Q4_K_M", "bits_per_weight": 4},
            "size_bytes": 5_027_783_488,
            "params_string": "8B",
            "loaded_instances": [{"id": self.model, "config": config}],
            "max_context_length": 40_960,
            "format": "gguf",
            "capabilities": {"vision": False, "trained_for_tool_use": True},
            "description": None,
        }
        vectors: Json = {
            "type": "embedding",
            "publisher": "nomic-ai",
            "key": "e",
            "display_name": "Nomic Embed Text v1.5",
            "quantization": {"name": "F16", "bits_per_weight": 16},
            "size_bytes": 274_290_560,
            "params_string": None,
            "loaded_instances": [],
            "max_context_length": 2_048,
            "format": "gguf",
        }
        return [vectors, answering]

    def _older(self) -> Any:
        return {
            "id": self.model,
            "object": "model",
            "type": "llm",
            "publisher": "qwen",
            "arch": "qwen3",
            "compatibility_type": "gguf",
            "quantization": "Q4_K_M",
            "state": "loaded",
            "max_context_length": 40_960,
            "loaded_context_length": self.loaded_tokens,
        }

    def post(self, asked: Asked) -> Reply:
        """See Standin.post."""
        assert asked.path == "/v1/chat/completions", asked.path
        about = {
            "id": "chatcmpl-i3gkjwthhw96whukek9tz",
            "created": 1_755_684_001,
            "model": self.model,
            "system_fingerprint": self.model,
        }
        return streamed(asked, about, {"role": "assistant"}, "814890118", logprobs=None)

    def missing(self, asked: Asked) -> Reply:
        """All is well, it says, and is not."""
        words = f"Unexpected endpoint or method. ({asked.method} {asked.path})"
        return as_json({"error": words})
