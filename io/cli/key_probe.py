"""Asks an endpoint for its models with a key: the least that shows whether it takes the key.

By the server's own client, so that proxies, certificates and connecting are tried as a turn will
meet them. Of the answer only the status is read.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from ...protocols.secret import Secret
from ...protocols.settings import EndpointSettings
from ...protocols.settings_data import VERSIONS

ANSWER_SECONDS_MAX: Final = 5.0
ANTHROPIC_VERSION: Final = b"2023-06-01"
_LISTS: Final[Mapping[str, str]] = {
    "anthropic": "/v1/models?limit=1",
    "gemini": "/v1beta/models?pageSize=1",
    "ollama": "/api/tags",
}


def models_url(endpoint: EndpointSettings) -> str:
    """Where the endpoint lists its models, in its first dialect."""
    dialect = endpoint.dialects[0]
    path = _LISTS.get(dialect, f"{VERSIONS.get(dialect, '/v1')}/models")
    return f"{endpoint.base_url}{endpoint.path(dialect, path)}"


async def ask_for_models(
    endpoint: EndpointSettings,
    key: Secret | None,
    environ: Mapping[str, str],
    seconds: float = ANSWER_SECONDS_MAX,
) -> int | None:
    """The status that the endpoint answers with; None for no answer within `seconds`.

    Raises UpstreamError.
    """
    import trio

    from ..ports import UpstreamRequest
    from ..upstream.credentials import endpoint_key_header
    from ..upstream.http11 import Http11Upstream
    from ..upstream.settings import settings_from_environment

    dialect = endpoint.dialects[0]
    headers = [(b"accept", b"application/json")]
    if dialect == "anthropic":
        headers.append((b"anthropic-version", ANTHROPIC_VERSION))
    if key is not None:
        headers.append(endpoint_key_header(endpoint, key, dialect))
    upstream = Http11Upstream(settings_from_environment(environ))
    try:
        with trio.move_on_after(seconds):
            request = UpstreamRequest("GET", models_url(endpoint), tuple(headers))
            async with upstream.open(request) as response:
                return response.status
        return None
    finally:
        await upstream.aclose()
