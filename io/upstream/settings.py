"""What both HTTP clients are told: certificates, proxies and the limits of their pools.

The environment is read by the composition root alone: it passes the mapping in, so that neither
client looks at the process and a test can say what the environment is.
"""

from __future__ import annotations

from collections.abc import Mapping

import attrs

CONNECT_SECONDS_MAX = 10.0
"""Looking up the name, TCP, the proxy's tunnel and the TLS handshake, all together."""

CONNECTIONS_MAX = 512
"""Connections that carry an exchange at one time, over all peers."""

IDLE_CONNECTIONS_MAX = 32
"""Connections kept for reuse, over all peers; the oldest leave first."""

IDLE_SECONDS_MAX = 30.0
"""A connection unused for longer is not used again; most servers close theirs after 60 s."""


@attrs.frozen
class UpstreamSettings:
    """`ca_file` is a PEM bundle that replaces the system's trust store.

    `http_proxy` and `https_proxy` are URLs used for peers of that scheme and may carry a user and
    a password. `no_proxy` lists hosts that are reached directly: a name (which also covers its
    subdomains), an IP address, a network such as 10.0.0.0/8, or "*"; a name or an address may end
    in a port. Loopback never goes to a proxy.
    """

    ca_file: str | None = None
    http_proxy: str | None = attrs.field(default=None, repr=False)
    https_proxy: str | None = attrs.field(default=None, repr=False)
    no_proxy: tuple[str, ...] = ()
    connect_seconds_max: float = CONNECT_SECONDS_MAX
    connections_max: int = CONNECTIONS_MAX
    idle_connections_max: int = IDLE_CONNECTIONS_MAX
    idle_seconds_max: float = IDLE_SECONDS_MAX


def settings_from_environment(environment: Mapping[str, str]) -> UpstreamSettings:
    """Reads SSL_CERT_FILE, HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NO_PROXY.

    The lower-case form of a proxy variable wins over the upper-case one, as in curl; an empty
    value counts as unset. A wrong value is reported when a peer needs it, not here.
    """

    def either_case(name: str) -> str | None:
        return environment.get(name.lower()) or environment.get(name) or None

    any_proxy = either_case("ALL_PROXY")
    return UpstreamSettings(
        ca_file=environment.get("SSL_CERT_FILE") or None,
        http_proxy=either_case("HTTP_PROXY") or any_proxy,
        https_proxy=either_case("HTTPS_PROXY") or any_proxy,
        no_proxy=tuple((either_case("NO_PROXY") or "").replace(",", " ").split()),
    )
