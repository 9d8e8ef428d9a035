"""A secret is found in every form that carries it, covered in place, and nothing else is."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable
from urllib.parse import quote

import pytest
from understudy.protocols.scrub import (
    FORM_BYTES_MAX,
    Secrets,
    find_secrets,
)

KEY = 'sk-ant-api03-Qz7_x+/Wm4Kd9-pLr2TvN8s"\\e%41f'
OTHER = "AIzaSyD-1234567890abcdefghijklmnopqrstu"
FORMS: dict[str, Callable[[str], str]] = {
    "plain": str,
    "json": lambda key: json.dumps({"key": key}),
    "json twice": lambda key: json.dumps(json.dumps({"key": key})),
    "json with slashes": lambda key: json.dumps(key).replace("/", "\\/"),
    "json all escaped": lambda key: "".join(f"\\u{ord(one):04x}" for one in key),
    "url": lambda key: "?key=" + quote(key, safe=""),
    "url in small letters": lambda key: quote(key, safe="").lower().replace(key.lower(), key),
    "url all": lambda key: "".join(f"%{ord(one):02X}" for one in key),
    "url twice": lambda key: quote(quote(key, safe=""), safe=""),
    "hex": lambda key: key.encode().hex(),
    "HEX": lambda key: key.encode().hex().upper(),
    "base64 0": lambda key: base64.b64encode(key.encode()).decode(),
    "base64 1": lambda key: base64.b64encode(f"a{key}z".encode()).decode(),
    "base64 2": lambda key: base64.b64encode(f"ab{key}zz".encode()).decode(),
    "base64 basic": lambda key: base64.b64encode(f"user:{key}".encode()).decode(),
    "base64 url": lambda key: base64.urlsafe_b64encode(f"ab{key}?>".encode()).decode(),
    "base64 in a url": lambda key: quote(base64.b64encode(f"a{key}".encode()), safe=""),
}
PLACES = range(9)
"""What stands before it: a gram is looked up at every fourth place alone."""


def secrets(*values: str) -> Secrets:
    """What looks for these."""
    made = Secrets()
    for value in values:
        made.add(value)
    return made


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("key", [KEY, OTHER, "sk-Short1"])
def test_each_form_is_found_and_covered_in_place(form: str, key: str) -> None:
    looked_for = secrets(KEY, OTHER, "sk-Short1")
    for before in PLACES:
        text = "." * before + FORMS[form](key)
        data = f'{text} and "more"'.encode()
        covered = looked_for.cover(data)
        assert looked_for.find(data), data
        assert len(covered) == len(data)
        assert covered.startswith(b"." * before)
        assert covered.endswith(b' and "more"')
        assert not looked_for.find(covered)


@pytest.mark.parametrize("form", [name for name in FORMS if name.startswith("json")][:2])
def test_what_is_covered_in_json_stays_json(form: str) -> None:
    body = FORMS[form](KEY)
    assert json.loads(secrets(KEY).cover(body.encode()))


def test_a_line_break_before_a_piece_is_no_part_of_it() -> None:
    key = "sk-Qz7n8xWm4Kd9pLr2"
    body = json.dumps("said:\n8xWm4Kd9pLr2")
    assert json.loads(secrets(key).cover(body.encode())) == "said:\n" + "*" * 12


@pytest.mark.parametrize("size", range(6, 20))
def test_a_piece_counts_from_eight_characters_on(size: int) -> None:
    key = "sk-Qz7n8xWm4Kd9pLr2TvN8s"
    for start in range(len(key) - size):
        piece = key[start : start + size]
        for before in PLACES:
            data = f"{'.' * before}{piece}***".encode()
            assert bool(secrets(key).find(data)) == (size >= 8), data


def test_a_word_of_a_secret_that_a_person_made_up_is_a_word() -> None:
    looked_for = secrets("key-of-the-Scripted-upstream", "understudy-for-me", "abcdefgh9")
    told = "Understudy asks the upstream; the understudy is Scripted"
    assert looked_for.cover_text(told) == told
    assert looked_for.cover_text("key-of-the-Scripted-upstream") == "*" * 28
    assert looked_for.cover_text("the-Scripted") == "*" * 12
    assert looked_for.cover_text("pieces: abcdefgh") == "pieces: ********"


def test_nothing_else_is_touched() -> None:
    message = "Invalid \u00e9 key, 100%25 sure \\ \n /"
    data = json.dumps({"message": message, "n": [1] * 50}).encode()
    assert secrets(KEY, OTHER).cover(data) is data
    assert secrets().cover(data) is data
    assert secrets("short").find(b"short") == []


def test_text_that_is_no_text_goes_through() -> None:
    broken = "\ud800 " + OTHER
    assert secrets(OTHER).cover_text(broken) == "\ud800 " + "*" * len(OTHER)


def test_which_secret_it_is_and_how_it_is_written() -> None:
    data = f"a {OTHER} b {KEY.encode().hex()}".encode()
    found = find_secrets(data, [("one", KEY), ("other", OTHER)])
    assert [(one.name, one.form) for one in found] == [("other", "plain"), ("one", "hex")]
    assert data[found[0].start : found[0].end] == OTHER.encode()


def test_two_secrets_side_by_side_are_both_found() -> None:
    found = find_secrets(f"{OTHER}{OTHER}{KEY}".encode(), [("one", KEY), ("other", OTHER)])
    assert [one.name for one in found] == ["other", "other", "one"]


def test_the_forms_are_bounded_and_the_oldest_leave() -> None:
    looked_for = Secrets()
    long = [f"{number:04d}" + "Ab3" * 2000 for number in range(6)]
    for value in long:
        looked_for.add(value)
    assert looked_for.size <= FORM_BYTES_MAX
    assert looked_for.find(long[-1].encode())


def test_a_search_costs_little() -> None:
    looked_for = secrets(KEY, OTHER)
    data = b'{"error": {"message": "no such model, try another one of those"}}' * 1000
    begun = time.perf_counter()
    assert looked_for.cover(data) is data
    assert time.perf_counter() - begun < 0.5, "65 kB took about 3 ms where it was measured"
