"""A request that is passed on: the client's own bytes but for what protocols/…/relay.py lists."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.openai_responses.dialect import SERVED, UPSTREAM

from .pieces import VALUES, few_examples
from .playbook import Json

MARKED = b'"understudy:'


def relayed(body: bytes, model: str = "b") -> bytes:
    sent = UPSTREAM.relayed(SERVED.parse(body), model)
    assert (sent.path, sent.headers, sent.dropped) == ("/v1/responses", (), ())
    return sent.body


def test_what_we_do_not_know_is_kept_byte_for_byte() -> None:
    body = (
        b' {"new" : [{"x":1.0e2}],\n "model":"a", "input":[{"role":"user","content":"\\u0041"},'
        b'{"type":"reasoning","id":"rs_1","encrypted_content":"gAAA","summary":[ ]}] }\n'
    )
    assert relayed(body) == body.replace(b'"a"', b'"b"')


@few_examples
@given(
    st.dictionaries(st.text(max_size=8), VALUES, max_size=5),
    st.lists(VALUES, max_size=3),
    st.sampled_from([None, 2]),
)
def test_a_relay_changes_the_model_and_nothing_else(
    others: dict[str, Any], items: list[Any], indent: int | None
) -> None:
    drawn = {key: value for key, value in others.items() if key not in ("stream", "model")}
    value = {**drawn, "max_output_tokens": 5, "input": items, "model": "a-name-not-drawn"}
    body = json.dumps(value, indent=indent).encode()
    assert relayed(body, "n") == body.replace(b'"a-name-not-drawn"', b'"n"')


def reasoning(encrypted: str) -> bytes:
    item: Json = {"type": "reasoning", "id": "rs_x", "summary": [], "encrypted_content": encrypted}
    return json.dumps(item).encode()


def test_reasoning_of_another_model_is_taken_out_and_the_rest_keeps_its_bytes() -> None:
    call = b'{"type":"function_call" , "arguments":"{}","n":1.50}'
    foreign = [
        reasoning("understudy:anthropic  c2ln"),
        reasoning("understudy:redacted understudy:anthropic  ZGF0"),
        reasoning("understudy:openai-responses other rs_1 ENC"),
        reasoning("understudy:nonsense"),
    ]
    own = reasoning("gAAA")
    body = b'{"model":"a","input":[%s]}' % b" , ".join([*foreign, call, own])
    assert relayed(body) == b'{"model":"b","input":[%s]}' % b",".join([call, own])
    assert relayed(b'{"model":"a","input":[%s]}' % foreign[0]) == b'{"model":"b","input":[]}'


def test_reasoning_of_this_very_model_becomes_what_the_api_gave() -> None:
    body = b'{"model":"a","input":[%s]}' % reasoning("understudy:openai-responses b rs_1 ENC")
    wanted: Json = {"type": "reasoning", "id": "rs_1", "summary": [], "encrypted_content": "ENC"}
    assert json.loads(relayed(body))["input"] == [wanted]


def test_a_mark_in_a_text_is_no_mark() -> None:
    for item in (
        b'{"role":"user","content":"understudy:anthropic  x"}',
        b'{"type":"reasoning","summary":[{"text":"understudy:anthropic  x"}]}',
        b'["understudy:"]',
    ):
        body = b'{"model":"a","input":[ %s ]}' % item
        assert MARKED in body
        assert relayed(body) == body.replace(b'"a"', b'"b"')
    assert b'"understudy:x"' in relayed(b'{"model":"a","input":"understudy:x"}')
