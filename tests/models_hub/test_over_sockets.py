"""The same over real sockets, with the client that users have: what a simulated peer cannot do."""

from __future__ import annotations

from pathlib import Path

import attrs
import pytest
from understudy.io.models.hub_client import HubClient, HubFailed
from understudy.io.models.hub_pull import Plan, fetch, make_plan
from understudy.io.upstream.http11 import Http11Upstream
from understudy.protocols.models.hub_address import Hub, Wanted

from .content import gguf_file
from .fake_hub import (
    HUB,
    STORE,
    TOKEN,
    Fault,
    HubAnswer,
    HubRequest,
    Model,
    cut,
    hang,
    ignore_range,
    redirect,
    status,
)
from .hub_server import HubServer, open_hub_server

CONTENT = gguf_file(40 * 2**20)


def short(request: HubRequest, answer: HubAnswer) -> HubAnswer:
    """Fewer bytes than the head has promised."""
    return attrs.evolve(answer, length=len(answer.body) + 9)


async def pulled(server: HubServer, models_dir: Path, stall_seconds_max: float = 30.0) -> Path:
    """Pulls the model with a token; waits between tries are as short as may be."""
    upstream = Http11Upstream()
    client = HubClient(
        upstream,
        Hub(server.hub.hub_url),
        draw=lambda: 0.0,
        token=TOKEN,
        stall_seconds_max=stall_seconds_max,
    )
    plan = await make_plan(client, Wanted("a/b"), None)
    assert isinstance(plan, Plan)
    try:
        return await fetch(client, plan, models_dir, lambda _: None)
    finally:
        await upstream.aclose()
        assert upstream.statistics().open_connections == 0


@pytest.mark.parametrize(
    "faults",
    [
        [],
        [cut(3_000_000), cut(0), cut(1)],
        [short],
        [status(503), status(429, retry_after="0")],
        [ignore_range(CONTENT)] * 10,
    ],
    ids=["none", "resets", "short", "trouble", "no ranges"],
)
async def test_a_model_comes_whole(tmp_path: Path, faults: list[Fault]) -> None:
    async with open_hub_server() as server:
        server.hub.add(Model("a/b", {"m-Q4_K_M.gguf": CONTENT}))
        server.hub.faults[STORE].extend(faults)
        path = await pulled(server, tmp_path)
        assert path.read_bytes() == CONTENT
        assert all("authorization" not in each.headers for each in server.hub.to(STORE))
        assert all("authorization" in each.headers for each in server.hub.to(HUB))


async def test_a_host_that_falls_silent_is_left(tmp_path: Path) -> None:
    async with open_hub_server() as server:
        server.hub.add(Model("a/b", {"m-Q4_K_M.gguf": CONTENT}))
        server.hub.faults[STORE].append(hang(1_000_000))
        assert (await pulled(server, tmp_path, 1.0)).read_bytes() == CONTENT


async def test_a_redirect_loop_ends(tmp_path: Path) -> None:
    async with open_hub_server() as server:
        server.hub.add(Model("a/b", {"m-Q4_K_M.gguf": CONTENT}))
        server.hub.always[STORE] = redirect(f"{server.hub.store_url}/loop")
        with pytest.raises(HubFailed, match="redirects more than"):
            await pulled(server, tmp_path)


async def test_a_hub_s_endless_answer_is_left(tmp_path: Path) -> None:
    def endless(request: HubRequest, answer: HubAnswer) -> HubAnswer:
        return HubAnswer(body=b" " * (9 * 2**20))

    async with open_hub_server() as server:
        server.hub.always[HUB] = endless
        with pytest.raises(HubFailed, match="longer than 8 MiB"):
            await pulled(server, tmp_path)
