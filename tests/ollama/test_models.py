"""Our models as Ollama's clients list them, and embeddings both ways."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.dialect import UpstreamNonsense
from understudy.protocols.ollama.embed import (
    EmbedAnswer,
    EmbedRequest,
    embed_body,
    embed_request,
    embeddings_body,
    parse_embed,
    read_embed,
)
from understudy.protocols.ollama.models import (
    found_card,
    running_body,
    show_body,
    tags_body,
    version_body,
)
from understudy.protocols.request import BadRequest
from understudy.protocols.turn import ModelCard

from .inputs import VALUES, few_examples

SONNET = ModelCard("anthropic/sonnet", "Sonnet", "anthropic", 200_000)
QWEN = ModelCard("qwen3:8b", "Qwen 3", "ollama", 0)
LATEST = ModelCard("llama3:latest", "Llama 3", "ollama", 0)
CARDS = (SONNET, QWEN, LATEST)


def test_every_listed_name_has_a_tag_and_finds_its_model_again() -> None:
    listed = tags_body(CARDS)["models"]
    names = [model["name"] for model in listed]
    assert names == ["anthropic/sonnet:latest", "qwen3:8b", "llama3:latest"]
    assert [model["model"] for model in listed] == names
    assert [found_card(name, CARDS) for name in names] == [*CARDS]
    assert found_card("anthropic/sonnet", CARDS) == SONNET
    assert found_card("qwen3", CARDS) is None
    assert len({model["digest"] for model in listed}) == len(CARDS)
    assert listed[0]["details"]["context_length"] == 200_000
    assert "context_length" not in listed[1]["details"]


def test_one_model_says_its_context_and_what_it_can_do() -> None:
    shown = show_body(SONNET)
    assert shown["model_info"]["understudy.context_length"] == 200_000
    assert shown["capabilities"] == ["completion", "tools"]
    assert "understudy.context_length" not in show_body(QWEN)["model_info"]
    assert show_body(QWEN, ("embedding",))["capabilities"] == ["embedding"]


def test_running_models_never_expire() -> None:
    (running,) = running_body([SONNET])["models"]
    assert running["name"] == "anthropic/sonnet:latest"
    assert (running["context_length"], running["expires_at"][:4]) == (200_000, "9999")


def test_the_version_is_new_enough_for_every_client() -> None:
    assert tuple(map(int, version_body()["version"].split("."))) >= (0, 20, 0)


@pytest.mark.parametrize(
    ("body", "wanted"),
    [
        ({"model": "m", "input": "a"}, EmbedRequest("m", ("a",))),
        ({"model": "m", "input": ["a", "b"]}, EmbedRequest("m", ("a", "b"))),
        ({"model": "m", "prompt": "a"}, EmbedRequest("m", ("a",))),
        ({"model": "m"}, EmbedRequest("m", ())),
        (
            {"model": "m", "input": "a", "dimensions": 64, "truncate": False, "keep_alive": 1},
            EmbedRequest("m", ("a",), 64, False, ("keep_alive",)),
        ),
    ],
)
def test_a_request_for_embeddings(body: Any, wanted: EmbedRequest) -> None:
    assert parse_embed(json.dumps(body).encode()) == wanted
    sent = parse_embed(embed_request(wanted, "x").body)
    assert (sent.model, sent.texts, sent.dimensions) == ("x", wanted.texts, wanted.dimensions)


@pytest.mark.parametrize("given", [{"input": 7}, {"input": [1]}, {"input": "a", "model": 7}])
def test_a_request_for_embeddings_that_makes_no_sense(given: Any) -> None:
    with pytest.raises(BadRequest):
        parse_embed(json.dumps({"model": "m"} | given).encode())


def test_embeddings_are_written_and_read_again() -> None:
    answer = EmbedAnswer(([0.5, -1.0], [1.0, 0.25]), 8)
    assert read_embed(embed_body("m", answer), 2) == answer
    assert json.loads(embed_body("m", answer))["model"] == "m"
    assert json.loads(embeddings_body(answer)) == {"embedding": [0.5, -1.0]}
    assert json.loads(embeddings_body(EmbedAnswer(()))) == {"embedding": []}


@few_examples
@given(VALUES | st.fixed_dictionaries({"embeddings": VALUES | st.lists(st.lists(st.floats()))}))
def test_odd_embeddings_are_nonsense(body: Any) -> None:
    try:
        answer = read_embed(json.dumps(body).encode(), 1)
    except UpstreamNonsense:
        return
    assert len(answer.vectors) == 1
