"""The checks of the endpoints elsewhere: each is asked for its models, by the server's own client.

So proxies, certificates and connecting are tried as a turn will meet them. The key is sent, and
never shown; of an answer only its status is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from ...protocols.settings import EndpointSettings
from ..keys import KeyUnavailable, resolve_key
from .findings import Circumstances, Finding, fail, ok, warn

ANSWER_SECONDS_MAX = 3.0
ANTHROPIC_VERSION = b"2023-06-01"


def check_endpoints(circumstances: Circumstances) -> Iterator[Finding]:
    """Each endpoint has its key, can be reached, and takes the key."""
    peers = [each for each in circumstances.settings.endpoints if each.base_url is not None]
    if peers:
        import trio

        yield from trio.run(_ask_all, peers, circumstances.environ)


async def _ask_all(peers: list[EndpointSettings], environ: Mapping[str, str]) -> list[Finding]:
    """Asks all at once, so that the slowest decides how long it takes."""
    import trio

    found: dict[int, Finding] = {}

    async def ask(index: int, endpoint: EndpointSettings) -> None:
        found[index] = await _ask(endpoint, environ)

    async with trio.open_nursery() as nursery:
        for index, endpoint in enumerate(peers):
            nursery.start_soon(ask, index, endpoint)
    return [found[index] for index in range(len(peers))]


async def _ask(endpoint: EndpointSettings, environ: Mapping[str, str]) -> Finding:
    import trio

    from ..ports import UpstreamError

    name = f"endpoint {endpoint.name}"
    try:
        key = resolve_key(endpoint.key, environ)
    except KeyUnavailable as error:
        return fail(name, f"its key is not there: {endpoint.key}", str(error))
    headers = [(b"anthropic-version", ANTHROPIC_VERSION), (b"accept", b"application/json")]
    if key is not None:
        headers.append((b"x-api-key", key.reveal().encode("latin-1")))
    try:
        with trio.move_on_after(ANSWER_SECONDS_MAX):
            return _judge(endpoint, await _status(endpoint, tuple(headers), environ))
    except UpstreamError as error:
        return fail(
            name,
            f"cannot be reached: {error}",
            f"correct its base_url, or start {endpoint.base_url}",
        )
    return fail(
        name,
        f"{endpoint.base_url} did not answer within {ANSWER_SECONDS_MAX:g} s",
        "see whether it runs, and whether a proxy or firewall is in between",
    )


async def _status(
    endpoint: EndpointSettings,
    headers: tuple[tuple[bytes, bytes], ...],
    environ: Mapping[str, str],
) -> int:
    from ..ports import UpstreamRequest
    from ..upstream.http11 import Http11Upstream
    from ..upstream.settings import settings_from_environment

    upstream = Http11Upstream(settings_from_environment(environ))
    try:
        request = UpstreamRequest("GET", f"{endpoint.base_url}/v1/models?limit=1", headers)
        async with upstream.open(request) as response:
            return response.status
    finally:
        await upstream.aclose()


def _judge(endpoint: EndpointSettings, status: int) -> Finding:
    name, place = f"endpoint {endpoint.name}", endpoint.base_url
    if status in (401, 403):
        if endpoint.key.source == "none":
            found = f"{place} wants a key (status {status})"
            return fail(name, found, 'give this endpoint one: key = "env:NAME"')
        return fail(
            name,
            f"{place} refuses the key of {endpoint.key} (status {status})",
            f"put a valid key for it into {endpoint.key.name}",
        )
    if status >= 500:
        return warn(name, f"{place} answers with status {status}", "try again later; see its log")
    if 300 <= status < 400:
        return warn(name, f"{place} redirects (status {status})", "use the address it leads to")
    key = "needs no key" if endpoint.key.source == "none" else f"key {endpoint.key} is set"
    accepted = " and taken" if status == 200 and endpoint.key.source != "none" else ""
    return ok(name, f"{place} answers; {key}{accepted}")
