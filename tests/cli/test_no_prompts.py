"""No word of what was said is kept or told, ever: markers in all that is said are searched for.

Each marker stands in one place of a turn: what was asked, the system's words, a file's name, a
tool's name and what it was given, a picture, the answer, an error. The turns end in all ways. Then
everything that the server has written or tells is searched, in the forms that bytes are written in:
the database with its log, while it is open and after; the server's log at its most talkative; the
status, the usage, the reasons; and what the commands print.
"""

from __future__ import annotations

import base64
import http.client
import json
from collections.abc import Iterator
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import quote

import pytest

from . import peer as peers
from .stage import KEY, TOKEN, Stage, endpoint

PLACES = (
    "asked", "system", "file", "tool", "tool-words", "given", "picture", "result", "answer",
    "thought", "tool-called", "tool-input", "error", "user",
)  # fmt: skip
MARKERS = {place: f"mark-{place}-Zürich-7d1f" for place in PLACES}
ODD_MODEL = "claude-\x1b[31m\u202eodd\x07" + "x" * 100
PATHS = ("/status.json", "/why.json?turn=req_", *(f"/usage.json?by={by}" for by in (
    "day", "endpoint", "model", "conversation",
)))  # fmt: skip


class Telling(peers.PeerHandler):
    """An endpoint that says markers, in whichever way its peer is to end."""

    def answer(self, status: int, body: bytes, kind: str) -> None:
        words = MARKERS["error"].encode()
        super().answer(status, body.replace(b"the planted reason", words), kind)

    def stream(self) -> None:
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.send_header("connection", "close")
        self.end_headers()
        self.event("message_start", message={"id": "m", "usage": {"input_tokens": 3}})
        self.block(0, {"type": "thinking", "thinking": ""}, "thinking", MARKERS["thought"])
        self.block(1, {"type": "text", "text": ""}, "text", MARKERS["answer"])
        if self.peer.cut:
            return
        tool: dict[str, Any] = {
            "type": "tool_use",
            "id": "toolu_1",
            "name": MARKERS["tool-called"],
            "input": {},
        }
        given = json.dumps({"path": MARKERS["tool-input"]})
        self.block(2, tool, "input_json", given)
        self.event("message_delta", delta={"stop_reason": "tool_use"}, usage={"output_tokens": 4})
        self.event("message_stop")

    def block(self, index: int, start: dict[str, Any], kind: str, words: str) -> None:
        name = "partial_json" if kind == "input_json" else kind
        self.event("content_block_start", index=index, content_block=start)
        self.event("content_block_delta", index=index, delta={"type": f"{kind}_delta", name: words})
        self.event("content_block_stop", index=index)


def question(model: str, *, streamed: bool) -> dict[str, Any]:
    """A turn with a marker in each of its places."""
    picture = base64.b64encode(MARKERS["picture"].encode()).decode()
    source = {"type": "base64", "media_type": "image/png", "data": picture}
    used: dict[str, Any] = {"type": "tool_use", "id": "toolu_0", "name": MARKERS["tool"]}
    used["input"] = {"file_path": f"/home/{MARKERS['file']}.py", "words": MARKERS["given"]}
    result = {"type": "tool_result", "tool_use_id": "toolu_0", "content": MARKERS["result"]}
    tool: dict[str, Any] = {"name": MARKERS["tool"], "input_schema": {}}
    tool["description"] = MARKERS["tool-words"]
    return {
        "model": model,
        "max_tokens": 64,
        "stream": streamed,
        "system": MARKERS["system"],
        "metadata": {"user_id": MARKERS["user"]},
        "tools": [tool],
        "messages": [
            {"role": "user", "content": [{"type": "text", "text": MARKERS["asked"]}]},
            {"role": "assistant", "content": [used]},
            {"role": "user", "content": [result, {"type": "image", "source": source}]},
        ],
    }


