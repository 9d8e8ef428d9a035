"""The ledger as the command line reads it: from the running server, else from its file.

The server knows what was settled just now; without one the file says all there is.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import urlencode

import attrs
import msgspec

from ...protocols.usage.data import line_as_data, row_as_data
from ...protocols.usage.messages import LAST_TURN
from ...protocols.usage.sums import UsageBy
from ..folders import Folders
from ..state_reading import reading
from ..state_schema import SELECT_TURNS, turn_record
from ..state_usage import find_lines, read_usage
from .errors import Failed
from .memory import running_server
from .server import Refused, Server

Answer = TypeVar("Answer", "UsageAnswer", "WhyAnswer")


class UsageAnswer(msgspec.Struct, frozen=True):
    """What `/usage.json` says."""

    rows: tuple[dict[str, Any], ...]


class WhyAnswer(msgspec.Struct, frozen=True):
    """What `/why.json` says."""

    lines: tuple[dict[str, Any], ...]


@attrs.frozen
class Ledger:
    """Where to ask. `server` is None where none runs."""

    folders: Folders
    server: Server | None

    @classmethod
    def find(cls, folders: Folders) -> Ledger:
        """Looks for a running server. Makes no folder and no token."""
        return cls(folders, running_server(folders))

    @property
    def place(self) -> str:
        """Where what is told comes from, in words."""
        if self.server is not None:
            return f"the server at {self.server.address}"
        return str(self.folders.state_file)

    def usage(self, since: str, until: str, by: UsageBy) -> Sequence[Mapping[str, Any]]:
        """The rows of some days. Raises NothingKept, StateError or Failed."""
        if self.server is not None:
            query = urlencode({"since": since, "until": until, "by": by.value})
            return self._ask(f"/usage.json?{query}", UsageAnswer).rows
        with reading(self.folders.state_file) as connection:
            return [row_as_data(row) for row in read_usage(connection, since, until, by)]

    def lines(self, beginning: str) -> Sequence[Mapping[str, Any]]:
        """The lines of the turns whose ids begin so. Raises NothingKept, StateError or Failed."""
        if self.server is not None:
            return self._ask(f"/why.json?{urlencode({'turn': beginning})}", WhyAnswer).lines
        with reading(self.folders.state_file) as connection:
            if beginning == LAST_TURN:
                newest = [turn_record(row) for row in connection.execute(SELECT_TURNS, (1,))]
                if not newest:
                    return []
                beginning = newest[0].first_id
            return [line_as_data(line) for line in find_lines(connection, beginning)]

    def _ask(self, path: str, kind: type[Answer]) -> Answer:
        assert self.server is not None
        try:
            return self.server.read(path, kind)
        except Refused as error:
            words = f"the server at {self.server.address} says: {error}"
            if error.status == 404:
                words += "; it is of an older version: stop it, and start this one"
            raise Failed(words) from None
