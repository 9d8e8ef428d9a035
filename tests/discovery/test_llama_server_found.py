"""llama.cpp's server with one model, as a router, and what is not one."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.protocols.discovery.inquiry import NotFound
from understudy.protocols.discovery.llama_server import ask_llama_server

from .asked import BASE, follow

META = {"n_ctx": 2048, "n_ctx_train": 32_768}
ENTRY = {"id": "tiny.gguf", "object": "model", "owned_by": "llamacpp", "meta": META}
PROPS = {
    "default_generation_settings": {"n_ctx": 2048},
    "modalities": {"vision": True, "audio": False},
    "chat_template_caps": {"supports_tools": True, "supports_tool_calls": True},
    "build_info": "b1-0c1e570",
    "is_sleeping": False,
}
ROUTED = {
    "id": "big",
    "owned_by": "llamacpp",
    "status": {"value": "unloaded"},
    "architecture": {"input_modalities": ["text"]},
}


def found(models: list[Any], props: Any) -> Any:
    return follow(ask_llama_server(BASE), {"/v1/models": {"data": models}, "/props": props})


def test_one_model_with_its_window_and_abilities() -> None:
    server = found([ENTRY], PROPS)
    (model,) = server.models
    assert (server.version, model.context_tokens, model.trained_tokens) == (
        "b1-0c1e570",
        2048,
        32_768,
    )
    assert model.abilities == ("tools", "vision")
    assert model.is_loaded
    assert "-c 32768" in server.warnings[0]


def test_without_its_properties_the_list_is_enough() -> None:
    (model,) = found([ENTRY], {"error": "asks for a key"}).models
    assert (model.context_tokens, model.abilities) == (2048, None)


def test_a_router_lists_what_it_may_load() -> None:
    loaded = {**ROUTED, "id": "small", "status": {"value": "loaded"}, "meta": META}
    server = found([ROUTED, loaded], {"role": "router", "build_info": "b1"})
    assert [(each.is_loaded, each.context_tokens) for each in server.models] == [
        (False, None),
        (True, 2048),
    ]


@pytest.mark.parametrize("entries", [[], [{"id": "m", "owned_by": "vllm"}], [ENTRY, {"id": "x"}]])
def test_another_server_is_not_taken_for_one(entries: list[Any]) -> None:
    with pytest.raises(NotFound, match="not a llama-server"):
        found(entries, PROPS)
