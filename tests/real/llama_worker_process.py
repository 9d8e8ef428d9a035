"""A worker process as a test drives it: messages in, messages out, and the abort page."""

from __future__ import annotations

import math
import mmap
import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import attrs
import psutil
from understudy.protocols.engine.frames import FrameBuffer, frame
from understudy.protocols.engine.messages import (
    Ask,
    Cancel,
    Chat,
    Counted,
    Embedded,
    Ended,
    FromWorker,
    Load,
    LoadFailed,
    Piece,
    Ready,
    Refused,
    Rendered,
    Sampling,
    Saved,
    Started,
    ToWorker,
    decode_from_worker,
    encode,
)
from understudy.protocols.engine.page import PAGE_BYTES, request_abort

MESSAGE_SECONDS_MAX = 30.0
"""No message for so long, and the test fails."""
EXIT_SECONDS_MAX = 20.0
TOLD = Sampling(temperature=0.0, logprobs=5)
"""Greedy, with what else could have been said."""
TIE = 0.5
"""Of the logarithm of a probability: two tokens so near are as good as equal."""
PROGRAM = ("-m", "understudy.io.engines.llama_worker")
LAST = Ended | Counted | Rendered | Embedded | Saved | Refused


@attrs.frozen
class Reply:
    """All messages of one request."""

    messages: list[FromWorker]

    @property
    def started(self) -> Started:
        """The message that the answer begins with."""
        (found,) = [each for each in self.messages if isinstance(each, Started)]
        return found

    @property
    def text(self) -> str:
        """The text of all pieces."""
        return "".join(each.text for each in self.messages if isinstance(each, Piece))

    @property
    def tokens(self) -> memoryview:
        """The tokens of all pieces, as int32."""
        pieces = [each.tokens for each in self.messages if isinstance(each, Piece)]
        return memoryview(b"".join(pieces)).cast("i")

    @property
    def logprobs(self) -> list[dict[str, Any]]:
        """What was told of every token's probability."""
        pieces = [each.logprobs or [] for each in self.messages if isinstance(each, Piece)]
        return [entry for piece in pieces for entry in piece]

    @property
    def last(self) -> FromWorker:
        """The last message."""
        return self.messages[-1]

    @property
    def ended(self) -> Ended:
        """The last message of an answer that was not refused."""
        assert isinstance(self.last, Ended), self.last
        return self.last


def assert_same(one: Reply, other: Reply) -> None:
    """Two greedy answers are of one computation: token for token, up to a tie.

    Batches of other sizes are summed in another order, and llama.cpp's attention sums values in
    half precision in small ones: logits differ by a tenth between steps of 16 and of 128 tokens.
    So where two tokens are as good as equal, either may be chosen, and nothing after is compared.
    A wrong context changes probabilities by far more than TIE at the first token.
    """
    assert one.logprobs, "ask with TOLD"
    for first, second in zip(one.logprobs, other.logprobs, strict=False):
        assert abs(chance(second, first) - first["logprob"]) < TIE, (first, second)
        assert abs(chance(first, second) - second["logprob"]) < TIE, (first, second)
        if first["bytes"] != second["bytes"]:
            return
    assert one.ended.reason == other.ended.reason


def chance(entry: dict[str, Any], other: dict[str, Any]) -> float:
    """How likely the other's token was here; less than any other if it is not told."""
    told = [entry, *entry["top_logprobs"]]
    found = [each["logprob"] for each in told if each["bytes"] == other["bytes"]]
    return found[0] if found else -math.inf


