"""Our models as each dialect lists them, and which of them a client means by a name."""

from __future__ import annotations

from typing import Any

import pytest
from understudy.protocols.listing import found_card, model_page, models_page
from understudy.protocols.turn import ModelCard

QWEN = ModelCard("home/qwen3:8b", "Qwen", "home", 32_768)
CLAUDE = ModelCard("work/claude-x", "Claude", "work", 0)
LLAMA = ModelCard("home/meta/llama", "Llama", "home", 0)
TWIN = ModelCard("work/qwen3:8b", "Qwen at work", "work", 0)
ALIAS = ModelCard("anthropic/work/claude-x", "Claude", "work", 0)
CARDS = (QWEN, CLAUDE, ALIAS, LLAMA)


def test_one_page_is_openai_s_and_anthropic_s() -> None:
    page = models_page("anthropic", CARDS)
    assert (page["object"], page["has_more"]) == ("list", False)
    assert (page["first_id"], page["last_id"]) == (QWEN.id, LLAMA.id)
    for entry, card in zip(page["data"], CARDS, strict=True):
        assert entry == model_page("openai-chat", card)
        assert (entry["id"], entry["display_name"]) == (card.id, card.display_name)
        assert (entry["object"], entry["type"]) == ("model", "model")
        assert isinstance(entry["created"], int)
        assert entry["created_at"].endswith("Z")


def test_a_model_is_described_in_the_picker_s_hundred_characters() -> None:
    rule = ModelCard("fast", "fast", "home", 32_768, "home/qwen3:8b")
    long = ModelCard("home/" + "x" * 120, "long", "home", 32_768)
    described = [model_page("anthropic", card)["description"] for card in (ALIAS, QWEN, rule, long)]
    assert described[:3] == [
        "work/claude-x",
        "home/qwen3:8b, 32,768 tokens",
        "a rule: home/qwen3:8b first, 32,768 tokens",
    ]
    assert described[3] == "home/" + "x" * 80 + ", 32,768 tokens"
    assert len(described[3]) == 100


def test_gemini_s_page_names_the_methods() -> None:
    page = models_page("gemini", CARDS)
    once = [card for card in CARDS if card is not ALIAS]
    assert [entry["name"] for entry in page["models"]] == [f"models/{card.id}" for card in once]
    assert page["models"][0] == model_page("gemini", QWEN)
    assert page["models"][0]["inputTokenLimit"] == 32_768
    assert "inputTokenLimit" not in page["models"][1]
    assert "generateContent" in page["models"][0]["supportedGenerationMethods"]


def test_ollama_s_page_has_a_tag_for_each() -> None:
    page = models_page("ollama", CARDS)
    names = [entry["name"] for entry in page["models"]]
    assert names == ["home/qwen3:8b", "work/claude-x:latest", "home/meta/llama:latest"]
    assert all(found_card(name, CARDS) in CARDS for name in names)
    assert "completion" in model_page("ollama", QWEN)["capabilities"]


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("home/qwen3:8b", QWEN),
        ("models/home/qwen3:8b", QWEN),
        ("qwen3:8b", QWEN),
        ("claude-x", CLAUDE),
        ("claude-x:latest", CLAUDE),
        ("work/claude-x:latest", CLAUDE),
        ("anthropic/work/claude-x", ALIAS),
        ("meta/llama", LLAMA),
        ("home/meta/llama:latest", LLAMA),
        ("llama", None),
        ("home/", None),
        ("", None),
    ],
)
def test_a_client_may_name_a_model_in_its_own_way(name: str, wanted: ModelCard | None) -> None:
    assert found_card(name, CARDS) == wanted


def test_a_bare_name_that_two_endpoints_have_is_none() -> None:
    assert found_card("qwen3:8b", (*CARDS, TWIN)) is None
    assert found_card("work/qwen3:8b", (*CARDS, TWIN)) is TWIN


@pytest.mark.parametrize("dialect", ["anthropic", "gemini", "ollama"])
def test_no_models_are_an_empty_page(dialect: str) -> None:
    page: dict[str, Any] = models_page(dialect, ())
    assert page["models" if dialect in ("gemini", "ollama") else "data"] == []
