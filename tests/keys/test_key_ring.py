"""Keys that are kept for a while: who reads, who waits, and what is forgotten when."""

from __future__ import annotations

import pytest
import trio
import trio.testing
from trio.testing import MockClock
from understudy.io.key_ring import KEPT_SECONDS, REFUSED_SECONDS, KeyRing
from understudy.io.keys import KeyUnavailable
from understudy.io.ports import KeptKey, KeychainError
from understudy.protocols.secret import Secret
from understudy.protocols.settings_data import NO_KEY, KeyReference
from understudy.simulations.keychain import SimulatedKeychain

WORK = KeyReference("keychain", "work")
URL = "https://api.example.com"


def kept(value: str = "sk-one", host: str = "api.example.com") -> KeptKey:
    return KeptKey(Secret(value), host)


def ring_of(latency_seconds: float = 0) -> tuple[SimulatedKeychain, KeyRing]:
    """A keychain with one key in it."""
    keychain = SimulatedKeychain({"work": kept()}, latency_seconds)
    return keychain, KeyRing({"WORK_KEY": "of-the-environment"}, keychain)


async def test_a_key_is_read_once_and_kept_for_a_while(autojump_clock: MockClock) -> None:
    keychain, ring = ring_of()
    for _ in range(3):
        assert await ring.find(WORK, URL) == Secret("sk-one")
    assert keychain.reads == 1
    await trio.sleep(KEPT_SECONDS)
    await ring.find(WORK, URL)
    assert keychain.reads == 2


async def test_what_is_not_in_the_keychain_does_not_ask_it(autojump_clock: MockClock) -> None:
    keychain, ring = ring_of()
    found = await ring.find(KeyReference("env", "WORK_KEY"), URL)
    assert found == Secret("of-the-environment")
    assert await ring.find(NO_KEY, URL) is None
    assert keychain.reads == 0


async def test_of_many_turns_one_asks_the_user(autojump_clock: MockClock) -> None:
    keychain, ring = ring_of(latency_seconds=30)
    found: list[Secret | None] = []

    async def find() -> None:
        found.append(await ring.find(WORK, URL))

    async with trio.open_nursery() as nursery:
        for _ in range(8):
            nursery.start_soon(find)
    assert found == [Secret("sk-one")] * 8
    assert keychain.reads == 1


async def test_a_key_that_is_slow_keeps_no_other_waiting(autojump_clock: MockClock) -> None:
    keychain, ring = ring_of()
    keychain.keys["home"] = kept("sk-home")
    await ring.find(KeyReference("keychain", "home"), URL)
    keychain.latency_seconds = 60
    async with trio.open_nursery() as nursery:
        nursery.start_soon(ring.find, WORK, URL)
        await trio.testing.wait_all_tasks_blocked()
        with trio.fail_after(1):
            await ring.find(KeyReference("keychain", "home"), URL)


async def test_a_refusal_is_not_asked_for_again_by_each_turn(autojump_clock: MockClock) -> None:
    keychain, ring = ring_of(latency_seconds=1)
    keychain.is_denied = True
    refused = 0

    async def find() -> None:
        nonlocal refused
        with pytest.raises(KeyUnavailable, match="keychain:work: the simulated keychain's user"):
            await ring.find(WORK, URL)
        refused += 1

    async with trio.open_nursery() as nursery:
        for _ in range(5):
            nursery.start_soon(find)
    assert (refused, keychain.reads) == (5, 1)
    keychain.is_denied = False
    await trio.sleep(REFUSED_SECONDS)
    assert await ring.find(WORK, URL) == Secret("sk-one")


async def test_who_leaves_while_he_waits_leaves_the_question_to_the_next(
    autojump_clock: MockClock,
) -> None:
    keychain, ring = ring_of(latency_seconds=5)
    with trio.move_on_after(1):
        await ring.find(WORK, URL)
    assert await ring.find(WORK, URL) == Secret("sk-one")
    assert keychain.reads == 2


@pytest.mark.parametrize(
    "base_url",
    ["https://evil.example", "https://api.example.com:8443", "http://api.example.com"],
)
async def test_a_key_is_for_its_host_alone(base_url: str) -> None:
    _, ring = ring_of()
    with pytest.raises(KeyUnavailable, match=r"was given for api\.example\.com, and was not sent"):
        await ring.find(WORK, base_url)


@pytest.mark.parametrize("base_url", ["https://api.example.com:443", "https://API.example.com/x"])
async def test_the_same_host_may_be_written_otherwise(base_url: str) -> None:
    _, ring = ring_of()
    assert await ring.find(WORK, base_url) == Secret("sk-one")


async def test_what_was_rotated_is_read_anew_once_we_are_told(autojump_clock: MockClock) -> None:
    keychain, ring = ring_of()
    await ring.find(WORK, URL)
    await keychain.write("work", kept("sk-two"))
    assert await ring.find(WORK, URL) == Secret("sk-one")
    ring.forget("work")
    assert await ring.find(WORK, URL) == Secret("sk-two")
    await keychain.remove("work")
    ring.forget()
    with pytest.raises(KeyUnavailable, match="there is no such key; run `understudy keys add work"):
        await ring.find(WORK, URL)


class Changing(SimulatedKeychain):
    """A keychain whose key is changed while it is read."""

    ring: KeyRing

    async def read(self, name: str) -> KeptKey | None:
        found = await super().read(name)
        if self.reads == 1:
            self.keys[name] = kept("sk-two")
            self.ring.forget(name)
        return found


async def test_what_changes_while_it_is_read_is_read_again() -> None:
    keychain = Changing({"work": kept()})
    keychain.ring = ring = KeyRing({}, keychain)
    assert await ring.find(WORK, URL) == Secret("sk-two")


async def test_a_key_that_an_endpoint_refuses_is_read_anew() -> None:
    keychain, ring = ring_of()
    await ring.find(WORK, URL)
    ring.refused(KeyReference("env", "work"))
    await ring.find(WORK, URL)
    assert keychain.reads == 1
    ring.refused(WORK)
    await ring.find(WORK, URL)
    assert keychain.reads == 2


async def test_what_is_said_shows_no_key() -> None:
    _, ring = ring_of()
    await ring.find(WORK, URL)
    assert "sk-one" not in repr(ring)


async def test_without_a_keychain_there_is_a_way_out() -> None:
    with pytest.raises(KeyUnavailable, match="there is no keychain here; use env:NAME"):
        await KeyRing({}).find(WORK, URL)


async def test_only_an_encrypted_file_is_unlocked_by_us() -> None:
    _, ring = ring_of()
    with pytest.raises(KeychainError, match="is unlocked there"):
        await ring.unlock(Secret("a long passphrase"))
