"""The checks of the endpoints elsewhere: each is asked for its models, by the server's own client.

So proxies, certificates and connecting are tried as a turn will meet them. The key is sent, and
never shown; of an answer only its status is read.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from ...protocols.settings import EndpointSettings
from ..keys import KeyUnavailable
from .findings import Circumstances, Finding, fail, ok, warn

if TYPE_CHECKING:
    from ..key_ring import KeyRing

ANSWER_SECONDS_MAX = 3.0
KEYCHAIN_SECONDS_MAX = 15.0
"""A keychain may have to ask its user, who is looking here."""


def check_endpoints(circumstances: Circumstances) -> Iterator[Finding]:
    """Each endpoint has its key, can be reached, and takes the key."""
    peers = [each for each in circumstances.settings.endpoints if each.base_url is not None]
    if peers:
        import trio

        from ..key_ring import KeyRing
        from ..keychain.choice import open_keychain

        environ = dict(circumstances.environ)
        keys = circumstances.settings.keys
        keychain = open_keychain(keys, circumstances.folders, environ, KEYCHAIN_SECONDS_MAX)
        yield from trio.run(_ask_all, peers, environ, KeyRing(environ, keychain))


async def _ask_all(
    peers: list[EndpointSettings], environ: Mapping[str, str], keys: KeyRing
) -> list[Finding]:
    """Asks all at once, so that the slowest decides how long it takes."""
    import trio

    found: dict[int, Finding] = {}

    async def ask(index: int, endpoint: EndpointSettings) -> None:
        found[index] = await _ask(endpoint, environ, keys)

    async with trio.open_nursery() as nursery:
        for index, endpoint in enumerate(peers):
            nursery.start_soon(ask, index, endpoint)
    return [found[index] for index in range(len(peers))]


async def _ask(endpoint: EndpointSettings, environ: Mapping[str, str], keys: KeyRing) -> Finding:
    from ..ports import UpstreamError
    from .key_probe import ask_for_models

    name = f"endpoint {endpoint.name}"
    try:
        key = await keys.find(endpoint.key, endpoint.base_url or "")
    except KeyUnavailable as error:
        return fail(name, f"its key is not there: {endpoint.key}", str(error))
    try:
        status = await ask_for_models(endpoint, key, environ, ANSWER_SECONDS_MAX)
    except UpstreamError as error:
        return fail(
            name,
            f"cannot be reached: {error}",
            f"correct its base_url, or start {endpoint.base_url}",
        )
    if status is not None:
        return _judge(endpoint, status)
    return fail(
        name,
        f"{endpoint.base_url} did not answer within {ANSWER_SECONDS_MAX:g} s",
        "see whether it runs, and whether a proxy or firewall is in between",
    )


def _judge(endpoint: EndpointSettings, status: int) -> Finding:
    name, place = f"endpoint {endpoint.name}", endpoint.base_url
    if status in (401, 403):
        if endpoint.key.source == "none":
            found = f"{place} wants a key (status {status})"
            advice = 'give this endpoint one: key = "keychain:NAME" or key = "env:NAME"'
            return fail(name, found, advice)
        return fail(
            name,
            f"{place} refuses the key of {endpoint.key} (status {status})",
            _advice(endpoint),
        )
    if status >= 500:
        return warn(name, f"{place} answers with status {status}", "try again later; see its log")
    if 300 <= status < 400:
        return warn(name, f"{place} redirects (status {status})", "use the address it leads to")
    key = "needs no key" if endpoint.key.source == "none" else f"key {endpoint.key} is set"
    accepted = " and taken" if status == 200 and endpoint.key.source != "none" else ""
    return ok(name, f"{place} answers; {key}{accepted}")


def _advice(endpoint: EndpointSettings) -> str:
    if endpoint.key.source == "keychain":
        return f"run `understudy keys add {endpoint.key.name}` with a valid key for it"
    return f"put a valid key for it into {endpoint.key.name}"
