"""Whether what is asked of a place stays with the user: on this machine, or where they say so.

An address on loopback is this machine, with one exception: Ollama serves models of its vendor's
cloud beside those that run here, told by the ending of their names (docs.ollama.com/cloud), or by
its own listing (`remote_host` in api/types.go) where a copy has another name.
"""

from __future__ import annotations

from typing import Final
from urllib.parse import urlsplit

from ..settings_addresses import is_loopback
from ..settings_data import EndpointSettings

CLOUD_ENDINGS: Final = (":cloud", "-cloud")


def is_here(endpoint: EndpointSettings, model: str) -> bool:
    """Whether a model of this endpoint runs on this machine."""
    if endpoint.base_url is None:
        return True
    here = is_loopback(urlsplit(endpoint.base_url).hostname or "")
    told = "ollama" in endpoint.dialects and model.endswith(CLOUD_ENDINGS)
    return here and not told and not endpoint.sends_on(model)


def is_trusted(endpoint: EndpointSettings, model: str) -> bool:
    """Whether private text may go there: it runs here, or the user has called it private."""
    return endpoint.private or is_here(endpoint, model)
