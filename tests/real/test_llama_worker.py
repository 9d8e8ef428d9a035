"""The worker with llama.cpp's own library and models made here: what it says, and that it lives.

Answers are compared greedily, by `assert_same`, with a model in single precision.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest
from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.protocols.engine.frames import frame
from understudy.protocols.engine.messages import (
    CANCELLED,
    CONTEXT,
    LENGTH,
    STOP,
    STOP_SEQUENCE,
    Chat,
    Count,
    Counted,
    Embed,
    Piece,
    Refused,
    Render,
    Rendered,
    Sampling,
    Started,
)

from .gguf_model import SHAPES, write_model
from .llama_worker_process import Reply, Worker, assert_same, load_of, open_worker

pytest.importorskip("llama_cpp", reason="llama-cpp-python is not installed")

GREEDY = Sampling(temperature=0.0)
WORDS = "the quick brown fox jumps over the lazy dog and then it sleeps under a tree by the river "


WORDS_TOKENS = 31


def long_prompt(tokens: int, first: str = "Once") -> str:
    """A text of at most so many tokens, and nearly so many, with a beginning of its own."""
    return first + " " + (WORDS * (tokens // WORDS_TOKENS))


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the models."""
    folder = tmp_path_factory.mktemp("models")
    for name in ("tiny", "exact"):
        write_model(folder / f"{name}.gguf", SHAPES[name])
    return folder


@pytest.fixture(scope="module")
def tiny(models: Path) -> Iterator[Worker]:
    """A worker with the tiny model, for tests that leave it as it was."""
    with open_worker(load_of(models / "tiny.gguf")) as worker:
        yield worker


@pytest.fixture(scope="module")
def exact(models: Path) -> Iterator[Worker]:
    """A worker with the model in single precision."""
    with open_worker(load_of(models / "exact.gguf")) as worker:
        yield worker


@pytest.fixture(scope="module")
def rehearsal() -> Iterator[Worker]:
    """A worker with the embedded model."""
    with open_worker(load_of(MODEL_FILE)) as worker:
        yield worker


def said(text: str) -> Chat:
    """A conversation of one message."""
    return Chat([{"role": "user", "content": text}])


def test_it_loads_counts_renders_and_answers(rehearsal: Worker) -> None:
    ready = rehearsal.ready
    assert ready is not None
    assert ready.context_tokens == 4096
    assert ready.prefill_tokens >= 8
    assert ready.state_bytes_per_token > 100
    assert "llama.cpp" in ready.build
    chat = said("Hello there, who are you?")
    rendered = rehearsal.call(Render(rehearsal.next_request(), chat))
    assert isinstance(rendered, Rendered)
    assert rendered.text.endswith("<|im_start|>assistant\n")
    counted = rehearsal.call(Count(rehearsal.next_request(), chat))
    assert isinstance(counted, Counted)
    assert counted.tokens == len(rendered.tokens) // 4
    reply = rehearsal.ask(chat, 60)
    assert reply.started.input_tokens == counted.tokens
    assert rendered.text.endswith(reply.started.prompt_tail)
    assert "rehearsal" in reply.text
    assert reply.ended.reason == STOP
    assert reply.ended.whole
    assert len(reply.tokens) == reply.ended.output_tokens
    assert "<|im_end|>" not in reply.text


def test_an_answer_is_as_long_as_it_was_asked_for(tiny: Worker) -> None:
    reply = tiny.ask("Once upon a time", 7)
    assert reply.ended.reason == LENGTH
    assert reply.ended.output_tokens == len(reply.tokens) == 7


def test_neighbours_in_the_batch_change_nothing(exact: Worker) -> None:
    prompts = [f"Story {number}: there was" for number in range(4)]
    alone = [exact.ask(prompt, 24) for prompt in prompts]
    requests = [exact.begin(prompt, 24) for prompt in prompts]
    for request, reply in zip(requests, alone, strict=True):
        assert_same(exact.wait(request), reply)
    assert len({reply.text for reply in alone}) == len(alone)


