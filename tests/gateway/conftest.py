"""The server as the composition root builds it, but for its engine and its state on disk."""

from __future__ import annotations

import hmac
import os
from collections.abc import AsyncIterator
from pathlib import Path

import attrs
import pytest
import trio
from understudy import app
from understudy.actors.advice import adviser
from understudy.actors.kernel import open_system
from understudy.actors.kernel.ref import CellRef
from understudy.actors.sessions import Sessions
from understudy.io.engines.llama_server import LlamaServer
from understudy.io.serving.addresses import listen
from understudy.io.serving.body import BodyBudget
from understudy.io.serving.door import Door
from understudy.io.serving.gateway import Gateway
from understudy.io.serving.limits import ServingLimits
from understudy.io.serving.listener import Server, serve_connections
from understudy.io.serving.status import StatusBoard
from understudy.io.settings_file import SettingsFile
from understudy.io.upstream.http11 import Http11Upstream
from understudy.io.upstream.settings import UpstreamSettings
from understudy.simulations.state import SimulatedState

from .client import BEARER, TOKEN, Answer, HeaderPairs, connect
from .upstream import Upstream, open_upstream

BUDGET_BYTES = 1_000_000
SETTINGS = """
[[endpoint]]
name = "work"
dialect = "anthropic"
base_url = "http://127.0.0.1:{port}"
models = ["claude-x"]
key = "env:WORK_KEY"
"""


@attrs.define
class Stage:
    """A server under test and what stands behind it."""

    port: int
    upstream: Upstream
    gateway: Gateway
    server: Server
    parts: app.Parts
    router: CellRef
    sessions: Sessions
    settings_path: Path
    settings_file: SettingsFile

    @property
    def budget(self) -> BodyBudget:
        """The room that request bodies share."""
        return self.gateway.budget

    async def ask(
        self, method: str, target: str, headers: HeaderPairs = BEARER, body: bytes = b""
    ) -> Answer:
        """One request on a connection of its own."""
        with trio.fail_after(10):
            async with connect(self.port) as client:
                await client.start(method, target, headers, body)
                return await client.answer()

    async def wait_idle(self) -> None:
        """Waits until no request is in flight; then all of the budget must be back."""
        with trio.fail_after(5):
            while self.server.statistics().requests_in_flight:
                await trio.sleep(0.005)
        assert self.budget.used_bytes == 0
        assert self.sessions.live == {}


@pytest.fixture
async def stage(
    tmp_path: Path, nursery: trio.Nursery, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Stage]:
    """The server, with one endpoint called `work`."""
    monkeypatch.setenv("WORK_KEY", "key-of-work")
    settings_path = tmp_path / "settings.toml"
    async with open_upstream() as upstream, open_system() as system:
        settings_path.write_text(SETTINGS.format(port=upstream.port))
        settings_file = SettingsFile(settings_path)
        listeners = await listen("127.0.0.1", 0)
        port = int(listeners[0].socket.getsockname()[1])
        http = Http11Upstream(UpstreamSettings())
        parts, router, sessions = app.start_actors(
            system, settings_file.load(), SimulatedState(), http, LlamaServer(), os.environ
        )
        address = f"http://127.0.0.1:{port}"
        board = StatusBoard(
            "1.2.3",
            address,
            router,
            parts.conversations,
            lambda: list(sessions.live.values()),
            engines=parts.board,
        )
        door = Door.for_address(
            lambda token: hmac.compare_digest(token.encode(), TOKEN.encode()),
            "127.0.0.1",
            port,
            any_host=False,
        )
        budget = BodyBudget(BUDGET_BYTES)
        gateway = Gateway(door, router, sessions.session, board, sessions.marks, budget)
        gateway.advise = adviser(router, parts.conversations, parts.resources)
        server: Server = await nursery.start(
            serve_connections, gateway, listeners, ServingLimits(linger_seconds=0.05)
        )
        yield Stage(
            port, upstream, gateway, server, parts, router, sessions, settings_path, settings_file
        )
        server.stop_accepting(grace_seconds=0.0)
        await http.aclose()
