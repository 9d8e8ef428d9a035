"""`understudy keys test`: whether the endpoints that use a key take it."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import attrs
import click

from ...protocols.key_host import host_of, is_for
from ...protocols.settings import EndpointSettings
from ..ports import KeptKey, KeychainError
from .errors import CannotRun, Failed
from .key_probe import ANSWER_SECONDS_MAX, ask_for_models
from .keys_place import (
    KeyPlace,
    check_key_name,
    config_option,
    key_argument,
    open_file,
    open_place,
    performed,
)
from .output import show_json, show_table, spinner


@attrs.frozen
class Verdict:
    """What came of showing the key to one endpoint. `accepted` is None where nobody knows."""

    endpoint: str
    host: str
    accepted: bool | None
    words: str


@click.command("test", short_help="See whether the endpoints take a key.")
@key_argument
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
@config_option
def command(name: str, as_json: bool, config: Path | None) -> None:
    """Ask each endpoint that uses the key for its models, and say whether it takes the key.

    One short request each, which costs no tokens. Nothing is sent to a host that the key is not
    for. Exits with 1 if any refuses.

    \b
    Examples:
      understudy keys test work
      understudy keys test work --json
    """
    check_key_name(name)
    place = open_place(config)
    endpoints = [each for each in place.endpoints_of(name) if each.base_url is not None]
    if not endpoints:
        raise CannotRun(
            f'no endpoint has key = "keychain:{name}" in {place.settings_file}, so nobody can be '
            "asked; name it there first"
        )
    open_file(place)
    with spinner(f"asking {', '.join(each.name for each in endpoints)}"):
        verdicts = performed(lambda: _verdicts(place, name, endpoints))
    if as_json:
        show_json({"key": name, "endpoints": [attrs.asdict(each) for each in verdicts]})
    else:
        show_table(
            ("endpoint", "at", ""), [(each.endpoint, each.host, each.words) for each in verdicts]
        )
    if any(each.accepted is not True for each in verdicts):
        raise Failed(f"{name} is not taken everywhere")


async def _verdicts(
    place: KeyPlace, name: str, endpoints: Sequence[EndpointSettings]
) -> list[Verdict]:
    """Raises KeychainError if there is no such key."""
    key = await place.keychain.read(name)
    if key is None:
        raise KeychainError(f"{place.title} has no key {name}; run `understudy keys add {name}`")
    return [await _verdict(endpoint, key) for endpoint in endpoints]


async def _verdict(endpoint: EndpointSettings, key: KeptKey) -> Verdict:
    from ..ports import UpstreamError

    host = host_of(endpoint.base_url or "")
    if not is_for(key.host, endpoint.base_url or ""):
        words = f"not asked: the key is for {key.host}"
        return Verdict(endpoint.name, host, False, words)
    try:
        status = await ask_for_models(endpoint, key.value, os.environ)
    except UpstreamError as error:
        return Verdict(endpoint.name, host, None, f"cannot be reached: {error}")
    if status is None:
        words = f"no answer within {ANSWER_SECONDS_MAX:g} s"
        return Verdict(endpoint.name, host, None, words)
    if status in (401, 403):
        return Verdict(endpoint.name, host, False, f"refused (status {status})")
    if status == 200:
        return Verdict(endpoint.name, host, True, "accepted")
    return Verdict(endpoint.name, host, None, f"answers with status {status}; nobody knows")
