"""The operating system's keychain behind the port `Keychain`.

Each operation has a process of its own, because only a process can be ended while a dialog waits
for its user. What is kept is the key together with the host that it is for.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Final

import attrs
import msgspec
import trio

from ...protocols.secret import Secret
from ..ports import KeptKey, Keychain, KeychainError
from .child_process import COMMAND, ask_child
from .messages import Kept, Operation, Told, Wish
from .words import PLACE, check_key, check_name, failure

ANSWER_SECONDS: Final = 15.0
"""For one operation where there is no screen on which anybody could be asked."""
PROMPT_SECONDS: Final = 120.0
"""For one operation where a user may be asked."""
PROCESSES_MAX: Final = 4


def patience_seconds(environ: Mapping[str, str]) -> float:
    """How long an operation may take here."""
    has_screen = bool(environ.get("DISPLAY") or environ.get("WAYLAND_DISPLAY"))
    return PROMPT_SECONDS if has_screen or sys.platform == "darwin" else ANSWER_SECONDS


@attrs.define(eq=False)
class OsKeychain(Keychain):
    """The Secret Service (or KWallet) on Linux, the Keychain on macOS.

    An operation that is left, or takes longer than `seconds`, is ended; a `write` that was ended
    has either been done or not.
    """

    environ: Mapping[str, str]
    seconds: float
    command: Sequence[str] = COMMAND
    _places: trio.CapacityLimiter = attrs.field(factory=lambda: trio.CapacityLimiter(PROCESSES_MAX))

    async def read(self, name: str) -> KeptKey | None:
        """See Keychain.read."""
        told = await self._ask("read", name)
        if told.outcome == "absent":
            return None
        try:
            kept = msgspec.json.decode(told.kept, type=Kept)
        except msgspec.MsgspecError:
            raise KeychainError(
                f"what {PLACE} holds for understudy, {name} was not written by Understudy; run "
                f"`understudy keys add {name}`"
            ) from None
        return KeptKey(Secret(kept.value), kept.host)

    async def write(self, name: str, key: KeptKey) -> None:
        """See Keychain.write."""
        check_key(key)
        kept = msgspec.json.encode(Kept(key.value.reveal(), key.host)).decode()
        await self._ask("write", name, kept)

    async def remove(self, name: str) -> bool:
        """See Keychain.remove."""
        return (await self._ask("remove", name)).outcome == "done"

    async def _ask(self, operation: Operation, name: str, kept: str = "") -> Told:
        check_name(name)
        async with self._places:
            wish = Wish(operation, name, kept)
            told = await ask_child(wish, self.environ, self.seconds, self.command)
        if told.outcome == "failed":
            raise failure(told)
        return told
