"""A turn from the client's socket to the upstream's and back: what passes, and how it ends."""

from __future__ import annotations

import json

import h11
import pytest
import trio

from .client import BEARER, Client, connect
from .conftest import Stage
from .upstream import FIRST, HEAD, LAST, chunk, cutting, plain, sending, wait_left

TURN = json.dumps({"model": "work/claude-x", "stream": True, "messages": []}).encode()


async def test_a_stream_arrives_with_its_bytes_unchanged(stage: Stage) -> None:
    stage.upstream.answer = sending(HEAD + chunk(FIRST), chunk(LAST), chunk(b""))
    answer = await stage.ask("POST", "/v1/messages", BEARER, TURN)
    assert answer.status == 200
    assert answer.headers["content-type"] == "text/event-stream"
    assert answer.body == FIRST + LAST
    await stage.wait_idle()


async def test_an_event_is_passed_on_before_the_next_one_comes(stage: Stage) -> None:
    heard = trio.Event()

    async def answer(stream: trio.SocketStream) -> None:
        await stream.send_all(HEAD + chunk(FIRST))
        await heard.wait()
        await stream.send_all(chunk(LAST) + chunk(b""))

    stage.upstream.answer = answer
    async with connect(stage.port) as client:
        await client.start("POST", "/v1/messages", BEARER, TURN)
        assert isinstance(await client.event(), h11.Response)
        event = await client.event()
        assert isinstance(event, h11.Data)
        assert event.data == FIRST
        heard.set()
        event = await client.event()
        assert isinstance(event, h11.Data)
        assert event.data == LAST
        assert isinstance(await client.event(), h11.EndOfMessage)


async def test_many_turns_go_over_one_connection(stage: Stage) -> None:
    async with connect(stage.port) as client:
        for _ in range(3):
            await client.start("POST", "/v1/messages", BEARER, TURN)
            assert (await client.answer()).status == 200
            client.next_request()
    assert stage.server.statistics().refused_connections == 0
    assert len(stage.upstream.asked) == 3


async def test_what_is_for_us_stays_here_and_the_rest_goes_on(stage: Stage) -> None:
    token = BEARER[0][1].removeprefix("Bearer ")
    ours = {
        "authorization": f"Bearer {token}",
        "x-api-key": token,
        "x-goog-api-key": token,
        "cookie": "understudy=secret",
        "proxy-authorization": "Basic secret",
        "accept-encoding": "gzip, br, zstd",
        "x-forwarded-for": "10.0.0.1",
        "forwarded": "for=10.0.0.1",
        "referer": "http://127.0.0.1/secret",
        "origin": f"http://127.0.0.1:{stage.port}",
        "te": "trailers",
    }
    theirs = {
        "anthropic-beta": "claude-code-20250219,effort-2025-11-24",
        "anthropic-version": "2023-06-01",
        "user-agent": "claude-cli/2.1.330 (external, cli)",
        "x-claude-code-session-id": "abc",
        "x-stainless-retry-count": "0",
        "content-type": "application/json",
        "x-app": "cli",
    }
    await stage.ask("POST", "/v1/messages", (*ours.items(), *theirs.items()), TURN)
    found = stage.upstream.asked[0]
    assert {name: found.headers.get(name) for name in theirs} == theirs
    assert found.headers["x-api-key"] == "key-of-work"
    assert found.headers["accept-encoding"] == "identity"
    assert found.headers["host"] == f"127.0.0.1:{stage.upstream.port}"
    for name in ours.keys() - {"x-api-key", "accept-encoding"}:
        assert name not in found.headers
    assert token not in str(found.headers)
    assert "secret" not in str(found.headers)


async def test_a_token_in_the_path_does_not_go_on(stage: Stage) -> None:
    path = f"/t/{BEARER[0][1].removeprefix('Bearer ')}/v1/messages?beta=true"
    assert (await stage.ask("POST", path, (), TURN)).status == 200
    assert stage.upstream.asked[0].line == "POST /v1/messages?beta=true HTTP/1.1"


async def test_the_upstream_gets_the_client_s_bytes_but_for_the_model(stage: Stage) -> None:
    for model in (b"claude-x", b"work/claude-x", b"anthropic/work/claude-x", b"claude-opus-5-5"):
        body = b'{ "model" : "%s", "betas":["x-1"],\n "messages":[ ],"zz":1.50}' % model
        await stage.ask("POST", "/v1/messages", BEARER, body)
        assert stage.upstream.asked[-1].body == body.replace(b'"%s"' % model, b'"claude-x"')


async def test_a_large_body_passes_whole(stage: Stage) -> None:
    words = "w\u00e9" * 40_000
    text = json.dumps({"model": "claude-x", "messages": [], "x": words}, ensure_ascii=False)
    body = text.encode()
    assert len(body) > 120_000
    assert (await stage.ask("POST", "/v1/messages", BEARER, body)).status == 200
    assert stage.upstream.asked[0].body == body