def test_a_kept_prefix_changes_nothing(models: Path) -> None:
    with open_worker(load_of(models / "exact.gguf")) as worker:
        prompt = long_prompt(400)
        cold = worker.ask(prompt, 16)
        warm = worker.ask(prompt, 16)
        longer = worker.ask(prompt + " Then", 16)
    with open_worker(load_of(models / "exact.gguf")) as worker:
        fresh = worker.ask(prompt + " Then", 16)
    assert cold.started.kept_tokens == 0
    assert warm.started.kept_tokens == warm.started.input_tokens - 1
    assert longer.started.kept_tokens >= warm.started.input_tokens - 2
    assert fresh.started.kept_tokens == 0
    assert_same(warm, cold)
    assert_same(longer, fresh)


def test_forks_change_nothing(models: Path) -> None:
    shared = long_prompt(300)
    endings = [" Red", " Green", " Blue"]
    alone: list[Reply] = []
    for ending in endings:
        with open_worker(load_of(models / "exact.gguf")) as worker:
            alone.append(worker.ask(shared + ending, 16))
    with open_worker(load_of(models / "exact.gguf")) as worker:
        worker.ask(shared, 1)
        requests = [worker.begin(shared + ending, 16) for ending in endings]
        replies = [worker.wait(request) for request in requests]
    for reply, single in zip(replies, alone, strict=True):
        assert_same(reply, single)
    assert all(reply.started.kept_tokens > 250 for reply in replies)


def test_a_seed_gives_the_same_answer_also_beside_others(tiny: Worker) -> None:
    drawn = Sampling(temperature=1.0, seed=42)
    other = Sampling(temperature=1.0, seed=43)
    alone = tiny.ask("Once upon a time", 24, drawn).text
    assert tiny.ask("Once upon a time", 24, drawn).text == alone
    assert tiny.ask("Once upon a time", 24, other).text != alone
    requests = [tiny.begin(f"Neighbour {number}", 24, drawn) for number in range(3)]
    again = tiny.ask("Once upon a time", 24, drawn).text
    for request in requests:
        tiny.wait(request)
    assert again == alone
    unseeded = Sampling(temperature=1.0)
    assert tiny.ask("Once", 24, unseeded).text != tiny.ask("Once", 24, unseeded).text


def test_logprobs_are_a_distribution(tiny: Worker) -> None:
    reply = tiny.ask("Once upon a time", 8, Sampling(temperature=0.0, logprobs=5))
    entries = [
        entry
        for message in reply.messages
        if isinstance(message, Piece)
        for entry in message.logprobs or []
    ]
    assert len(entries) == reply.ended.output_tokens
    for entry in entries:
        assert set(entry) == {"token", "logprob", "bytes", "top_logprobs"}
        assert bytes(entry["bytes"]).decode("utf-8", "replace") == entry["token"]
        alternatives = [other["logprob"] for other in entry["top_logprobs"]]
        assert len(alternatives) == 5
        assert alternatives == sorted(alternatives, reverse=True)
        assert sum(map(math.exp, alternatives)) < 1.0
        # Greedy: what was chosen is the likeliest.
        assert entry["logprob"] == pytest.approx(alternatives[0])


def test_a_bias_and_a_ban_are_obeyed(tiny: Worker) -> None:
    first = tiny.ask("Once upon a time", 1).tokens[0]
    banned = Sampling(temperature=0.0, logit_bias={first: -math.inf})
    assert tiny.ask("Once upon a time", 1, banned).tokens[0] != first
    forced = Sampling(temperature=0.0, logit_bias={77: 1000.0})
    assert list(tiny.ask("Once upon a time", 3, forced).tokens) == [77, 77, 77]
    tired = Sampling(temperature=0.0, logit_bias={77: 50.0}, presence_penalty=100.0)
    assert list(tiny.ask("Once upon a time", 3, tired).tokens).count(77) == 1


def test_a_stop_sequence_over_token_borders_ends_the_answer(tiny: Worker) -> None:
    free = tiny.ask("Once upon a time", 16).text
    middle = len(free) // 2
    stop = free[middle - 3 : middle + 3]
    reply = tiny.ask("Once upon a time", 16, stop_sequences=(stop, "never said"))
    assert reply.ended.reason == STOP_SEQUENCE
    assert reply.ended.stop_sequence == stop
    assert reply.text == free[: free.index(stop)]
    unstopped = tiny.ask("Once upon a time", 16, stop_sequences=(free[-4:] + "never said",))
    assert unstopped.text == free
    assert unstopped.ended.reason == LENGTH


