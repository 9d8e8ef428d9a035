"""The address without a token, over real sockets: what it serves and to whom."""

from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import trio
from understudy.actors.router import ApplySettings
from understudy.io.serving import addresses
from understudy.io.serving.listener import Server, serve_connections
from understudy.io.serving.routes import ROUTES
from understudy.protocols.settings import ListenSettings, parse_settings

from .client import BEARER, TOKEN, Answer, HeaderPairs, connect
from .conftest import SETTINGS, Stage
from .upstream import HEAD, chunk, plain, sending

SAID = "Hello, all"
ANSWER = (
    b'event: message_start\ndata: {"type":"message_start","message":{"id":"m","role":"assistant",'
    b'"model":"claude-x","content":[],"usage":{"input_tokens":3,"output_tokens":1}}}\n\n'
    b'event: content_block_start\ndata: {"type":"content_block_start","index":0,'
    b'"content_block":{"type":"text","text":""}}\n\n'
    b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,'
    b'"delta":{"type":"text_delta","text":"Hello, "}}\n\n'
    b'event: content_block_delta\ndata: {"type":"content_block_delta","index":0,'
    b'"delta":{"type":"text_delta","text":"all"}}\n\n'
    b'event: content_block_stop\ndata: {"type":"content_block_stop","index":0}\n\n'
    b'event: message_delta\ndata: {"type":"message_delta","delta":{"stop_reason":"end_turn"},'
    b'"usage":{"output_tokens":4}}\n\n'
    b'event: message_stop\ndata: {"type":"message_stop"}\n\n'
)
CHAT = b'{"model":"claude-x","messages":[{"role":"user","content":"hi"}]}'
OTHERS = [path for path in ROUTES if not path.startswith("/api/") and path != "/"]


@pytest.fixture
async def port(stage: Stage, nursery: trio.Nursery, tmp_path: Path) -> AsyncIterator[int]:
    """The port of such an address in front of the stage's server."""
    opened = await addresses.listen_without_token([ListenSettings(0)], tmp_path)
    (address,) = addresses.tokenless_addresses(stage.gateway, opened)
    server: Server = await nursery.start(
        serve_connections, address.app, address.listeners, address.limits
    )
    yield addresses.port_of(address.listeners)
    server.stop_accepting(grace_seconds=0.0)


async def ask(
    port: int, method: str, target: str, headers: HeaderPairs = (), body: bytes = b""
) -> Answer:
    """One request on a connection of its own, without a token."""
    with trio.fail_after(10):
        async with connect(port) as client:
            await client.start(method, target, headers, body)
            return await client.answer()


@pytest.mark.parametrize(("method", "body"), [("GET", b"Ollama is running"), ("HEAD", b"")])
async def test_the_root_greets_as_clients_look_for_it(port: int, method: str, body: bytes) -> None:
    answer = await ask(port, method, "/")
    assert (answer.status, answer.body) == (200, body)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


