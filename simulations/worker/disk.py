"""The folder of state files, made of memory: it outlives the processes that write to it.

The files are in the real form (`state_header`), the state itself is what the simulated cells hold.
Faults are drawn at `state files.fail to be written`, `state files.fail to be read` and `state
files.are spoiled`: what was written is cut or changed then, and whoever reads it has to notice.
"""

from __future__ import annotations

from array import array
from random import Random

import attrs

from ...protocols.engine.state_header import BadState, decode_header, encode_header, verify_state
from ...protocols.engine.step import TOKEN_BYTES
from ..world.chance import Chance
from .memory import SequenceState

FAULT_CHANCE = 0.2
STATE_BYTES_PER_TOKEN = 8
"""Of a cell's digest."""


class DiskError(Exception):
    """The file could not be written or read, or is not what it should be."""


@attrs.define(eq=False)
class Disk:
    """See the module. `files` are in the order of their last use."""

    chance: Chance | None = None
    files: dict[str, bytes] = attrs.field(factory=dict[str, bytes], repr=False)
    written: int = 0
    restored: int = 0

    @property
    def file_bytes(self) -> int:
        """What all files take."""
        return sum(map(len, self.files.values()))

    def write(self, key: str, tokens: bytes, state: SequenceState) -> int:
        """Writes a whole file, and says how long it is. Raises DiskError, with nothing written."""
        if self._strikes("state files.fail to be written"):
            raise DiskError("no space is left")
        held = array("Q", state.digests).tobytes()
        data = encode_header(key, tokens, held) + tokens + held
        self.files.pop(key, None)
        draws = self._strikes("state files.are spoiled")
        self.files[key] = _spoiled(data, draws) if draws else data
        self.written += 1
        return len(data)

    def load(self, key: str, tokens: bytes) -> SequenceState:
        """Reads the file of these tokens. Raises DiskError."""
        if key not in self.files or self._strikes("state files.fail to be read"):
            raise DiskError("the file cannot be read")
        self.files[key] = data = self.files.pop(key)
        try:
            held = verify_state(memoryview(data), key, tokens)
        except BadState as error:
            raise DiskError(str(error)) from None
        self.restored += 1
        return SequenceState(tuple(array("i", tokens)), tuple(array("Q", bytes(held))))

    def tokens(self, key: str) -> bytes:
        """The tokens that a file says it holds, as whoever lists the folder reads them. Raises
        DiskError."""
        data = self.files[key]
        try:
            header = decode_header(data, len(data))
        except BadState as error:
            raise DiskError(str(error)) from None
        first = len(data) - header.state_bytes - header.tokens * TOKEN_BYTES
        return data[first : first + header.tokens * TOKEN_BYTES]

    def delete(self, key: str) -> None:
        """Deletes a file; one that is gone is fine."""
        self.files.pop(key, None)

    def _strikes(self, site: str) -> Random | None:
        return self.chance.strike(site, FAULT_CHANCE) if self.chance is not None else None


def _spoiled(data: bytes, draws: Random) -> bytes:
    """The file with a bit changed somewhere, or cut there."""
    at = draws.randrange(len(data))
    if draws.random() < 0.5:
        return data[:at]
    return data[:at] + bytes([data[at] ^ 1 << draws.randrange(8)]) + data[at + 1 :]
