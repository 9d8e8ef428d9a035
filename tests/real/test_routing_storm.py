"""64 conversations at eight faulty endpoints, through the real process and over real sockets.

What is simulated under many seeds (simulations/scenarios/routing_storm.py) is here held for minutes
on end: no turn is lost or answered twice, none is at a place that its rule does not name, nothing
private is at a remote one, no key at another's, the next place is asked at once, each turn has its
line, and the server does not grow. UNDERSTUDY_TEST_STORM_SECONDS makes it longer.
"""

from __future__ import annotations

import faulthandler
import json
import os
import random
import sqlite3
import statistics
from collections import defaultdict
from itertools import pairwise
from pathlib import Path

import attrs
import h11
import psutil
import pytest
import trio

from .client import TOKEN
from .conftest import DIRECT
from .plain_client import READ_BYTES, open_plain_client
from .routing_peer import Exchange, RoutingPeer, open_peers
from .understudy_process import UnderstudyProcess, open_understudy

SECONDS = float(os.environ.get("UNDERSTUDY_TEST_STORM_SECONDS", "120"))
SESSIONS = 64
SEED = 20261126
ESC_CHANCE = 0.1
PAUSE_SECONDS = (0.5, 3.5)
TURN_SECONDS_MAX = 60.0
FALLBACK_SECONDS_MAX = 2.0
"""From one place's failure to the next one's being asked, on a machine that is busy."""
GROWTH_BYTES_MAX = 48 * 1024**2
REMOTE = ["main", "pool", "spare", "left", "middle", "right"]
PRIVATE = ["home", "vault"]
KEYS = {"main": 2, "pool": 3}
"""How many keys an endpoint has, if more than one."""
REPLICAS = {"left", "middle", "right"}
ALLOWED = {
    "main/m": {"main", "pool", "spare"},
    "pool/m": {"pool", "spare"},
    "replicas": REPLICAS,
    "home/m": {"home", "vault"},
    "claude-haiku-4-5": {"spare", "pool"},
    "nobody-has-this": {"main", "pool", "spare"},
}
"""The endpoints that the settings below name for each id."""
MODELS = list(ALLOWED)
SILENT = ("cuts", "hangs")
"""Faults in which no byte is said: on a connection that was idle that is no answer, and the
endpoint is asked once more on a new one."""
MENDED = {401, 403, 404, 429, 500, 502, 503, 529}

pytestmark = pytest.mark.skipif(DIRECT, reason="it watches the process of Understudy")


@attrs.define(eq=False)
class Asked:
    """A turn as its client saw it."""

    marker: str
    model: str
    private: bool
    status: int = 0
    ending: str = "left"
    body: bytes = b""
    route: str = ""
    turn: str = ""


def settings(peers: dict[str, RoutingPeer]) -> str:
    """Pools of keys, fallbacks, private ones, a rule for small work, and replicas."""
    fallback = {"main": ["pool", "spare"], "pool": ["spare"], "home": ["vault"]}
    parts = ['default = "main/m"\n[routing]\ncooldown_seconds = 1\n']
    for name, peer in peers.items():
        keys = [f"env:{key_name(name, number)}" for number in range(KEYS.get(name, 1))]
        parts.append(
            f'[[endpoint]]\nname = "{name}"\ndialect = "anthropic"\nmodels = ["m"]\n'
            f'base_url = "{peer.base_url}"\nallow_plain_http = true\nkey = {json.dumps(keys)}\n'
            f"private = {json.dumps(name in PRIVATE)}\n"
            f"fallback = {json.dumps([f'{other}/m' for other in fallback.get(name, [])])}\n"
        )
    parts.append('[[rule]]\nwhen = ["background"]\nto = ["spare/m", "pool/m"]\n')
    replicas = json.dumps([f"{name}/m" for name in sorted(REPLICAS)])
    parts.append(f'[[rule]]\nmodel = "replicas"\nto = {replicas}\nspread = "affinity"\n')
    return "\n".join(parts)


def key_name(endpoint: str, number: int) -> str:
    """The environment variable of a key."""
    return f"KEY_{endpoint.upper()}_{number}"


def keys_of(endpoint: str) -> list[str]:
    """The keys of an endpoint."""
    return [f"secret-{endpoint}-{number}" for number in range(KEYS.get(endpoint, 1))]


