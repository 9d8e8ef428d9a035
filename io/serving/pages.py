"""The pages for people, on quart-trio. Imported when the first page is asked for.

Two: the status, which reads `/status.json` every second, and the list of routes, which reads
`/openapi.json` once. They load nothing from elsewhere, and their policy forbids that anything does:
what they show (names of models, addresses) is text, never markup.
"""

from __future__ import annotations

from importlib.resources import files
from typing import Final, cast

from hypercorn.typing import ASGIReceiveEvent, ASGISendEvent, HTTPScope
from quart import Response, request
from quart_trio import QuartTrio

from .response import Exchange

POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; "
    "connect-src 'self'; img-src data:; frame-ancestors 'none'; base-uri 'none'"
)
FILES: Final = {"/": "page.html", "/docs": "docs.html"}


class Pages:
    """The quart application, called with an exchange that has been admitted."""

    def __init__(self, version: str) -> None:
        folder = files("understudy.io.serving")
        pages = {path: folder.joinpath(name).read_text("utf-8") for path, name in FILES.items()}
        self._app = QuartTrio("understudy")

        @self._app.get("/")
        @self._app.get("/docs")
        async def page() -> Response:
            return _page(pages[request.path], version)

    async def __call__(self, exchange: Exchange, path: str) -> None:
        """Answers one request with the page at a path."""
        scope = cast(HTTPScope, {**exchange.scope, "path": path, "raw_path": path.encode()})

        async def receive() -> ASGIReceiveEvent:
            return await exchange.receive()

        async def send(event: ASGISendEvent) -> None:
            await exchange.send(event)

        await self._app(scope, receive, send)


def _page(text: str, version: str) -> Response:
    response = Response(text, content_type="text/html; charset=utf-8")
    response.headers["content-security-policy"] = POLICY
    response.headers["cache-control"] = "no-store"
    response.headers["referrer-policy"] = "no-referrer"
    response.headers["x-content-type-options"] = "nosniff"
    response.headers["x-understudy-version"] = version
    return response
