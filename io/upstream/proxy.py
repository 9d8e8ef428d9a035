"""HTTP proxies: which peers go through one, and the tunnel through it.

Plain http is asked of the proxy with the absolute URL; https goes through a CONNECT tunnel, inside
which the proxy sees only TLS. A proxy's user and password never appear in a message or a repr.
"""

from __future__ import annotations

import base64
import ipaddress
from urllib.parse import unquote, urlsplit

import attrs
import h11
import trio

from ..ports import UpstreamUnreachable
from .address import DEFAULT_PORTS, Address
from .settings import UpstreamSettings

TUNNEL_HEAD_BYTES_MAX = 16 * 1024
"""A proxy's whole answer to CONNECT."""

READ_BYTES = 16 * 1024


@attrs.frozen
class Proxy:
    """`authorization` is the value of Proxy-Authorization, or None."""

    scheme: str
    host: str
    port: int
    authorization: bytes | None = attrs.field(default=None, repr=False)

    @property
    def headers(self) -> list[tuple[bytes, bytes]]:
        """What each request to the proxy itself must carry."""
        return [] if self.authorization is None else [(b"proxy-authorization", self.authorization)]

    @property
    def origin(self) -> str:
        """The proxy as messages name it."""
        return f"{self.scheme}://{self.host}:{self.port}"


def choose_proxy(settings: UpstreamSettings, address: Address) -> Proxy | None:
    """Says through which proxy a peer is reached, or None for directly.

    Raises UpstreamUnreachable when the proxy that is set for it cannot be used.
    """
    url = settings.https_proxy if address.is_secure else settings.http_proxy
    if url is None or is_loopback(address.host):
        return None
    if any(_covers(entry.lower(), address) for entry in settings.no_proxy):
        return None
    return parse_proxy(url)


def is_loopback(host: str) -> bool:
    """Whether the host is this machine by its very name or address."""
    ip = _ip_address(host)
    return ip.is_loopback if ip else host == "localhost" or host.endswith(".localhost")


def parse_proxy(url: str) -> Proxy:
    """Reads a proxy's URL; one without a scheme is http. Raises UpstreamUnreachable."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
        port = parts.port or DEFAULT_PORTS.get(parts.scheme)
    except ValueError:
        raise UpstreamUnreachable(
            "the URL of the proxy cannot be read; write HTTPS_PROXY and HTTP_PROXY as"
            " http://host:port"
        ) from None  # the cause may quote a part of the password
    if parts.scheme not in DEFAULT_PORTS or port is None or not parts.hostname:
        raise UpstreamUnreachable(
            f"a proxy of the kind {parts.scheme!r} cannot be used; set HTTPS_PROXY and HTTP_PROXY"
            " to http://host:port or https://host:port"
        )
    authorization = None
    if parts.username is not None:
        pair = f"{unquote(parts.username)}:{unquote(parts.password or '')}"
        authorization = b"Basic " + base64.b64encode(pair.encode())
    return Proxy(parts.scheme, parts.hostname, port, authorization)


async def open_tunnel(stream: trio.abc.Stream, proxy: Proxy, address: Address) -> None:
    """Asks the proxy for a tunnel; once it returns, the peer itself is at the stream's other end.

    Raises UpstreamUnreachable when the proxy says no or breaks off. Source: RFC 9110, 9.3.6.
    """
    protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=TUNNEL_HEAD_BYTES_MAX)
    authority = address.authority.encode("ascii")
    headers = [(b"host", authority), *proxy.headers]
    request = h11.Request(method=b"CONNECT", target=authority, headers=headers)
    try:
        await stream.send_all(protocol.send(request) + protocol.send(h11.EndOfMessage()))
        response = await _receive_answer(stream, protocol)
    except (trio.BrokenResourceError, h11.RemoteProtocolError) as error:
        raise UpstreamUnreachable(
            f"the proxy {proxy.origin} broke off when asked for {address.authority}; check that"
            " HTTPS_PROXY names an HTTP proxy"
        ) from error
    if not 200 <= response.status_code < 300:
        remedy = (
            "put a user and a password it accepts into HTTPS_PROXY (http://user:password@host:port)"
            if response.status_code == 407
            else "allow the host there, or list it in NO_PROXY"
        )
        raise UpstreamUnreachable(
            f"the proxy {proxy.origin} refused a tunnel to {address.authority} with status"
            f" {response.status_code}; {remedy}"
        )


async def _receive_answer(stream: trio.abc.Stream, protocol: h11.Connection) -> h11.Response:
    while True:
        event = protocol.next_event()
        if isinstance(event, h11.Response):
            return event
        if event is h11.NEED_DATA:
            protocol.receive_data(bytes(await stream.receive_some(READ_BYTES)))


def _covers(entry: str, address: Address) -> bool:
    name, has_port, port = entry.rpartition(":")
    if not has_port or not port.isdecimal() or (":" in name and not name.endswith("]")):
        name = entry
    elif int(port) != address.port:
        return False
    name = name.strip("[]")
    ip = _ip_address(address.host)
    if name == "*":
        return True
    if ip is not None:
        return _network_holds(name, ip)
    suffix = name.removeprefix("*").removeprefix(".")
    return bool(suffix) and (address.host == suffix or address.host.endswith("." + suffix))


def _network_holds(name: str, ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    try:
        return ip in ipaddress.ip_network(name, strict=False)
    except ValueError:
        return False


def _ip_address(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None
