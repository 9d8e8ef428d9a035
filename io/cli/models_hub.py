"""What `models pull` and `models search` share: the hub, its client, the room on this machine."""

from __future__ import annotations

import os
import random
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Final

from ...protocols.models.hub_address import AddressRefused, Hub
from ...protocols.settings_memory import rules_of
from ..folders import Folders
from ..models.hub_client import HubClient
from ..models.hub_room import weights_room_bytes
from ..models.hub_token import find_token
from ..upstream.http11 import Http11Upstream
from ..upstream.settings import settings_from_environment
from .catalogue import read_settings
from .errors import CannotRun
from .machine_memory import read_machine
from .output import note

ENDPOINT_VARIABLE: Final = "HF_ENDPOINT"


def hub_of_environment() -> Hub:
    """The hub that HF_ENDPOINT names, else the public one. Raises CannotRun."""
    try:
        return Hub.at(os.environ.get(ENDPOINT_VARIABLE, ""))
    except AddressRefused as error:
        raise CannotRun(str(error)) from None


def room_for_weights() -> int:
    """What weights may take on this machine, by the user's rules. Raises SettingsError."""
    settings = read_settings(Folders.from_environment(os.environ).settings_file)
    return weights_room_bytes(read_machine().total_bytes, rules_of(settings.memory))


@asynccontextmanager
async def open_client(hub: Hub, notice: Callable[[str], None] = note) -> AsyncGenerator[HubClient]:
    """A client with this environment's proxies, certificates and token."""
    token = find_token(os.environ)
    if token and not hub.may_have_token(hub.endpoint):
        note(f"{hub.endpoint} is not https, so your token is not sent there")
    upstream = Http11Upstream(settings_from_environment(os.environ))
    try:
        yield HubClient(
            upstream, hub, draw=random.SystemRandom().random, token=token, notice=notice
        )
    finally:
        await upstream.aclose()
