"""Embeddings between the dialects: ways to ask, endpoints to ask, and what may go wrong."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.protocols import embedding
from understudy.protocols.dialect import Target, UpstreamNonsense
from understudy.protocols.dialects import UPSTREAM, family, may_be_relayed
from understudy.protocols.embedding import (
    ASK,
    Vectors,
    parse_wish,
    read_vectors,
    vectors_body,
    wish_of,
)
from understudy.protocols.embedding import EmbeddingWish as Wish
from understudy.protocols.request import BadRequest, ServedRequest

TARGET = Target("m")
PART = {"content": {"parts": [{"text": "a"}]}}
FOUND = Vectors(((0.5, 1.0), (2.0, 3.0)), 4)
ONE = Vectors(((0.5, 1.0),), 4)
FORMS = (
    embedding.OPENAI,
    embedding.OLLAMA,
    embedding.OLLAMA_ONE,
    embedding.GEMINI,
    embedding.GEMINI_BATCH,
)


def wish(form: str, body: dict[str, Any]) -> ServedRequest:
    """A client's request."""
    return parse_wish(form, json.dumps({"model": "m", **body}).encode(), TARGET)


@pytest.mark.parametrize(
    ("form", "body", "wanted"),
    [
        (embedding.OPENAI, {"input": "a"}, Wish(("a",))),
        (embedding.OPENAI, {"input": ["a", "b"], "dimensions": 8}, Wish(("a", "b"), 8)),
        (embedding.OPENAI, {"input": [1, 2]}, Wish(((1, 2),))),
        (embedding.OLLAMA, {"input": ["a", "b"], "dimensions": 8}, Wish(("a", "b"), 8)),
        (embedding.OLLAMA_ONE, {"prompt": "a"}, Wish(("a",))),
        (embedding.GEMINI, {**PART, "outputDimensionality": 8}, Wish(("a",), 8)),
        (embedding.GEMINI_BATCH, {"requests": [PART, PART]}, Wish(("a", "a"))),
    ],
)
def test_every_way_to_ask_is_one_wish(form: str, body: dict[str, Any], wanted: Wish) -> None:
    request = wish(form, body)
    assert wish_of(request) == wanted
    assert (request.model, request.streamed, request.dialect) == ("m", False, form)


@pytest.mark.parametrize(
    ("form", "body"),
    [
        (embedding.OPENAI, {}),
        (embedding.OPENAI, {"input": []}),
        (embedding.OPENAI, {"input": [""]}),
        (embedding.OPENAI, {"input": "a", "encoding_format": "zip"}),
        (embedding.OPENAI, {"input": "a", "dimensions": -1}),
        (embedding.OLLAMA, {"input": 7}),
        (embedding.OLLAMA, {"model": "", "input": "a"}),
        (embedding.GEMINI, {}),
        (embedding.GEMINI, {"content": {"parts": []}}),
        (embedding.GEMINI_BATCH, {"requests": []}),
        (embedding.GEMINI_BATCH, PART),
    ],
)
def test_a_wish_for_nothing_is_refused(form: str, body: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        wish_of(wish(form, body))


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("body", [b"", b"[]", b'{"model":7', b"\xff"])
def test_what_is_no_request_is_refused(form: str, body: bytes) -> None:
    with pytest.raises(BadRequest):
        parse_wish(form, body, TARGET)


def test_every_answer_is_in_its_client_s_words() -> None:
    def told(form: str, body: dict[str, Any], found: Vectors) -> Any:
        return json.loads(vectors_body(wish(form, body), found))

    both = told(embedding.OPENAI, {"input": ["a", "b"]}, FOUND)
    assert [each["embedding"] for each in both["data"]] == [[0.5, 1], [2, 3]]
    assert (both["model"], both["usage"]) == ("m", {"prompt_tokens": 4, "total_tokens": 4})
    coded = told(embedding.OPENAI, {"input": "a", "encoding_format": "base64"}, ONE)
    assert coded["data"][0]["embedding"] == "AAAAPwAAgD8="
    assert told(embedding.OLLAMA, {"input": ["a", "b"]}, FOUND)["embeddings"] == [[0.5, 1], [2, 3]]
    assert told(embedding.OLLAMA_ONE, {"prompt": "a"}, ONE) == {"embedding": [0.5, 1]}
    assert told(embedding.GEMINI, PART, ONE) == {"embedding": {"values": [0.5, 1]}}
    several = told(embedding.GEMINI_BATCH, {"requests": [PART, PART]}, FOUND)
    assert several == {"embeddings": [{"values": [0.5, 1]}, {"values": [2, 3]}]}


@pytest.mark.parametrize(
    ("dialect", "path", "body"),
    [
        (
            "openai-chat",
            "/v1/embeddings",
            {"model": "n", "input": ["a"], "encoding_format": "float", "dimensions": 8},
        ),
        (
            "ollama",
            "/api/embed",
            {"model": "n", "input": ["a"], "truncate": True, "dimensions": 8},
        ),
        (
            "gemini",
            "/v1beta/models/n:batchEmbedContents",
            {"requests": [{"model": "models/n", **PART, "outputDimensionality": 8}]},
        ),
    ],
)
def test_an_endpoint_is_asked_in_its_own_words(
    dialect: str, path: str, body: dict[str, Any]
) -> None:
    outgoing = ASK[dialect](Wish(("a",), 8), "n")
    assert (outgoing.path, json.loads(outgoing.body)) == (path, body)


def test_ids_of_tokens_go_to_openai_s_endpoints_alone() -> None:
    ids = Wish(((1, 2),))
    assert json.loads(ASK["openai-responses"](ids, "n").body)["input"] == [[1, 2]]
    for dialect in ("gemini", "ollama"):
        with pytest.raises(BadRequest, match="not the ids of tokens"):
            ASK[dialect](ids, "n")


ANSWERS = {
    "openai-chat": {
        "data": [{"index": 1, "embedding": [2, 3]}, {"index": 0, "embedding": [0.5, 1]}],
        "usage": {"prompt_tokens": 4},
    },
    "ollama": {"embeddings": [[0.5, 1], [2, 3]], "prompt_eval_count": 4},
    "gemini": {"embeddings": [{"values": [0.5, 1]}, {"values": [2, 3]}]},
}


@pytest.mark.parametrize("dialect", ANSWERS)
def test_an_endpoint_s_vectors_come_in_the_order_of_the_inputs(dialect: str) -> None:
    found = read_vectors(dialect, json.dumps(ANSWERS[dialect]).encode(), 2)
    assert found == (Vectors(FOUND.vectors, 0) if dialect == "gemini" else FOUND)


@pytest.mark.parametrize("dialect", ANSWERS)
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'{"data":7}', b'{"embeddings":[["x"]]}', b'{"data":[{"index":0}]}']
)
def test_what_is_no_vector_is_nonsense(dialect: str, body: bytes) -> None:
    with pytest.raises(UpstreamNonsense):
        read_vectors(dialect, body, 1)


@pytest.mark.parametrize("dialect", ANSWERS)
@pytest.mark.parametrize("count", [1, 3])
def test_another_number_of_vectors_is_nonsense(dialect: str, count: int) -> None:
    with pytest.raises(UpstreamNonsense):
        read_vectors(dialect, json.dumps(ANSWERS[dialect]).encode(), count)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_has_a_dialect_whose_errors_it_reads_and_is_never_relayed(form: str) -> None:
    assert family(form) in UPSTREAM
    assert not may_be_relayed(form)
