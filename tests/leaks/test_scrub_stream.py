"""An endpoint's errors are covered, however they are split; what a model says is not touched."""

from __future__ import annotations

import json

import pytest
from understudy.protocols.scrub import Secrets
from understudy.protocols.scrub_stream import Covering, Open, covering

KEY = "sk-ant-Qz7x9Wm4Kd9pLr2TvN8sE41f"
COVERED = "*" * len(KEY)
PIECE = KEY[:12]
EVENTS = ((b"content-type", b"text/event-stream; charset=utf-8"),)
LINES = ((b"content-type", b"application/x-ndjson"),)
WHOLE = ((b"content-type", b"application/json"),)
SIZES = (1, 2, 3, 5, 16, 100, 10_000)

SAID = f'data: {{"delta": {{"text": "KEY={KEY} \\"error\\": \\"{KEY}\\" the event"}}}}\n\n'
NO_ERROR = f'data: {{"response": {{"error": null, "output": "{KEY}"}}}}\n\n'
ANTHROPIC = 'event: error\ndata: {"type": "error", "error": {"message": "bad %s"}}\n\n'
CHAT = 'data: {"id": 1, "error": {"message": "bad %s", "code": 401}, "choices": []}\n\n'
PLAIN = "event: error\ndata: bad %s\n\n"
OLLAMA = '{"error":"bad %s"}\n'
OLLAMA_SAID = f'{{"message": {{"content": "{KEY}"}}}}\n'


def made() -> Secrets:
    """What looks for the key."""
    secrets = Secrets()
    secrets.add(KEY)
    return secrets


def passed(covers: Covering, text: str, size: int) -> str:
    """What comes out of a body that comes in pieces of this size."""
    data = text.encode()
    pieces = [covers.receive_data(data[at : at + size]) for at in range(0, len(data), size)]
    return (b"".join(pieces) + covers.receive_end()).decode()


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("error", [ANTHROPIC, CHAT, PLAIN])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_an_error_in_a_stream_is_covered_and_nothing_else(error: str, size: int, ends: str) -> None:
    for secret in (KEY, PIECE):
        text = (SAID + NO_ERROR + error % secret + SAID).replace("\n", ends)
        wanted = (SAID + NO_ERROR + error % ("*" * len(secret)) + SAID).replace("\n", ends)
        assert passed(covering(made(), 200, EVENTS), text, size) == wanted


@pytest.mark.parametrize("size", SIZES)
def test_a_line_that_tells_an_error_is_covered(size: int) -> None:
    text = OLLAMA_SAID + OLLAMA % KEY + OLLAMA_SAID
    wanted = OLLAMA_SAID + OLLAMA % COVERED + OLLAMA_SAID
    assert passed(covering(made(), 200, LINES), text, size) == wanted


@pytest.mark.parametrize("size", SIZES)
def test_a_whole_body_that_is_an_error_is_covered_with_any_status(size: int) -> None:
    text = json.dumps({"error": {"message": f"bad {KEY}"}})
    for status in (200, 400, 503):
        found = passed(covering(made(), status, WHOLE), text, size)
        assert found == text.replace(KEY, COVERED)
    answer = json.dumps({"content": KEY, "error": None})
    assert passed(covering(made(), 200, WHOLE), answer, size) == answer
    assert passed(covering(made(), 500, WHOLE), answer, size) == answer.replace(KEY, COVERED)


@pytest.mark.parametrize("size", SIZES)
def test_a_long_body_is_covered_as_it_passes(size: int) -> None:
    escaped = "".join(f"\\u{ord(one):04x}" for one in KEY)
    text = "x" * 700 + escaped + "y" * 20 + KEY + "z" * 700
    found = passed(covering(made(), 401, WHOLE), text, size)
    assert not made().find(found.encode())
    assert len(found) == len(text)
    assert found.startswith("x" * 700)
    assert found.endswith("z" * 700)


def test_nothing_waits_at_the_end_of_an_event() -> None:
    covers = covering(made(), 200, EVENTS)
    for text in (SAID, NO_ERROR, ANTHROPIC % "words", SAID):
        assert covers.receive_data(text.encode()) == text.encode()


def test_without_a_secret_nothing_is_looked_at() -> None:
    assert isinstance(covering(Secrets(), 401, WHOLE), Open)
    assert passed(covering(Secrets(), 401, WHOLE), ANTHROPIC % KEY, 7) == ANTHROPIC % KEY
