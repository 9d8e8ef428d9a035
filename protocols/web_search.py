"""Searching the web at an endpoint of the user's: what is asked and what comes back.

SearXNG and Brave are asked by a GET with the query in the URL, Tavily by a POST. What they answer
is a stranger's: nothing of its shape is trusted, each text has a limit, a result without an address
that a person could open is left out, and so is an address that came before.
Sources: the reference pages of SearXNG's search API, Brave's web search API and Tavily's search.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable
from typing import Any, Final
from urllib.parse import urlencode

import attrs
import msgspec

from .dialect import Headers, UpstreamNonsense
from .event_stream import decoded
from .json_values import list_of, object_of, objects_of, text_of
from .search_result import SearchResult
from .settings_data import SEARCH_RESULTS_MAX, SearchKind

QUERY_WORDS_MAX: Final = 50
QUERY_CHARACTERS_MAX: Final = 400
"""Brave refuses more; a query that is longer is cut."""
TITLE_CHARACTERS_MAX: Final = 300
TEXT_CHARACTERS_MAX: Final = 2_000
URL_CHARACTERS_MAX: Final = 2_048
AGE_CHARACTERS_MAX: Final = 64

_TAG: Final = re.compile(r"</?[A-Za-z][^<>]{0,200}>")
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"]+")
_BEARER: Final = (b"authorization", b"Bearer ")


@attrs.frozen
class SearchCall:
    """A request to a search endpoint: the path behind its base URL, and the body."""

    method: str
    path: str = attrs.field(repr=False)
    headers: Headers
    body: bytes = attrs.field(default=b"", repr=False)


@attrs.frozen
class _Wire:
    """Where a kind of endpoint has its key, its list of results, and the members of each."""

    key: tuple[bytes, bytes]
    path: str
    text: str
    age: str
    is_markup: bool = False
    may_lack_results: bool = False


_WIRES: Final[dict[SearchKind, _Wire]] = {
    "searxng": _Wire(_BEARER, "results", "content", "publishedDate"),
    "brave": _Wire(
        (b"x-subscription-token", b""),
        "web.results",
        "description",
        "age",
        is_markup=True,
        may_lack_results=True,
    ),
    "tavily": _Wire(_BEARER, "results", "content", "published_date"),
}


def search_call(kind: SearchKind, query: str, limit: int, key: str = "") -> SearchCall:
    """The request for at most `limit` results; SearXNG alone cannot be told how many."""
    assert 1 <= limit <= SEARCH_RESULTS_MAX, "a search asks for a number of results that is allowed"
    asked = " ".join(query.split()[:QUERY_WORDS_MAX])[:QUERY_CHARACTERS_MAX]
    headers: Headers = ((b"accept", b"application/json"), (b"accept-encoding", b"identity"))
    if key:
        name, prefix = _WIRES[kind].key
        headers += ((name, prefix + key.encode("latin-1")),)
    match kind:
        case "searxng":
            return SearchCall("GET", f"/search?{_query(q=asked, format='json')}", headers)
        case "brave":
            asks = _query(q=asked, count=limit, text_decorations="false")
            return SearchCall("GET", f"/res/v1/web/search?{asks}", headers)
        case "tavily":
            body = msgspec.json.encode({"query": asked, "max_results": limit})
            typed = (*headers, (b"content-type", b"application/json"))
            return SearchCall("POST", "/search", typed, body)


def read_results(kind: SearchKind, body: bytes, limit: int) -> tuple[SearchResult, ...]:
    """The results of an answer, at most `limit`. Raises UpstreamNonsense."""
    wire = _WIRES[kind]
    value: Any = decoded(body)
    if not value:
        raise UpstreamNonsense("the answer is no JSON object")
    for name in wire.path.split("."):
        value = object_of(value).get(name)
    if not isinstance(value, list) and not wire.may_lack_results:
        raise UpstreamNonsense(f"the answer has no list `{wire.path}`")
    by_url: dict[str, SearchResult] = {}
    for result in _results(wire, list_of(value)):
        by_url.setdefault(result.url, result)
    return tuple(by_url.values())[:limit]


def _results(wire: _Wire, items: list[Any]) -> Iterable[SearchResult]:
    for item in objects_of(items):
        url = text_of(item.get("url"))
        if len(url) <= URL_CHARACTERS_MAX and _ADDRESS.fullmatch(url):
            title = _text(wire, item.get("title"), TITLE_CHARACTERS_MAX)
            text = _text(wire, item.get(wire.text), TEXT_CHARACTERS_MAX)
            age = _text(wire, item.get(wire.age), AGE_CHARACTERS_MAX)
            yield SearchResult(title or url, url, text, age)


def _text(wire: _Wire, value: Any, characters_max: int) -> str:
    """A text in one line and without markup, where the endpoint writes some."""
    text = text_of(value)[: 4 * characters_max]
    if wire.is_markup:
        text = html.unescape(_TAG.sub("", text))
    return " ".join(text.split())[:characters_max]


def _query(**members: str | int) -> str:
    return urlencode(members)
