"""Who may come in: the token, the Host and the Origin of every request.

Loopback is no protection: any page in a browser and any local user can reach it. So each request
but `/healthz` shows the token, in one of the ways that clients know; the Host must be ours (a page
whose name was rebound to 127.0.0.1 sends its own), and an Origin, if there is one, too.

A wrong token is answered 403: Claude Code takes a 401 for something to try again, for minutes.
Pages use a cookie, given once in exchange for a link that the owner of the token has asked for.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable, Mapping
from http.cookies import CookieError, SimpleCookie
from urllib.parse import unquote

import attrs
import trio

LINK_SECONDS = 600.0
LINKS_MAX = 32
COOKIES_MAX = 32
COOKIE = "understudy"
PATH_PREFIX = "/t/"
KEY_PARAMETER = b"key="
"""How clients of Gemini may show a key in a query."""
_PORT = re.compile(r":[0-9]{1,5}$")
_SECRET_PART = re.compile(r"(/(?:t|open)/+)[^/]+")
LOOPBACK_NAMES = ("127.0.0.1", "localhost", "[::1]")


class Denied(Exception):
    """The request may not come in; the message says why and what to do."""


class NoToken(Denied):
    """The token is missing or wrong; all else may be right."""


@attrs.frozen
class Entry:
    """An admitted request: its path without a token in it."""

    path: str


@attrs.define(eq=False)
class Door:
    """`matches` compares with the server's token; `names` are the hosts we are reached by.

    The port of a Host is not compared: behind a forwarded port it is another, and who rebinds a
    name cannot choose the name. The Origin is: another port is another program's page.
    """

    _matches: Callable[[str], bool]
    _names: frozenset[str]
    _origins: frozenset[str]
    _any_host: bool = False
    _links: dict[str, float] = attrs.field(factory=dict[str, float])
    _cookies: dict[str, None] = attrs.field(factory=dict[str, None])

    @classmethod
    def for_address(
        cls, matches: Callable[[str], bool], host: str, port: int, *, any_host: bool
    ) -> Door:
        """A door for a server that listens on this address. `any_host` skips the Host check."""
        shown = f"[{host}]" if ":" in host else host
        names = frozenset((*LOOPBACK_NAMES, shown.lower()))
        return cls(matches, names, frozenset(f"{name}:{port}" for name in names), any_host)

    def admit(self, path: str, headers: Mapping[bytes, bytes], query: bytes = b"") -> Entry:
        """Checks a request; Gemini's clients may show the token in the query. Raises Denied."""
        self.check_host(headers)
        in_path, inner = split_path(path)
        shown = (in_path, *_tokens(headers), *_keys(query))
        if not any(self._matches(token) for token in shown if token):
            raise NoToken(
                "the token is missing or wrong. Send the one that `understudy token` prints as "
                "`Authorization: Bearer TOKEN` or `x-api-key: TOKEN`, "
                "or start the client with `understudy claude`"
            )
        return Entry(inner)

    def admit_page(self, path: str, headers: Mapping[bytes, bytes]) -> Entry:
        """Checks a request for a page: a cookie of ours will do as well. Raises Denied."""
        self.check_host(headers)
        if _cookie(headers) in self._cookies:
            return Entry(path)
        return self.admit(path, headers)

    def check_host(self, headers: Mapping[bytes, bytes]) -> None:
        """Checks Host and Origin. Raises Denied."""
        host = headers.get(b"host", b"").decode("latin-1").lower()
        if not self._any_host and _PORT.sub("", host) not in self._names:
            raise Denied(f"this server is not called {host[:100]!r}; use 127.0.0.1 or localhost")
        origin = headers.get(b"origin")
        if origin is None:
            return
        scheme, _, name = origin.decode("latin-1").lower().partition("://")
        if scheme != "http" or name not in self._origins | {host}:
            raise Denied("requests from other web pages are not answered")

    def new_link(self) -> str:
        """The path of a link that opens the pages, once, within LINK_SECONDS."""
        now = trio.current_time()
        fresh = [(code, until) for code, until in self._links.items() if until > now]
        self._links = dict(fresh[-(LINKS_MAX - 1) :])
        code = secrets.token_urlsafe(24)
        self._links[code] = now + LINK_SECONDS
        return f"/open/{code}"

    def open_link(self, code: str) -> str:
        """Takes a link's code for a cookie, as a Set-Cookie value. Raises Denied."""
        if self._links.pop(code, 0.0) <= trio.current_time():
            raise Denied(
                "this link was used already or is too old; `understudy token --link` makes another"
            )
        cookie = secrets.token_urlsafe(24)
        self._cookies[cookie] = None
        while len(self._cookies) > COOKIES_MAX:
            del self._cookies[next(iter(self._cookies))]
        return f"{COOKIE}={cookie}; Path=/; HttpOnly; SameSite=Strict"


def split_path(path: str) -> tuple[str, str]:
    """The token in a path, "" for none, and the path without it."""
    if not path.startswith(PATH_PREFIX):
        return "", path
    token, _, rest = path.removeprefix(PATH_PREFIX).partition("/")
    return token, f"/{rest}"


def redacted(path: str) -> str:
    """A path as it may be logged: a token in it is not shown."""
    return _SECRET_PART.sub(r"\1…", path)


def _tokens(headers: Mapping[bytes, bytes]) -> list[str]:
    scheme, _, bearer = headers.get(b"authorization", b"").decode("latin-1").partition(" ")
    found = [bearer.strip()] if scheme.lower() == "bearer" else []
    found += [
        headers.get(name, b"").decode("latin-1") for name in (b"x-api-key", b"x-goog-api-key")
    ]
    return found


def _keys(query: bytes) -> list[str]:
    """What a query calls `key`; more than one is none of a client's."""
    pairs = [pair for pair in query.split(b"&") if pair.startswith(KEY_PARAMETER)]
    return [unquote(pair[len(KEY_PARAMETER) :].decode("latin-1")) for pair in pairs[:1]]


def _cookie(headers: Mapping[bytes, bytes]) -> str:
    try:
        found = SimpleCookie(headers.get(b"cookie", b"").decode("latin-1")).get(COOKIE)
    except CookieError:
        return ""
    return "" if found is None else found.value