def test_the_window_ends_an_answer(models: Path) -> None:
    load = load_of(models / "tiny.gguf", context_tokens=64, cells=64, slots=1, sequences=1)
    with open_worker(load) as worker:
        reply = worker.ask("Once upon a time", 0)
        count = reply.started.input_tokens
        assert reply.ended.reason == CONTEXT
        assert reply.ended.output_tokens + count in (64, 65)
        too_long = worker.ask(long_prompt(100))
        assert isinstance(too_long.last, Refused)
        assert too_long.last.status == 400
        assert "63" in too_long.last.message
        assert worker.ask("Once upon a time", 4).ended.reason == LENGTH


def test_a_window_beyond_the_trained_one_is_made_smaller(models: Path) -> None:
    load = load_of(models / "tiny.gguf", context_tokens=100_000, cells=200_000)
    with open_worker(load) as worker:
        assert worker.ready is not None
        assert worker.ready.context_tokens == SHAPES["tiny"].trained_tokens
        assert worker.ready.cells == 2 * SHAPES["tiny"].trained_tokens


def test_nonsense_is_refused_and_the_worker_lives(tiny: Worker) -> None:
    chat = Chat([], prompt="Once")
    nonsense = [
        (chat, Sampling(temperature=math.nan)),
        (chat, Sampling(temperature=-1.0)),
        (chat, Sampling(logit_bias={10**6: 1.0})),
        (chat, Sampling(logprobs=21)),
        (chat, Sampling(repeat_penalty=0.0)),
        (Chat([]), GREEDY),
        (Chat([{"content": "without a role"}]), GREEDY),
    ]
    for wrong, sampling in nonsense:
        reply = tiny.ask(wrong, 4, sampling)
        assert isinstance(reply.last, Refused), (wrong, sampling, reply.last)
        assert reply.last.status == 400
        assert reply.last.message
    assert isinstance(tiny.call(Embed(tiny.next_request(), ["text"])), Refused)
    assert tiny.ask("Once", 4).ended.reason == LENGTH


def test_a_message_with_wrong_types_is_refused_by_its_number(tiny: Worker) -> None:
    request = tiny.next_request()
    tiny.send_bytes(frame(msgspec.msgpack.encode(["Ask", request, "no chat"])))
    reply = tiny.wait(request)
    assert isinstance(reply.last, Refused)
    assert tiny.ask("Once", 4).ended.reason == LENGTH


def test_cancelled_requests_leave_nothing(models: Path) -> None:
    with open_worker(load_of(models / "exact.gguf")) as worker:
        first = worker.ask("Once upon a time", 16)
        request = worker.begin(long_prompt(3500), 8)
        worker.wait_for(request, Started)
        worker.cancel(request)
        assert worker.wait(request).ended.reason == CANCELLED
        assert_same(worker.ask("Once upon a time", 16), first)
        # Before it has a slot, and long after its end.
        requests = [worker.begin(long_prompt(500, str(number)), 8) for number in range(8)]
        for each in reversed(requests):
            worker.cancel(each)
        assert {worker.wait(each).ended.reason for each in requests} <= {CANCELLED, LENGTH}
        worker.cancel(requests[0])
        assert_same(worker.ask("Once upon a time", 16), first)


def test_an_aborted_prompt_goes_on_where_it_was_stopped(models: Path) -> None:
    prompt = long_prompt(3000)
    with open_worker(load_of(models / "exact.gguf")) as worker:
        whole = worker.ask(prompt, 12)
    with open_worker(load_of(models / "exact.gguf")) as worker:
        request = worker.begin(prompt, 12)
        worker.wait_for(request, Started)
        other = worker.begin("Once upon a time", 12)
        worker.cancel(request)
        ended = worker.wait(request).ended
        assert worker.wait(other).ended.reason == LENGTH
        again = worker.ask(prompt, 12)
    assert ended.reason == CANCELLED
    assert_same(again, whole)
