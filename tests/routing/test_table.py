"""The table of models: full names, aliases, bare names, and what everything else comes to."""

from __future__ import annotations

import attrs
import pytest
from understudy.protocols.routing.table import EMBEDDED, RoutingTable
from understudy.protocols.routing.trust import is_here
from understudy.protocols.settings_data import EndpointSettings, ModelFacts, Settings


def endpoint(name: str, *models: str) -> EndpointSettings:
    return EndpointSettings(name, models, dialects=("anthropic",), base_url="http://127.0.0.1:9")


ENDPOINTS = (
    endpoint("work", "claude-x", "shared", "vendor/claude-y"),
    endpoint("home", "qwen", "shared", "work/claude-x", "anthropic/qwen"),
)


def led(model: str, settings: Settings | None = None) -> str:
    place = RoutingTable.of(settings or Settings(endpoints=ENDPOINTS)).find(model)
    return f"{place.endpoint.name} {place.model}"


@pytest.mark.parametrize(
    ("model", "place"),
    [
        ("work/claude-x", "work claude-x"),
        ("home/shared", "home shared"),
        ("work/vendor/claude-y", "work vendor/claude-y"),
        ("home/work/claude-x", "home work/claude-x"),
        ("rehearsal/rehearsal", "rehearsal rehearsal"),
    ],
)
def test_a_full_name_leads_to_its_endpoint(model: str, place: str) -> None:
    assert led(model) == led(f"anthropic/{model}") == place


@pytest.mark.parametrize(
    ("model", "place"),
    [
        ("claude-x", "work claude-x"),
        ("anthropic/claude-x", "work claude-x"),
        ("qwen", "home qwen"),
        ("vendor/claude-y", "work vendor/claude-y"),
        ("rehearsal", "rehearsal rehearsal"),
        ("anthropic/qwen", "home anthropic/qwen"),
    ],
)
def test_a_bare_name_that_only_one_has_will_do(model: str, place: str) -> None:
    assert led(model) == place


@pytest.mark.parametrize("model", ["home/qwen", "anthropic/home/qwen", "qwen", "rehearsal"])
def test_a_tag_of_ollama_s_is_not_of_the_name(model: str) -> None:
    assert led(f"{model}:latest") == led(model) != led("claude-opus-5-5")


def test_a_model_that_has_the_tag_itself_is_meant_first() -> None:
    settings = Settings(endpoints=(endpoint("box", "qwen", "qwen:latest", "llama:latest"),))
    assert led("box/qwen:latest", settings) == led("qwen:latest", settings) == "box qwen:latest"
    assert led("box/qwen", settings) == "box qwen"


@pytest.mark.parametrize(
    "model",
    ["shared", "claude-opus-5-5", "nobody/claude-x", "work/", "anthropic/", "Work/Claude-X"],
)
def test_anything_else_goes_to_the_default(model: str) -> None:
    assert led(model) == "work claude-x"
    assert led(model, Settings("home/qwen", endpoints=ENDPOINTS)) == "home qwen"
    assert led(model, Settings("rehearsal", endpoints=ENDPOINTS)) == "rehearsal rehearsal"


def test_without_endpoints_there_is_the_embedded_model() -> None:
    assert led("claude-opus-5-5", Settings()) == "rehearsal rehearsal"
    assert RoutingTable.of(Settings()).endpoints == (EMBEDDED,)


def test_the_embedded_model_keeps_its_name_whoever_else_has_it() -> None:
    taken = Settings("rehearsal", endpoints=(endpoint("home", "rehearsal"),))
    assert led("rehearsal", taken) == led("unknown", taken) == "rehearsal rehearsal"
    assert led("home/rehearsal", taken) == "home rehearsal"


def test_the_embedded_model_comes_last() -> None:
    assert RoutingTable.of(Settings(endpoints=ENDPOINTS)).endpoints == (*ENDPOINTS, EMBEDDED)


def test_the_table_says_why() -> None:
    table = RoutingTable.of(Settings(endpoints=ENDPOINTS))
    assert table.find("qwen").why == "qwen is at home"
    assert table.find("x").why == "no endpoint has x; the default is work/claude-x"


OPEN = Settings(
    endpoints=(
        EndpointSettings("far", ("big",), ("anthropic",), "https://far.test"),
        EndpointSettings("near", (), ("ollama",), "http://127.0.0.1:11434", provider="ollama"),
    ),
    default="near/qwen3:8b",
)


def test_a_model_of_an_endpoint_that_has_not_been_heard_goes_nowhere_else() -> None:
    table = RoutingTable.of(OPEN)
    for model in ("near/llama3:8b", "anthropic/near/llama3:8b"):
        place = table.find(model)
        assert (place.endpoint.name, place.model, place.named) == ("near", "llama3:8b", True)
    place = table.find("claude-unknown")
    assert (place.endpoint.name, place.model) == ("near", "qwen3:8b")
    assert table.at("near/x") is not None
    assert table.at("near/") is None
    assert table.at("far/small") is None


def test_tags_are_for_ollama_alone() -> None:
    vllm = EndpointSettings("gpu", (), ("openai-chat",), "http://127.0.0.1:8000", provider="vllm")
    settings = Settings(endpoints=(*OPEN.endpoints, vllm))
    table = RoutingTable.of(settings, {"near": (ModelFacts("llama3:latest"),)})
    assert table.find("gpu/org/m:latest").model == "org/m"
    assert table.find("near/llama3").model == "llama3:latest"
    assert table.find("near/other").model == "other"


def test_a_listing_shrinks_a_window_but_for_the_dialect_that_asks_for_one() -> None:
    wide = attrs.evolve(OPEN.endpoints[0], context_tokens=65_536)
    ollama = attrs.evolve(OPEN.endpoints[1], context_tokens=65_536)
    listed = {
        "far": (ModelFacts("big", 8192, ("tools",)),),
        "near": (ModelFacts("qwen3:8b", 4096), ModelFacts("copy", remote=True)),
    }
    table = RoutingTable.of(Settings(endpoints=(wide, ollama)), listed)
    far, near = table.endpoints[:2]
    assert far.window("big") == 8192
    assert (far.can("big", "tools"), far.can("big", "vision")) == (True, False)
    assert near.window("qwen3:8b") == near.window("unlisted") == 65_536
    assert is_here(near, "qwen3:8b")
    assert not is_here(near, "copy")
