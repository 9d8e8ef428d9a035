"""A model whose memory cannot be cut: prefixes serve whole or not at all, and no text changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from understudy.protocols.engine.messages import CANCELLED, LENGTH, Save, Saved, Started

from .gguf_recurrent import write_recurrent_model
from .llama_worker_process import load_of, open_worker
from .test_llama_worker import long_prompt

pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")


WORDS = ("red", "green tea", "five", "under", "why not")
"""How prompts end that differ: what this model says hangs on what it has read last."""


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The model's file."""
    file = tmp_path_factory.mktemp("models") / "recurrent.gguf"
    write_recurrent_model(file)
    return file


def test_turns_aborts_and_neighbours_change_no_text(model: Path) -> None:
    prompt = long_prompt(600)
    with open_worker(load_of(model)) as worker:
        first = worker.ask(prompt, 8)
        assert first.ended.reason == LENGTH
        assert worker.ask(prompt, 8).text == first.text
        # The next turn: what was said and answered, and more.
        longer = worker.ask(prompt + first.text + " And then", 8)
        requests = [worker.begin(long_prompt(300) + WORDS[number], 8) for number in range(5)]
        alone = [worker.wait(request).text for request in requests]
        assert len(set(alone)) == len(alone)
        stopped = worker.begin(long_prompt(3000, "Stop"), 8)
        worker.wait_for(stopped, Started)
        worker.cancel(stopped)
        assert worker.wait(stopped).ended.reason == CANCELLED
        assert worker.ask(prompt, 8).text == first.text
    with open_worker(load_of(model)) as worker:
        assert worker.ask(prompt + first.text + " And then", 8).text == longer.text
        again = [worker.ask(long_prompt(300) + WORDS[number], 8).text for number in range(5)]
        assert again == alone


def test_its_state_can_be_kept_on_disk(model: Path, tmp_path: Path) -> None:
    prompt = long_prompt(3500)
    with open_worker(load_of(model, tmp_path)) as worker:
        first = worker.ask(prompt, 8)
        assert isinstance(worker.call(Save(worker.next_request())), Saved)
    with open_worker(load_of(model, tmp_path)) as worker:
        assert worker.ask(prompt, 8).text == first.text
        longer = worker.ask(prompt + first.text + " And then", 8)
        assert longer.ended.reason == LENGTH
