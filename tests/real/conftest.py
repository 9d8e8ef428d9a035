"""What a test of the real client talks to.

By default Understudy with the scripted upstream behind it, and a tap on either side of it. With
UNDERSTUDY_TEST_TARGET=direct the client talks to the scripted upstream itself: that checks these
tests, and shows how the client alone behaves.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import attrs
import pytest

from .client import PRINT_SECONDS_MAX, TOKEN, ClientHome, PrintResult, run_print
from .scripted_upstream import ScriptedUpstream, open_scripted_upstream
from .tap import Tap, open_tap
from .understudy_process import UnderstudyProcess, endpoint_settings, open_understudy

ALONE = frozenset(
    [
        "test_aborts",
        "test_aborts_translated",
        "test_client_terminal",
        "test_client_worker",
        "test_llama_direct",
        "test_llama_server",
        "test_llama_worker",
        "test_llama_worker_embedding",
        "test_llama_worker_ends",
        "test_llama_worker_memory",
        "test_llama_worker_recurrent",
        "test_memory_contention",
        "test_memory_pressure",
        "test_mlx_worker",
        "test_routing_storm",
        "test_soak",
        "test_worker_canaries",
        "test_worker_limit",
        "test_worker_suites",
    ]
)
"""Modules that measure a time or a memory: nothing else may run beside them."""

DIRECT = os.environ.get("UNDERSTUDY_TEST_TARGET") == "direct"


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Marks what has to run alone, before `-m` chooses."""
    for item in items:
        if item.path.stem in ALONE:
            item.add_marker("alone")


@attrs.frozen
class Target:
    """Client → `tap` → understudy → `upstream_tap` → upstream; direct: client → `tap` → upstream.

    `base_url` is the tap's address and `model` what the client asks for.
    """

    upstream: ScriptedUpstream
    tap: Tap
    model: str
    home: ClientHome
    upstream_tap: Tap | None = None
    understudy: UnderstudyProcess | None = None

    @property
    def base_url(self) -> str:
        """Where the client's requests go."""
        return self.tap.base_url

    async def ask(
        self,
        prompt: str,
        *,
        output_format: str = "json",
        timeout_seconds: float = PRINT_SECONDS_MAX,
        token: str = TOKEN,
        model: str = "",
    ) -> PrintResult:
        """Runs the client in print mode against this target."""
        return await run_print(
            prompt,
            home=self.home,
            base_url=self.base_url,
            model=model or self.model,
            output_format=output_format,
            token=token,
            timeout_seconds=timeout_seconds,
        )


@pytest.fixture
async def upstream() -> AsyncIterator[ScriptedUpstream]:
    """A scripted upstream of this test's own."""
    async with open_scripted_upstream() as running:
        yield running


@pytest.fixture
def client_home(tmp_path: Path) -> ClientHome:
    """A fresh home and project for the client."""
    return ClientHome.create(tmp_path / "client")


@pytest.fixture
async def target(
    tmp_path: Path, upstream: ScriptedUpstream, client_home: ClientHome
) -> AsyncIterator[Target]:
    """What the client talks to; see the module's theory."""
    if DIRECT:
        async with open_tap(upstream.port) as tap:
            yield Target(upstream, tap, "claude-x", client_home)
        return
    async with open_tap(upstream.port) as upstream_tap:
        settings = endpoint_settings(upstream_tap.base_url)
        async with (
            open_understudy(tmp_path / "server", settings) as understudy,
            open_tap(understudy.port) as tap,
        ):
            yield Target(upstream, tap, "work/claude-x", client_home, upstream_tap, understudy)
