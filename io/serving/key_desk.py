"""What the command line tells a running server about keys: that one has changed, or a passphrase.

No key comes this way, and none leaves. A passphrase is handed to the encrypted file and dropped; it
is neither logged nor echoed. Both routes are behind the token, like all others.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final, TypeVar

import attrs
import msgspec

from ...protocols.secret import Secret
from ..key_ring import KeyRing
from ..ports import KeychainError
from .response import Exchange

BODY_BYTES_MAX: Final = 16_384
Asked = TypeVar("Asked")


class Changed(msgspec.Struct, frozen=True):
    """A key was added, changed or removed; "" stands for all."""

    name: str = ""


class Passphrase(msgspec.Struct, frozen=True):
    """What opens the encrypted file."""

    passphrase: str


class _Refused(Exception):
    """The body is not what the route takes."""


@attrs.define(eq=False)
class KeyDesk:
    """Answers the routes below `/keys`. `keys` is None where the server holds none.

    `tell` lets those know who have seen a key refused.
    """

    keys: KeyRing | None = None
    tell: Callable[[], object] = lambda: None

    async def changed(self, exchange: Exchange, _route: object) -> None:
        """The server forgets what it has read of a key."""
        try:
            asked = await _body(exchange, Changed)
        except _Refused as refusal:
            await exchange.answer_error(400, str(refusal))
            return
        if self.keys is not None:
            self.keys.forget(asked.name or None)
        self.tell()
        await exchange.answer_json({"forgotten": True})

    async def unlock(self, exchange: Exchange, _route: object) -> None:
        """The server's encrypted file of keys is opened."""
        try:
            asked = await _body(exchange, Passphrase)
            if self.keys is None:
                raise KeychainError("this server holds no keys")
            await self.keys.unlock(Secret(asked.passphrase))
        except (_Refused, KeychainError) as error:
            await exchange.answer_error(400, str(error))
            return
        self.tell()
        await exchange.answer_json({"unlocked": True})


async def _body(exchange: Exchange, kind: type[Asked]) -> Asked:
    """A short body of this kind. Raises _Refused, without a word of what it holds."""
    content, more = b"", True
    while more:
        event = await exchange.receive()
        if event["type"] != "http.request":
            raise _Refused("the body did not come whole")
        content += event["body"]
        more = event["more_body"]
        if len(content) > BODY_BYTES_MAX:
            raise _Refused(f"the body is larger than {BODY_BYTES_MAX} bytes")
    try:
        return msgspec.json.decode(content, type=kind)
    except msgspec.MsgspecError:
        raise _Refused(f"the body is not {kind.__name__} as /docs describes it") from None
