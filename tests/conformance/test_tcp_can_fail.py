"""The suite of TCP can fail: faults planted in the virtual one, and the test that sees each.

The suite's own functions are called, in virtual time, so that a fault that hangs costs nothing.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from random import Random

import pytest
import trio
import trio.testing
from understudy.simulations.world import endpoint, socket
from understudy.simulations.world.endpoint import Endpoint, Signal
from understudy.simulations.world.network import VirtualNetwork
from understudy.simulations.world.socket import VirtualSocket

from . import test_tcp as suite
from .tcp_stage import Address, Network

HANG_SECONDS = 300.0
"""More than Linux tries to connect."""

Test = Callable[[Network], Awaitable[None]]
TESTS: list[Test] = [test for name, test in vars(suite).items() if name.startswith("test_")]


def run_on_the_virtual_network(test: Test) -> None:
    """Raises what the test raises, or TooSlowError if it hangs."""

    async def run() -> None:
        VirtualNetwork(Random(1)).install()
        with trio.fail_after(HANG_SECONDS):
            await test(Network(VirtualSocket))

    trio.run(run, clock=trio.testing.MockClock(autojump_threshold=0))


def no_window(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(endpoint, "WINDOW_BYTES", 2**40)


def window_that_never_opens(patch: pytest.MonkeyPatch) -> None:
    def sleep_on(self: Endpoint) -> None:
        assert self.peer is not self

    patch.setattr(Endpoint, "wake", sleep_on)


def lost(signal: Signal) -> Callable[[pytest.MonkeyPatch], None]:
    def plant(patch: pytest.MonkeyPatch) -> None:
        whole = Endpoint.put

        def put(self: Endpoint, segment: bytes | Signal) -> None:
            if segment is not signal:
                whole(self, segment)

        patch.setattr(Endpoint, "put", put)

    return plant


def bytes_read_twice(patch: pytest.MonkeyPatch) -> None:
    whole = Endpoint._take  # pyright: ignore[reportPrivateUsage] what is planted lies inside

    def take(self: Endpoint, bytes_max: int) -> bytes:
        data = whole(self, bytes_max)
        vars(self)["_received"].appendleft(data)
        return data

    patch.setattr(Endpoint, "_take", take)


def segments_out_of_order(patch: pytest.MonkeyPatch) -> None:
    whole = Endpoint.put

    def put(self: Endpoint, segment: bytes | Signal) -> None:
        whole(self, segment)
        vars(self)["_arriving"].rotate(1)

    patch.setattr(Endpoint, "put", put)


def close_that_wakes_nobody(patch: pytest.MonkeyPatch) -> None:
    whole = Endpoint.close

    def close(self: Endpoint, *, reset: bool) -> None:
        kept = vars(self)["_waiting"]
        vars(self)["_waiting"] = trio.lowlevel.ParkingLot()
        whole(self, reset=reset)
        vars(self)["_waiting"] = kept

    patch.setattr(Endpoint, "close", close)


def endless_backlog(patch: pytest.MonkeyPatch) -> None:
    whole = VirtualSocket.listen

    def listen(self: VirtualSocket, backlog: int = 0) -> None:
        whole(self, socket.BACKLOG_MAX + backlog)

    patch.setattr(VirtualSocket, "listen", listen)


def backlog_that_is_left_alone(patch: pytest.MonkeyPatch) -> None:
    def forget(self: VirtualSocket, accepted: object) -> None:
        assert self is not accepted

    patch.setattr(VirtualSocket, "_reset_waiting", forget)


def closed_peer_that_takes_everything(patch: pytest.MonkeyPatch) -> None:
    whole = Endpoint.put

    def put(self: Endpoint, segment: bytes | Signal) -> None:
        if not self.closed:
            whole(self, segment)

    patch.setattr(Endpoint, "put", put)


def reset_that_is_told_again(patch: pytest.MonkeyPatch) -> None:
    def take_untold(self: Endpoint) -> OSError | None:
        found: OSError | None = vars(self)["_untold"]
        return found

    patch.setattr(Endpoint, "_take_untold", take_untold)


def unread_bytes_that_do_not_reset(patch: pytest.MonkeyPatch) -> None:
    whole = Endpoint.close

    def close(self: Endpoint, *, reset: bool) -> None:
        if self.readable:
            vars(self)["_received"].clear()
        whole(self, reset=reset)

    patch.setattr(Endpoint, "close", close)


def half_close_that_closes_both_ways(patch: pytest.MonkeyPatch) -> None:
    whole = Endpoint.send_fin

    def send_fin(self: Endpoint) -> None:
        whole(self)
        self.peer.sent_fin = True

    patch.setattr(Endpoint, "send_fin", send_fin)


def every_name_is_known(patch: pytest.MonkeyPatch) -> None:
    def knows(self: VirtualNetwork, host: str) -> bool:
        return bool(self) or bool(host)

    patch.setattr(VirtualNetwork, "knows", knows)


def address_that_two_may_have(patch: pytest.MonkeyPatch) -> None:
    def bind_now(self: VirtualSocket, address: Address) -> None:
        self.name = address[0], address[1] or 50_000

    patch.setattr(VirtualSocket, "bind_now", bind_now)


PLANTED: dict[Callable[[pytest.MonkeyPatch], None], Test] = {
    no_window: suite.test_a_sender_waits_for_a_reader,
    window_that_never_opens: suite.test_a_full_window_opens_again_and_nothing_is_lost,
    lost(Signal.FIN): suite.test_what_was_sent_comes_before_the_end,
    lost(Signal.RST): suite.test_a_reset_is_told_once_after_what_came_before_it,
    bytes_read_twice: suite.test_a_reset_is_told_once_after_what_came_before_it,
    segments_out_of_order: suite.test_a_full_window_opens_again_and_nothing_is_lost,
    close_that_wakes_nobody: suite.test_our_own_close_wakes_a_waiting_reader_and_sender,
    endless_backlog: suite.test_only_so_many_connections_wait_to_be_accepted,
    backlog_that_is_left_alone: suite.test_connections_that_nobody_accepted_are_reset,
    closed_peer_that_takes_everything: suite.test_who_sends_to_one_that_has_closed_is_stopped,
    reset_that_is_told_again: suite.test_a_reset_is_told_once_after_what_came_before_it,
    unread_bytes_that_do_not_reset: suite.test_closing_with_unread_bytes_resets,
    half_close_that_closes_both_ways: suite.test_both_sides_may_half_close_one_after_the_other,
    every_name_is_known: suite.test_a_name_that_nobody_has_is_not_found,
    address_that_two_may_have: suite.test_listening_in_use_refused_and_closed,
}


@pytest.mark.parametrize("test", TESTS, ids=lambda test: str(test.__name__))
def test_without_a_fault_nothing_fails(test: Test) -> None:
    run_on_the_virtual_network(test)


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: str(plant.__name__))
def test_a_planted_fault_is_seen(
    plant: Callable[[pytest.MonkeyPatch], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    seen = (AssertionError, OSError, trio.TooSlowError, pytest.fail.Exception, BaseExceptionGroup)
    with pytest.raises(seen):
        run_on_the_virtual_network(PLANTED[plant])
