"""Where things are at a hub: what the user asks for, the addresses, and where redirects may lead.

The token is for the hub's own origin and for nobody else: a large file is served by another host,
to which the hub's redirect leads with a signature in the address. It is sent over TLS, or within
this machine. A redirect never leads from TLS to plain HTTP.

Source: huggingface_hub, file_download.py (hf_hub_url) and hf_api.py; RFC 9110, 15.4 and 10.2.2.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import quote, urlencode, urljoin, urlsplit

import attrs

from .hub_names import is_repository, is_revision, is_safe_path, shown

PUBLIC_HUB: Final = "https://huggingface.co"
PUBLIC_HOSTS: Final = ("huggingface.co", "www.huggingface.co", "hf.co")
DEFAULT_REVISION: Final = "main"
REDIRECTS: Final = frozenset((301, 302, 303, 307, 308))
LOOPBACK_HOSTS: Final = frozenset(("localhost", "127.0.0.1", "::1"))
_VIEWS: Final = frozenset(("blob", "resolve", "tree", "raw"))
"""Between a repository and a revision, in an address copied from a browser."""


class AddressRefused(ValueError):
    """What was asked for, or where a redirect leads, is no address we use; says why."""


@attrs.frozen
class Wanted:
    """What the user asks for: a repository, and a quantisation or a file in it, or neither."""

    repository: str
    quantisation: str = ""
    path: str = ""
    revision: str = DEFAULT_REVISION


def parse_wanted(text: str, revision: str = "") -> Wanted:
    """Reads `OWNER/NAME`, `OWNER/NAME:QUANT`, `OWNER/NAME/FILE`, or a page's address at the hub.

    `revision` is what else the user says. Raises AddressRefused.
    """
    steps, colon, quantisation = _without_host(text.strip()).partition(":")
    owner, _, rest = steps.strip("/").partition("/")
    name, _, path = rest.partition("/")
    found = ""
    first, _, below = path.partition("/")
    if first in _VIEWS and below:
        found, _, path = below.partition("/")
    repository = f"{owner}/{name}"
    revision = revision or found or DEFAULT_REVISION
    if not is_repository(repository):
        raise AddressRefused(
            f"{shown(text)}: not a model of a hub; write OWNER/NAME, OWNER/NAME:QUANTISATION or"
            " OWNER/NAME/FILE (`understudy models search WORDS` finds some)"
        )
    if path and not is_safe_path(path):
        raise AddressRefused(f"{shown(path)}: not a file's name that could be written here")
    if path and colon:
        raise AddressRefused(f"{shown(text)}: name a file or a quantisation, not both")
    if colon and not quantisation:
        raise AddressRefused(f"{shown(text)}: a quantisation is missing after the colon")
    if not is_revision(revision):
        raise AddressRefused(f"{shown(revision)}: not a branch, a tag or a commit")
    return Wanted(repository, quantisation.upper(), path, revision)


@attrs.frozen
class Hub:
    """A hub's addresses; `endpoint` is its own, without a slash at the end."""

    endpoint: str = PUBLIC_HUB

    @classmethod
    def at(cls, endpoint: str) -> Hub:
        """Takes an endpoint that somebody wrote. Raises AddressRefused."""
        cleaned = endpoint.strip().rstrip("/") or PUBLIC_HUB
        if _origin(cleaned) is None:
            raise AddressRefused(
                f"{shown(endpoint)}: not the address of a hub; write HF_ENDPOINT like {PUBLIC_HUB}"
            )
        return cls(cleaned)

    @property
    def host(self) -> str:
        """As messages name it."""
        return urlsplit(self.endpoint).netloc

    def search_url(self, words: str, tag: str, limit: int) -> str:
        """Models with all these words and this tag, the most fetched first."""
        asked = {"search": words, "filter": tag, "sort": "downloads", "direction": -1}
        return f"{self.endpoint}/api/models?{urlencode({**asked, 'limit': limit, 'full': 'true'})}"

    def repository_url(self, repository: str, revision: str) -> str:
        """One model with the sizes and the digests of its files."""
        named = quote(revision, safe="")
        return f"{self.endpoint}/api/models/{repository}/revision/{named}?blobs=true"

    def file_url(self, repository: str, commit: str, path: str) -> str:
        """A file's content, or a redirect to it."""
        return f"{self.endpoint}/{repository}/resolve/{quote(commit, safe='')}/{quote(path)}"

    def page_url(self, repository: str) -> str:
        """The model's page, for a person."""
        return f"{self.endpoint}/{repository}"

    def is_own(self, url: str) -> bool:
        """Whether the hub itself answers there."""
        return _origin(url) == _origin(self.endpoint)

    def may_have_token(self, url: str) -> bool:
        """Whether the hub's token may be sent there."""
        origin = _origin(url)
        is_private = origin is not None and (origin[0] == "https" or origin[1] in LOOPBACK_HOSTS)
        return is_private and self.is_own(url)


def redirected(url: str, location: str) -> str:
    """Where a redirect leads. Raises AddressRefused."""
    try:
        target = urljoin(url, location)
    except ValueError:
        target = ""
    source, origin = _origin(url), _origin(target)
    if origin is None or not target.isascii():
        raise AddressRefused(f"{_host(url)} redirects to {shown(location, 80)}: no web address")
    if source is not None and source[0] == "https" and origin[0] != "https":
        raise AddressRefused(f"{_host(url)} redirects from https to plain http at {origin[1]}")
    return target


def _origin(url: str) -> tuple[str, str, int] | None:
    """Scheme, host and port; None if it is no address that we use."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
        return None
    return parts.scheme, parts.hostname, port or (443 if parts.scheme == "https" else 80)


def _host(url: str) -> str:
    return shown(urlsplit(url).netloc, 80)


def _without_host(text: str) -> str:
    """What was copied from a browser, or is written as other programs want it."""
    bare = text.removeprefix("https://").removeprefix("http://")
    host, _, rest = bare.partition("/")
    if host in PUBLIC_HOSTS:
        return rest.partition("?")[0].partition("#")[0]
    return text
