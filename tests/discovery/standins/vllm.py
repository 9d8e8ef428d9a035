"""vLLM.

Pages: ModelCard, ModelList and ModelPermission in vllm-project/vllm,
vllm/entrypoints/openai/engine/protocol.py; `/version` and `/health` in
vllm/entrypoints/serve/instrumentator. The chat: ChatCompletionStreamResponse, DeltaMessage and
DeltaToolCall (`id`, `type`, `index`, `function`; the id begins with `chatcmpl-tool-`) in
vllm/entrypoints/openai/chat_completion/protocol.py; members that are None are left out of a delta,
`logprobs` is not. An unknown model: `check_model` in vllm/entrypoints/openai/models/serving.py.
"""

from __future__ import annotations

from typing import Any, ClassVar

import attrs

from .chat import streamed
from .host import Asked, Reply, Standin, as_json

PERMISSION = {
    "id": "modelperm-1",
    "object": "model_permission",
    "created": 1_755_684_000,
    "allow_create_engine": False,
    "allow_sampling": True,
    "allow_logprobs": True,
    "allow_search_indices": False,
    "allow_view": True,
    "allow_fine_tuning": False,
    "organization": "*",
    "group": None,
    "is_blocking": False,
}


@attrs.define(eq=False)
class Vllm(Standin):
    """Started with one model."""

    window_tokens: int = 40_960
    kind: ClassVar[str] = "vllm"
    model: ClassVar[str] = "Qwen/Qwen3-8B"

    def page(self, path: str) -> Any:
        """See Standin.page."""
        card = {
            "id": self.model,
            "object": "model",
            "created": 1_755_684_000,
            "owned_by": "vllm",
            "root": self.model,
            "parent": None,
            "max_model_len": self.window_tokens,
            "permission": [PERMISSION],
        }
        return {
            "/v1/models": {"object": "list", "data": [card]},
            "/version": {"version": "0.24.0"},
        }.get(path)

    def post(self, asked: Asked) -> Reply:
        """See Standin.post."""
        assert asked.path == "/v1/chat/completions", asked.path
        name = asked.body.get("model")
        if name != self.model:
            words = f"The model `{name}` does not exist."
            error = {"message": words, "type": "NotFoundError", "param": "model", "code": 404}
            return as_json({"error": error}, 404)
        about = {"id": "chatcmpl-9e2f", "created": 1_755_684_001, "model": self.model}
        opening = {"role": "assistant", "content": ""}
        return streamed(asked, about, opening, "chatcmpl-tool-5f1c", logprobs=None)

    def missing(self, asked: Asked) -> Reply:
        """FastAPI's own words."""
        return as_json({"detail": "Not Found"}, 404)
