"""Embeddings, both ways."""

from __future__ import annotations

import json

import pytest
from understudy.protocols.dialect import Target, UpstreamNonsense
from understudy.protocols.gemini.embeddings import (
    EmbedRequest,
    embed_body,
    embed_outgoing,
    read_embed,
    read_vectors,
)
from understudy.protocols.request import BadRequest

HERE = Target("models/e")


def test_one_text() -> None:
    body = b'{"content":{"parts":[{"text":"a"},{"text":"b"}]},"output_dimensionality":3}'
    found = read_embed(body, HERE, batch=False)
    assert found == EmbedRequest("e", ("a\nb",), 3)
    assert json.loads(embed_body(found, [[0.5]])) == {"embedding": {"values": [0.5]}}


def test_a_string_stands_for_a_content() -> None:
    assert read_embed(b'{"content":"a"}', HERE, batch=False).texts == ("a",)


def test_several_texts_survive_the_way_there_and_back() -> None:
    outgoing = embed_outgoing(["a", "b"], "e", 3)
    assert outgoing.path == "/v1beta/models/e:batchEmbedContents"
    found = read_embed(outgoing.body, HERE, batch=True)
    assert found == EmbedRequest("e", ("a", "b"), 3, batch=True)
    vectors = [[0.5, 1.0], [2.0, -1.0]]
    assert read_vectors(embed_body(found, vectors), 2) == vectors


@pytest.mark.parametrize(
    "body",
    [b"{}", b'{"content":"\\ud800"}', b'{"requests":[]}', b'{"requests":[{}]}'],
)
def test_a_request_without_a_text_is_refused(body: bytes) -> None:
    for batch in (False, True):
        with pytest.raises(BadRequest, match=r"expected 1 to|JSON"):
            read_embed(body, HERE, batch=batch)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b'{"embeddings":[{"values":[1]}]}', b'{"embeddings":7}']
)
def test_vectors_that_make_no_sense(body: bytes) -> None:
    with pytest.raises(UpstreamNonsense, match="expected 2"):
        read_vectors(body, 2)
