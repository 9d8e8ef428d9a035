"""The front of the server: the gateway with all that answers beside the actors."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import NamedTuple, Protocol

from ... import __version__
from ...protocols.actor import Ref
from ...protocols.advice.ranking import Advise
from ...protocols.engine.board import EngineBoard
from ...protocols.left_out import LeftOut
from ...protocols.routing.wish import NoteKeysChanged
from ...protocols.settings_data import Settings
from ...protocols.switching.history_marks import HistoryMarks
from ...protocols.turn import LiveTurn
from ..folders import Folders
from ..key_ring import KeyRing
from ..mcp.desk import Desk
from ..mcp.mount import McpMount, mount_of
from ..models.library import find_models
from ..models.recommended_file import recommended_beside
from .door import Door
from .gateway import Gateway
from .key_desk import KeyDesk
from .status import StatusBoard


class Parts(Protocol):
    """What the front needs of the composition root's parts."""

    @property
    def conversations(self) -> Ref:
        """The ledger."""
        ...

    @property
    def resources(self) -> Ref | None:
        """The resource-watcher, if there is one."""
        ...

    @property
    def keys(self) -> KeyRing:
        """The keys of endpoints."""
        ...

    @property
    def left_out(self) -> LeftOut:
        """What no dialect could say."""
        ...

    @property
    def board(self) -> EngineBoard:
        """How the engines are."""
        ...

    @property
    def settings(self) -> Settings:
        """Those that hold now."""
        ...


class Sessions(Protocol):
    """What the front needs of the registry of sessions."""

    @property
    def live(self) -> Mapping[str, LiveTurn]:
        """The turns in flight."""
        ...

    @property
    def marks(self) -> HistoryMarks:
        """What tells conversations apart that have no name."""
        ...

    @property
    def session(self) -> Callable[[str], Ref]:
        """Finds the session of a conversation."""
        ...


class Front(NamedTuple):
    """`mcp` is to be run, and stopped, beside the gateway."""

    board: StatusBoard
    gateway: Gateway
    mcp: McpMount


def open_front(
    parts: Parts,
    router: Ref,
    sessions: Sessions,
    door: Door,
    address: str,
    settings_file: Path,
    folders: Folders,
    advise: Advise,
) -> Front:
    """Makes it. Nothing is served yet."""
    board = StatusBoard(
        __version__,
        address,
        router,
        parts.conversations,
        lambda: list(sessions.live.values()),
        parts.left_out,
        parts.board,
        resources=parts.resources,
        recommended=recommended_beside(settings_file).table,
    )
    library = partial(find_models, os.environ, Path.home(), folders)
    tools = Desk(board, sessions.session, lambda: parts.settings, settings_file, library, advise)
    mcp = mount_of(tools)
    gateway = Gateway(
        door,
        router,
        sessions.session,
        board,
        sessions.marks,
        mcp.budget,
        desk=KeyDesk(parts.keys, lambda: router.post(NoteKeysChanged())),
        advise=advise,
        mcp=mcp,
    )
    return Front(board, gateway, mcp)
