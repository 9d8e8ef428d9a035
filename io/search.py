"""Searches the web at the endpoint of the user's settings, over the `Upstream` port.

One request, bounded in time and size; no second try, since a model can ask again and the endpoint
may count. What is searched for comes from a prompt, so no message of an error has it, nor the URL.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final
from urllib.parse import urlsplit

import trio

from ..protocols.dialect import UpstreamNonsense
from ..protocols.search_result import SearchResult
from ..protocols.settings_data import SearchSettings
from ..protocols.web_search import read_results, search_call
from .keys import KeyUnavailable
from .ports import Search, SearchError, Upstream, UpstreamError, UpstreamRequest
from .upstream.credentials import FindKey

SECONDS_MAX: Final = 15.0
BODY_BYTES_MAX: Final = 2 * 1024 * 1024

_REMEDIES: Final[Mapping[int, str]] = {
    401: "check the key of [search] in the settings",
    403: "check the key of [search] in the settings; a SearXNG also needs `json` among the "
    "`formats` of its own settings",
    404: "check the base_url of [search] in the settings",
    429: "it is asked too often; wait, or ask for more there",
}


class HttpSearch(Search):
    """The endpoint of these settings; the key is read from `environ` at each search."""

    def __init__(
        self,
        settings: SearchSettings,
        upstream: Upstream,
        find_key: FindKey,
        *,
        seconds_max: float = SECONDS_MAX,
    ) -> None:
        self._settings = settings
        self._upstream = upstream
        self._find_key = find_key
        self._seconds_max = seconds_max
        self._where = f"the search endpoint {urlsplit(settings.base_url).netloc}"

    async def search(self, query: str, limit: int) -> Sequence[SearchResult]:
        """See Search.search."""
        limit = min(limit, self._settings.results)
        request = await self._request(query, limit)
        try:
            with trio.fail_after(self._seconds_max):
                body = await self._fetch(request)
            return read_results(self._settings.kind, body, limit)
        except trio.TooSlowError:
            words = f"has not answered within {self._seconds_max:g} s; try again later"
            raise SearchError(f"{self._where} {words}") from None
        except UpstreamNonsense as error:
            raise SearchError(f"{self._where} cannot be understood: {error}") from None
        except UpstreamError as error:
            raise SearchError(f"{self._where} cannot be used: {error}") from None

    async def _request(self, query: str, limit: int) -> UpstreamRequest:
        settings = self._settings
        try:
            secret = await self._find_key(settings.key, settings.base_url)
        except KeyUnavailable as error:
            raise SearchError(f"{self._where} cannot be used: {error}") from None
        key = "" if secret is None else secret.reveal()
        call = search_call(settings.kind, query, limit, key)
        return UpstreamRequest(call.method, settings.base_url + call.path, call.headers, call.body)

    async def _fetch(self, request: UpstreamRequest) -> bytes:
        """The body of the answer. Raises UpstreamError, UpstreamNonsense or SearchError."""
        async with self._upstream.open(request) as response:
            if response.status != 200:
                remedy = _REMEDIES.get(response.status, "try again later")
                raise SearchError(f"{self._where} answered with {response.status}: {remedy}")
            pieces: list[bytes] = []
            room_bytes = BODY_BYTES_MAX
            while piece := await response.receive():
                pieces.append(piece)
                room_bytes -= len(piece)
                if room_bytes < 0:
                    raise UpstreamNonsense(f"the answer is larger than {BODY_BYTES_MAX} bytes")
            return b"".join(pieces)
