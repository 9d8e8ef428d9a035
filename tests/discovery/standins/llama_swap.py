"""llama-swap, with llama-server behind it.

Pages: `handleListModels` with `renderCapabilities`, `handleRunning` and `handleUpstream` in
mostlygeek/llama-swap, internal/server/api.go, in the order of modelRecord and runningModel;
`handleAPIVersion` in internal/server/apigroup.go. The chat is the upstream's own, passed on. A
model that its configuration does not have: status 404 (`ErrNoRouterFound`, internal/router).
"""

from __future__ import annotations

from typing import Any, ClassVar

import attrs

from .host import Asked, Reply, Standin, as_json
from .llama_server import chat, props


@attrs.define(eq=False)
class LlamaSwap(Standin):
    """Two models of its own, of which one is told, and one of a peer. It starts what it is asked
    for, and for nothing else may it be asked; `started` counts that."""

    window_tokens: int = 16_384
    running: set[str] = attrs.field(factory=set[str])
    started: list[str] = attrs.field(factory=list[str])
    kind: ClassVar[str] = "llama-swap"
    model: ClassVar[str] = "qwen3-8b"
    told: ClassVar[str] = "coder"

    def page(self, path: str) -> Any:
        """See Standin.page."""
        asked = path.removeprefix("/upstream/")
        if asked != path:
            name = asked.partition("/")[0]
            self._start(name)
            return props(name, self.window_tokens) if asked == f"{name}/props" else None
        return {
            "/v1/models": {"object": "list", "data": self._listed()},
            "/running": {"running": [self._process(name) for name in sorted(self.running)]},
            "/api/version": {"version": "v250", "commit": "0bdb372", "build_date": "2026-08-22"},
        }.get(path)

    def _listed(self) -> list[Any]:
        about = {"object": "model", "created": 1_755_684_000, "owned_by": "llama-swap"}
        told = {
            "architecture": {"input_modalities": ["text"], "output_modalities": ["text"]},
            "capabilities": {"function_calling": True},
            "supported_parameters": ["tools", "tool_choice"],
            "context_length": 65_536,
            "meta": {"llamaswap": {"type": "model"}, "n_ctx": 65_536},
        }
        status = {"value": "loaded" if self.model in self.running else "unloaded"}
        peer = {"llamaswap": {"type": "peer", "peerID": "attic"}}
        return [
            {"id": "attic/big", **about, "meta": peer, "status": {"value": "unloaded"}},
            {"id": self.told, **about, **told, "status": {"value": "unloaded"}},
            {"id": self.model, **about, "meta": {"llamaswap": {"type": "model"}}, "status": status},
        ]

    def _process(self, name: str) -> Any:
        return {
            "model": name,
            "state": "ready",
            "cmd": f"llama-server --port 5800 -m {name}.gguf",
            "proxy": "http://localhost:5800",
            "ttl": 300,
            "name": "",
            "description": "",
        }

    def _start(self, name: str) -> None:
        if name not in self.running:
            self.started.append(name)
            self.running = {name}

    def post(self, asked: Asked) -> Reply:
        """See Standin.post."""
        assert asked.path == "/v1/chat/completions", asked.path
        name = asked.body.get("model")
        if name not in (self.model, self.told):
            return as_json({"error": f"no router for requested model: {name}"}, 404)
        self._start(name)
        return chat(asked, name)
