"""`understudy keys add`: a key goes into the keychain, for one host. It is never an argument."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Final

import click

from ...protocols.key_host import host_of, normal_host
from ...protocols.secret import Secret
from ..keychain.index import Entry
from ..keychain.words import is_key
from ..keys import KEY_CHARACTERS_MAX
from ..ports import KeptKey
from .errors import CannotRun
from .keys_place import (
    KeyPlace,
    check_key_name,
    config_option,
    key_argument,
    open_file,
    open_place,
    performed,
    tell_of_change,
)
from .output import is_terminal, note

MAKERS: Final = (
    ("sk-ant-", "api.anthropic.com"),
    ("sk-or-", "openrouter.ai"),
    ("sk-proj-", "api.openai.com"),
    ("AIza", "generativelanguage.googleapis.com"),
    ("gsk_", "api.groq.com"),
    ("xai-", "api.x.ai"),
    ("csk-", "api.cerebras.ai"),
    ("fw_", "api.fireworks.ai"),
    ("tgp_", "api.together.xyz"),
    ("github_pat_", "models.github.ai"),
    ("ghp_", "models.github.ai"),
)
"""How keys begin, as far as their makers give them a beginning of their own, and who takes them."""


@click.command("add", short_help="Keep a key, instead of an older one of this name.")
@key_argument
@click.option("--host", metavar="HOST", help="The host that it is for, like api.example.com.")
@click.option("--endpoint", metavar="NAME", help="It is for this endpoint's host.")
@click.option("--provider", metavar="NAME", help="It is for this provider's host.")
@click.option("--stdin", is_flag=True, help="Read the key from standard input.")
@config_option
def command(
    name: str,
    host: str | None,
    endpoint: str | None,
    provider: str | None,
    stdin: bool,
    config: Path | None,
) -> None:
    """Keep a key in the keychain, under NAME and for one host.

    The key is asked for, and not shown while it is typed. The host is the one of the endpoints
    that have key = "keychain:NAME", unless it is said. A running server uses the key from the next
    turn on.

    \b
    Examples:
      understudy keys add work --endpoint work
      understudy keys add gemini --provider gemini
      pass show api/work | understudy keys add work --host api.example.com --stdin
    """
    check_key_name(name)
    place = open_place(config)
    wanted = _host(place, name, host, endpoint, provider)
    value = _typed(name, wanted, stdin=stdin)
    _warn(value, wanted)
    open_file(place, new=True)

    async def keep() -> None:
        await place.keychain.write(name, KeptKey(value, wanted))
        await place.index.put(name, Entry(wanted, place.settings.keys.store))

    performed(keep)
    tell_of_change(place, name)
    click.echo(f"kept {name} in {place.title}, for {wanted}")
    if name not in place.named_keys():
        note(f'name it in {place.settings_file}, at the endpoint: key = "keychain:{name}"')


def _host(
    place: KeyPlace, name: str, host: str | None, endpoint: str | None, provider: str | None
) -> str:
    """The host that the key is for. Raises CannotRun if it is not known."""
    if sum(each is not None for each in (host, endpoint, provider)) > 1:
        raise CannotRun("say one of --host, --endpoint and --provider: a key is for one host")
    if host is not None:
        found = normal_host(host)
        if not found:
            raise CannotRun(f"--host {host}: is no host; write it like api.example.com:8443")
        return found
    if endpoint is not None:
        return _host_of_endpoint(place, endpoint)
    if provider is not None:
        return _host_of_provider(provider)
    hosts = {host_of(each.base_url or "") for each in place.endpoints_of(name)} - {""}
    if len(hosts) == 1:
        return hosts.pop()
    if hosts:
        several = " and ".join(sorted(hosts))
        raise CannotRun(f"{name} is named by endpoints at {several}; say one, with --host")
    raise CannotRun(
        f'no endpoint has key = "keychain:{name}", so say which host the key is for: --host '
        "HOST, --endpoint NAME or --provider NAME. It will be sent to no other"
    )


def _host_of_endpoint(place: KeyPlace, name: str) -> str:
    found = next((each for each in place.settings.endpoints if each.name == name), None)
    if found is None:
        names = ", ".join(each.name for each in place.settings.endpoints) or "none"
        raise CannotRun(f"--endpoint {name}: there is no such endpoint; there are: {names}")
    if found.base_url is None:
        raise CannotRun(f"--endpoint {name}: runs on this machine, and needs no key")
    return host_of(found.base_url)


def _host_of_provider(name: str) -> str:
    from ..providers.providers_file import shipped_providers

    providers = shipped_providers()
    if name not in providers:
        raise CannotRun(f"--provider {name}: is not known; known are: {', '.join(providers)}")
    return host_of(providers[name].base_url)


def _typed(name: str, host: str, *, stdin: bool) -> Secret:
    """The key, from the terminal or a pipe. Raises CannotRun if it can be none."""
    if stdin:
        value = sys.stdin.readline(KEY_CHARACTERS_MAX + 2).strip()
    elif is_terminal(sys.stdin):
        value = click.prompt(f"Key {name} for {host}", hide_input=True, err=True).strip()
    else:
        raise CannotRun("nobody can be asked for the key here: pipe it in, and say --stdin")
    if not is_key(value):
        raise CannotRun(
            "this (not shown) is no key: it is empty, longer than "
            f"{KEY_CHARACTERS_MAX} characters, or holds spaces or non-ASCII characters"
        )
    return Secret(value)


def _warn(value: Secret, host: str) -> None:
    """Says so if the key looks like another provider's; local servers take any."""
    begins = (maker for start, maker in MAKERS if value.reveal().startswith(start))
    maker = next(begins, None)
    name = host.partition(":")[0]
    if maker is not None and name != maker and name not in ("localhost", "127.0.0.1"):
        note(f"the key looks like one for {maker}, and is kept for {host}; is that right?")