def forms(marker: str) -> Iterator[bytes]:
    """How a marker may be written: plain, escaped, quoted, or within something in base64."""
    plain = marker.encode()
    yield from (plain, json.dumps(marker)[1:-1].encode(), ascii(marker)[1:-1].encode())
    yield from (quote(marker).encode(), plain.hex().encode(), marker.encode("utf-16-le"))
    for before in range(3):
        written = base64.b64encode(b"\0" * before + plain)
        yield written[4 if before else 0 : -4]


def found_in(content: bytes) -> list[str]:
    """The places whose markers are in there, in any form."""
    return [
        place for place, marker in MARKERS.items() if any(form in content for form in forms(marker))
    ]


def ask(port: int, method: str, path: str, body: Any = None) -> tuple[int, bytes]:
    """One request; the answer may be cut."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    headers = {"x-api-key": TOKEN, "content-type": "application/json"}
    try:
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        response = connection.getresponse()
        return response.status, response.read()
    except (http.client.HTTPException, OSError) as error:
        return 0, str(error).encode()
    finally:
        connection.close()


def contents(stage: Stage) -> dict[Path, bytes]:
    """Every file of the home."""
    return {path: path.read_bytes() for path in stage.home.rglob("*") if path.is_file()}


@pytest.fixture
def telling(monkeypatch: pytest.MonkeyPatch) -> None:
    """Peers say markers."""
    monkeypatch.setattr(peers, "PeerHandler", Telling)


@pytest.mark.parametrize("place", PLACES)
def test_the_search_finds_each_form(place: str) -> None:
    marker = MARKERS[place]
    around = f'{{"a": "{marker} and more"}}'
    for content in (
        around.encode(),
        json.dumps({"a": around}).encode(),
        quote(around).encode(),
        *(base64.b64encode(b"x" * before + around.encode()) for before in range(3)),
    ):
        assert found_in(content) == [place], content


def test_no_word_of_what_was_said_is_kept_or_told(stage: Stage, telling: None) -> None:
    with peers.playing() as peer:
        stage.write_settings(endpoint(peer.url))
        with stage.start("serve", "--port", "0", "--log-level", "debug", WORK_KEY=KEY) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            log: list[str] = []
            reader = Thread(target=lambda: log.extend(process.stderr or ()))
            reader.start()
            port = int(process.stdout.readline().rpartition(":")[2])
            answered = [
                ask(port, "POST", "/v1/messages", question(model, streamed=streamed))
                for model, streamed in (("claude-x", True), (ODD_MODEL, True))
            ]
            assert all("answer" in found_in(body) for _, body in answered), "the client hears it"
            peer.cut = True
            ask(port, "POST", "/v1/messages", question("claude-x", streamed=True))
            peer.messages_status = 400
            status, body = ask(port, "POST", "/v1/messages", question("claude-x", streamed=True))
            assert (status, found_in(body)) == (400, ["error"])
            ask(port, "POST", "/v1/messages/count_tokens", question("claude-x", streamed=False))
            ask(port, "POST", "/v1/messages", question("claude-x", streamed=True) | {"messages": 3})
            told = {path: ask(port, "GET", path) for path in PATHS}
            lines = json.loads(told["/why.json?turn=req_"][1])["lines"]
            [odd] = [line["turn"] for line in lines if "odd" in line["why"]]
            commands = (["usage", "--by", "model"], ["usage", "--json"], ["why", odd])
            shown = {" ".join(words): stage.run(*words).stdout for words in commands}
            open_files = contents(stage)
            process.terminate()
            reader.join(30)
    assert any(path.name == "state.db-wal" for path in open_files), "it is searched while open"
    assert json.loads(told["/usage.json?by=day"][1])["rows"][0]["turns"] >= 4
    assert r"claude-\x1b[31m\u202eodd\x07" in shown[f"why {odd}"]
    searched: dict[str, bytes] = {path: body for path, (_, body) in told.items()}
    searched |= {name: text.encode() for name, text in shown.items()}
    searched |= {f"open {path}": content for path, content in open_files.items()}
    searched |= {str(path): content for path, content in contents(stage).items()}
    searched["log"] = "".join(log).encode()
    for name, content in searched.items():
        assert found_in(content) == [], name
    for name, text in shown.items():
        assert all(sign.isprintable() or sign == "\n" for sign in text), name
