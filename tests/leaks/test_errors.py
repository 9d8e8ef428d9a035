"""What an endpoint says of an error reaches its client without the key, relayed or translated."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import attrs
import pytest
from trio.testing import MockClock
from understudy.actors.backend import exchange as exchange_module
from understudy.io.ports import Headers
from understudy.protocols.dialects import SERVED
from understudy.protocols.scrub_stream import Covering, Open
from understudy.protocols.settings_data import Settings
from understudy.simulations.upstream import SendBytes, SendHead, Step

from ..actors.scripts import ANSWER, JSON, MESSAGE, always, event, stream, turn
from ..actors.stage import WORK_ENDPOINT, Reader, open_stage
from .searched import ENVIRONMENT, FORMS, KEY, leaks_in

SETTINGS = Settings(endpoints=(WORK_ENDPOINT,))
TRANSLATED = Settings(endpoints=(attrs.evolve(WORK_ENDPOINT, dialects=("openai-chat",)),))


def error_body(words: str) -> bytes:
    """An error as providers tell it."""
    return json.dumps(
        {"type": "error", "error": {"type": words, "message": f"bad {words}"}}
    ).encode()


def refusing(status: int, body: bytes, headers: Headers = ()) -> list[Step]:
    """An error response."""
    length = (b"content-length", b"%d" % len(body))
    return [SendHead(status, (*JSON, length, *headers)), SendBytes(body)]


async def asked(settings: Settings, steps: Sequence[Step], **members: Any) -> Reader:
    """One turn that is answered so."""
    async with open_stage(settings, environment=ENVIRONMENT, check=False) as stage:
        stage.work.respond = always(steps)
        return await stage.read(turn(model="work/claude-x", **members))


def told(reader: Reader) -> bytes:
    """Every byte that the client gets of it."""
    if reader.error is not None:
        refusal = reader.refused
        return f"{refusal.kind} {refusal.message}".encode()
    head = b"\n".join(name + b": " + value for name, value in reader.head.headers)
    cut = "" if reader.cut is None else reader.cut.why
    return head + reader.body + cut.encode()


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("settings", [SETTINGS, TRANSLATED], ids=["relayed", "translated"])
@pytest.mark.parametrize("status", [400, 401, 403, 429, 500, 529])
async def test_an_error_response_is_told_without_the_key(
    form: str, settings: Settings, status: int, autojump_clock: MockClock
) -> None:
    quoted = FORMS[form](KEY)
    echo = ((b"x-echo", quoted.encode()), (b"www-authenticate", KEY.encode()))
    reader = await asked(settings, refusing(status, error_body(quoted), echo))
    assert leaks_in(told(reader)) == []
    assert b"bad " in told(reader)


async def test_a_relayed_error_keeps_its_length(autojump_clock: MockClock) -> None:
    reader = await asked(SETTINGS, refusing(401, error_body(KEY)))
    assert reader.body == error_body("*" * len(KEY))
    assert dict(reader.headers)[b"content-length"] == b"%d" % len(reader.body)


async def test_a_relayed_error_without_the_key_is_unchanged(autojump_clock: MockClock) -> None:
    body = error_body("no \\u0041 key %41 here \\\\")
    reader = await asked(SETTINGS, refusing(400, body))
    assert reader.body == body


@pytest.mark.parametrize("settings", [SETTINGS, TRANSLATED], ids=["relayed", "translated"])
async def test_an_error_in_a_stream_is_told_without_the_key(
    settings: Settings, autojump_clock: MockClock
) -> None:
    error = event("error", error={"type": "api_error", "message": f"bad {KEY}"})
    if settings is TRANSLATED:
        error = b'data: {"error": {"message": "bad %b", "code": "%b"}}\n\n' % ((KEY.encode(),) * 2)
    reader = await asked(settings, stream([error]))
    assert leaks_in(told(reader)) == []
    assert b"bad ****" in told(reader)


async def test_an_answer_that_is_no_error_is_unchanged(autojump_clock: MockClock) -> None:
    said = event("content_block_delta", index=0, delta={"type": "text_delta", "text": KEY})
    pieces = [*ANSWER[:2], said, *ANSWER[2:]]
    assert (await asked(SETTINGS, stream(pieces))).body == b"".join(pieces)
    body = MESSAGE.replace(b"assistant", KEY.encode())
    length = (b"content-length", b"%d" % len(body))
    steps: list[Step] = [SendHead(200, (*JSON, length)), SendBytes(body)]
    assert (await asked(SETTINGS, steps, stream=False)).body == body


async def test_a_redirect_is_told_without_where_it_leads(autojump_clock: MockClock) -> None:
    leads = ((b"location", f"https://elsewhere.test/?key={KEY}".encode()),)
    reader = await asked(SETTINGS, [SendHead(307, leads)])
    assert leaks_in(told(reader)) == []
    assert reader.refused.status == 502


async def test_a_relay_that_covers_nothing_would_be_found(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cover_nothing(*_: object) -> Covering:
        return Open()

    monkeypatch.setattr(exchange_module, "covering", cover_nothing)
    reader = await asked(SETTINGS, refusing(401, error_body(KEY)))
    assert leaks_in(told(reader)) == ["plain", "plain"]


async def test_headers_that_are_not_covered_would_be_found(
    autojump_clock: MockClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    def pass_all(headers: Headers, _: object) -> Headers:
        return headers

    monkeypatch.setattr(exchange_module, "relayed_headers", pass_all)
    reader = await asked(SETTINGS, refusing(401, b"{}", ((b"x-echo", KEY.encode()),)))
    assert leaks_in(told(reader)) == ["plain"]


def test_every_dialect_is_served() -> None:
    assert set(SERVED) >= {"anthropic", "openai-chat", "openai-responses", "gemini", "ollama"}
