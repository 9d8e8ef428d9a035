"""A worker that computes nothing: a program that speaks the protocol, and misbehaves when told to.

`scripted_worker.py MISBEHAVIOUR FILE`, with the number of the abort page's file last, as the real
one is started. It answers each question with the words of REPLY, one a step of STEP_SECONDS.
"""

from __future__ import annotations

import mmap
import os
import select
import signal
import struct
import sys
import time
from collections.abc import Callable

from understudy.protocols.engine.frames import FrameBuffer, frame
from understudy.protocols.engine.messages import (
    CANCELLED,
    STOP,
    Ask,
    Cancel,
    Chat,
    Count,
    Counted,
    Embed,
    Embedded,
    Ended,
    FromWorker,
    Load,
    LoadFailed,
    Loading,
    Piece,
    Ready,
    Refused,
    Render,
    Rendered,
    Save,
    Saved,
    Started,
    decode_to_worker,
    encode,
)
from understudy.protocols.engine.page import PAGE_BYTES, Page, settle

REPLY: tuple[str, ...] = ("Good", " evening", ", all", ".")
STEP_SECONDS = 0.001
BIG = 64 * 1024
DIMENSION = 4


class Worker:
    """The loop of a well-behaved one; a misbehaviour replaces one of its methods."""

    def __init__(self, file: int, misbehaviour: str) -> None:
        self.page: Page = memoryview(mmap.mmap(file, PAGE_BYTES))
        self.frames = FrameBuffer()
        self.asked: dict[int, list[str]] = {}
        self.seen = 0
        self.misbehaviour = misbehaviour

    def say(self, message: FromWorker) -> None:
        self.write(frame(encode(message)))

    def write(self, data: bytes) -> None:
        while data:
            data = data[os.write(1, data) :]

    def run(self) -> None:
        """Serves until stdin ends."""
        load = self.next_message()
        assert isinstance(load, Load)
        LOADS.get(self.misbehaviour, load_well)(self, load)
        while True:
            if select.select([0], [], [], STEP_SECONDS if self.asked else None)[0]:
                self.receive()
            while (payload := self.frames.next_payload()) is not None:
                self.hear(decode_to_worker(payload))
            if not self.page[0]:
                self.step()
            elif settle(self.page, self.seen):
                continue

    def next_message(self) -> object:
        """Waits for a message."""
        while (payload := self.frames.next_payload()) is None:
            self.receive()
        return decode_to_worker(payload)

    def receive(self) -> None:
        data = os.read(0, BIG)
        if not data:
            os._exit(0)
        self.frames.receive_data(data)

    def hear(self, message: object) -> None:
        match message:
            case Ask(request, chat):
                self.start(request, chat)
            case Count(request, chat):
                self.say(Counted(request, count(chat)))
            case Render(request, chat):
                self.say(Rendered(request, text_of(chat), b""))
            case Embed(request, texts):
                vectors = struct.pack("<4f", 1.0, 0.0, 0.0, 0.0) * len(texts)
                self.say(Embedded(request, vectors, len(texts), len(texts)))
            case Save(request):
                sys.stderr.write("saved\n")
                sys.stderr.flush()
                self.say(Saved(request, 1, 100))
            case Cancel(request, generation):
                self.seen = max(self.seen, generation)
                if self.asked.pop(request, None) is not None:
                    self.say(Ended(request, CANCELLED, 0))
            case _:
                raise AssertionError(message)

    def start(self, request: int, chat: Chat) -> None:
        if "refuse" in text_of(chat):
            self.say(Refused(request, 400, "invalid_request_error", "this is refused"))
            return
        self.say(Started(request, "plain", count(chat), 0, 0, ""))
        ANSWERS.get(self.misbehaviour, answer_well)(self, request)

    def step(self) -> None:
        """One more word of every answer."""
        for request, words in list(self.asked.items()):
            if words:
                self.say(Piece(request, words.pop(0)))
            else:
                del self.asked[request]
                self.say(Ended(request, STOP, len(REPLY)))


def text_of(chat: Chat) -> str:
    return chat.prompt or " ".join(str(message.get("content")) for message in chat.messages)


def count(chat: Chat) -> int:
    return len(text_of(chat).split())


def load_well(worker: Worker, load: Load) -> None:
    worker.say(Loading(0.5))
    worker.say(Loading(1.0))
    worker.say(Ready("plain", load.context_tokens, load.cells, 64, 256, 0.001, "scripted"))


def load_never(worker: Worker, load: Load) -> None:
    worker.say(Loading(0.25))
    while True:
        worker.say(Loading(0.25))
        time.sleep(0.01)


