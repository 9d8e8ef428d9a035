"""Looking at ports over sockets: strangers of all kinds, silence, and nobody at all."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial

import psutil
import pytest
import trio
from understudy.io.discovery import port_owner
from understudy.io.discovery.port_owner import (
    UNKNOWN,
    Owner,
    listeners,
    owner_by_users,
    owners_of,
)
from understudy.io.discovery.probe import PROBE_SECONDS_MAX, Seen, probe
from understudy.io.upstream.http11 import Http11Upstream
from understudy.protocols.discovery.inquiry import ANSWER_BYTES_MAX

Answering = Callable[[trio.SocketStream], Awaitable[None]]

HEAD = b"HTTP/1.1 200 OK\r\nconnection: close\r\n"
TABLE = """\
  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode
   0: 0100007F:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000        0 1
   1: 00000000:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 2
   2: 0100007F:1F90 0100007F:9999 01 00000000:00000000 00:00000000 00000000  1001        0 3
   3: 0200A8C0:2CAA 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1002        0 4
   4: short
"""
TABLE_6 = """\
  sl  local_address                         remote_address                        st x x x uid
   0: 00000000000000000000000000000000:04D2 00000000000000000000000000000000:0000 0A 0 0 0 998
"""


def saying(*pieces: bytes) -> Answering:
    async def answer(stream: trio.SocketStream) -> None:
        await stream.receive_some()
        for piece in pieces:
            await stream.send_all(piece)
        stream.socket.close()

    return answer


async def saying_nothing(stream: trio.SocketStream) -> None:
    await trio.sleep_forever()


async def saying_much(stream: trio.SocketStream) -> None:
    await stream.receive_some()
    with suppress(trio.BrokenResourceError):
        await stream.send_all(HEAD + b"content-type: application/json\r\n\r\n")
        for _ in range(ANSWER_BYTES_MAX // 65_536 * 3):
            await stream.send_all(b" " * 65_536)


@asynccontextmanager
async def stranger(answer: Answering) -> AsyncGenerator[int]:
    sockets = await trio.open_tcp_listeners(0, host="127.0.0.1")
    async with trio.open_nursery() as nursery:
        nursery.start_soon(partial(trio.serve_listeners, answer, sockets))
        yield sockets[0].socket.getsockname()[1]
        nursery.cancel_scope.cancel()


def none_to_be_seen(_attributes: list[str]) -> list[psutil.Process]:
    return []


async def look(*ports: int) -> tuple[Seen, ...]:
    upstream = Http11Upstream()
    try:
        return await probe(upstream, ports=ports)
    finally:
        await upstream.aclose()


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (saying(b"SSH-2.0-OpenSSH_9.9\r\n"), "breaks off"),
        (saying(), "breaks off"),
        (saying(HEAD + b"\r\n<html><body>Home</body></html>"), "a page for a browser"),
        (
            saying(
                b"HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n"
            ),
            "redirects",
        ),
        (saying(b"HTTP/1.1 401 No\r\ncontent-length: 0\r\n\r\n"), "asks for a key"),
        (saying_much, "sends more than"),
    ],
)
async def test_a_stranger_is_told_in_words(answer: Answering, words: str) -> None:
    async with stranger(answer) as port:
        [seen] = await look(port)
    assert seen.server is None
    assert words in seen.words


async def test_who_says_nothing_holds_nobody_up() -> None:
    async with stranger(saying_nothing) as port:
        started = trio.current_time()
        [seen] = await look(port)
        assert trio.current_time() - started < PROBE_SECONDS_MAX + 0.5
    assert "says nothing" in seen.words


async def test_where_nobody_listens_nothing_is_seen() -> None:
    async with stranger(saying_nothing) as port:
        pass
    assert await look(port) == ()


def test_the_kernel_says_who_listens() -> None:
    tables = (TABLE, TABLE_6)
    assert listeners(tables, 11_434) == {1000}
    assert listeners(tables, 8_080) == {0}
    assert listeners(tables, 1_234) == {998}
    assert listeners(tables, 9) == set()
    assert listeners(("", "nonsense\n1 2 3"), 9) == set()


def test_a_port_is_one_s_own_only_if_nobody_else_has_it_too() -> None:
    assert owner_by_users({1000}, 1000) == Owner("yours")
    assert owner_by_users(set(), 1000) == UNKNOWN
    assert owner_by_users({1000, 987_654}, 1000) == Owner("another's", "987654")
    assert str(owner_by_users({987_654}, 1000)) == "another user's (987654)"


async def test_one_s_own_port_is_one_s_own() -> None:
    async with stranger(saying_nothing) as port:
        owner = owners_of([port])[port]
    assert owner == Owner("yours")


async def test_where_the_kernel_does_not_say_one_s_own_processes_do(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(port_owner, "platform", lambda: "darwin")
    async with stranger(saying_nothing) as port:
        found = owners_of([port, 1])
    assert found == {port: Owner("yours"), 1: Owner("another's")}
    monkeypatch.setattr(psutil, "process_iter", none_to_be_seen)
    assert owners_of([port]) == {port: UNKNOWN}
