"""Every served route over real sockets: answers, errors, models, vectors, and what is kept."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
import trio
from understudy.actors.router import ApplySettings
from understudy.io.serving.body import BODY_BYTES_MAX
from understudy.protocols.json_values import list_of, object_of, text_of
from understudy.protocols.openai_responses.shelf import Shelf
from understudy.protocols.settings import parse_settings

from .client import BEARER, TOKEN, Answer
from .conftest import Stage
from .upstream import plain, sending

Json = dict[str, Any]

SETTINGS = """
[[endpoint]]
name = "work"
dialect = "{dialect}"
base_url = "http://127.0.0.1:{port}"
models = ["qwen3:8b"]
key = "env:WORK_KEY"
"""
MODEL = "work/qwen3:8b"
SAID = "Hello, all"
HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"
EVENTS = (
    b'data: {"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":"Hello, "}}]}\n\n'
    b'data: {"id":"c","choices":[{"index":0,"delta":{"content":"all"}}]}\n\n'
    b'data: {"id":"c","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\n'
    b'data: {"id":"c","choices":[],"usage":{"prompt_tokens":5,"completion_tokens":2}}\n\n'
    b"data: [DONE]\n\n"
)
FIRST = EVENTS.partition(b"\n\n")[0] + b"\n\n"
WHOLE = json.dumps(
    {
        "id": "c",
        "choices": [{"index": 0, "message": {"content": SAID}, "finish_reason": "stop"}],
        "usage": {"prompt_tokens": 5, "completion_tokens": 2},
    }
).encode()
USER = [{"role": "user", "content": "Hi"}]
CONTENTS = [{"role": "user", "parts": [{"text": "Hi"}]}]
GENERATE = f"/v1beta/models/{MODEL}:generateContent"
STREAM = f"/v1beta/models/{MODEL}:streamGenerateContent"
ROUTES: dict[str, Json] = {
    "/v1/messages": {"messages": USER, "max_tokens": 9},
    "/v1/chat/completions": {"messages": USER},
    "/v1/completions": {"prompt": "Hi"},
    "/v1/responses": {"input": "Hi"},
    "/api/chat": {"messages": USER},
    "/api/generate": {"prompt": "Hi"},
}
COUNTS: dict[str, Json] = {
    "/v1/messages/count_tokens": {"messages": USER},
    "/v1/responses/input_tokens": {"input": "Hi"},
    f"/v1beta/models/{MODEL}:countTokens": {"contents": CONTENTS},
}
UNKNOWN = {
    "/v1/messages/batches": "anthropic",
    "/v1/audio/speech": "openai",
    "/v1/chat/nothing": "openai",
    "/v1/responses/resp_1/cancel": "openai",
    "/v1beta/files": "gemini",
    "/v1alpha/files": "gemini",
    "/api/pull": "ollama",
}
KEY = "key-of-work"


@pytest.fixture
async def stage(stage: Stage) -> Stage:
    """The one endpoint speaks Chat Completions, and answers as it is asked."""
    await speak(stage, "openai-chat")
    answer_as_asked(stage)
    return stage


async def speak(stage: Stage, dialect: str) -> None:
    """The endpoint speaks this dialect from now on."""
    text = SETTINGS.format(port=stage.upstream.port, dialect=dialect)
    settings = parse_settings(text, "settings.toml")
    stage.parts.settings = settings
    await stage.router.ask(ApplySettings(settings))


def ending(*pieces: bytes) -> Callable[[trio.SocketStream], Awaitable[None]]:
    """Answers with these bytes, and closes the connection."""

    async def answer(stream: trio.SocketStream) -> None:
        await sending(*pieces)(stream)
        stream.socket.close()

    return answer


def answer_as_asked(stage: Stage) -> None:
    """The endpoint streams where it is asked to."""

    async def answer(stream: trio.SocketStream) -> None:
        if json.loads(stage.upstream.asked[-1].body).get("stream"):
            await ending(HEAD + EVENTS)(stream)
        else:
            await sending(plain(WHOLE))(stream)

    stage.upstream.answer = answer


async def post(stage: Stage, path: str, body: Json, **members: Any) -> Answer:
    """One request; Gemini names the model in the path alone."""
    named = {} if path.startswith("/v1beta") else {"model": MODEL}
    return await stage.ask("POST", path, BEARER, json.dumps({**named, **body, **members}).encode())


def lines(answer: Answer) -> list[Json]:
    """The JSON objects of a stream, in either form."""
    found = [line.removeprefix(b"data: ") for line in answer.body.splitlines()]
    return [json.loads(line) for line in found if line.startswith(b"{")]


def texts(value: Any) -> list[str]:
    """Every piece of text that an answer may hold, wherever its dialect puts it."""
    members = object_of(value)
    own = [text_of(members.get(key)) for key in ("text", "response", "content")]
    inner = [*list_of(value), *members.values()]
    return [*filter(None, own), *(text for each in inner for text in texts(each))]


@pytest.mark.parametrize("path", ROUTES)
async def test_a_route_answers_in_one_piece(path: str, stage: Stage) -> None:
    answer = await post(stage, path, ROUTES[path], stream=False)
    assert answer.status == 200
    assert answer.headers["content-type"].startswith("application/json")
    assert SAID in texts(json.loads(answer.body))
    assert stage.upstream.asked[0].line == "POST /v1/chat/completions HTTP/1.1"
    assert json.loads(stage.upstream.asked[0].body)["model"] == "qwen3:8b"


@pytest.mark.parametrize("path", ROUTES)
async def test_a_route_streams(path: str, stage: Stage) -> None:
    answer = await post(stage, path, ROUTES[path], stream=True)
    assert answer.status == 200
    kind = "application/x-ndjson" if path.startswith("/api/") else "text/event-stream"
    assert answer.headers["content-type"].startswith(kind)
    if path == "/v1/responses":
        assert SAID in texts(lines(answer)[-1])
    else:
        assert "".join(texts(lines(answer))) == SAID


async def test_gemini_says_the_manner_in_the_path(stage: Stage) -> None:
    whole = await post(stage, GENERATE, {"contents": CONTENTS})
    assert texts(json.loads(whole.body)) == [SAID]
    events = await post(stage, f"{STREAM}?alt=sse", {"contents": CONTENTS})
    assert events.headers["content-type"] == "text/event-stream"
    assert "".join(texts(lines(events))) == SAID
    for query in ("", "?default=sse", "?malt=sse"):
        array = await post(stage, STREAM + query, {"contents": CONTENTS})
        assert "".join(texts(json.loads(array.body))) == SAID


async def test_an_array_that_fails_is_still_json(stage: Stage) -> None:
    stage.upstream.answer = ending(HEAD + FIRST, b'data: {"error":{"message":"No."}}\n\n')
    answer = await post(stage, STREAM, {"contents": CONTENTS})
    first, last = json.loads(answer.body)
    assert texts(first) == ["Hello, "]
    assert "No." in last["error"]["message"]


@pytest.mark.parametrize("path", COUNTS)
async def test_a_route_counts(path: str, stage: Stage) -> None:
    answer = await post(stage, path, COUNTS[path])
    found = answer.json()
    assert 1 <= found.get("input_tokens", found.get("totalTokens")) <= 20
    assert stage.upstream.asked == [], "nobody counts in this dialect"


def words_of(answer: Answer) -> tuple[str, str]:
    """Whose words an error is in, and its message."""
    found = answer.json()
    if found.get("type") == "error":
        return "anthropic", found["error"]["message"]
    if isinstance(found["error"], str):
        return "ollama", found["error"]
    dialect = "gemini" if "status" in found["error"] else "openai"
    return dialect, found["error"]["message"]


@pytest.mark.parametrize("path", [*ROUTES, GENERATE, *COUNTS])
async def test_an_error_is_in_the_client_s_words(path: str, stage: Stage) -> None:
    beginnings = {"/v1/messages": "anthropic", "/v1beta": "gemini", "/api": "ollama"}
    wanted = next((name for at, name in beginnings.items() if path.startswith(at)), "openai")
    stage.upstream.answer = sending(plain(b'{"error":{"message":"No more."}}', b"429 No"))
    body = {**ROUTES, **COUNTS}.get(path, {"contents": CONTENTS})
    bad = await stage.ask("POST", path, BEARER, b"[]")
    assert (bad.status, words_of(bad)[0]) == (400, wanted)
    wrong = await stage.ask("GET", path)
    assert (wrong.status, words_of(wrong)[0], wrong.headers["allow"]) == (405, wanted, "POST")
    denied = await stage.ask("POST", path, (("authorization", "Bearer wrong"),), b"{}")
    assert (denied.status, words_of(denied)[0]) == (403, wanted)
    if path not in COUNTS:
        told = await post(stage, path, body)
        assert (told.status, words_of(told)) == (429, (wanted, "No more."))


@pytest.mark.parametrize("path", UNKNOWN)
async def test_what_is_not_served_is_said_in_the_words_of_whoever_asks(
    path: str, stage: Stage
) -> None:
    answer = await stage.ask("POST", path, BEARER, b"{}")
    assert (answer.status, words_of(answer)[0]) == (404, UNKNOWN[path])


async def test_a_key_in_the_query_is_the_token_and_goes_no_further(
    stage: Stage, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("DEBUG"):
        body = json.dumps({"contents": CONTENTS}).encode()
        answer = await stage.ask("POST", f"{GENERATE}?key={TOKEN}&x=1", (), body)
        assert texts(json.loads(answer.body)) == [SAID]
        for query in ("?key=wrong", "?key=", f"?KEY={TOKEN}", f"?key=wrong&key={TOKEN}", ""):
            assert (await stage.ask("POST", GENERATE + query, (), body)).status == 403
    asked = stage.upstream.asked
    assert TOKEN not in str(asked)
    assert TOKEN not in caplog.text


@pytest.mark.parametrize("name", ["key", "Key", "%6Bey", "access_token"])
async def test_no_secret_of_a_query_reaches_an_endpoint(name: str, stage: Stage) -> None:
    await speak(stage, "gemini")
    stage.upstream.answer = sending(plain(b'{"candidates":[]}'))
    secrets = (("x-goog-api-key", TOKEN), ("api-key", "mine"), ("authorization", "Bearer mine"))
    target = f"{GENERATE}?a=1&{name}={TOKEN}&b=2"
    await stage.ask("POST", target, secrets, json.dumps({"contents": CONTENTS}).encode())
    [asked] = stage.upstream.asked
    assert asked.line == "POST /v1beta/models/qwen3:8b:generateContent?a=1&b=2 HTTP/1.1"
    assert asked.headers["x-goog-api-key"] == KEY
    assert "mine" not in str(asked)
    assert TOKEN not in str(asked)


@pytest.mark.parametrize("method", ["GET", "HEAD"])
@pytest.mark.parametrize(
    "path", ["/v1/models", "/v1beta/models", "/api/tags", "/api/ps", "/api/version"]
)
async def test_lists_are_there_for_every_client(path: str, method: str, stage: Stage) -> None:
    answer = await stage.ask(method, path)
    assert answer.status == 200
    assert int(answer.headers["content-length"]) > 0
    if method == "HEAD":
        assert answer.body == b""
    elif path not in ("/api/ps", "/api/version"):
        assert MODEL in answer.body.decode()


@pytest.mark.parametrize("model", [MODEL, "qwen3:8b", f"anthropic/{MODEL}", "work/qwen3%3A8b"])
async def test_a_model_whose_id_has_a_slash_and_a_colon_is_found(model: str, stage: Stage) -> None:
    for path in (f"/v1/models/{model}", f"/v1beta/models/{model}"):
        answer = await stage.ask("GET", path)
        assert (answer.status, MODEL in answer.body.decode()) == (200, True), path
    shown = await stage.ask("POST", "/api/show", BEARER, json.dumps({"model": MODEL}).encode())
    assert shown.status == 200


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("/v1/models/none", "openai"),
        ("/v1/models/a%2520b", "openai"),
        ("/v1beta/models/none", "gemini"),
    ],
)
async def test_a_model_that_is_not_here_is_named_as_it_was_asked_for(
    path: str, wanted: str, stage: Stage
) -> None:
    answer = await stage.ask("GET", path)
    assert (answer.status, words_of(answer)[0]) == (404, wanted)
    name = path.rpartition("/")[2].replace("%25", "%")
    assert repr(name) in words_of(answer)[1], "decoded once"


async def test_the_list_reads_as_openai_s_and_as_anthropic_s(stage: Stage) -> None:
    found = (await stage.ask("GET", "/v1/models?limit=1000")).json()
    assert (found["object"], found["has_more"]) == ("list", False)
    for entry in found["data"]:
        assert (entry["object"], entry["type"]) == ("model", "model")
        assert isinstance(entry["created"], int)
        assert isinstance(entry["created_at"], str)
    assert found["data"][0]["id"] == found["first_id"] == MODEL


VECTORS = b'{"data":[{"index":0,"embedding":[0.5,1]}],"usage":{"prompt_tokens":4}}'


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v1/embeddings", {"input": "Hi", "encoding_format": "float"}),
        ("/api/embed", {"input": "Hi"}),
        ("/api/embeddings", {"prompt": "Hi"}),
        (f"/v1beta/models/{MODEL}:embedContent", {"content": CONTENTS[0]}),
        (f"/v1beta/models/{MODEL}:batchEmbedContents", {"requests": [{"content": CONTENTS[0]}]}),
    ],
)
async def test_vectors_come_in_the_client_s_dialect(path: str, body: Json, stage: Stage) -> None:
    stage.upstream.answer = sending(plain(VECTORS))
    answer = await post(stage, path, body)
    assert answer.status == 200
    assert b"[0.5,1" in answer.body
    assert stage.upstream.asked[0].line == "POST /v1/embeddings HTTP/1.1"


@pytest.mark.parametrize("path", ["/api/chat", "/api/generate"])
async def test_a_model_that_is_to_be_loaded_is_loaded_at_once(path: str, stage: Stage) -> None:
    loaded = await post(stage, path, {})
    assert json.loads(loaded.body)["done_reason"] == "load"
    unloaded = await post(stage, path, {"keep_alive": 0})
    assert json.loads(unloaded.body)["done_reason"] == "unload"
    assert stage.upstream.asked == []


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_conversation_goes_on_from_the_id_of_an_answer(
    streamed: bool, stage: Stage
) -> None:
    first = await post(stage, "/v1/responses", {"input": "Hi"}, stream=streamed)
    told = lines(first)[-1]["response"] if streamed else json.loads(first.body)
    again = {"input": "And?", "previous_response_id": told["id"]}
    second = await post(stage, "/v1/responses", again, stream=streamed)
    assert second.status == 200
    asked = json.loads(stage.upstream.asked[-1].body)["messages"]
    assert [message["role"] for message in asked] == ["user", "assistant", "user"]
    assert SAID in str(asked[1])


async def test_an_answer_that_was_cut_or_not_to_be_kept_is_not_gone_on_from(stage: Stage) -> None:
    unkept = await post(stage, "/v1/responses", {"input": "Hi"}, store=False)
    stage.upstream.answer = ending(HEAD + FIRST)
    cut = await post(stage, "/v1/responses", {"input": "Hi"}, stream=True)
    answer_as_asked(stage)
    asked = len(stage.upstream.asked)
    for identity in (json.loads(unkept.body)["id"], lines(cut)[0]["response"]["id"], "resp_no"):
        again = {"input": "And?", "previous_response_id": identity}
        answer = await post(stage, "/v1/responses", again)
        error = answer.json()["error"]
        assert (answer.status, error["code"]) == (400, "previous_response_not_found")
        assert (error["type"], error["param"]) == ("invalid_request_error", "previous_response_id")
        assert identity in error["message"]
    assert len(stage.upstream.asked) == asked


async def test_what_a_request_becomes_is_bounded_like_a_request(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    def expand(_shelf: Shelf, body: bytes, _now_seconds: float) -> bytes:
        return body + b" " * BODY_BYTES_MAX

    monkeypatch.setattr(Shelf, "expand", expand)
    answer = await post(stage, "/v1/responses", {"input": "Hi"})
    assert (answer.status, words_of(answer)[0]) == (413, "openai")
    await stage.wait_idle()
