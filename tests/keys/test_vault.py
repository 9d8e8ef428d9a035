"""The encrypted file's bytes: what opens them, what does not, and what is told of both."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.io.keychain.vault import (
    KEYS_MAX,
    Damaged,
    Derivation,
    Vault,
    WrongPassphrase,
    check_opener,
    decoded,
    derive,
    encoded,
    new_derivation,
    new_vault,
    opened,
    with_key,
    without_key,
)
from understudy.protocols.secret import Secret

QUICK = new_derivation(iterations=1, memory_kibibytes=64)
OPENER = derive(Secret("the right passphrase"), QUICK)
VALUE = "sk-planted-0123456789"
FULL = with_key(new_vault(OPENER), OPENER, "work", Secret(VALUE), "api.example.com")


def changed(vault: Vault, **derivation: object) -> bytes:
    """The file with other parameters, and a checksum that fits them."""
    other = msgspec.structs.replace(vault.derivation, **derivation)
    return encoded(msgspec.structs.replace(vault, derivation=other))


def test_what_was_sealed_opens() -> None:
    vault = decoded(encoded(FULL))
    check_opener(vault, OPENER)
    assert opened(vault, OPENER, "work") == Secret(VALUE)
    assert vault.keys["work"].host == "api.example.com"


def test_no_key_and_no_passphrase_is_readable() -> None:
    content = encoded(FULL)
    assert VALUE.encode() not in content
    assert b"passphrase" not in content
    assert b"key=" not in repr(OPENER).encode()


def test_the_defaults_are_those_of_the_rfc() -> None:
    made = new_derivation()
    assert (made.iterations, made.lanes, made.memory_kibibytes) == (3, 4, 65_536)
    assert made.salt != new_derivation().salt


def test_argon2id_is_that_of_the_rfc() -> None:
    salt = bytes.fromhex("02" * 16)
    made = derive(Secret("\x01" * 32), Derivation(salt, 3, 4, 32))
    assert made.key.hex() == "03aab965c12001c9d7d0d2de33192c0494b684bb148196d73c1df1acaf6d0c2e"


def test_another_passphrase_is_wrong_and_the_file_is_not_damaged() -> None:
    other = derive(Secret("another passphrase"), QUICK)
    with pytest.raises(WrongPassphrase):
        check_opener(decoded(encoded(FULL)), other)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_damage_anywhere_is_told(data: st.DataObject) -> None:
    content = bytearray(encoded(FULL))
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= 1 << data.draw(st.integers(0, 6))
    try:
        vault = decoded(bytes(content))
    except Damaged:
        return
    assert vault == decoded(encoded(FULL))  # white space, or a capital letter of an escape


@pytest.mark.parametrize("content", [b"", b"{}", b"[1]", b"\xff", encoded(FULL)[:-30]])
def test_what_is_not_ours_is_damage(content: bytes) -> None:
    with pytest.raises(Damaged, match="not whole, or something else"):
        decoded(content)


def test_a_later_version_is_left_alone() -> None:
    later = encoded(msgspec.structs.replace(FULL, understudy_keys=2))
    with pytest.raises(Damaged, match="of version 2; this Understudy reads 1"):
        decoded(later)


@pytest.mark.parametrize(
    "derivation",
    [
        {"iterations": 0},
        {"iterations": 65},
        {"lanes": 17},
        {"memory_kibibytes": 2**21},
        {"memory_kibibytes": 8},
        {"salt": b"short"},
        {"name": "scrypt"},
    ],
)
def test_no_file_keeps_us_busy(derivation: dict[str, object]) -> None:
    with pytest.raises(Damaged, match="not known here, or not allowed"):
        decoded(changed(FULL, **derivation))


def test_a_value_opens_for_its_name_and_host_alone() -> None:
    box = FULL.keys["work"]
    moved = msgspec.structs.replace(FULL, keys={"home": box})
    elsewhere = msgspec.structs.replace(box, host="evil.example")
    sent = msgspec.structs.replace(FULL, keys={"work": elsewhere})
    for vault, name in ((moved, "home"), (sent, "work")):
        whole = decoded(encoded(vault))
        check_opener(whole, OPENER)
        with pytest.raises(Damaged, match=f"the key {name} was changed, or moved"):
            opened(whole, OPENER, name)


def test_a_nonce_of_another_length_is_damage() -> None:
    box = msgspec.structs.replace(FULL.keys["work"], nonce=b"short")
    with pytest.raises(Damaged):
        opened(msgspec.structs.replace(FULL, keys={"work": box}), OPENER, "work")


def test_each_value_has_a_nonce_of_its_own() -> None:
    again = with_key(FULL, OPENER, "work", Secret(VALUE), "api.example.com")
    assert again.keys["work"].nonce != FULL.keys["work"].nonce
    assert again.keys["work"].sealed != FULL.keys["work"].sealed


def test_a_key_can_be_taken_out() -> None:
    assert without_key(FULL, "work").keys == {}
    assert without_key(FULL, "nobody").keys == FULL.keys


def test_there_is_a_limit_of_keys() -> None:
    full = msgspec.structs.replace(
        FULL, keys={f"k{number}": FULL.keys["work"] for number in range(KEYS_MAX)}
    )
    with pytest.raises(Damaged, match="holds 512 keys already"):
        with_key(full, OPENER, "one-more", Secret(VALUE), "h")
    assert len(with_key(full, OPENER, "k7", Secret(VALUE), "h").keys) == KEYS_MAX
