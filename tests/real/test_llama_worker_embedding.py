"""Vectors of texts, from a worker that embeds."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from understudy.protocols.engine.messages import (
    Ask,
    Chat,
    Embed,
    Embedded,
    Ended,
    Refused,
)

from .gguf_model import SHAPES, write_model
from .llama_worker_process import load_of, open_worker
from .test_llama_worker import long_prompt

pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the model."""
    folder = tmp_path_factory.mktemp("models")
    write_model(folder / "exact.gguf", SHAPES["exact"])
    return folder


def test_texts_are_embedded(models: Path) -> None:
    load = load_of(models / "exact.gguf", embeddings=True, context_tokens=512)
    with open_worker(load) as worker:
        texts = ["a cat", "a dog", long_prompt(300), "a cat"] * 6
        embedded = worker.call(Embed(worker.next_request(), texts))
        assert isinstance(embedded, Embedded)
        vectors = memoryview(embedded.vectors).cast("f")
        width = SHAPES["exact"].width
        assert embedded.count == len(texts)
        assert len(vectors) == len(texts) * width
        found = [list(vectors[at * width : (at + 1) * width]) for at in range(len(texts))]
        for vector in found:
            assert math.sqrt(math.fsum(value * value for value in vector)) == pytest.approx(1.0)
        assert found[0] == pytest.approx(found[3], abs=1e-3)
        assert found[0] != pytest.approx(found[1], abs=1e-2)
        alone = worker.call(Embed(worker.next_request(), ["a cat"]))
        assert isinstance(alone, Embedded)
        single = memoryview(alone.vectors).cast("f")
        assert list(single) == pytest.approx(found[0], abs=1e-3)
        for wrong, words in (([], "0 texts"), ([""], "empty"), (["a", long_prompt(600)], "512")):
            refused = worker.call(Embed(worker.next_request(), wrong))
            assert isinstance(refused, Refused), wrong
            assert words in refused.message
        ask = Ask(worker.next_request(), Chat([], prompt="Once"))
        assert isinstance(worker.call(ask), Refused)


def test_an_embedding_can_be_cancelled(models: Path) -> None:
    load = load_of(models / "exact.gguf", embeddings=True, context_tokens=512)
    with open_worker(load) as worker:
        request = worker.next_request()
        worker.send(Embed(request, [long_prompt(400, str(at)) for at in range(500)]))
        worker.cancel(request)
        assert isinstance(worker.wait(request).last, Ended)
        assert not isinstance(worker.call(Embed(worker.next_request(), ["a"])), Refused)
