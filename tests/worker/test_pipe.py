"""The worker's pipes: nothing blocks, nothing is lost, and the parent's end is seen."""

from __future__ import annotations

import os
from collections.abc import Iterator

import attrs
import pytest
from understudy.io.engines.worker.mailbox import Garbage, Mailbox
from understudy.io.engines.worker.pipe import READ_FRAMES_MAX, ParentGone, Pipe
from understudy.protocols.engine.frames import FrameBuffer, FrameNonsense, frame
from understudy.protocols.engine.messages import (
    Cancel,
    Counted,
    Refused,
    decode_from_worker,
    encode,
)


@attrs.define
class Ends:
    """A worker's pipe and the parent's descriptors of it."""

    pipe: Pipe
    to_worker: int
    from_worker: int

    def read(self) -> list[bytes]:
        """All payloads that the parent can read now."""
        frames = FrameBuffer()
        os.set_blocking(self.from_worker, False)
        while True:
            try:
                data = os.read(self.from_worker, 65536)
            except BlockingIOError:
                break
            frames.receive_data(data)
            self.pipe.flush()
        found: list[bytes] = []
        while (payload := frames.next_payload()) is not None:
            found.append(payload)
        assert frames.is_empty
        return found


@pytest.fixture
def ends() -> Iterator[Ends]:
    """Two pipes, as a parent makes them."""
    source, to_worker = os.pipe()
    from_worker, sink = os.pipe()
    yield Ends(Pipe(source, sink), to_worker, from_worker)
    for descriptor in (source, to_worker, from_worker, sink):
        try:
            os.close(descriptor)
        except OSError:
            continue


def test_what_is_there_is_taken_without_waiting(ends: Ends) -> None:
    assert ends.pipe.receive() == []
    os.write(ends.to_worker, frame(b"one") + frame(b"two") + frame(b"three")[:-1])
    assert ends.pipe.receive() == [b"one", b"two"]
    assert ends.pipe.receive() == []
    os.write(ends.to_worker, b"e")
    assert ends.pipe.receive(None) == [b"three"]


def test_a_flood_is_taken_in_turns(ends: Ends) -> None:
    os.write(ends.to_worker, frame(b"x") * (READ_FRAMES_MAX + 1))
    assert len(ends.pipe.receive()) == READ_FRAMES_MAX
    assert len(ends.pipe.receive(None)) == 1


def test_a_parent_that_does_not_read_blocks_nothing_and_misses_nothing(ends: Ends) -> None:
    sent = [bytes([at % 256]) * (at * 37 % 5000 + 1) for at in range(300)]
    for at, payload in enumerate(sent):
        ends.pipe.send(at % 3, payload)
        ends.pipe.flush()
    waiting = sum(ends.pipe.unsent_bytes(request) for request in range(3))
    assert 0 < waiting <= sum(map(len, sent)) + 4 * len(sent)
    assert ends.read() == sent
    assert [ends.pipe.unsent_bytes(request) for request in range(3)] == [0, 0, 0]


def test_the_parent_s_end_is_seen(ends: Ends) -> None:
    os.close(ends.to_worker)
    with pytest.raises(ParentGone):
        ends.pipe.receive()


def test_a_parent_that_will_not_read_any_more_is_gone(ends: Ends) -> None:
    os.close(ends.from_worker)
    ends.pipe.send(1, b"x")
    with pytest.raises(ParentGone):
        ends.pipe.flush()


def test_frames_that_are_none_are_an_error(ends: Ends) -> None:
    os.write(ends.to_worker, bytes(4))
    with pytest.raises(FrameNonsense):
        ends.pipe.receive()


def test_a_mailbox_gives_messages_and_refuses_nonsense_by_its_number(ends: Ends) -> None:
    mailbox = Mailbox(ends.pipe)
    bad = b"\x93\xa3Ask\x07\xa1x"
    os.write(ends.to_worker, frame(encode(Cancel(3, 4))) + frame(bad))
    assert mailbox.receive(0.0) == [Cancel(3, 4)]
    mailbox.send(8, Counted(8, 2))
    mailbox.flush_within(1.0)
    refused, counted = map(decode_from_worker, ends.read())
    assert isinstance(refused, Refused)
    assert (refused.request, refused.status) == (7, 400)
    assert counted == Counted(8, 2)


@pytest.mark.parametrize(
    "payload", [b"\xc1", b"\x01", b"\x91\xa3Ask", b"\x92\xa3Ask\xff", b"\xa1\xff"]
)
def test_a_frame_without_a_number_is_garbage(ends: Ends, payload: bytes) -> None:
    os.write(ends.to_worker, frame(payload))
    with pytest.raises(Garbage):
        Mailbox(ends.pipe).receive(0.0)