async def test_a_chunked_body_is_taken_too(stage: Stage) -> None:
    async with connect(stage.port) as client:
        headers = (*BEARER, ("transfer-encoding", "chunked"))
        await client.start("POST", "/v1/messages", headers)
        await client.send_body(TURN[:30])
        await client.send_body(TURN[30:])
        await client.stream.send_all(b"0\r\n\r\n")
        assert (await client.answer()).status == 200
    assert stage.upstream.asked[0].body == TURN.replace(b"work/", b"")
    await stage.wait_idle()


@pytest.mark.parametrize(
    ("status", "kind"), [(429, "rate_limit_error"), (529, "overloaded_error"), (400, "x")]
)
async def test_an_upstream_s_refusal_keeps_its_status_and_bytes(
    stage: Stage, status: int, kind: str
) -> None:
    body = b'{"type":"error","error":{"type":"%b","message":"later"} }' % kind.encode()
    extra = b"retry-after: 7\r\nset-cookie: x=1\r\nserver: s\r\nx-should-retry: true\r\n"
    stage.upstream.answer = sending(plain(body, b"%d No" % status, extra))
    answer = await stage.ask("POST", "/v1/messages", BEARER, TURN)
    assert (answer.status, answer.body) == (status, body)
    assert answer.headers["retry-after"] == "7"
    assert answer.headers["x-should-retry"] == "true"
    assert not {"set-cookie", "server"} & set(answer.headers)


@pytest.mark.parametrize("extra", [b"", b"request-id: req_of_the_endpoint\r\n"])
async def test_an_answer_has_one_request_id(stage: Stage, extra: bytes) -> None:
    stage.upstream.answer = sending(plain(b"{}", extra=extra))
    async with connect(stage.port) as client:
        await client.start("POST", "/v1/messages", BEARER, TURN)
        head = await client.event()
    assert isinstance(head, h11.Response)
    (found,) = [value for name, value in head.headers if name == b"request-id"]
    assert found == b"req_of_the_endpoint" if extra else found.startswith(b"req_")


async def test_a_refusal_of_ours_has_its_status_and_kind(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("WORK_KEY")
    answer = await stage.ask("POST", "/v1/messages", BEARER, TURN)
    assert answer.status == 403
    kind, message = answer.error()
    assert kind == "permission_error"
    assert "WORK_KEY" in message
    assert stage.upstream.asked == []
    await stage.wait_idle()


async def test_an_upstream_that_drops_the_connection_is_502(stage: Stage) -> None:
    stage.upstream.answer = cutting()
    answer = await stage.ask("POST", "/v1/messages", BEARER, TURN)
    assert (answer.status, answer.error()[0]) == (502, "api_error")
    await stage.wait_idle()


async def expect_cut(client: Client) -> bytes:
    """Reads until the connection is reset; fails at a clean end."""
    data = b""
    try:
        while more := await client.stream.receive_some():
            data += more
    except trio.BrokenResourceError:
        return data
    pytest.fail(f"a clean end after {data!r}")


@pytest.mark.parametrize("whole", [True, False], ids=["between events", "inside an event"])
async def test_a_cut_upstream_is_a_reset_and_never_a_clean_end(
    stage: Stage, whole: bool, caplog: pytest.LogCaptureFixture
) -> None:
    sent = chunk(FIRST) if whole else chunk(FIRST[:30])
    stage.upstream.answer = cutting(HEAD + sent)
    async with connect(stage.port) as client:
        await client.start("POST", "/v1/messages", BEARER, TURN)
        assert not (await expect_cut(client)).endswith(b"0\r\n\r\n")
    await stage.wait_idle()
    assert "crashed" not in caplog.text


async def test_a_newer_copy_of_a_request_cuts_the_older(stage: Stage) -> None:
    arrived = trio.Event()

    async def first_hangs(stream: trio.SocketStream) -> None:
        stage.upstream.answer = sending(plain(b'{"type":"message","content":[]}'))
        await stream.send_all(HEAD + chunk(FIRST))
        arrived.set()
        await wait_left(stream)

    stage.upstream.answer = first_hangs
    session = (*BEARER, ("x-claude-code-session-id", "abc"))
    async with connect(stage.port) as older:
        await older.start("POST", "/v1/messages", session, TURN)
        await arrived.wait()
        assert isinstance(await older.event(), h11.Response)
        newer = await stage.ask("POST", "/v1/messages", session, TURN.replace(b"true", b"false"))
        assert newer.status == 200
        await expect_cut(older)
    with trio.fail_after(1):
        await stage.upstream.closed.wait()
    await stage.wait_idle()


@pytest.mark.parametrize("begun", [False, True], ids=["before the first byte", "mid-stream"])
async def test_a_client_s_reset_closes_the_upstream(stage: Stage, begun: bool) -> None:
    arrived = trio.Event()

    async def hang(stream: trio.SocketStream) -> None:
        if begun:
            await stream.send_all(HEAD + chunk(FIRST))
        arrived.set()
        await wait_left(stream)

    stage.upstream.answer = hang
    async with connect(stage.port) as client:
        await client.start("POST", "/v1/messages", BEARER, TURN)
        await arrived.wait()
        client.reset()
        with trio.fail_after(1):
            await stage.upstream.closed.wait()
    await stage.wait_idle()
