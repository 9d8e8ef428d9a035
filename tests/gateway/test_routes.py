"""Every route, asked as clients ask it and as they should not."""

from __future__ import annotations

import json
import logging

import pytest
import trio
from understudy.io.ports import StateError
from understudy.protocols.anthropic.events import ERROR_KINDS
from understudy.protocols.turn import LiveTurn
from understudy.simulations.state import SimulatedState

from .client import BEARER, connect
from .conftest import Stage
from .upstream import MESSAGE, plain, sending

TURN = json.dumps({"model": "claude-x", "messages": [{"role": "user", "content": "hi"}]}).encode()


async def test_health_needs_no_token_and_no_host(stage: Stage) -> None:
    answer = await stage.ask("GET", "/healthz", (("host", "anything.example"),))
    assert (answer.status, answer.json()) == (200, {"status": "ok"})


async def test_a_message_is_answered_with_the_upstream_s_bytes(stage: Stage) -> None:
    answer = await stage.ask("POST", "/v1/messages", BEARER, TURN)
    assert (answer.status, answer.body) == (200, MESSAGE)
    assert answer.headers["request-id"].startswith("req_")
    await stage.wait_idle()


async def test_the_query_goes_with_the_message(stage: Stage) -> None:
    await stage.ask("POST", "/v1/messages?beta=true&x=%20y", BEARER, TURN)
    assert stage.upstream.asked[0].line == "POST /v1/messages?beta=true&x=%20y HTTP/1.1"


async def test_tokens_are_counted_by_the_upstream(stage: Stage) -> None:
    stage.upstream.answer = sending(plain(b'{"input_tokens": 17}'))
    answer = await stage.ask("POST", "/v1/messages/count_tokens?beta=true", BEARER, TURN)
    assert answer.json() == {"input_tokens": 17}
    assert stage.upstream.asked[0].line == "POST /v1/messages/count_tokens?beta=true HTTP/1.1"
    await stage.wait_idle()


async def test_the_models_are_listed_the_default_first(stage: Stage) -> None:
    answer = await stage.ask("GET", "/v1/models?limit=1000")
    ids = [model["id"] for model in answer.json()["data"]]
    assert ids == ["work/claude-x", "rehearsal/rehearsal", "anthropic/rehearsal/rehearsal"]


async def test_the_status_tells_of_endpoints_and_turns_but_not_of_words(stage: Stage) -> None:
    await stage.ask("POST", "/v1/messages", BEARER, TURN.replace(b'"hi"', b'"a secret plan"'))
    answer = await stage.ask("GET", "/status.json")
    found = answer.json()
    assert (found["version"], found["problems"], found["live_turns"]) == ("1.2.3", [], [])
    assert [endpoint["name"] for endpoint in found["endpoints"]] == ["work", "rehearsal"]
    turn = found["recent_turns"][0]
    assert (turn["endpoint"], turn["model"], turn["outcome"]) == ("work", "claude-x", "answered")
    assert turn["usage"]["input_tokens"] == 3
    for secret in (b"secret plan", b"key-of-work"):
        assert secret not in answer.body


async def test_the_status_tells_what_runs_the_models_of_this_machine(stage: Stage) -> None:
    assert (await stage.ask("GET", "/status.json")).json()["engines"] == []
    local = TURN.replace(b"claude-x", b"rehearsal")
    assert (await stage.ask("POST", "/v1/messages", BEARER, local)).status == 200
    [engine] = (await stage.ask("GET", "/status.json")).json()["engines"]
    assert (engine["name"], engine["kind"], engine["state"]) == (
        "rehearsal",
        "anthropic",
        "running",
    )


async def test_a_live_turn_is_shown(stage: Stage) -> None:
    answering = trio.Event()

    async def answer(stream: trio.SocketStream) -> None:
        answering.set()
        await trio.sleep_forever()

    stage.upstream.answer = answer
    session = (*BEARER, ("x-claude-code-session-id", "abc"))
    async with connect(stage.port) as client:
        await client.start("POST", "/v1/messages", session, TURN)
        await answering.wait()
        turns = (await stage.ask("GET", "/status.json")).json()["live_turns"]
        assert [(turn["conversation"], turn["endpoint"]) for turn in turns] == [("abc", "work")]
    await stage.wait_idle()


