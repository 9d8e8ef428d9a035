"""Which kind of server an address has, by what it says; each kind with answers in its own form."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.discovery.found import FoundServer
from understudy.protocols.discovery.inquiry import (
    MODELS_MAX,
    Answer,
    NotFound,
    OwnAddress,
    Question,
)
from understudy.protocols.discovery.kinds import BY_NAME, KINDS, OTHER, USUAL_PORTS, identify

from .asked import Table, follow

OLLAMA: Table = {
    "/v1/models": {"object": "list", "data": [{"id": "qwen3:8b", "owned_by": "library"}]},
    "/api/version": {"version": "0.33.0"},
    "/api/tags": {"models": [{"model": "qwen3:8b", "digest": "5", "capabilities": ["tools"]}]},
    "/api/ps": {"models": []},
}
EMPTY_OLLAMA: Table = {
    **OLLAMA,
    "/v1/models": {"object": "list", "data": None},
    "/api/tags": {"models": []},
}
VLLM: Table = {
    "/v1/models": {
        "object": "list",
        "data": [
            {"id": "org/base", "owned_by": "vllm", "max_model_len": 8192, "parent": None},
            {"id": "adapter", "owned_by": "vllm", "max_model_len": None, "parent": "org/base"},
        ],
    },
    "/version": {"version": "0.24.0"},
}
LM_STUDIO: Table = {
    "/v1/models": {"object": "list", "data": [{"id": "a", "owned_by": "organization_owner"}]},
    "/api/v1/models": {
        "models": [
            {
                "type": "llm",
                "key": "google/gemma-3-4b",
                "loaded_instances": [{"id": "g", "config": {"context_length": 4096}}],
                "max_context_length": 131_072,
                "capabilities": {"vision": True, "trained_for_tool_use": False},
            },
            {"type": "embedding", "key": "nomic", "loaded_instances": []},
            {
                "type": "llm",
                "key": "qwen/qwen3.5-9b",
                "loaded_instances": [],
                "max_context_length": 262_144,
                "capabilities": {"vision": False, "trained_for_tool_use": True},
            },
        ]
    },
}
OLD_LM_STUDIO: Table = {
    "/v1/models": LM_STUDIO["/v1/models"],
    "/api/v1/models": {"error": "Unexpected endpoint or method. (GET /api/v1/models)"},
    "/api/v0/models": {
        "object": "list",
        "data": [
            {"id": "vl", "type": "vlm", "state": "loaded", "loaded_context_length": 8192},
            {"id": "m", "type": "llm", "state": "not-loaded", "capabilities": ["tool_use"]},
            {"id": "e", "type": "embeddings", "state": "not-loaded"},
        ],
    },
}
LLAMA_SERVER: Table = {
    "/v1/models": {
        "object": "list",
        "data": [{"id": "m.gguf", "owned_by": "llamacpp", "meta": {"n_ctx": 65_536}}],
    },
    "/props": {"build_info": "b1"},
}
LLAMA_SWAP: Table = {
    "/v1/models": {
        "object": "list",
        "data": [
            {"id": "idle", "owned_by": "llama-swap", "meta": {"llamaswap": {"type": "model"}}},
            {
                "id": "told",
                "owned_by": "llama-swap",
                "context_length": 65_536,
                "capabilities": {"function_calling": True},
                "architecture": {"input_modalities": ["text"]},
                "meta": {"n_ctx": 65_536, "llamaswap": {"type": "model"}},
            },
            {"id": "up", "owned_by": "llama-swap", "meta": {"llamaswap": {"type": "model"}}},
            {
                "id": "far/big",
                "owned_by": "llama-swap",
                "meta": {"llamaswap": {"type": "peer", "peerID": "far"}},
            },
            {
                "id": "either",
                "owned_by": "llama-swap",
                "meta": {"llamaswap": {"type": "selector", "targets": ["up", "far/big"]}},
            },
        ],
    },
    "/running": {"running": [{"model": "up", "state": "ready"}]},
    "/api/version": {"version": "v250"},
    "/upstream/up/props": {
        "default_generation_settings": {"n_ctx": 16_384},
        "modalities": {"vision": False},
        "chat_template_caps": {"supports_tools": True, "supports_tool_calls": True},
    },
}
EMPTY_LLAMA_SWAP: Table = {
    "/v1/models": {"object": "list", "data": []},
    "/running": {"running": []},
}
SGLANG: Table = {
    "/v1/models": {
        "object": "list",
        "data": [{"id": "org/m", "owned_by": "sglang", "max_model_len": 40_960}],
    },
    "/get_model_info": {"is_generation": True, "has_image_understanding": True},
    "/get_server_info": {
        "version": "0.5.3",
        "tool_call_parser": "qwen",
        "api_key": "not looked at",
    },
}
MLX: Table = {
    "/v1/models": {"object": "list", "data": [{"id": "org/m-4bit", "object": "model"}]},
    "/health": {"status": "ok"},
}
TABLES = {
    "ollama": (OLLAMA, 11_434),
    "lmstudio": (LM_STUDIO, 1_234),
    "vllm": (VLLM, 8_000),
    "llama-swap": (LLAMA_SWAP, 8_080),
    "llama-server": (LLAMA_SERVER, 8_080),
    "sglang": (SGLANG, 30_000),
    "mlx-server": (MLX, 8_080),
}


def found(table: Table, port: int = 9_999, asked: list[Question] | None = None) -> FoundServer:
    return follow(identify(f"http://127.0.0.1:{port}"), table, asked)


@pytest.mark.parametrize("name", [kind.name for kind in KINDS])
@pytest.mark.parametrize("elsewhere", [False, True])
def test_each_kind_is_told_by_what_it_says_whatever_its_port(name: str, elsewhere: bool) -> None:
    table, port = TABLES[name]
    assert found(table, 9_999 if elsewhere else port).kind == name


@pytest.mark.parametrize("name", [kind.name for kind in KINDS])
def test_a_kind_is_asked_for_nothing_that_it_does_not_have(name: str) -> None:
    """Some write an error into their log for each such path."""
    table, port = TABLES[name]
    asked: list[Question] = []
    found(table, port, asked)
    assert {each.path for each in asked if not each.body} <= set(table)


@pytest.mark.parametrize(
    ("name", "table", "port"),
    [
        ("ollama", EMPTY_OLLAMA, 11_434),
        ("ollama", EMPTY_OLLAMA, 9_999),
        ("llama-swap", EMPTY_LLAMA_SWAP, 8_080),
    ],
)
def test_one_without_models_is_found_all_the_same(name: str, table: Table, port: int) -> None:
    server = found(table, port)
    assert server.kind == name
    assert server.warnings == ("it has no model that answers",)


def test_an_adapter_of_vllm_has_the_window_of_its_base() -> None:
    assert [each.context_tokens for each in found(VLLM).facts] == [8192, 8192]


def test_lm_studio_says_which_window_a_model_was_loaded_with() -> None:
    server = found(LM_STUDIO)
    gemma, qwen, nomic = server.facts
    assert (gemma.context_tokens, gemma.abilities) == (4096, ("vision",))
    assert (qwen.context_tokens, qwen.abilities) == (None, ("tools",))
    assert nomic.id == "nomic"
    told = " ".join(server.warnings)
    assert "google/gemma-3-4b is 4,096 tokens" in told
    assert "qwen/qwen3.5-9b is not known" in told
    assert "not made for tools: google/gemma-3-4b" in told


def test_an_old_lm_studio_is_read_in_its_older_form() -> None:
    first, second, third = found(OLD_LM_STUDIO).models
    assert (first.context_tokens, first.is_loaded, first.abilities) == (8192, True, None)
    assert (second.is_loaded, second.abilities) == (False, ("tools",))
    assert third.embeds


def test_llama_swap_asks_no_model_that_does_not_run() -> None:
    asked: list[Question] = []
    server = found(LLAMA_SWAP, asked=asked)
    assert [each.path for each in asked if "upstream" in each.path] == ["/upstream/up/props"]
    assert {each.id: each.context_tokens for each in server.facts} == {
        "idle": None,
        "told": 65_536,
        "up": 16_384,
        "far/big": None,
        "either": None,
    }
    assert {each.id for each in server.facts if each.remote} == {"far/big", "either"}
    assert server.models[1].abilities == server.models[2].abilities == ("tools",)


def test_llama_swap_is_asked_for_a_window_once_while_a_model_runs() -> None:
    earlier = found(LLAMA_SWAP).models
    asked: list[Question] = []
    again = follow(BY_NAME["llama-swap"].ask("http://h:1", earlier), LLAMA_SWAP, asked)
    assert not [each for each in asked if "upstream" in each.path]
    assert again.models == earlier


def test_sglang_can_do_what_it_was_started_for() -> None:
    server = found(SGLANG)
    assert (server.version, server.facts[0].abilities) == ("0.5.3", ("tools", "vision"))


def test_a_server_that_nobody_knows_is_shown_if_it_lists_models() -> None:
    table = {"/v1/models": {"object": "list", "data": [{"id": "m", "owned_by": "somebody"}]}}
    server = found(table)
    assert (server.kind, [each.id for each in server.models]) == (OTHER, ["m"])


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (Answer(0, trouble="sends more than 9 bytes"), "more than"),
        (Answer(401), "asks for a key"),
        (Answer(302), "redirects"),
        (Answer(404), "status 404"),
        (Answer(503), "loads a model"),
        (b"<!doctype html>", "a page for a browser"),
        ({"message": "hello"}, "another program"),
        ([1, 2], "another program"),
        (b'{"data":' * 5_000, "no JSON"),
    ],
)
def test_whatever_else_is_there_is_told_in_words(answer: Any, words: str) -> None:
    with pytest.raises(NotFound, match=words):
        found({"/v1/models": answer}, 8_080)


def test_our_own_address_for_clients_of_ollama_is_not_found() -> None:
    ours = {"models": [{"model": "a/b:latest", "details": {"family": "understudy"}}]}
    with pytest.raises(OwnAddress):
        found({**OLLAMA, "/api/tags": ours}, 11_434)


def test_a_list_without_end_is_cut() -> None:
    many = [{"id": f"m{number}", "owned_by": "vllm"} for number in range(MODELS_MAX + 5)]
    assert len(found({"/v1/models": {"data": many}}).models) == MODELS_MAX


def test_the_usual_ports_are_few() -> None:
    assert {11_434, 1_234, 8_000, 8_080, 30_000, 8_081, 10_240} <= set(USUAL_PORTS)
    assert len(USUAL_PORTS) <= 12


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9) | st.just(float("inf")),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["data", "models", "id", "model", "meta", "running", "owned_by"]),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)
PATHS = sorted({path for table, _ in TABLES.values() for path in table} | {"/api/v0/models"})


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(TABLES)),
    st.dictionaries(st.sampled_from(PATHS), VALUES, min_size=1, max_size=3),
)
def test_no_answer_makes_a_reader_fail_otherwise_than_in_words(
    name: str, changed: dict[str, Any]
) -> None:
    table, port = TABLES[name]
    for inquiry in (identify, BY_NAME[name].ask):
        with suppress(NotFound):
            server = follow(inquiry(f"http://127.0.0.1:{port}", ()), {**table, **changed})
            assert all(each.id.isprintable() for each in server.facts)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(sorted(TABLES)), st.sampled_from(PATHS), st.data())
def test_no_member_of_an_answer_is_taken_for_what_it_is_not(
    name: str, path: str, data: st.DataObject
) -> None:
    """One member of a good answer is replaced, wherever it lies."""
    table, port = TABLES[name]
    value = table.get(path)
    if hasattr(value, "keys"):
        changed = {**table, path: _with_one_changed(value, data)}
        with suppress(NotFound):
            follow(identify(f"http://127.0.0.1:{port}"), changed)


def _with_one_changed(value: Any, data: st.DataObject) -> Any:
    keys: list[Any] = [*value] if hasattr(value, "keys") else [*range(len(value))]
    if not keys:
        return value
    key = data.draw(st.sampled_from(keys))
    inner: Any = value[key]
    deeper = type(inner) in (dict, list) and data.draw(st.booleans())
    changed: Any = value.copy()
    changed[key] = _with_one_changed(inner, data) if deeper else data.draw(VALUES)
    return changed