def load_slowly(worker: Worker, load: Load) -> None:
    """Longer than the patience of a test, but never long without progress."""
    for part in range(10):
        worker.say(Loading(part / 10))
        time.sleep(0.1)
    load_well(worker, load)


def load_in_vain(worker: Worker, load: Load) -> None:
    sys.stderr.write("tensor 'x' is missing\n")
    worker.say(LoadFailed("it is cut short; fetch it again"))
    worker.next_message()


def exit_in_load(worker: Worker, load: Load) -> None:
    sys.stderr.write("no more memory\n")
    sys.stderr.flush()
    os._exit(7)


def crash(worker: Worker, *_: object) -> None:
    sys.stderr.write("ggml.c:123: it broke\n")
    sys.stderr.flush()
    os.kill(os.getpid(), signal.SIGSEGV)


def say_no_frame(worker: Worker, *_: object) -> None:
    worker.write(b"llama_model_loader: loaded meta data\n")


def say_no_message(worker: Worker, *_: object) -> None:
    worker.write(frame(b"\x93\xa5Piece\x01\xc1"))


def say_too_much(worker: Worker, *_: object) -> None:
    worker.write(struct.pack("<I", 2**31))


def say_of_a_stranger(worker: Worker, *_: object) -> None:
    worker.say(Piece(999, "who?"))


def close_pipe(worker: Worker, *_: object) -> None:
    os.close(1)
    while True:
        time.sleep(1)


def log_much(worker: Worker, load: Load) -> None:
    for _ in range(100):
        os.write(2, b"x" * BIG)
    load_well(worker, load)


def close_log(worker: Worker, load: Load) -> None:
    os.close(2)
    load_well(worker, load)


def ready_with_slow_steps(worker: Worker, load: Load) -> None:
    worker.say(Ready("plain", load.context_tokens, load.cells, 64, 256, 0.2, "scripted"))


def answer_well(worker: Worker, request: int) -> None:
    worker.asked[request] = list(REPLY)


def answer_halfway(then: Callable[..., None]) -> Callable[[Worker, int], None]:
    """Two words, and then that."""

    def answer(worker: Worker, request: int) -> None:
        worker.say(Piece(request, REPLY[0]))
        worker.say(Piece(request, REPLY[1]))
        then(worker, request)

    return answer


def say_forever(worker: Worker, request: int) -> None:
    """It does stop when it is told to."""
    while not worker.page[0]:
        worker.say(Piece(request, "x" * 1000))
    worker.asked[request] = []


def flood(worker: Worker, request: int) -> None:
    """It does not."""
    while True:
        worker.say(Piece(request, "x" * 1000))


def stall(worker: Worker, *_: object) -> None:
    while True:
        time.sleep(1)


def stop(worker: Worker, *_: object) -> None:
    os.kill(os.getpid(), signal.SIGSTOP)


def speak_after_the_end(worker: Worker, request: int) -> None:
    worker.say(Ended(request, STOP, 2))
    worker.say(Piece(request, "more"))


def refuse_late(worker: Worker, request: int) -> None:
    worker.say(Refused(request, 500, "api_error", "the computation failed"))


def answer_slowly(worker: Worker, request: int) -> None:
    worker.asked[request] = list(REPLY) * 1000


LOADS: dict[str, Callable[[Worker, Load], None]] = {
    "load never": load_never,
    "load slowly": load_slowly,
    "load in vain": load_in_vain,
    "load and exit": exit_in_load,
    "load and crash": crash,
    "load and say no frame": say_no_frame,
    "load and close": close_pipe,
    "load and stop": stop,
    "log much": log_much,
    "close log": close_log,
    "slow steps": ready_with_slow_steps,
}
ANSWERS: dict[str, Callable[[Worker, int], None]] = {
    "crash": answer_halfway(crash),
    "no frame": answer_halfway(say_no_frame),
    "no message": answer_halfway(say_no_message),
    "too much": answer_halfway(say_too_much),
    "stranger": answer_halfway(say_of_a_stranger),
    "close": answer_halfway(close_pipe),
    "stall": answer_halfway(stall),
    "slow steps": answer_halfway(stall),
    "stop": answer_halfway(stop),
    "after the end": answer_halfway(speak_after_the_end),
    "refuse late": answer_halfway(refuse_late),
    "forever": say_forever,
    "flood": flood,
    "slowly": answer_slowly,
    "deaf": stall,
}

if __name__ == "__main__":
    Worker(int(sys.argv[-1]), sys.argv[1]).run()
