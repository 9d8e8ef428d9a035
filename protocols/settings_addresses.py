"""Rules for the values that say where things are: hosts, base URLs and key references.

Each rule is a function from the written text to the checked value, raising `Refused` with the
reason. They guard three things: a key in a file that is read, copied and shared; a key sent in
the clear over a network; a server that strangers can reach.
"""

from __future__ import annotations

import ipaddress
import re
from typing import Final
from urllib.parse import SplitResult, urlsplit

from .settings_data import NO_KEY, KeyReference
from .settings_problems import looks_secret, shown

KEY_FORMS: Final = "env:NAME, keychain:NAME or none"
ENVIRONMENT_NAME_CHARACTERS_MAX: Final = 128

_ENVIRONMENT_NAME: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_KEYCHAIN_NAME: Final = re.compile(r"[A-Za-z0-9._@-]{1,128}")
_HOST: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]{0,251}[A-Za-z0-9])?")
_PATH_TAIL: Final = re.compile(r"/+(?:v1/*)?$")


class Refused(Exception):
    """A value breaks a rule; the message says which one, and never shows a secret."""


def is_key_name(name: str) -> bool:
    """Whether a key of the keychain can have this name. What may be a key itself is none."""
    return _KEYCHAIN_NAME.fullmatch(name) is not None and not looks_secret(name)


def checked_key(written: str) -> KeyReference:
    """Reads a key reference. Whatever is refused is not shown: it may be a key itself."""
    source, _, name = written.partition(":")
    if written == "none":
        return NO_KEY
    if source == "env" and not looks_secret(name):
        if not is_variable_name(name):
            raise Refused(
                "what follows env: (not shown) is not the name of an environment variable; "
                "allowed: letters, digits and _, not beginning with a digit"
            )
        return KeyReference("env", name)
    if source == "keychain" and not looks_secret(name):
        if not is_key_name(name):
            raise Refused(
                "what follows keychain: (not shown) is not a name; "
                "allowed: 1 to 128 of letters, digits and ._@-"
            )
        return KeyReference("keychain", name)
    if looks_secret(written):
        raise Refused(
            "this looks like a key itself (not shown). Settings files are read, copied and "
            "shared, so a key must not stand in one: put it into an environment variable and "
            f'write key = "env:NAME"; allowed: {KEY_FORMS}'
        )
    raise Refused(
        f"the value (not shown, it might be a key) names no place of a key; allowed: {KEY_FORMS}"
    )


def is_variable_name(name: str) -> bool:
    """Tells whether a text can be the name of an environment variable, and is no key."""
    fits = _ENVIRONMENT_NAME.fullmatch(name) and len(name) <= ENVIRONMENT_NAME_CHARACTERS_MAX
    return bool(fits) and not looks_secret(name)


def checked_base_url(written: str) -> str:
    """Reads an http or https URL; takes away trailing slashes and the `/v1` that users paste."""
    parts = _split(written)
    if parts is None:
        raise Refused("is not a URL; allowed: http://HOST[:PORT][/PATH] or https://...")
    if "@" in parts.netloc:
        raise Refused(
            "holds a user name or password (not shown); a key goes into "
            f'key = "env:NAME"; allowed: {KEY_FORMS}'
        )
    if parts.query or parts.fragment or "?" in written or "#" in written:
        raise Refused("ends in ?... or #... (not shown), which an endpoint's address cannot have")
    if parts.scheme not in ("http", "https"):
        raise Refused(f"{shown(written)} has no http:// or https:// in front")
    if not parts.hostname or not is_host(parts.hostname):
        raise Refused(f"{shown(written)} names no host; allowed: a host name or an IP address")
    path = _PATH_TAIL.sub("", parts.path)
    return f"{parts.scheme}://{parts.netloc.lower()}{path}"


def sends_in_the_clear(base_url: str) -> bool:
    """Tells whether what is sent to a checked base URL crosses a network unencrypted."""
    parts = urlsplit(base_url)
    return parts.scheme == "http" and not is_loopback(parts.hostname or "")


def is_loopback(host: str) -> bool:
    """Tells whether only this machine can reach the host; IPv6 without brackets."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_host(host: str) -> bool:
    """Tells whether the text is an IP address or has the form of a host name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return _HOST.fullmatch(host) is not None and not host.replace(".", "").isdigit()
    return True


def _split(written: str) -> SplitResult | None:
    if any(character.isspace() or character == "\\" for character in written):
        return None
    try:
        parts = urlsplit(written)
        port = parts.port  # read here because it is only checked when read
    except ValueError:
        return None
    return None if port == 0 or parts.netloc.endswith(":") else parts
