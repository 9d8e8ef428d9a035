"""The encrypted file of keys, as bytes: what stands in it, and how it is sealed.

The passphrase becomes a key by Argon2id (RFC 9106), with which each value is sealed by AES-256-GCM
(NIST SP 800-38D) under a nonce of its own. What is sealed is bound to its name, its host and the
parameters: a value that is moved to another name or host does not open. A constant that is sealed
tells a wrong passphrase from the right one; a checksum over everything tells damage from both.
Names and hosts are readable, so that they can be listed; whoever can write the file can take
entries out of it, and is found out when he changes one.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from typing import Final

import attrs
import msgspec

from ...protocols.secret import Secret

VERSION: Final = 1
FILE_BYTES_MAX: Final = 8 * 2**20
KEYS_MAX: Final = 512
SALT_BYTES: Final = 16
NONCE_BYTES: Final = 12
KEY_BYTES: Final = 32
ITERATIONS_MAX: Final = 64
LANES_MAX: Final = 16
MEMORY_KIBIBYTES_MAX: Final = 2**20
PASSPHRASE_CHARACTERS_MIN: Final = 8
PASSPHRASE_CHARACTERS_MAX: Final = 1_024
_CONSTANT: Final = b"understudy"
_CONSTANT_NAME: Final = ""
"""No key has this name."""


class Derivation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the passphrase becomes a key: RFC 9106's second recommended choice."""

    salt: bytes
    iterations: int = 3
    lanes: int = 4
    memory_kibibytes: int = 65_536
    name: str = "argon2id"


class Box(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One sealed value, and the host that it is for."""

    host: str
    nonce: bytes
    sealed: bytes


class Vault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole file. `sum` is over all of it with an empty `sum`."""

    understudy_keys: int
    derivation: Derivation
    check: Box
    keys: dict[str, Box]
    sum: str = ""


class Damaged(Exception):
    """The file is not what we wrote; the message says in what way."""


class WrongPassphrase(Exception):
    """The passphrase is not the one that the file was made with."""


@attrs.frozen
class Opener:
    """A key that was derived, and how: it opens the vaults that were derived in the same way."""

    derivation: Derivation
    key: bytes = attrs.field(repr=False)


def new_derivation(iterations: int = 3, memory_kibibytes: int = 65_536) -> Derivation:
    """How a new file's passphrase is to become a key; the defaults are RFC 9106's."""
    return Derivation(os.urandom(SALT_BYTES), iterations, memory_kibibytes=memory_kibibytes)


def derive(passphrase: Secret, derivation: Derivation) -> Opener:
    """Makes the key of a passphrase. Takes a fifth of a second, and 64 MiB, on purpose."""
    from cryptography.hazmat.primitives.kdf.argon2 import Argon2id

    made = Argon2id(
        salt=derivation.salt,
        length=KEY_BYTES,
        iterations=derivation.iterations,
        lanes=derivation.lanes,
        memory_cost=derivation.memory_kibibytes,
    ).derive(passphrase.reveal().encode())
    return Opener(derivation, made)


def new_vault(opener: Opener) -> Vault:
    """A file without keys."""
    check = _sealed(opener, _CONSTANT_NAME, "", _CONSTANT)
    return Vault(VERSION, opener.derivation, check, {})


def check_opener(vault: Vault, opener: Opener) -> None:
    """The passphrase was the right one. Raises WrongPassphrase."""
    from cryptography.exceptions import InvalidTag

    try:
        _opened(opener, _CONSTANT_NAME, vault.check)
    except InvalidTag:
        raise WrongPassphrase from None


def with_key(vault: Vault, opener: Opener, name: str, value: Secret, host: str) -> Vault:
    """The file with a key in it, instead of an older one of this name. Raises Damaged."""
    if len(vault.keys) >= KEYS_MAX and name not in vault.keys:
        raise Damaged(f"it holds {KEYS_MAX} keys already, and takes no more")
    box = _sealed(opener, name, host, value.reveal().encode())
    return msgspec.structs.replace(vault, keys={**vault.keys, name: box})


def without_key(vault: Vault, name: str) -> Vault:
    """The file without a key."""
    keys = {known: box for known, box in vault.keys.items() if known != name}
    return msgspec.structs.replace(vault, keys=keys)


def opened(vault: Vault, opener: Opener, name: str) -> Secret:
    """The value of a key that is there. Raises Damaged if it is not what was sealed."""
    from cryptography.exceptions import InvalidTag

    try:
        return Secret(_opened(opener, name, vault.keys[name]).decode())
    except (InvalidTag, UnicodeDecodeError):
        raise Damaged(f"the key {name} was changed, or moved to another name or host") from None


def encoded(vault: Vault) -> bytes:
    """The bytes of the file."""
    whole = msgspec.structs.replace(vault, sum=_sum(vault))
    return msgspec.json.format(msgspec.json.encode(whole), indent=1) + b"\n"


def decoded(content: bytes) -> Vault:
    """Reads the file. Raises Damaged."""
    try:
        vault = msgspec.json.decode(content, type=Vault)
    except msgspec.MsgspecError:
        raise Damaged("it is not whole, or something else") from None
    if vault.understudy_keys != VERSION:
        raise Damaged(f"it is of version {vault.understudy_keys}; this Understudy reads {VERSION}")
    if not hmac.compare_digest(vault.sum.encode(), _sum(vault).encode()):
        raise Damaged("its checksum is wrong")
    _check_derivation(vault.derivation)
    return vault


def _check_derivation(derivation: Derivation) -> None:
    """The parameters are such that nobody is kept busy by a file."""
    within = (
        derivation.name == "argon2id"
        and len(derivation.salt) == SALT_BYTES
        and 1 <= derivation.iterations <= ITERATIONS_MAX
        and 1 <= derivation.lanes <= LANES_MAX
        and 8 * derivation.lanes <= derivation.memory_kibibytes <= MEMORY_KIBIBYTES_MAX
    )
    if not within:
        raise Damaged("how its passphrase becomes a key is not known here, or not allowed")


def _sum(vault: Vault) -> str:
    written = msgspec.json.encode(msgspec.structs.replace(vault, sum=""))
    return hashlib.sha256(written).hexdigest()


def _bound(opener: Opener, name: str, host: str) -> bytes:
    """What a sealed value is bound to."""
    return msgspec.json.encode(("understudy-keys", VERSION, opener.derivation, name, host))


def _sealed(opener: Opener, name: str, host: str, value: bytes) -> Box:
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    nonce = os.urandom(NONCE_BYTES)
    return Box(host, nonce, AESGCM(opener.key).encrypt(nonce, value, _bound(opener, name, host)))


def _opened(opener: Opener, name: str, box: Box) -> bytes:
    """Raises InvalidTag."""
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    if len(box.nonce) != NONCE_BYTES:
        raise InvalidTag
    return AESGCM(opener.key).decrypt(box.nonce, box.sealed, _bound(opener, name, box.host))
