"""The `Keychain` port's promises, as functions of a stage: every adapter is held to each of them.

tests/conformance/test_keychain.py runs them on what needs nothing but this machine,
tests/real/test_keychain_port.py on a real Secret Service.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol

import pytest
import trio
from understudy.io.ports import KeptKey, Keychain, KeychainError
from understudy.protocols.secret import Secret

HOST = "api.example.com"
LONG_CHARACTERS = 8_192


class KeychainStage(Protocol):
    """A keychain that is unlocked, and the means to trouble it."""

    keychain: Keychain

    def lock(self) -> None:
        """From now on it is locked, and nobody is there to unlock it."""
        ...

    def deny(self) -> None:
        """From now on whoever is asked refuses."""
        ...

    def stall(self) -> None:
        """From now on it asks somebody who never answers."""
        ...

    def left(self) -> list[str]:
        """What operations that are over have left behind; to be empty."""
        ...


Promise = Callable[[KeychainStage], Awaitable[None]]


def key(value: str = "sk-test-0001", host: str = HOST) -> KeptKey:
    """A key to keep."""
    return KeptKey(Secret(value), host)


async def what_is_kept_is_read_again(stage: KeychainStage) -> None:
    await stage.keychain.write("work", key())
    assert await stage.keychain.read("work") == key()


async def the_host_is_kept_with_it(stage: KeychainStage) -> None:
    await stage.keychain.write("work", key(host="[::1]:8443"))
    found = await stage.keychain.read("work")
    assert found is not None
    assert found.host == "[::1]:8443"


async def a_newer_key_takes_the_older_one_s_place(stage: KeychainStage) -> None:
    await stage.keychain.write("work", key("first"))
    await stage.keychain.write("work", key("second", "other.example"))
    assert await stage.keychain.read("work") == key("second", "other.example")


async def a_key_that_was_removed_is_gone(stage: KeychainStage) -> None:
    await stage.keychain.write("work", key())
    await stage.keychain.write("home", key("another"))
    assert await stage.keychain.remove("work")
    assert await stage.keychain.read("work") is None
    assert await stage.keychain.read("home") == key("another")


async def an_unknown_name_is_no_error(stage: KeychainStage) -> None:
    assert await stage.keychain.read("nobody") is None
    assert not await stage.keychain.remove("nobody")


async def names_differ_by_case_and_have_dots_and_more(stage: KeychainStage) -> None:
    for name in ("Work", "work", "a.b_c-d@e"):
        await stage.keychain.write(name, key(f"value-of-{name}"))
    for name in ("Work", "work", "a.b_c-d@e"):
        assert await stage.keychain.read(name) == key(f"value-of-{name}")


async def what_is_no_name_is_refused_and_not_shown(stage: KeychainStage) -> None:
    for name in ("", "schlüssel", "two words", "a/b", "x" * 129, "sk-ant-api03-AbCdEf123456"):
        for operation in (
            stage.keychain.read(name),
            stage.keychain.write(name, key()),
            stage.keychain.remove(name),
        ):
            with pytest.raises(KeychainError) as caught:
                await operation
            assert not name or name not in str(caught.value)


async def what_is_no_key_is_refused_and_not_shown(stage: KeychainStage) -> None:
    for value in ("", "two words", "line\nbreak", "schlüssel", "x" * (LONG_CHARACTERS + 1)):
        with pytest.raises(KeychainError) as caught:
            await stage.keychain.write("work", key(value))
        assert not value or value not in str(caught.value)
    assert await stage.keychain.read("work") is None


async def a_long_key_is_kept_whole(stage: KeychainStage) -> None:
    long = "".join(chr(0x21 + index % 94) for index in range(LONG_CHARACTERS))
    await stage.keychain.write("work", key(long))
    assert await stage.keychain.read("work") == key(long)


async def many_may_read_at_once(stage: KeychainStage) -> None:
    await stage.keychain.write("work", key())
    found: list[KeptKey | None] = []

    async def read() -> None:
        found.append(await stage.keychain.read("work"))

    async with trio.open_nursery() as nursery:
        for _ in range(6):
            nursery.start_soon(read)
    assert found == [key()] * 6


async def a_locked_keychain_says_so(stage: KeychainStage) -> None:
    await stage.keychain.write("work", key())
    stage.lock()
    with pytest.raises(KeychainError, match="lock") as caught:
        await stage.keychain.read("work")
    assert caught.value.is_locked
    with pytest.raises(KeychainError, match="lock"):
        await stage.keychain.write("work", key("another"))


async def who_refuses_is_heard(stage: KeychainStage) -> None:
    await stage.keychain.write("work", key())
    stage.deny()
    for operation in (stage.keychain.read("work"), stage.keychain.write("work", key("another"))):
        with pytest.raises(KeychainError):
            await operation


async def a_question_that_nobody_answers_ends(stage: KeychainStage) -> None:
    await stage.keychain.write("work", key())
    stage.stall()
    with pytest.raises(KeychainError, match=r"try\s+again"):
        await stage.keychain.write("work", key("another"))
    assert stage.left() == []


async def who_leaves_leaves_nothing(stage: KeychainStage) -> None:
    await stage.keychain.write("work", key())
    stage.stall()
    with trio.move_on_after(0.05) as scope:
        await stage.keychain.write("work", key("another"))
    assert scope.cancelled_caught
    assert stage.left() == []


async def each_operation_is_a_checkpoint(stage: KeychainStage) -> None:
    for operation in (
        stage.keychain.read("work"),
        stage.keychain.write("work", key()),
        stage.keychain.remove("work"),
    ):
        with trio.CancelScope() as scope:
            scope.cancel()
            await operation
        assert scope.cancelled_caught
    assert await stage.keychain.read("work") is None


PROMISES: tuple[Promise, ...] = (
    what_is_kept_is_read_again,
    the_host_is_kept_with_it,
    a_newer_key_takes_the_older_one_s_place,
    a_key_that_was_removed_is_gone,
    an_unknown_name_is_no_error,
    names_differ_by_case_and_have_dots_and_more,
    what_is_no_name_is_refused_and_not_shown,
    what_is_no_key_is_refused_and_not_shown,
    a_long_key_is_kept_whole,
    many_may_read_at_once,
    a_locked_keychain_says_so,
    who_refuses_is_heard,
    a_question_that_nobody_answers_ends,
    who_leaves_leaves_nothing,
    each_operation_is_a_checkpoint,
)
