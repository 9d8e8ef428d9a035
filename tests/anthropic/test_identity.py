"""Whose turn a request is."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.identity import (
    AGENT_HEADER,
    ID_CHARACTERS_MAX,
    SESSION_HEADER,
    Identity,
)
from understudy.protocols.identity import identify as identify_with
from understudy.protocols.request import ServedRequest
from understudy.protocols.switching.history_marks import HistoryMarks
from understudy.protocols.switching.mark import NONCE_BYTES, mark_key

from .requests import ODD_BODIES, assistant, few_examples, request, text, user

MARKS = HistoryMarks(mark_key("token"), lambda: bytes(NONCE_BYTES))
SESSION = "7d8e1f0a-0000-4000-8000-5a5a5a5a5a5a"


def identify(headers: dict[bytes, bytes], asked: ServedRequest) -> Identity:
    return identify_with(headers, asked, MARKS)


def user_id(said: Any) -> dict[str, Any]:
    return {"metadata": {"user_id": said}}


def test_the_header_says_it() -> None:
    asked = request(**user_id(json.dumps({"session_id": "other"})))
    headers = {SESSION_HEADER: SESSION.encode(), AGENT_HEADER: b"a-1"}
    assert identify(headers, asked) == Identity(SESSION, True, "a-1")


def test_the_metadata_say_it_too() -> None:
    said = json.dumps({"device_id": "d", "account_uuid": "", "session_id": SESSION})
    assert identify({}, request(**user_id(said))) == Identity(SESSION, True, "")


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"metadata": None},
        {"metadata": []},
        {"metadata": {}},
        *map(
            user_id,
            [
                7,
                "ann",
                "{",
                "[1]",
                "{}",
                '{"session_id":7}',
                '{"session_id":""}',
                '{"session_id":"\u00e9 /"}',
                '{"a":' * 100_000,
            ],
        ),
    ],
)
def test_a_client_that_does_not_say_it_is_not_named(members: dict[str, Any]) -> None:
    found = identify({}, request(messages=[user("a")], **members))
    assert not found.named
    assert re.fullmatch(r"first-message:[0-9a-f]{16}", found.conversation)


def test_without_a_name_the_first_message_holds_a_conversation_together() -> None:
    first = user(text("write a test"))
    later = [first, assistant(text("done")), user("another")]
    found = identify({}, request(messages=[first]))
    assert identify({}, request(messages=later, system="other")) == found
    assert identify({}, request(messages=[user(text("write a test."))])) != found
    assert identify({}, request(messages=[])).conversation.startswith("first-message:")


@given(st.binary(max_size=300), st.binary(max_size=300))
def test_a_hostile_name_is_made_fit_to_be_shown_and_stored(session: bytes, agent: bytes) -> None:
    found = identify({SESSION_HEADER: session, AGENT_HEADER: agent}, request())
    for name in (found.conversation, found.agent):
        assert re.fullmatch(rf"[A-Za-z0-9._:-]{{0,{ID_CHARACTERS_MAX}}}", name)
    assert found.conversation


def test_a_long_name_is_cut() -> None:
    found = identify(
        {SESSION_HEADER: b"s" * 5_000, AGENT_HEADER: b"\x1b[31m" + b"a" * 5_000}, request()
    )
    assert found.conversation == "s" * ID_CHARACTERS_MAX
    assert found.agent == ("31m" + "a" * ID_CHARACTERS_MAX)[:ID_CHARACTERS_MAX]


@few_examples
@given(ODD_BODIES)
def test_an_odd_request_belongs_to_somebody(value: dict[str, Any]) -> None:
    assert identify({}, request(**value)).conversation
