"""Embeddings and models, as clients of OpenAI get them."""

from __future__ import annotations

import base64
import json
import struct
from typing import Any

import pytest
from understudy.protocols.dialect import UpstreamNonsense
from understudy.protocols.openai_chat.embeddings import (
    INPUTS_MAX,
    Embeddings,
    EmbeddingsRequest,
    embeddings_body,
    embeddings_outgoing,
    parse_embeddings,
    read_embeddings,
)
from understudy.protocols.openai_chat.models import model_object, models_page
from understudy.protocols.request import BadRequest
from understudy.protocols.turn import ModelCard

VECTORS = ((0.5, -1.0), (0.25, 3.0))


def parsed(given: Any, **members: Any) -> EmbeddingsRequest:
    return parse_embeddings(json.dumps({"model": "m", "input": given, **members}).encode())


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("a", ("a",)),
        (["a", "b"], ("a", "b")),
        ([1, 2], ((1, 2),)),
        ([[1, 2], [3]], ((1, 2), (3,))),
        (["a", [3]], ("a", (3,))),
    ],
)
def test_inputs_are_texts_or_token_ids(given: Any, expected: Any) -> None:
    assert parsed(given).inputs == expected


@pytest.mark.parametrize(
    "given", ["", [], [""], [[]], None, 7, [None], [["a"]], [1.5], ["a"] * (INPUTS_MAX + 1), [True]]
)
def test_inputs_of_another_kind_are_refused(given: Any) -> None:
    with pytest.raises(BadRequest, match="input"):
        parsed(given)


def test_the_form_of_the_vectors() -> None:
    found = parsed("a", encoding_format="base64", dimensions=256, user="u")
    assert (found.model, found.as_base64, found.dimensions) == ("m", True, 256)
    assert (parsed("a").as_base64, parsed("a", encoding_format=None).dimensions) == (False, 0)
    with pytest.raises(BadRequest, match="encoding_format"):
        parsed("a", encoding_format="int8")
    with pytest.raises(BadRequest, match="dimensions"):
        parsed("a", dimensions=-1)


def test_an_answer_is_written_and_read_in_both_forms() -> None:
    found = Embeddings(VECTORS, 7)
    plain = json.loads(embeddings_body("m", found, as_base64=False))
    assert plain == {
        "object": "list",
        "data": [
            {"object": "embedding", "index": 0, "embedding": [0.5, -1.0]},
            {"object": "embedding", "index": 1, "embedding": [0.25, 3.0]},
        ],
        "model": "m",
        "usage": {"prompt_tokens": 7, "total_tokens": 7},
    }
    packed = json.loads(embeddings_body("m", found, as_base64=True))
    assert base64.b64decode(packed["data"][1]["embedding"]) == struct.pack("<2f", 0.25, 3.0)
    for body in (plain, packed):
        body["data"].reverse()
        assert read_embeddings(json.dumps(body).encode()) == found


def test_an_endpoint_is_asked_for_numbers() -> None:
    out = embeddings_outgoing(("a", (1, 2)), "served", 64)
    assert out.path == "/v1/embeddings"
    assert json.loads(out.body) == {
        "model": "served",
        "input": ["a", [1, 2]],
        "encoding_format": "float",
        "dimensions": 64,
    }
    assert "dimensions" not in json.loads(embeddings_outgoing(("a",), "served").body)


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b"{}",
        b'{"data":[]}',
        b'{"data":[{"embedding":"?"}]}',
        b'{"data":[{"embedding":"AAA="}]}',
        b'{"data":[{"embedding":[null]}]}',
        b'{"data":[{"embedding":["x"]}]}',
    ],
)
def test_an_answer_that_makes_no_sense(body: bytes) -> None:
    with pytest.raises(UpstreamNonsense):
        read_embeddings(body)


def test_the_list_of_models() -> None:
    known = ModelCard("claude-x", "Claude X", "work", 200_000)
    unknown = ModelCard("qwen", "Qwen", "local", 0)
    first = {
        "id": "claude-x",
        "object": "model",
        "created": 0,
        "owned_by": "work",
        "name": "Claude X",
        "context_length": 200_000,
    }
    assert model_object(known) == first
    page = models_page([known, unknown])
    assert page["object"] == "list"
    assert page["data"][0] == first
    assert "context_length" not in page["data"][1]
    assert models_page([]) == {"object": "list", "data": []}