async def test_routing_storm(tmp_path: Path) -> None:
    faulthandler.cancel_dump_traceback_later()  # it takes its time, and does not hang
    turns: list[Asked] = []
    async with open_peers(REMOTE, PRIVATE, SEED) as (peers, log):
        environment = {
            key_name(name, number): value
            for name in peers
            for number, value in enumerate(keys_of(name))
        }
        folder = tmp_path / "server"
        async with open_understudy(folder, settings(peers), environment) as understudy:
            sizes = await _storm(understudy, turns)
            for peer in peers.values():
                peer.is_calm = True
            await trio.sleep(3)
            for model in MODELS:
                answer = await _ask(understudy.port, f"calm-{model}", f"after/{model}", model, None)
                turns.append(answer)
                assert answer.status == 200, f"after the storm {model} was told {answer.status}"
    judge(turns, log)
    lines = _ledger(folder / "state")
    judge_ledger(turns, lines)
    growth_bytes = sizes[-1] - sizes[len(sizes) // 4]
    _print(turns, log, lines, sizes)
    assert growth_bytes < GROWTH_BYTES_MAX, f"the server grew by {growth_bytes >> 10} KiB"


async def _storm(understudy: UnderstudyProcess, turns: list[Asked]) -> list[int]:
    """Clients talk until the time is over. Returns the server's memory, each two seconds."""
    sizes: list[int] = []
    process = psutil.Process(understudy.process_id)
    end = trio.current_time() + SECONDS
    async with trio.open_nursery() as nursery:
        for number in range(SESSIONS):
            own = random.Random(SEED * SESSIONS + number)
            nursery.start_soon(_converse, understudy.port, number, own, end, turns)
        while trio.current_time() < end:
            sizes.append(int(process.memory_full_info().uss))
            await trio.sleep(2)
    return sizes


async def _converse(
    port: int, number: int, randomness: random.Random, end: float, turns: list[Asked]
) -> None:
    own = MODELS[number % len(MODELS)]
    count = 0
    while trio.current_time() < end:
        await trio.sleep(randomness.uniform(*PAUSE_SECONDS))
        count += 1
        model = own
        if own == "home/m" and count > 1:  # its first turn makes a conversation private
            model = randomness.choice((own, own, "claude-haiku-4-5", "nobody-has-this"))
        turns.append(await _ask(port, f"storm-{number}", f"{number}/{count}", model, randomness))


async def _ask(
    port: int, session: str, marker: str, model: str, randomness: random.Random | None
) -> Asked:
    """One turn; without a randomness nobody presses Esc."""
    private = session.startswith("storm-") and MODELS[int(session[6:]) % len(MODELS)] == "home/m"
    asked = Asked(marker, model, private)
    streamed = randomness is None or randomness.random() < 0.7
    esc = randomness is not None and randomness.random() < ESC_CHANCE
    patience_seconds = randomness.uniform(0, 0.3) if esc and randomness else TURN_SECONDS_MAX
    with trio.move_on_after(patience_seconds):
        async with open_plain_client(port) as client:
            try:
                await client.send(_request(session, asked, streamed=streamed))
                await _read(client.stream, asked)
            except trio.Cancelled:
                client.leave("rst")
                raise
    assert esc or asked.ending != "left", f"{marker} was lost: nothing for {TURN_SECONDS_MAX} s"
    return asked


async def _read(stream: trio.SocketStream, asked: Asked) -> None:
    parser = h11.Connection(h11.CLIENT)
    parser.send(h11.Request(method="GET", target="/", headers=[("host", "x")]))
    parser.send(h11.EndOfMessage())
    while True:
        try:
            event = parser.next_event()
            if event is h11.NEED_DATA:
                parser.receive_data(await stream.receive_some(READ_BYTES))
                continue
        except (h11.RemoteProtocolError, trio.BrokenResourceError):
            asked.ending = "cut"
            return
        if isinstance(event, h11.Response):
            asked.status = event.status_code
            headers = {name: value.decode() for name, value in event.headers}
            asked.route = headers.get(b"x-understudy-route", "")
            asked.turn = headers.get(b"request-id", "")
        elif isinstance(event, h11.Data):
            asked.body += bytes(event.data)
        elif isinstance(event, h11.EndOfMessage):
            asked.ending = "whole"
            return


def _request(session: str, asked: Asked, *, streamed: bool) -> bytes:
    text = f"<turn {asked.marker}> {'PRIVATE' if asked.private else ''}"
    body = json.dumps(
        {
            "model": asked.model,
            "max_tokens": 100,
            "stream": streamed,
            "messages": [{"role": "user", "content": text}],
        }
    ).encode()
    head = (
        "POST /v1/messages HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n"
        f"anthropic-version: 2023-06-01\r\nx-claude-code-session-id: {session}\r\n"
        f"authorization: Bearer {TOKEN}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def judge(turns: list[Asked], log: list[Exchange]) -> None:
    """Holds what clients and endpoints saw together."""
    by_marker: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in log:
        assert exchange.key in keys_of(exchange.endpoint), f"{exchange.endpoint} saw a foreign key"
        if exchange.private:
            assert exchange.endpoint in PRIVATE, f"{exchange.endpoint} saw what is private"
        by_marker[exchange.marker].append(exchange)
    for turn in turns:
        _judge_turn(turn, by_marker[turn.marker])


def _judge_turn(turn: Asked, exchanges: list[Exchange]) -> None:
    allowed = set(PRIVATE) if turn.private else ALLOWED[turn.model]
    asked = [exchange.endpoint for exchange in exchanges]
    words = f"{turn.marker} for {turn.model}, {turn.status}, {turn.ending}: {exchanges}"
    assert set(asked) <= allowed, f"a wrong endpoint was asked: {words}"
    spoken = [exchange.endpoint for exchange in exchanges if exchange.fault not in SILENT]
    for endpoint in allowed:
        assert spoken.count(endpoint) <= KEYS.get(endpoint, 1), f"asked too often: {words}"
    begun = [exchange for exchange in exchanges if exchange.begun]
    assert len(begun) <= 1, f"it was answered twice: {words}"
    assert not begun or begun[0] is exchanges[-1], f"it was asked again after its answer: {words}"
    if turn.ending == "left":
        return
    if turn.status == 200 and turn.ending == "whole" and b"event: error" not in turn.body:
        assert begun, f"nobody has answered: {words}"
        said = f"{begun[0].endpoint} answers {turn.marker}".encode()
        assert said in turn.body, f"another's answer was told: {words}"
        assert turn.route.startswith(f"{begun[0].endpoint}/m;"), f"{turn.route}: {words}"
    elif turn.status in MENDED and exchanges:
        # What names no endpoint stays at the last private one, which falls back to nobody.
        stays = turn.private and turn.model != "home/m"
        assert stays or set(asked) == allowed, f"a place was left that might have answered: {words}"
    elif turn.ending == "cut":
        assert begun, f"it was cut without a cause: {words}"
        assert begun[0].fault == "breaks off", f"it was cut without a cause: {words}"


def gaps(log: list[Exchange]) -> list[float]:
    """From the failure of each place to the next one's being asked."""
    by_marker: dict[str, list[Exchange]] = defaultdict(list)
    for exchange in log:
        by_marker[exchange.marker].append(exchange)
    return [
        max(0.0, later.asked_seconds - earlier.ended_seconds)
        for exchanges in by_marker.values()
        for earlier, later in pairwise(exchanges)
    ]


Line = tuple[str, str, str]


def _ledger(state: Path) -> list[Line]:
    """Each line of the ledger: its id, the endpoint, and how it ended."""
    [file] = state.rglob("state.db")
    with sqlite3.connect(file) as database:
        return list(database.execute("SELECT turn, endpoint, outcome FROM turns ORDER BY ordinal"))


def judge_ledger(turns: list[Asked], lines: list[Line]) -> None:
    """Each turn that its client knows by an id has its lines, and was answered once."""
    found: dict[str, list[Line]] = defaultdict(list)
    for line in lines:
        found[line[0].partition("~")[0]].append(line)
    for turn in turns:
        own = found[turn.turn] if turn.turn else []
        assert own or not turn.turn, f"{turn.marker} has no line"
        answered = sum(outcome == "answered" for _, _, outcome in own)
        assert answered <= 1, f"{turn.marker} was answered {answered} times: {own}"
        if turn.route:
            assert own[-1][1] == turn.route.partition("/")[0], f"{turn.route}: {own}"
    known = sum(bool(turn.turn) for turn in turns)
    assert known <= len([name for name in found if found[name]]) <= len(turns)


def _print(turns: list[Asked], log: list[Exchange], lines: list[Line], sizes: list[int]) -> None:
    fallbacks = sorted(gaps(log))
    told = {kind: sum(turn.ending == kind for turn in turns) for kind in ("whole", "cut", "left")}
    print(f"\nstorm: {SECONDS:.0f} s, {len(turns)} turns {told}, {len(log)} exchanges")
    print(f"storm: {len(lines)} lines, {len(fallbacks)} fallbacks")
    if len(fallbacks) > 1:
        p95 = statistics.quantiles(fallbacks, n=20)[-1]
        middle = statistics.median(fallbacks)
        print(f"storm: a fallback adds p50 {1000 * middle:.1f} ms, p95 {1000 * p95:.1f} ms")
        assert middle < FALLBACK_SECONDS_MAX, f"the next place is asked after {middle:.2f} s"
    print(f"storm: USS in MiB each 20 s: {[size >> 20 for size in sizes[::10]]}")