class Worker:
    """A worker, its pipes and its page."""

    def __init__(self, program: tuple[str, ...] = PROGRAM) -> None:
        with tempfile.TemporaryFile() as file:
            file.truncate(PAGE_BYTES)
            descriptor = file.fileno()
            self.page = memoryview(mmap.mmap(descriptor, PAGE_BYTES))
            command = (sys.executable, "-P", *program)
            self.process = subprocess.Popen(
                [*command, str(descriptor)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=[descriptor],
            )
        self._frames = FrameBuffer()
        self._request = 0
        self._waiting: dict[int, list[FromWorker]] = {}
        self.ready: Ready | None = None

    def send(self, message: ToWorker) -> None:
        """Sends a message."""
        self.send_bytes(frame(encode(message)))

    def send_bytes(self, data: bytes) -> None:
        """Sends bytes, whatever they are."""
        assert self.process.stdin is not None
        self.process.stdin.write(data)
        self.process.stdin.flush()

    def receive(self) -> FromWorker:
        """The next message. Raises EOFError at the end of the worker."""
        assert self.process.stdout is not None
        descriptor = self.process.stdout.fileno()
        while (payload := self._frames.next_payload()) is None:
            assert select.select([descriptor], [], [], MESSAGE_SECONDS_MAX)[0], "no message"
            data = os.read(descriptor, 65536)
            if not data:
                raise EOFError(self.gone())
            self._frames.receive_data(data)
        message: FromWorker = decode_from_worker(payload)
        return message

    def load(self, load: Load) -> Ready:
        """Loads a model; fails if it cannot be."""
        self.send(load)
        while not isinstance(message := self.receive(), Ready):
            assert not isinstance(message, LoadFailed), message
        self.ready = message
        return message

    def next_request(self) -> int:
        """A number for a request."""
        self._request += 1
        return self._request

    def wait(self, request: int) -> Reply:
        """Every message of a request until its last; others are kept for their own wait."""
        while True:
            found = self._waiting.setdefault(request, [])
            if found and isinstance(found[-1], LAST):
                return Reply(self._waiting.pop(request))
            message = self.receive()
            number = getattr(message, "request", 0)
            self._waiting.setdefault(number, []).append(message)

    def wait_for(self, request: int, kind: type[FromWorker]) -> None:
        """Waits until a request has such a message."""
        while not any(isinstance(each, kind) for each in self._waiting.get(request, [])):
            message = self.receive()
            self._waiting.setdefault(getattr(message, "request", 0), []).append(message)

    def call(self, message: ToWorker) -> FromWorker:
        """Sends a request and waits for its last message."""
        self.send(message)
        assert not isinstance(message, Load | Cancel)
        return self.wait(message.request).last

    def begin(
        self, prompt: str | Chat, tokens: int = 16, sampling: Sampling | None = None, **more: object
    ) -> int:
        """Asks; returns the request's number. Greedy unless said otherwise."""
        chat = Chat([], prompt=prompt) if isinstance(prompt, str) else prompt
        request = self.next_request()
        chosen = sampling or TOLD
        ask = Ask(request, chat, chosen, tokens, **more)  # type: ignore[arg-type]  # as it comes
        self.send(ask)
        return request

    def ask(
        self, prompt: str | Chat, tokens: int = 16, sampling: Sampling | None = None, **more: object
    ) -> Reply:
        """Asks and waits for the whole answer."""
        return self.wait(self.begin(prompt, tokens, sampling, **more))

    def cancel(self, request: int) -> float:
        """Stops a request as a parent does; returns the moment."""
        generation = request_abort(self.page)
        moment = time.monotonic()
        self.send(Cancel(request, generation))
        return moment

    def close(self) -> tuple[int, str]:
        """Ends the worker by closing its pipe; its status, and what it wrote to standard error."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        return self.gone()

    def gone(self) -> tuple[int, str]:
        """Waits for the end: the status, and what was written to standard error."""
        assert self.process.stderr is not None
        assert self.process.stdout is not None
        words = self.process.stderr.read().decode()
        status = self.process.wait(EXIT_SECONDS_MAX)
        self.process.stderr.close()
        self.process.stdout.close()
        return status, words


@contextmanager
def open_worker(load: Load | None = None, program: tuple[str, ...] = PROGRAM) -> Generator[Worker]:
    """A worker, loaded if a load is given; killed at the end if it is still there."""
    worker = Worker(program)
    try:
        if load is not None:
            worker.load(load)
        yield worker
    finally:
        worker.process.kill()
        worker.process.wait()
        for stream in (worker.process.stdin, worker.process.stdout, worker.process.stderr):
            if stream is not None and not stream.closed:
                with suppress(BrokenPipeError):
                    stream.close()


def load_of(
    file: Path | str, folder: Path | None = None, *, threads: int = 1, **more: object
) -> Load:
    """A load for tests; `more` replaces its members."""
    members: dict[str, object] = {
        "name": "model",
        "file": str(file),
        "context_tokens": 4096,
        "cells": 16_384,
        "slots": 4,
        "sequences": 12,
        "threads": threads,
        "state_folder": str(folder) if folder else "",
        "state_bytes": 10**9 if folder else 0,
    }
    return Load(**{**members, **more})  # type: ignore[arg-type]  # as they come


def idle_seconds(process: psutil.Process) -> float:
    """Waits until a whole second has cost no processor time."""
    begun = time.monotonic()
    while time.monotonic() - begun < 60:
        times = process.cpu_times()
        with suppress(psutil.TimeoutExpired):
            process.wait(1.0)
        if process.cpu_times() == times:
            return time.monotonic() - begun - 1.0
    raise AssertionError("the worker never rests")
