"""How a worker ends, or does not begin: always with words, and never for a request's sake."""

from __future__ import annotations

from pathlib import Path

import psutil
import pytest
from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.protocols.engine.messages import (
    LENGTH,
    Cancel,
    Load,
    LoadFailed,
    Loading,
    Refused,
    Sampling,
)

from .gguf_model import SHAPES, write_model
from .llama_worker_process import idle_seconds, load_of, open_worker
from .test_llama_worker import long_prompt

pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the model."""
    folder = tmp_path_factory.mktemp("models")
    write_model(folder / "tiny.gguf", SHAPES["tiny"])
    return folder


@pytest.mark.parametrize("garbage", [b"\0\0\0\0", b"\xff\xff\xff\xff", b"\1\0\0\0\xc1", b"hello!"])
def test_garbage_ends_the_worker_with_words(garbage: bytes) -> None:
    with open_worker(load_of(MODEL_FILE)) as worker:
        worker.send_bytes(garbage * 2)
        status, words = worker.gone()
    assert status == 2
    assert "garbage" in words


def test_garbage_instead_of_a_load_ends_the_worker() -> None:
    with open_worker() as worker:
        worker.send(Cancel(1, 1))
        status, words = worker.gone()
    assert status == 2
    assert "Load" in words


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (None, "No such file"),
        (b"PK\3\4 not a model", "not a GGUF"),
        (b"GGUF\3\0\0\0", "cannot load"),
    ],
)
def test_a_file_that_is_no_model_is_said_in_words(
    tmp_path: Path, content: bytes | None, expected: str
) -> None:
    file = tmp_path / "model.gguf"
    if content is not None:
        file.write_bytes(content)
    with open_worker() as worker:
        worker.send(load_of(file))
        message = worker.receive()
        status, _ = worker.gone()
    assert str(file) in getattr(message, "message", "")
    assert expected in getattr(message, "message", "")
    assert status == 3


def test_a_cache_that_no_memory_holds_is_refused(models: Path) -> None:
    with open_worker() as worker:
        worker.send(load_of(models / "tiny.gguf", cells=2**31 - 1))
        while isinstance(message := worker.receive(), Loading):
            pass
        assert isinstance(message, LoadFailed)
        assert "memory" in message.message
        assert worker.gone()[0] == 3


def test_it_ends_with_its_parent(models: Path) -> None:
    with open_worker(load_of(models / "tiny.gguf")) as worker:
        worker.begin(long_prompt(3000), 500)
        status, _ = worker.close()
    assert status == 0


SMALL_BUFFER = """
from understudy.io.engines.worker import worker
from understudy.io.engines.llama_worker.__main__ import main
worker.UNSENT_BYTES_MAX = 200_000
main()
"""


def test_an_answer_that_nobody_reads_is_ended_and_stops_nobody(models: Path) -> None:
    # Each token comes with 20 alternatives, about 1 KB; a pipe takes 64 of these.
    told = Sampling(temperature=0.0, logprobs=20)
    with open_worker(load_of(models / "tiny.gguf"), ("-c", SMALL_BUFFER)) as worker:
        silent = worker.begin("Once upon a time", 1000, told)
        idle_seconds(psutil.Process(worker.process.pid))
        reply = worker.wait(silent)
        assert isinstance(reply.last, Refused)
        assert "not been read" in reply.last.message
        assert worker.ask("Another", 8).ended.reason == LENGTH


def test_a_second_load_is_garbage(models: Path) -> None:
    with open_worker(load_of(models / "tiny.gguf")) as worker:
        worker.send(Load("again", "file", 1, 1, 1, 1, 1))
        assert worker.gone()[0] == 2
