"""The backend of a model that runs in a worker: every dialect, every place of Esc, its faults."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.actors.backend.engine import PROBE_SECONDS, VECTORS_IDLE_SECONDS
from understudy.actors.backend.engine_keeper import SILENT_PROBES_MAX, WATCH_SECONDS
from understudy.io.engines.worker_line import DRAIN_SECONDS_MIN, JOIN_SECONDS
from understudy.protocols.anthropic.diet import ROOM_TOKENS
from understudy.protocols.dialect import Target
from understudy.protocols.dialects import SERVED
from understudy.protocols.embedding import OPENAI, parse_wish
from understudy.protocols.records import TurnOutcome
from understudy.protocols.settings_data import EndpointSettings, Settings
from understudy.protocols.turn import Operation, Turn
from understudy.simulations.worker.life import WELL, WorkerLife
from understudy.simulations.worker.workers import SimulatedWorkers

from .legal import kinds, read_events
from .scripts import turn
from .stage import Stage, open_stage

WINDOW = 2048
SETTINGS = Settings(
    endpoints=(
        EndpointSettings(
            "local", ("m",), engine="llama.cpp", file="/m.gguf", context_tokens=WINDOW
        ),
    )
)
QUESTION = "Say what there is to be said. [talk #1] of test"
LONG_QUESTION = "To be or not to be, that is what I ask. " * 4 + QUESTION
LONG_ANSWER = "Go on and on. [long #1] of test"
CALLING = "Call it. [tool #1] of test"
BASH: dict[str, Any] = {
    "name": "Bash",
    "description": "Runs it.",
    "input_schema": {"type": "object", "properties": {"command": {"type": "string"}}},
}


def local(text: str = QUESTION, *, streamed: bool = True, **members: Any) -> Turn:
    """A turn for the model on this machine."""
    return turn(text, model="local/m", stream=streamed, **members)


def workers(*lives: WorkerLife) -> SimulatedWorkers:
    return SimulatedWorkers(1, lives or (WELL,))


def text_of(body: bytes) -> str:
    """The text of a streamed answer."""
    deltas = [found["delta"] for found in read_events(body)[0] if "delta" in found]
    return "".join(delta.get("text", "") for delta in deltas)


async def test_the_answer_is_committed_with_the_exact_count_before_the_prompt_is_read(
    autojump_clock: MockClock,
) -> None:
    engine = workers(WorkerLife(step_seconds=1.0))
    async with open_stage(SETTINGS, workers=engine) as stage:
        reader = await stage.read(local())
        events = read_events(reader.body)[0]
        [answering] = engine.answers
        assert answering.started is not None
        usage = events[0]["message"]["usage"]
        assert usage["input_tokens"] == answering.started.input_tokens == len(answering.prompt)
        assert reader.items[0][0] == pytest.approx(2.0, abs=0.1), "loaded, and nothing read yet"
        assert text_of(reader.body) == answering.meant.text
        line = await stage.line(reader)
        assert line.outcome is TurnOutcome.ANSWERED
        assert line.usage.input_tokens == len(answering.prompt)
        assert line.usage.output_tokens == answering.output_tokens


async def test_what_is_remembered_is_told_as_read_from_a_cache(autojump_clock: MockClock) -> None:
    async with open_stage(SETTINGS, workers=workers()) as stage:
        await stage.read(local(LONG_QUESTION))
        again = await stage.read(local(LONG_QUESTION, conversation="another"))
        line = await stage.line(again)
        assert line.usage.cache_read_tokens > 0
        assert line.usage.input_tokens == 1, "all but the last token are remembered"


async def test_an_answer_that_is_not_streamed(autojump_clock: MockClock) -> None:
    engine = workers()
    async with open_stage(SETTINGS, workers=engine) as stage:
        reader = await stage.read(local(streamed=False))
        assert json.loads(reader.body)["content"][0]["text"] == engine.answers[0].meant.text


REQUESTS: dict[str, dict[str, Any]] = {
    "openai-chat": {"messages": [{"role": "user", "content": QUESTION}]},
    "openai-responses": {"input": QUESTION},
    "gemini": {"contents": [{"role": "user", "parts": [{"text": QUESTION}]}]},
    "ollama": {"messages": [{"role": "user", "content": QUESTION}], "stream": False},
    "anthropic": {"max_tokens": 99, "messages": [{"role": "user", "content": QUESTION}]},
}


@pytest.mark.parametrize("dialect", sorted(REQUESTS))
async def test_clients_of_every_dialect_are_answered(
    dialect: str, autojump_clock: MockClock
) -> None:
    engine = workers()
    body = json.dumps({"model": "local/m", **REQUESTS[dialect]}).encode()
    request = SERVED[dialect].parse(body, Target("local/m", streamed=False))
    async with open_stage(SETTINGS, workers=engine) as stage:
        reader = await stage.read(attrs.evolve(local(), request=request))
        assert reader.record is not None
        said = engine.answers[0].meant.text
        assert json.dumps(said)[1:-1].encode() in reader.body or said.encode() in reader.body


async def test_a_call_ends_the_answer_as_the_client_s_tool(autojump_clock: MockClock) -> None:
    engine = workers()
    async with open_stage(SETTINGS, workers=engine) as stage:
        reader = await stage.read(local(CALLING, tools=[BASH], max_tokens=999))
        events = read_events(reader.body)[0]
        [block] = [e["content_block"] for e in events if e["type"] == "content_block_start"]
        assert (block["type"], block["name"]) == ("tool_use", "Bash")
        written = "".join(e["delta"].get("partial_json", "") for e in events if "delta" in e)
        assert json.loads(written) == engine.answers[0].meant.calls[0].arguments
        [delta] = [event["delta"] for event in events if event["type"] == "message_delta"]
        assert delta["stop_reason"] == "tool_use"
        assert len((await stage.line(reader)).tool_uses) == 1


async def test_tokens_are_counted_by_the_worker(autojump_clock: MockClock) -> None:
    engine = workers()
    async with open_stage(SETTINGS, workers=engine) as stage:
        counted = await stage.read(local(operation=Operation.COUNT_TOKENS))
        tokens = json.loads(counted.body)["input_tokens"]
        answered = await stage.read(local())
        assert read_events(answered.body)[0][0]["message"]["usage"]["input_tokens"] == tokens


def history(turns: int) -> dict[str, Any]:
    """A request with so many turns before the question."""
    said = [
        message
        for number in range(turns)
        for message in (
            {"role": "user", "content": f"{number} " + "to be or not to be " * 20},
            {"role": "assistant", "content": f"so it is {number}"},
        )
    ]
    return {"messages": [*said, {"role": "user", "content": QUESTION}]}


async def test_a_request_that_is_too_long_is_put_on_a_diet(autojump_clock: MockClock) -> None:
    engine = workers()
    async with open_stage(SETTINGS, workers=engine) as stage:
        reader = await stage.read(local(**history(60)))
        assert reader.record is not None
        assert text_of(reader.body).startswith("[Understudy: this request has ")
        assert text_of(reader.body).endswith(engine.answers[0].meant.text)
        assert len(engine.answers[0].prompt) < WINDOW


async def test_where_there_is_room_the_client_compacts_by_itself(
    autojump_clock: MockClock,
) -> None:
    [endpoint] = SETTINGS.endpoints
    roomy = attrs.evolve(endpoint, context_tokens=ROOM_TOKENS + 1)
    async with open_stage(Settings(endpoints=(roomy,)), workers=workers()) as stage:
        refused = (await stage.read(local("no " * 100_000))).refused
        assert refused.status == 400
        assert refused.message.startswith("prompt is too long: ")
        assert refused.message.endswith(f" tokens > {ROOM_TOKENS + 1} maximum")


async def test_the_embedded_model_says_no_more_than_it_can(autojump_clock: MockClock) -> None:
    engine = workers()
    async with open_stage(workers=engine) as stage:
        await stage.read(turn(LONG_ANSWER, model="rehearsal", max_tokens=9_999))
        await stage.read(turn(QUESTION, model="rehearsal", max_tokens=5))
        assert [each.ask.answer_tokens_max for each in engine.answers] == [256, 5]


async def esc(stage: Stage, after_seconds: float) -> float:
    """One turn that is left after so long; returns how long it took to leave."""
    reader = stage.start(local(LONG_ANSWER))
    await trio.sleep(after_seconds)
    left_seconds = trio.current_time()
    reader.leave()
    await reader.ended.wait()
    return reader.ended_seconds - left_seconds


@pytest.mark.parametrize(
    ("place", "after_seconds"),
    [("loading", 1.0), ("prefilling", 2.01), ("decoding", 2.6)],
)
async def test_esc_leaves_nothing_wherever_it_comes(
    place: str, after_seconds: float, autojump_clock: MockClock
) -> None:
    engine = workers(WorkerLife(step_seconds=0.02, row_seconds=0.01))
    async with open_stage(SETTINGS, workers=engine) as stage:
        assert await esc(stage, after_seconds) <= WELL.stop_seconds
        await trio.sleep(3)
        for process in engine.processes:
            assert process.in_flight == 0
        if place == "loading":
            assert not engine.answers
        else:
            [answering] = engine.answers
            assert (answering.output_tokens > 0) is (place == "decoding")
        computed = engine.computed_tokens
        await trio.sleep(60)
        assert engine.computed_tokens == computed, "nothing is computed for nobody"
        assert (await stage.read(local())).record is not None


async def test_esc_while_waiting_for_a_slot(autojump_clock: MockClock) -> None:
    engine = workers(WorkerLife(step_seconds=1.0))
    async with open_stage(SETTINGS, workers=engine) as stage:
        busy = [stage.start(local(f"{n} {LONG_ANSWER}")) for n in range(engine.slots)]
        await trio.sleep(5)
        waiting = stage.start(local())
        await trio.sleep(5)
        waiting.leave()
        await waiting.ended.wait()
        assert len(engine.answers) == engine.slots
        for reader in busy:
            reader.leave()
            await reader.ended.wait()


async def test_a_worker_that_does_not_hear_esc_is_killed_and_replaced(
    autojump_clock: MockClock,
) -> None:
    engine = workers(WorkerLife(hang_seconds=0.05), WELL)
    async with open_stage(SETTINGS, workers=engine, check=False) as stage:
        assert await esc(stage, 2.5) == pytest.approx(JOIN_SECONDS)
        await trio.sleep(DRAIN_SECONDS_MIN + 0.2)
        assert "did not stop within 2 s" in engine.children[0].ending()
        reader = await stage.read(local())
        assert text_of(reader.body) == engine.answers[-1].meant.text
        assert engine.starts == 2


async def test_a_worker_that_hangs_is_killed_and_the_next_turn_starts_another(
    autojump_clock: MockClock,
) -> None:
    engine = workers(WorkerLife(hang_seconds=0.05), WELL)
    async with open_stage(SETTINGS, workers=engine) as stage:
        reader = await stage.read(local(LONG_ANSWER))
        assert trio.current_time() < 2 + SILENT_PROBES_MAX * (WATCH_SECONDS + PROBE_SECONDS) + 5
        assert (await stage.line(reader)).outcome is TurnOutcome.BROKEN
        assert (await stage.read(local())).record is not None
        assert engine.starts == 2


async def test_a_worker_that_is_busy_for_long_is_not_killed(autojump_clock: MockClock) -> None:
    engine = workers(WorkerLife(row_seconds=1.0))
    async with open_stage(SETTINGS, workers=engine) as stage:
        reader = await stage.read(local())
        assert text_of(reader.body) == engine.answers[0].meant.text
        assert trio.current_time() > SILENT_PROBES_MAX * (WATCH_SECONDS + PROBE_SECONDS)
        assert engine.starts == 1


async def test_a_crash_in_mid_answer_is_told_with_its_words(autojump_clock: MockClock) -> None:
    engine = workers(WorkerLife(crash_pieces=2), WELL)
    async with open_stage(SETTINGS, workers=engine) as stage:
        reader = await stage.read(local(streamed=False))
        assert reader.refused.status == 502
        assert "was ended by SIGSEGV" in reader.refused.message
        assert (await stage.line(reader)).outcome is TurnOutcome.BROKEN
        assert (await stage.read(local())).record is not None


async def test_turns_that_wait_when_it_crashes_are_answered_by_the_next(
    autojump_clock: MockClock,
) -> None:
    engine = workers(WorkerLife(crash_seconds=0.05), WELL)
    async with open_stage(SETTINGS, workers=engine) as stage:
        count = engine.slots + 3
        readers = [stage.start(local(f"{number} {QUESTION}")) for number in range(count)]
        for reader in readers:
            await reader.ended.wait()
        outcomes = [(await stage.line(reader)).outcome for reader in readers]
        assert outcomes.count(TurnOutcome.ANSWERED) >= 3
        assert engine.starts == 2


async def test_a_failure_to_load_is_told(autojump_clock: MockClock) -> None:
    engine = workers(WorkerLife(failure="the file is cut short; fetch it again"), WELL)
    async with open_stage(SETTINGS, workers=engine) as stage:
        refused = (await stage.read(local())).refused
        assert refused.status == 500
        assert "could not start: the file is cut short; fetch it again" in refused.message


async def test_a_long_load_keeps_the_client_waiting_with_pings(autojump_clock: MockClock) -> None:
    engine = workers(WorkerLife(load_seconds=100))
    async with open_stage(SETTINGS, workers=engine) as stage:
        reader = await stage.read(local())
        assert kinds(reader.body).count("ping") == 5
        assert text_of(reader.body) == engine.answers[0].meant.text


def embedding(*texts: str) -> Turn:
    body = json.dumps({"model": "local/m", "input": texts}).encode()
    request = parse_wish(OPENAI, body, Target())
    return attrs.evolve(local(), operation=Operation.EMBEDDINGS, request=request)


async def test_vectors_are_asked_of_a_worker_of_their_own_that_goes_when_it_is_idle(
    autojump_clock: MockClock,
) -> None:
    """The simulated one makes none, and says so."""
    engine = workers()
    async with open_stage(SETTINGS, workers=engine) as stage:
        await stage.read(local())
        refused = (await stage.read(embedding("one", "two"))).refused
        assert (refused.status, refused.kind) == (400, "invalid_request_error")
        assert refused.message == "local: this model answers questions and does nothing else"
        assert engine.running == 2
        await trio.sleep(VECTORS_IDLE_SECONDS - 20)
        await stage.read(embedding("three"))
        await trio.sleep(VECTORS_IDLE_SECONDS - 20)
        assert engine.running == 2, "it was used meanwhile"
        await trio.sleep(60)
        assert engine.running == 1
        await stage.read(embedding("four"))
        assert engine.starts == 3


async def test_a_wish_that_a_worker_cannot_grant_is_counted(autojump_clock: MockClock) -> None:
    body = {"model": "local/m", **REQUESTS["openai-chat"], "n": 3, "new_wish": 1}
    request = SERVED["openai-chat"].parse(json.dumps(body).encode())
    async with open_stage(SETTINGS, workers=workers()) as stage:
        await stage.read(attrs.evolve(local(), request=request))
        named = {omission.member for omission in stage.left_out.omissions()}
        assert {"choices", "new_wish"} <= named


async def test_the_worker_stops_with_the_system(autojump_clock: MockClock) -> None:
    engine = workers()
    async with open_stage(SETTINGS, workers=engine) as stage:
        await stage.read(local())
        assert engine.running == 1
    assert engine.running == 0
