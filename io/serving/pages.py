"""The pages for people, on quart-trio. Imported when the first page is asked for.

One page, which reads `/status.json` every second. It loads nothing from elsewhere, and its policy
forbids that anything does: what it shows (names of models, addresses) is text, never markup.
"""

from __future__ import annotations

from importlib.resources import files
from typing import cast

from hypercorn.typing import ASGIReceiveEvent, ASGISendEvent, HTTPScope
from quart import Response
from quart_trio import QuartTrio

from .response import Exchange
from .status import StatusBoard

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
)


class Pages:
    """The quart application, called with an exchange that has been admitted."""

    def __init__(self, status: StatusBoard) -> None:
        page = files("understudy.io.serving").joinpath("page.html").read_text("utf-8")
        self._app = QuartTrio("understudy")

        @self._app.get("/")
        async def index() -> Response:
            response = Response(page, content_type="text/html; charset=utf-8")
            response.headers["content-security-policy"] = POLICY
            response.headers["cache-control"] = "no-store"
            response.headers["referrer-policy"] = "no-referrer"
            response.headers["x-content-type-options"] = "nosniff"
            response.headers["x-understudy-version"] = status.version
            return response

    async def __call__(self, exchange: Exchange) -> None:
        """Answers one request with a page."""
        scope = cast(HTTPScope, {**exchange.scope, "path": "/", "raw_path": b"/"})

        async def receive() -> ASGIReceiveEvent:
            return await exchange.receive()

        async def send(event: ASGISendEvent) -> None:
            await exchange.send(event)

        await self._app(scope, receive, send)
