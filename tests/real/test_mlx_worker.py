"""The worker with MLX itself, on the processor, and a model made here: what it says, and when.

What every worker keeps is in tests/conformance/; here is what only MLX's own parts could get wrong:
batches of different lengths, copies of sequences, states as bytes, grammars and draws of our own.
The judge of what the model says is mlx-lm's own generation.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import attrs
import pytest
from understudy.io.engines.mlx_direct import mlx_problem
from understudy.protocols.conversation.answer import BlockEnded, ToolInputDelta, ToolUseStarted
from understudy.protocols.engine.messages import (
    CANCELLED,
    CONTEXT,
    LENGTH,
    STOP_SEQUENCE,
    Chat,
    Embed,
    LoadFailed,
    Reading,
    Refused,
    Sampling,
    Save,
    Saved,
    ToolShape,
)
from understudy.protocols.grammar.validation import problems
from understudy.protocols.model_format.format import Expectation
from understudy.protocols.model_format.formats import format_of

from .gguf_model import Shape
from .llama_worker_process import Reply, Worker, assert_same, load_of, open_worker
from .measured import bound_milliseconds, describe, p95
from .mlx_model import TINY, write_folder
from .test_llama_worker import long_prompt

pytestmark = pytest.mark.skipif(bool(mlx_problem()), reason=mlx_problem() or "it runs")

PROGRAM = ("-m", "understudy.io.engines.mlx_worker")
MEDIUM: Shape = attrs.evolve(TINY, width=128, layers=4, forward=256)
"""Reading 2,000 tokens takes it longer than SAVE_SECONDS_MIN, so that a prefix is kept on disk."""
ABORTS = 10
ALONE = """
import sys
from pathlib import Path
import mlx.core as mx
from mlx_lm.generate import generate_step
from mlx_lm.utils import load_model
model, _ = load_model(Path(sys.argv[1]))
prompt = mx.array([int(token) for token in sys.argv[3].split()])
steps = generate_step(prompt, model, max_tokens=int(sys.argv[2]))
print(*(token for (token, _), _ in zip(steps, range(int(sys.argv[2])))))
"""
"""mlx-lm's own generation, greedy."""


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the models."""
    folder = tmp_path_factory.mktemp("mlx")
    write_folder(folder / "tiny")
    write_folder(folder / "sliding", sliding=True)
    write_folder(folder / "medium", MEDIUM)
    return folder


@pytest.fixture(scope="module")
def worker(models: Path) -> Iterator[Worker]:
    """A worker with the smallest model."""
    with open_worker(load_of(models / "tiny"), PROGRAM) as running:
        yield running


def judged(model: Path, prompt: list[int], count: int) -> list[int]:
    """What mlx-lm itself says after these tokens."""
    words = " ".join(map(str, prompt))
    command = (sys.executable, "-c", ALONE, str(model), str(count), words)
    done = subprocess.run(command, capture_output=True, check=True, timeout=120)
    return [int(word) for word in done.stdout.split()]


@pytest.mark.parametrize("name", ["tiny", "sliding"])
def test_it_says_what_mlx_lm_says(models: Path, name: str) -> None:
    """Also far behind a sliding window, whose caches are kept whole here."""
    with open_worker(load_of(models / name), PROGRAM) as running:
        prompt = long_prompt(200)
        tokens = _tokens(running, prompt)
        reply = running.ask(prompt, 12)
        assert list(reply.tokens) == judged(models / name, tokens, 12)
        again = running.ask(prompt + " so", 12)
        assert again.started.kept_tokens > len(tokens) - 8
        assert list(again.tokens) == judged(models / name, _tokens(running, prompt + " so"), 12)


def _tokens(running: Worker, prompt: str) -> list[int]:
    from understudy.protocols.engine.messages import Render, Rendered

    found = running.call(Render(running.next_request(), Chat([], prompt=prompt)))
    assert isinstance(found, Rendered), found
    return list(memoryview(found.tokens).cast("i"))


def test_four_at_once_say_what_each_says_alone(worker: Worker) -> None:
    """Of lengths that are padded, and of one that is too long to be padded to."""
    prompts = [long_prompt(tokens, first) for tokens, first in _LENGTHS]
    alone = [worker.ask(prompt, 24) for prompt in prompts]
    for order in (prompts, prompts[::-1]):
        together = [worker.wait(each) for each in [worker.begin(one, 24) for one in order]]
        for prompt, reply in zip(order, together, strict=True):
            assert_same(reply, alone[prompts.index(prompt)])


_LENGTHS = ((40, "One"), (300, "Two"), (90, "Three"), (2600, "Four"))


def test_a_beginning_in_common_is_copied_and_both_go_on(worker: Worker) -> None:
    common = long_prompt(500, "Common")
    first = worker.ask(common + " left", 16)
    second = worker.ask(common + " right", 16)
    assert second.started.kept_tokens > 400
    assert_same(worker.ask(common + " left", 16), first)
    assert_same(worker.ask(common + " right", 16), second)


def test_parameters_do_what_they_say(worker: Worker) -> None:
    drawn = Sampling(temperature=1.0, seed=7, top_k=20, logprobs=3)
    first = worker.ask("Once upon a time", 24, drawn)
    assert list(worker.ask("Once upon a time", 24, drawn).tokens) == list(first.tokens)
    other = worker.ask("Once upon a time", 24, Sampling(temperature=1.0, seed=8, top_k=20))
    assert list(other.tokens) != list(first.tokens)
    for entry in first.logprobs:
        assert len(entry["top_logprobs"]) == 3
        assert entry["logprob"] <= entry["top_logprobs"][0]["logprob"] <= 0
    greedy = worker.ask("Once", 8)
    (chosen, *_) = greedy.tokens
    banned = Sampling(temperature=0.0, logit_bias={chosen: -1000.0})
    assert worker.ask("Once", 8, banned).tokens[0] != chosen
    wide = Sampling(temperature=0.7, top_k=0, top_p=0.9, min_p=0.0, presence_penalty=2.0, seed=1)
    assert worker.ask("Once", 8, wide).ended.reason == LENGTH
    bad = worker.ask("Once", 8, Sampling(logit_bias={10**6: 1.0})).last
    assert isinstance(bad, Refused)


def test_answers_end_where_they_are_to_end(worker: Worker) -> None:
    whole = worker.ask("Once upon a time", 24).text
    stop = whole[len(whole) // 2 :][:5]
    stopped = worker.ask("Once upon a time", 24, stop_sequences=(stop,))
    assert stopped.ended.reason == STOP_SEQUENCE
    assert stopped.ended.stop_sequence == stop
    assert stopped.text == whole[: whole.index(stop)]
    assert worker.ask(long_prompt(4080), 0).ended.reason in (CONTEXT, LENGTH)
    refused = worker.ask(long_prompt(9000), 8).last
    assert isinstance(refused, Refused)
    assert refused.message.startswith("prompt is too long: ")


TOOL = ToolShape(
    "book",
    "Books a table",
    {
        "type": "object",
        "properties": {
            "guests": {"type": "integer", "minimum": 1, "maximum": 12},
            "day": {"enum": ["monday", "sunday"]},
            "names": {"type": "array", "items": {"type": "string", "maxLength": 6}, "maxItems": 2},
        },
        "required": ["guests", "day", "names"],
    },
)


@pytest.mark.parametrize("seed", range(6))
def test_calls_of_random_weights_are_valid(worker: Worker, seed: int) -> None:
    assert worker.ready is not None
    chat = Chat([{"role": "user", "content": f"Book for {seed}"}], [TOOL])
    sampling = Sampling(temperature=1.0, seed=seed)
    reply = worker.ask(chat, 400, sampling, tool_mode="any", parallel=False)
    assert reply.ended.whole
    assert not problems(TOOL.schema, _call(reply, worker.ready.format))


def _call(reply: Reply, name: str) -> object:
    """The arguments of the one call."""
    assert reply.started.format == name
    parser = format_of("<tool_call>").parser(Expectation((TOOL,), reply.started.prompt_tail))
    said = (*parser.receive_text(reply.text), *parser.receive_end(whole=True))
    assert [each.name for each in said if isinstance(each, ToolUseStarted)] == ["book"]
    assert any(isinstance(each, BlockEnded) for each in said)
    return json.loads("".join(each.json_text for each in said if isinstance(each, ToolInputDelta)))


def test_output_is_of_its_schema(worker: Worker) -> None:
    schema = {"type": "object", "properties": {"ok": {"type": "boolean"}}, "required": ["ok"]}
    chat = Chat([{"role": "user", "content": "Well?"}])
    reply = worker.ask(chat, 200, Sampling(temperature=1.0, seed=3), output=schema)
    assert not problems(schema, json.loads(reply.text))


def test_who_leaves_in_mid_prompt_leaves_it_idle(models: Path) -> None:
    """From the flag to the last message; a step is done to its end."""
    with open_worker(load_of(models / "medium", context_tokens=16384, cells=65536), PROGRAM) as one:
        assert one.ready is not None
        waits: list[float] = []
        for number in range(ABORTS):
            request = one.begin(long_prompt(12_000, f"Nr {number}"), 8)
            one.wait_for(request, Reading)
            moment = one.cancel(request)
            assert one.wait(request).ended.reason == CANCELLED
            waits.append(time.monotonic() - moment)
        print(
            f"\nMLX, flag to idle: {describe(waits)}; a step: {one.ready.step_seconds * 1e3:.0f} ms"
        )
        assert p95(waits) * 1000 < bound_milliseconds("MLX_ABORT", 500)
        assert one.ask("Once", 4).ended.reason == LENGTH


def test_a_prefix_outlives_a_kill_and_a_bad_file(models: Path, tmp_path: Path) -> None:
    load = load_of(models / "medium", tmp_path)
    prompt = long_prompt(2000)
    with open_worker(load, PROGRAM) as one:
        begun = time.monotonic()
        cold = one.ask(prompt, 12)
        cold_seconds = time.monotonic() - begun
        kept = one.ask(prompt, 12)
        assert kept.started.kept_tokens == kept.started.input_tokens - 1
        saved = one.call(Save(one.next_request()))
        assert isinstance(saved, Saved)
        assert saved.prefixes == 1
        one.process.kill()
    with open_worker(load, PROGRAM) as one:
        assert one.ready is not None
        assert one.ready.restored_prefixes == 1
        begun = time.monotonic()
        restored = one.ask(prompt, 12)
        print(
            f"\nMLX, {cold.started.input_tokens} tokens: {cold_seconds:.2f} s cold, "
            f"{time.monotonic() - begun:.2f} s from disk"
        )
        assert restored.started.restored_tokens > 1500
        assert_same(restored, cold)
    (file,) = tmp_path.rglob("*.kv")
    data = bytearray(file.read_bytes())
    data[len(data) // 2] ^= 1
    file.write_bytes(data)
    with open_worker(load, PROGRAM) as one:
        read = one.ask(prompt, 12)
        assert read.started.restored_tokens == 0
        assert_same(read, cold)


def test_what_it_cannot_do_is_said_in_words(worker: Worker, models: Path, tmp_path: Path) -> None:
    refused = worker.call(Embed(worker.next_request(), ["a text"]))
    assert isinstance(refused, Refused)
    with open_worker(None, PROGRAM) as one:
        one.send(load_of(models / "tiny", embeddings=True))
        assert _failure(one).startswith("the MLX engine makes no vectors")
    bad = write_folder(tmp_path / "bad")
    config = json.loads((bad / "config.json").read_text())
    (bad / "code.py").write_text("raise SystemExit('it ran')")
    (bad / "config.json").write_text(json.dumps({**config, "model_file": "code.py"}))
    with open_worker(None, PROGRAM) as one:
        one.send(load_of(bad))
        assert "code.py" in _failure(one)
        assert "it ran" not in one.gone()[1]


def _failure(one: Worker) -> str:
    while not isinstance(message := one.receive(), LoadFailed):
        pass
    return message.message
