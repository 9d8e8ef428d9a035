"""Keys: found by reference, held without showing."""

from __future__ import annotations

import copy
import pickle
import traceback

import attrs
import msgspec
import pytest
from understudy.io.keys import KEY_CHARACTERS_MAX, KeyUnavailable, resolve_key
from understudy.protocols.secret import Secret
from understudy.protocols.settings import NO_KEY, KeyReference

CANARY = "sk-planted-canary-0123456789"
WORK_KEY = KeyReference("env", "WORK_KEY")


def test_a_key_is_read_from_the_environment() -> None:
    key = resolve_key(WORK_KEY, {"WORK_KEY": f" {CANARY}\n"})
    assert key is not None
    assert key.reveal() == CANARY


def test_no_key_is_none() -> None:
    assert resolve_key(NO_KEY, {"": CANARY}) is None


@pytest.mark.parametrize("environ", [{}, {"WORK_KEY": ""}, {"WORK_KEY": " \n"}])
def test_a_variable_that_is_not_set_is_told_with_the_remedy(environ: dict[str, str]) -> None:
    with pytest.raises(KeyUnavailable, match=r"env:WORK_KEY: .* is not set; run `export WORK_KEY="):
        resolve_key(WORK_KEY, environ)


@pytest.mark.parametrize(
    "value", [f"{CANARY} x", f"{CANARY}\r\nx: y", f"{CANARY}é", CANARY + "x" * KEY_CHARACTERS_MAX]
)
def test_a_value_that_fits_no_header_is_refused_and_not_shown(value: str) -> None:
    with pytest.raises(KeyUnavailable, match="is no key") as caught:
        resolve_key(WORK_KEY, {"WORK_KEY": value})
    assert CANARY not in str(caught.value)


def test_the_environment_is_not_the_keychain() -> None:
    with pytest.raises(KeyUnavailable, match="keychain:work: is read from the keychain"):
        resolve_key(KeyReference("keychain", "work"), {"work": CANARY})


@attrs.frozen
class Holder:
    secret: Secret


def test_a_secret_shows_nowhere_but_where_it_is_revealed() -> None:
    secret = Secret(CANARY)
    holder = Holder(secret)
    shown = [f"{secret} {secret!r} {secret!s} {secret:>40}", str(holder)]
    shown += [str([secret, {1: secret}]), str(attrs.asdict(holder)), str(KeyError(secret))]
    assert CANARY not in "".join(shown)
    for write in (pickle.dumps, copy.copy, copy.deepcopy, msgspec.json.encode):
        with pytest.raises(TypeError):
            write(secret)
    with pytest.raises(TypeError):
        msgspec.json.encode(holder)
    try:
        raise ValueError(secret)
    except ValueError as error:
        told = traceback.TracebackException.from_exception(error, capture_locals=True)
    assert "secret = Secret(not shown)" in "".join(told.format())


def test_secrets_are_equal_by_value_and_kind() -> None:
    assert Secret("a") == Secret("a")
    assert Secret("a") != Secret("b")
    assert Secret("a") != "a"
