"""A further address for clients of Ollama, which cannot show a token: its routes and no others.

Made only where the settings have a `[[listen]]`. Whoever can reach it may use the models, so it is
narrow: no pages, no status, no other dialect, and nothing of the door that a token opens. What
holds for every address holds here too: the Host must be ours (a page whose name was rebound sends
its own) and so must the Origin. A browser also says when a page of another site asks without an
Origin, as for an image; such a request is denied as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs
from hypercorn.typing import ASGIReceiveCallable, ASGISendCallable, Scope

from ...protocols.ollama.models import RUNNING
from .door import Denied, Door, redacted
from .gateway import Gateway, deny
from .response import Exchange
from .routes import Route, find_route

DIALECT: Final = "ollama"
PATH_PREFIX: Final = "/api/"

_GREETING_HEADERS: Final = ((b"content-type", b"text/plain; charset=utf-8"),)
_OWN_SITES: Final = (b"same-origin", b"none")
"""What `sec-fetch-site` says where no other page asks: our own one, or a person."""


@attrs.frozen
class OllamaAddress:
    """The ASGI application of such an address: it admits, and `gateway` answers."""

    door: Door
    gateway: Gateway

    @classmethod
    def for_address(cls, gateway: Gateway, host: str, port: int) -> OllamaAddress:
        """The application for an address of this machine that is listened on."""
        return cls(Door.for_address(_no_token, host, port, any_host=False), gateway)

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        """Answers one request, whatever it is."""
        assert scope["type"] == "http", "the connection speaks HTTP alone"
        exchange = self.gateway.exchange(scope, receive, send, DIALECT)
        try:
            self._check(exchange.headers)
        except Denied as error:
            await deny(exchange, error)
            return
        path, method = scope["path"], scope["method"]
        if path == "/" and method in ("GET", "HEAD"):
            await exchange.answer(200, RUNNING, _GREETING_HEADERS)
        else:
            await self._follow(exchange, method, path)

    async def _follow(self, exchange: Exchange, method: str, path: str) -> None:
        route = find_ollama_route(path)
        if route is None:
            words = f"this address serves Ollama's routes alone, and has no {redacted(path)[:200]}"
            await exchange.answer_error(404, words)
        else:
            await self.gateway.follow(exchange, method, path, route)

    def _check(self, headers: Mapping[bytes, bytes]) -> None:
        self.door.check_host(headers)
        if headers.get(b"sec-fetch-site", b"none") not in _OWN_SITES:
            raise Denied("requests from other web pages are not answered")


def find_ollama_route(path: str) -> Route | None:
    """The route of a path that Ollama has; None for any other path, served elsewhere or not."""
    return find_route(path) if path.startswith(PATH_PREFIX) else None


def _no_token(_shown: str) -> bool:
    return False
