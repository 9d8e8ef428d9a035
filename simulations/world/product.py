"""What the world asks of the product: the names in `app` that a run is made of.

The product is handed in, since nothing here may import it. Its own wiring starts our actors, its
own listener accepts, over hypercorn's and h11's real code, and its real upstream client dials
scripted peers. Only sockets, the clock, the scheduler, the disk and the engine are not real.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Protocol

from ...actors.kernel import ActorSystem
from ...actors.kernel.ref import CellRef
from ...actors.sessions import Sessions
from ...io.ports import Calendar, Engine, Keychain, Memory, State, Upstream
from ...io.serving.status import StatusBoard
from ...protocols.settings_data import Settings
from ...protocols.switching.classifier import Classifier
from ...protocols.switching.history_marks import HistoryMarks


class Product(Protocol):
    """What the composition root offers; the module `app` is one."""

    def start_actors(
        self,
        system: ActorSystem,
        settings: Settings,
        state: State,
        upstream: Upstream,
        engine: Engine,
        environ: Mapping[str, str],
        *,
        memory: Memory,
        calendar: Calendar,
        draw: Callable[[], float],
        keychain: Keychain,
        marks: HistoryMarks,
        classifier: Classifier,
    ) -> tuple[Any, CellRef, Sessions]:
        """Spawns the actors that live as long as the server."""
        ...

    async def follow_settings(
        self, file: Any, parts: Any, router: CellRef, board: StatusBoard
    ) -> None:
        """Applies each change of the settings that `file.watch` sends."""
        ...