async def test_a_chat_needs_no_token(stage: Stage, port: int) -> None:
    stage.upstream.answer = sending(HEAD + chunk(ANSWER) + chunk(b""))
    answer = await ask(port, "POST", "/api/chat", (), CHAT)
    assert answer.status == 200, answer.body
    assert answer.headers["content-type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in answer.body.splitlines()]
    assert "".join(line["message"]["content"] for line in lines) == SAID
    assert lines[-1]["done"] is True
    assert len(stage.upstream.asked) == 1
    with trio.fail_after(5):
        while stage.budget.used_bytes:
            await trio.sleep(0.005)


async def test_a_chat_in_one_piece_too(stage: Stage, port: int) -> None:
    stage.upstream.answer = sending(
        plain(
            b'{"type":"message","id":"m","role":"assistant","model":"claude-x","content":'
            b'[{"type":"text","text":"Hello, all"}],"stop_reason":"end_turn",'
            b'"usage":{"input_tokens":3,"output_tokens":4}}'
        )
    )
    answer = await ask(port, "POST", "/api/chat", (), CHAT.replace(b"{", b'{"stream":false,', 1))
    assert json.loads(answer.body)["message"] == {"role": "assistant", "content": SAID}


@pytest.mark.parametrize("path", ["/api/tags", "/api/ps", "/api/version"])
async def test_what_there_is_needs_no_token(port: int, path: str) -> None:
    for method in ("GET", "HEAD"):
        assert (await ask(port, method, path)).status == 200


async def test_a_chat_goes_to_the_model_that_is_named_as_the_list_has_it(
    stage: Stage, port: int
) -> None:
    two = SETTINGS.format(port=stage.upstream.port).replace('["claude-x"]', '["first", "second"]')
    await stage.router.ask(ApplySettings(parse_settings(two, "settings.toml")))
    names = [each["name"] for each in (await ask(port, "GET", "/api/tags")).json()["models"]]
    for name in names[:2]:
        await ask(port, "POST", "/api/chat", (), CHAT.replace(b"claude-x", name.encode()))
    asked = [json.loads(each.body)["model"] for each in stage.upstream.asked]
    assert asked == [name.rpartition("/")[2].removesuffix(":latest") for name in names[:2]]
    assert set(asked) == {"first", "second"}


async def test_a_model_is_shown_by_the_name_that_the_list_has(port: int) -> None:
    (first, *_) = (await ask(port, "GET", "/api/tags")).json()["models"]
    body = json.dumps({"model": first["name"]}).encode()
    shown = (await ask(port, "POST", "/api/show", (), body)).json()
    assert "completion" in shown["capabilities"]


@pytest.mark.parametrize("path", OTHERS)
@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_no_other_route_is_there_even_with_the_token(
    port: int, method: str, path: str
) -> None:
    for headers in ((), BEARER):
        answer = await ask(port, method, path, headers, CHAT if method == "POST" else b"")
        assert answer.status == 404
        assert answer.json() == {
            "error": f"this address serves Ollama's routes alone, and has no {path}"
        }


@pytest.mark.parametrize(
    "path",
    [
        "/healthz",
        "/open/x",
        f"/t/{TOKEN}/api/tags",
        f"/t/{TOKEN}/status.json",
        "//status.json",
        "/api/../status.json",
        "/api/%2e%2e/status.json",
        "/api/pull",
        "/v1beta/models/x:generateContent",
        "/v1/models/x",
    ],
)
async def test_nor_is_anything_else(port: int, path: str) -> None:
    answer = await ask(port, "GET", path)
    assert answer.status == 404
    assert TOKEN.encode() not in answer.body
    assert "set-cookie" not in answer.headers


@pytest.mark.parametrize("method", ["POST", "DELETE", "OPTIONS"])
async def test_the_root_takes_nothing(port: int, method: str) -> None:
    assert (await ask(port, method, "/")).status == 404


@pytest.mark.parametrize(
    "foreign",
    [
        ("origin", "https://evil.example"),
        ("origin", "http://evil.example:{port}"),
        ("origin", "null"),
        ("origin", "http://127.0.0.1:{main}"),
        ("origin", "chrome-extension://abc"),
        ("sec-fetch-site", "cross-site"),
        ("sec-fetch-site", "same-site"),
        ("host", "rebound.example:{port}"),
        ("host", "rebound.example"),
        ("host", ""),
    ],
)
@pytest.mark.parametrize(
    ("method", "target"), [("POST", "/api/chat"), ("GET", "/api/version"), ("GET", "/")]
)
async def test_a_web_page_does_not_reach_it(
    stage: Stage, port: int, method: str, target: str, foreign: tuple[str, str]
) -> None:
    name, value = foreign
    header = (name, value.format(port=port, main=stage.port))
    answer = await ask(port, method, target, (header,), CHAT if method == "POST" else b"")
    assert answer.status == 403
    assert stage.upstream.asked == []


@pytest.mark.parametrize(
    "own",
    [("origin", "http://127.0.0.1:{port}"), ("sec-fetch-site", "none"), ("host", "localhost")],
)
async def test_a_person_and_this_machine_s_programs_do(port: int, own: tuple[str, str]) -> None:
    name, value = own
    assert (await ask(port, "GET", "/", ((name, value.format(port=port)),))).status == 200


async def test_the_server_s_own_address_still_asks_for_the_token(stage: Stage, port: int) -> None:
    assert (await ask(stage.port, "POST", "/api/chat", (), CHAT)).status == 403
    assert (await ask(stage.port, "GET", "/")).status == 403


async def test_a_log_tells_that_it_is_open(
    stage: Stage, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    opened = await addresses.listen_without_token([ListenSettings(0, host="::1")], tmp_path)
    with caplog.at_level(logging.WARNING):
        (address,) = addresses.tokenless_addresses(stage.gateway, opened)
    where = f"http://[::1]:{addresses.port_of(address.listeners)}"
    assert f"{where} serves Ollama's routes to every program here, without a token" in caplog.text
    for listener in address.listeners:
        await listener.aclose()


async def test_a_port_that_is_taken_is_told_with_the_way_out(stage: Stage, tmp_path: Path) -> None:
    free, taken = ListenSettings(0), ListenSettings(stage.port)
    with pytest.raises(addresses.CannotListen) as caught:
        await addresses.listen_without_token([free, taken], tmp_path / "settings.toml")
    words = str(caught.value)
    assert f"127.0.0.1 port {stage.port}, as a [[listen]] table of {tmp_path}" in words
    assert "give the table another port" in words
