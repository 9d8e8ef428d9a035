"""`/conversation.json`: how one conversation stands, with no word of it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from understudy.io.serving.statusline import described, last_answer, tokens_per_second
from understudy.protocols.records import ConversationRecord, TurnOutcome, TurnRecord, Usage
from understudy.protocols.switching.choice import NO_CHOICE, switched, switched_once, to_text
from understudy.protocols.switching.known import KnownPlace, KnownPlaces
from understudy.protocols.turn import EndpointStatus

from .client import BEARER
from .conftest import Stage

SESSION = ("x-claude-code-session-id", "a-session")
HOME = KnownPlace("home/m", "home", "m", here=True, context_tokens=32_768)
KNOWN = KnownPlaces((KnownPlace("work/m", "work", "m"), HOME), "work/m")
RESTING = EndpointStatus("home", "gemini", "", ("m",), 0, False, "resting", 0, rest_seconds=7.5)


def line(turn: str, place: str, *, read: int = 100, wrote: int = 50, **more: Any) -> TurnRecord:
    endpoint, _, model = place.partition("/")
    usage, ended = Usage(read, wrote), {"outcome": TurnOutcome.ANSWERED, **more}
    return TurnRecord(
        turn, "c", endpoint, model, ended["outcome"], 200, "end_turn", usage, 1.0, 3.0
    )


def record(**members: Any) -> ConversationRecord:
    return ConversationRecord("c", **members)


async def test_a_conversation_is_told_without_its_words(stage: Stage) -> None:
    said = [{"role": "user", "content": "a secret plan"}]
    asked = json.dumps({"model": "work/claude-x", "messages": said}).encode()
    assert (await stage.ask("POST", "/v1/messages", (*BEARER, SESSION), asked)).status == 200
    answer = await stage.ask("GET", "/conversation.json?session=a-session&read=0")
    told = answer.json()
    assert (answer.status, told["place"], told["turns"]) == (200, "work/claude-x", 1)
    assert told["used_tokens"] == 3 + 4
    assert b"secret" not in answer.body
    other = (await stage.ask("GET", "/conversation.json?session=another")).json()
    assert (other["place"], other["turns"], other["used_tokens"]) == ("work/claude-x", 0, 0)


@pytest.mark.parametrize("query", ["?session=a&read=x", "?session=" + "a" * 129])
async def test_a_query_that_is_wrong_is_refused(query: str, stage: Stage) -> None:
    assert (await stage.ask("GET", f"/conversation.json{query}")).status == 400


async def test_it_needs_the_token(stage: Stage) -> None:
    assert (await stage.ask("GET", "/conversation.json?session=a", ())).status == 403


def test_what_was_chosen_is_told_before_what_answered_last() -> None:
    kept = to_text(switched(NO_CHOICE, "home/m"))
    told = described(record(choice=kept), line("t", "work/m"), KNOWN, [RESTING])
    assert (told["place"], told["chosen"], told["once"]) == ("home/m", True, False)
    assert (told["state"], told["rest_seconds"]) == ("resting", 7.5)
    assert (told["context_tokens"], told["tokens_per_second"]) == (32_768, 0.0)
    once = to_text(switched_once(NO_CHOICE, "home/m"))
    assert described(record(choice=once), None, KNOWN, [])["once"] is True


def test_what_answered_last_is_told_then_what_is_stored_then_the_default() -> None:
    assert described(record(model="home/m"), line("t", "work/m"), KNOWN, [])["place"] == "work/m"
    assert described(record(model="home/m"), None, KNOWN, [])["place"] == "home/m"
    assert described(None, None, KNOWN, [])["place"] == "work/m"
    assert described(record(choice="{"), None, KNOWN, [])["place"] == "work/m"
    assert described(record(home="home/m"), None, KNOWN, [])["private"] is True


def test_the_client_s_own_turn_is_told_from_those_of_its_sub_agents() -> None:
    turns = [
        line("command", "/understudy"),
        line("refused", "work/m", outcome=TurnOutcome.REFUSED),
        line("sub-agent", "home/m", read=7),
        line("own", "work/m", read=900),
    ]
    assert last_answer(turns, 900) is turns[3]
    assert last_answer(turns, 0) is turns[2]
    assert last_answer(turns[:2], 900) is None


@pytest.mark.parametrize(("wrote", "speed"), [(50, 25.0), (7, 0.0), (8, 4.0)])
def test_a_speed_is_that_of_the_writing(wrote: int, speed: float) -> None:
    assert tokens_per_second(line("t", "work/m", wrote=wrote)) == speed
