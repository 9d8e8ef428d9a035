"""Two real clients of other dialects than Anthropic's are driven through a tool call.

A scripted peer has the client run a command, and says in the end what the command said: so the
call, its arguments and its result have gone all the way and back. `alone`, the client talks to the
peer itself: that checks these tests. Else Understudy stands between, and the endpoint speaks the
client's own dialect (a relay) or another (a translation).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import pytest

from .dialect_upstream import DialectUpstream, open_dialect_upstream
from .other_clients import CLIENTS, OtherClient
from .script import as_scenario, tool_loop
from .scripted_dialects import DIALECTS
from .scripted_upstream import ScriptedUpstream, open_scripted_upstream
from .understudy_process import endpoint_settings, open_understudy

ALONE = "alone"
WAYS = (ALONE, "openai-responses", "gemini", "openai-chat", "anthropic")
CASES = [(client, way) for client in CLIENTS.values() for way in WAYS]


@attrs.frozen
class Peer:
    """A scripted upstream of any dialect: its address, and how many answers it was asked for."""

    upstream: DialectUpstream | ScriptedUpstream

    @property
    def base_url(self) -> str:
        """The address without a path."""
        return self.upstream.base_url

    @property
    def answers(self) -> int:
        """How many answers it was asked for."""
        if isinstance(self.upstream, DialectUpstream):
            return len(self.upstream.asked)
        return len(self.upstream.message_requests)


@asynccontextmanager
async def open_peer(dialect: str, client: OtherClient) -> AsyncGenerator[Peer]:
    """A peer that has the client do its call; Anthropic's reads it out of the prompt."""
    if dialect == "anthropic":
        async with open_scripted_upstream() as upstream:
            yield Peer(upstream)
        return
    async with open_dialect_upstream(DIALECTS[dialect], tool_loop(client.call)) as other:
        yield Peer(other)


@pytest.mark.parametrize(
    ("client", "way"), CASES, ids=[f"{client.name}-{way}" for client, way in CASES]
)
async def test_a_tool_call_goes_all_the_way_and_back(
    tmp_path: Path, client: OtherClient, way: str
) -> None:
    dialect = client.dialect if way == ALONE else way
    prompt = as_scenario(client.call)
    async with open_peer(dialect, client) as peer:
        if way == ALONE:
            run = await client.run(
                as_scenario(client.call),
                base_url=peer.base_url,
                model="scripted-x",
                folder=tmp_path,
            )
        else:
            settings = endpoint_settings(peer.base_url).replace('"anthropic"', f'"{dialect}"')
            async with open_understudy(tmp_path / "server", settings) as understudy:
                run = await client.run(
                    prompt,
                    base_url=understudy.base_url,
                    model="claude-x",
                    folder=tmp_path / "client",
                )
        assert client.output in run.answer, run.printed
        assert run.answer.startswith("The tools said:")
        assert peer.answers == 2
