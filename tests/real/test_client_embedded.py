"""The real client on the embedded model: tokens arrive one by one, and Esc stops a prefill.

What is behind Understudy here is its own engine process. Its side of Esc is read from the
operating system: the engine's connections, and the processor time it goes on using.
"""

from __future__ import annotations

import statistics
import time
from collections.abc import AsyncIterator
from pathlib import Path

import attrs
import psutil
import pytest
import trio

from .client import ClientHome, run_print
from .conftest import DIRECT
from .measured import bound_milliseconds, describe
from .tap import Tap, open_tap
from .terminal import Terminal, input_line, open_terminal
from .understudy_process import UnderstudyProcess, open_understudy

MODEL = "rehearsal/rehearsal"
SETTINGS = '[engines]\nworker = "server"\n'
"""A worker of our own is tried in test_client_worker.py."""
ANSWER_SECONDS_MAX = 180.0
REPETITIONS = 20
NOTE_WORDS = 1500
POLL_SECONDS = 0.002
CLOSE_SECONDS_MAX = 10.0
PREFILL_STARTED_SECONDS = 0.3
IDLE_WINDOW_SECONDS = 0.1
IDLE_SHARE_MAX = 0.15
# Before its first token the engine's server looks only once a second whether it is still wanted.
ENGINE_IDLE_SECONDS_MAX = 3.0

pytestmark = pytest.mark.skipif(DIRECT, reason="the embedded model is Understudy's own")


@attrs.frozen
class Embedded:
    """Understudy without endpoints, and a tap before it."""

    understudy: UnderstudyProcess
    tap: Tap
    home: ClientHome

    def engine(self) -> psutil.Process | None:
        """The engine process: the child that listens."""
        for child in self.understudy.children():
            if any(one.status == psutil.CONN_LISTEN for one in child.net_connections("tcp")):
                return child
        return None

    def calls(self, engine: psutil.Process) -> int:
        """How many connections to the engine Understudy has open; its close counts at once."""
        connections = engine.net_connections("tcp4")
        return sum(one.status == psutil.CONN_ESTABLISHED for one in connections)


@pytest.fixture
async def embedded(tmp_path: Path, client_home: ClientHome) -> AsyncIterator[Embedded]:
    """Understudy with its embedded model alone."""
    async with (
        open_understudy(tmp_path / "server", SETTINGS) as understudy,
        open_tap(understudy.port) as tap,
    ):
        yield Embedded(understudy, tap, client_home)


async def test_answer_is_streamed(embedded: Embedded) -> None:
    result = await run_print(
        "Hello, who are you?",
        home=embedded.home,
        base_url=embedded.tap.base_url,
        model=MODEL,
        output_format="stream-json",
        timeout_seconds=ANSWER_SECONDS_MAX,
    )
    assert not result.is_error, result.text
    assert len(result.partial_texts) > 1
    assert result.last["usage"]["input_tokens"] > 0
    assert result.last["usage"]["output_tokens"] > 0
    print(f"\nembedded: {result.seconds:.1f} s, {len(result.partial_texts)} text deltas")
    print(f"embedded: {result.text[:200]!r}")


@attrs.frozen
class PrefillAbort:
    """One Esc, in seconds: key press to engine connection closed, our share, then engine idle."""

    total: float
    share: float
    idle: float


async def test_escape_mid_prefill_stops_the_engine(embedded: Embedded, tmp_path: Path) -> None:
    async with open_terminal(
        tmp_path, home=embedded.home, base_url=embedded.tap.base_url, model=MODEL
    ) as terminal:
        await _warm_up(embedded, terminal)
        aborts = [await _abort_prefill(embedded, terminal, one) for one in range(REPETITIONS)]
    bound = bound_milliseconds("ESCAPE", 200)
    totals = [one.total for one in aborts]
    print(f"\nEsc mid-prefill: key press to engine connection closed: {describe(totals)}")
    print(f"Esc mid-prefill: the bound is {bound:.0f} ms")
    print(f"Esc mid-prefill: our share: {describe([one.share for one in aborts])}")
    print(f"Esc mid-prefill: then the engine idle: {describe([one.idle for one in aborts])}")
    assert statistics.median(totals) * 1000 < bound, sorted(totals)
    assert max(totals) * 1000 < 2 * bound, "the engine computes on both cores meanwhile"
    assert max(one.idle for one in aborts) < ENGINE_IDLE_SECONDS_MAX


async def _warm_up(embedded: Embedded, terminal: Terminal) -> None:
    """One turn, which starts the engine."""
    await terminal.submit("hello")
    await terminal.wait_for(
        lambda screen: "●" in screen and "esc to interrupt" not in screen, ANSWER_SECONDS_MAX
    )
    with trio.fail_after(CLOSE_SECONDS_MAX):
        while embedded.engine() is None:
            await trio.sleep(POLL_SECONDS)


async def _abort_prefill(embedded: Embedded, terminal: Terminal, number: int) -> PrefillAbort:
    """Presses Esc while the engine reads a long prompt that it has not seen."""
    engine = embedded.engine()
    assert engine is not None
    note = embedded.home.project / f"note{number}.txt"
    note.write_text(" ".join(f"w{number}x{index}" for index in range(NOTE_WORDS)))
    prompt = f"@{note.name} what is this"
    begun = embedded.tap.answers_begun
    await terminal.submit(prompt)
    with trio.fail_after(CLOSE_SECONDS_MAX):
        # The answer is opened when the prompt is counted; only then does the turn's own connection
        # open, beside the one that counted, which lives on for some seconds.
        while embedded.tap.answers_begun == begun:
            await trio.sleep(POLL_SECONDS)
        used = _used_seconds(engine)
        while _used_seconds(engine) < used + PREFILL_STARTED_SECONDS:
            await trio.sleep(POLL_SECONDS)
    # Beside the turn's own connection there may be an idle one, which Understudy keeps for reuse.
    calls = embedded.calls(engine)
    key = await terminal.press("Escape")
    with trio.fail_after(CLOSE_SECONDS_MAX):
        while embedded.calls(engine) >= calls:
            await trio.sleep(POLL_SECONDS)
    closed = time.monotonic()
    client = embedded.tap.first_close("client", since=key.before)
    assert client is not None, "the turn ended before Esc reached the client"
    await _wait_until_idle(engine)
    abort = PrefillAbort(closed - key.before, closed - client.at, time.monotonic() - closed)
    # A prompt comes back into the input line only when nothing of an answer has come.
    await terminal.wait_for(lambda screen: input_line(screen) == prompt)
    return abort


async def _wait_until_idle(engine: psutil.Process) -> None:
    """Returns after the first tenth of a second in which the engine used little time."""
    used = _used_seconds(engine)
    with trio.fail_after(CLOSE_SECONDS_MAX):
        while True:
            await trio.sleep(IDLE_WINDOW_SECONDS)
            before, used = used, _used_seconds(engine)
            if used - before < IDLE_WINDOW_SECONDS * IDLE_SHARE_MAX:
                return


def _used_seconds(engine: psutil.Process) -> float:
    times = engine.cpu_times()
    return times.user + times.system
