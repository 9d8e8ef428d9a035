"""Where a request goes: an absolute URL, taken apart.

Messages name the scheme, the host and the port only: a path or a query may hold a key.
"""

from __future__ import annotations

from urllib.parse import urlsplit

import attrs

from ..ports import UpstreamUnreachable

DEFAULT_PORTS = {"http": 80, "https": 443}


@attrs.frozen
class Address:
    """`host` is in lower case and without brackets; `target` is the path and the query."""

    scheme: str
    host: str
    port: int
    target: bytes = attrs.field(repr=False)

    @property
    def is_secure(self) -> bool:
        """Whether the peer speaks TLS."""
        return self.scheme == "https"

    @property
    def origin(self) -> str:
        """The address as messages name it, without path and query."""
        return f"{self.scheme}://{self.authority}"

    @property
    def authority(self) -> str:
        """The host and the port, as CONNECT wants them."""
        return f"{self._bracketed_host}:{self.port}"

    @property
    def host_header(self) -> bytes:
        """The value of Host: the port is left out when it is the scheme's own."""
        is_default = DEFAULT_PORTS[self.scheme] == self.port
        return (self._bracketed_host if is_default else self.authority).encode("ascii")

    @property
    def absolute_target(self) -> bytes:
        """The whole URL, as a proxy for plain http wants it."""
        return f"{self.scheme}://".encode() + self.host_header + self.target

    @property
    def _bracketed_host(self) -> str:
        return f"[{self.host}]" if ":" in self.host else self.host


def parse_address(url: str) -> Address:
    """Takes an absolute URL apart; raises UpstreamUnreachable when it is not one we can use."""
    try:
        parts = urlsplit(url)
        scheme, host, port = parts.scheme, parts.hostname, parts.port
        ascii_host = (host or "").encode("idna" if host and not host.isascii() else "ascii")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        ascii_target = target.encode("ascii")
    except ValueError:
        raise UpstreamUnreachable(
            "the URL of a peer cannot be read; write it as https://host:port/path, with other"
            " characters than ASCII percent-encoded"
        ) from None  # the cause may quote a part of a password
    if scheme not in DEFAULT_PORTS or not ascii_host:
        raise UpstreamUnreachable(
            f"the URL of a peer starts with {scheme or 'no scheme'!r}; it must be an absolute"
            " http:// or https:// URL with a host"
        )
    if parts.username is not None or parts.password is not None:
        raise UpstreamUnreachable(
            f"the URL of {ascii_host.decode()} holds a user or a password; put credentials in a"
            " header instead"
        )
    default_port = DEFAULT_PORTS[scheme]
    return Address(
        scheme, ascii_host.decode(), default_port if port is None else port, ascii_target
    )