async def test_the_page_loads_nothing_from_elsewhere(stage: Stage) -> None:
    answer = await stage.ask("GET", "/")
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert answer.headers["cache-control"] == "no-store"
    assert b"<title>Understudy</title>" in answer.body
    assert b"http" not in answer.body.replace(b"http-equiv", b"").partition(b"<script>")[0]


@pytest.mark.parametrize("target", ["/", "/v1/models", "/status.json"])
async def test_a_head_is_answered_without_a_body(stage: Stage, target: str) -> None:
    async with connect(stage.port) as client:
        for _ in range(2):
            await client.start("HEAD", target)
            answer = await client.answer()
            assert (answer.status, answer.body) == (200, b"")
            client.next_request()


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("GET", "/v1/messages"),
        ("HEAD", "/v1/messages"),
        ("PUT", "/v1/messages"),
        ("GET", "/v1/messages/count_tokens"),
        ("POST", "/v1/models"),
        ("DELETE", "/v1/models"),
        ("POST", "/"),
        ("OPTIONS", "/status.json"),
        ("GET", "/link"),
    ],
)
async def test_another_method_is_405(stage: Stage, method: str, target: str) -> None:
    answer = await stage.ask(method, target)
    assert answer.status == 405
    assert answer.headers["allow"] in ("GET", "POST")
    if method != "HEAD":
        assert answer.error()[1].startswith(f"{target} takes ")


@pytest.mark.parametrize(
    "target",
    ["/v1", "/v1/message", "/v1/messages/x", "/v1/complete", "/favicon.ico", "/../etc/passwd"],
)
async def test_anything_else_is_404(stage: Stage, target: str) -> None:
    kind, message = (await stage.ask("GET", target)).error()
    assert kind == "not_found_error"
    assert message.startswith(f"there is nothing at GET {target}")


@pytest.mark.parametrize("target", ["/v1/messages/", "/v1/messages?", "/v1/%6Dessages"])
async def test_a_route_may_be_written_in_other_ways(stage: Stage, target: str) -> None:
    assert (await stage.ask("POST", target, BEARER, TURN)).status == 200


TWICE = b'{"model":"m","model":"m","messages":[]}'


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"model":"m"}', TWICE, b"\xff"])
async def test_a_malformed_request_is_400(stage: Stage, body: bytes) -> None:
    for target in ("/v1/messages", "/v1/messages/count_tokens"):
        answer = await stage.ask("POST", target, BEARER, body)
        assert answer.status == 400
        assert answer.error()[0] == "invalid_request_error"
    assert stage.upstream.asked == []
    await stage.wait_idle()


@pytest.mark.parametrize("depth", [300, 800, 900, 930, 960, 990, 1_200, 20_000])
async def test_a_deep_request_is_relayed_or_refused(stage: Stage, depth: int) -> None:
    deep = b"[" * depth + b"]" * depth
    body = b'{"model":"claude-x","messages":[{"role":"assistant","content":[{"signature":"",'
    body += b'"type":"thinking","x":%s}]}],"metadata":%s}' % (deep, deep)
    answer = await stage.ask("POST", "/v1/messages", BEARER, body)
    assert answer.status in (200, 400)
    assert depth < 1_000 or answer.status == 400
    assert (await stage.ask("GET", "/healthz")).status == 200


async def test_a_crash_is_told_without_what_caused_it(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    words = "-".join(["what", "was", "said"])

    def crash() -> list[LiveTurn]:
        raise RuntimeError(words)

    stage.gateway.status.live = crash
    with caplog.at_level(logging.DEBUG):
        answer = await stage.ask("GET", "/t/token-of-this-server/status.json", ())
    assert (answer.status, answer.body) == (500, b"")
    assert "RuntimeError" in caplog.text
    assert words not in caplog.text
    assert "token-of-this-server" not in caplog.text


def test_every_status_that_we_send_has_a_kind() -> None:
    assert set(ERROR_KINDS) >= {400, 403, 404, 413, 429, 500, 502, 503}


async def test_a_disk_that_fails_is_told_on_the_page(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def save(_state: SimulatedState, *_records: object) -> None:
        raise StateError("the disk is full")

    monkeypatch.setattr(SimulatedState, "save", save)
    await stage.ask("POST", "/v1/messages", BEARER, TURN)
    with trio.fail_after(5):
        while not (found := (await stage.ask("GET", "/status.json")).json()["problems"]):
            await trio.sleep(0.05)
    assert found == ["the disk is full"]
