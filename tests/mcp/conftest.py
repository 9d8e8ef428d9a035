"""The server of tests/gateway with the tools mounted at `/mcp`."""

from __future__ import annotations

import attrs
import pytest
import trio
from understudy.actors.advice import adviser
from understudy.io.mcp.desk import Desk
from understudy.io.mcp.mount import McpMount, mount_of
from understudy.io.models.library import Library
from understudy.protocols.models.local_model import LocalModel

from ..gateway.conftest import Stage
from ..gateway.conftest import stage as stage
from .raw import Raw


@attrs.define
class McpStage:
    """A server with `/mcp`."""

    stage: Stage
    desk: Desk
    mount: McpMount
    models: list[LocalModel]

    async def raw(self, era: str) -> Raw:
        """A client of an era, whose session is open."""
        raw = Raw(self.stage.port, era)
        await raw.open()
        return raw


@pytest.fixture
async def served(stage: Stage, nursery: trio.Nursery) -> McpStage:
    models: list[LocalModel] = []
    desk = Desk(
        stage.gateway.status,
        stage.sessions.session,
        lambda: stage.parts.settings,
        stage.settings_path,
        lambda: Library(tuple(models), ()),
        adviser(stage.router, stage.parts.conversations, stage.parts.resources),
    )
    mount = mount_of(desk)
    mount.budget = stage.budget
    stage.gateway.mcp = mount
    nursery.start_soon(mount.run)
    return McpStage(stage, desk, mount, models)
