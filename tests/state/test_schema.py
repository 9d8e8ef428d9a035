"""Records as rows: any record that fits comes back as it was; any other is refused."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.io.ports import StateError
from understudy.io.state_schema import (
    conversation_record,
    conversation_row,
    turn_record,
    turn_row,
)
from understudy.protocols.records import ConversationRecord, TurnOutcome, TurnRecord, Usage

UNHURRIED = settings(deadline=None)  # a busy machine is not a failure
TEXTS = st.text(st.characters(exclude_categories=["Cs"]))
COUNTS = st.integers(-(2**63) + 1, 2**63 - 1)
SECONDS = st.floats(allow_nan=False, allow_infinity=False)
CONVERSATIONS = st.builds(ConversationRecord, TEXTS, TEXTS, COUNTS, COUNTS, st.booleans())
USAGES = st.builds(Usage, COUNTS, COUNTS, COUNTS, COUNTS, st.booleans())
TURNS = st.builds(
    TurnRecord,
    turn=TEXTS,
    conversation=TEXTS,
    endpoint=TEXTS,
    model=TEXTS,
    outcome=st.sampled_from(TurnOutcome),
    status=COUNTS,
    stop_reason=TEXTS,
    usage=USAGES,
    first_byte_seconds=SECONDS,
    total_seconds=SECONDS,
    tool_uses=st.lists(TEXTS).map(tuple),
)


@UNHURRIED
@given(CONVERSATIONS)
def test_a_conversation_comes_back_as_it_was(record: ConversationRecord) -> None:
    assert conversation_record(conversation_row(record)) == record


@UNHURRIED
@given(TURNS)
def test_a_turn_comes_back_as_it_was(record: TurnRecord) -> None:
    assert turn_record(turn_row(record)) == record


def test_a_refusal_names_the_record_and_stays_printable() -> None:
    with pytest.raises(StateError, match=r"the record of '\\ud800x+' cannot be kept") as caught:
        conversation_row(ConversationRecord("\ud800" + "x" * 1_000))
    assert len(str(caught.value)) < 250
