"""A provider that quotes its key in errors, in every form, and keeps what it heard.

What it does is the name of the model that it is asked for: `says` answers, those of ECHOES quote
the key in an error response, the others fail in ways of their own. One speaks one dialect.
"""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import asynccontextmanager
from urllib.parse import quote

import attrs
import h11
import trio

from .script import Call, Say, Script, Step, step_for, tool_loop
from .scripted_dialects import DIALECTS
from .scripted_reply import Json

READ_BYTES = 65536
KEY_HEADERS = ("authorization", "x-api-key", "x-goog-api-key", "x-subscription-token")
SAYS: Step = (Say("All is well."),)
SEARCHES: Script = tool_loop(Call("web_search", {"query": "owls"}))
EVENTS = "text/event-stream"

ECHOES: Mapping[str, tuple[int, Callable[[str], str]]] = {
    "echo-plain": (401, str),
    "echo-base64": (400, lambda key: base64.b64encode(f"user:{key}".encode()).decode()),
    "echo-url": (403, lambda key: quote(key, safe="")),
    "echo-escaped": (422, lambda key: "".join(f"%{ord(one):02x}" for one in key)),
    "echo-hex": (500, lambda key: key.encode().hex()),
    "echo-part": (401, lambda key: f"{key[:12]}***{key[-9:]}"),
    "echo-overloaded": (529, str),
}
"""By model: the status, and the form in which the key is quoted."""
OTHERS = ("says", "redirect", "garbage", "cut", "tells-error", "searches")
MODELS = (*ECHOES, *OTHERS)


def anthropic_events(step: Step) -> list[bytes]:
    """The events of a streamed message."""
    message: Json = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m"}
    message |= {"content": [], "stop_reason": None, "stop_sequence": None}
    message["usage"] = {"input_tokens": 3, "output_tokens": 0}
    text = "".join(part.text for part in step if isinstance(part, Say))
    said: list[Json] = [
        {"type": "message_start", "message": message},
        {
            "type": "content_block_start",
            "index": 0,
            "content_block": {"type": "text", "text": ""},
        },
        {
            "type": "content_block_delta",
            "index": 0,
            "delta": {"type": "text_delta", "text": text},
        },
        {"type": "content_block_stop", "index": 0},
        {
            "type": "message_delta",
            "delta": {"stop_reason": "end_turn", "stop_sequence": None},
            "usage": {"output_tokens": 4},
        },
        {"type": "message_stop"},
    ]
    return [f"event: {one['type']}\ndata: {json.dumps(one)}\n\n".encode() for one in said]


def whole_answer(dialect: str, step: Step) -> Json:
    """An answer in one piece."""
    text = "".join(part.text for part in step if isinstance(part, Say))
    if dialect == "ollama":
        message = {"role": "assistant", "content": text}
        return {"model": "m", "message": message, "done": True, "done_reason": "stop"}
    if dialect == "anthropic":
        content = [{"type": "text", "text": text}]
        usage = {"input_tokens": 3, "output_tokens": 4}
        answer: Json = {"id": "msg_1", "type": "message", "role": "assistant", "model": "m"}
        return answer | {"content": content, "stop_reason": "end_turn", "usage": usage}
    return DIALECTS[dialect].body(step)


def streamed_answer(dialect: str, step: Step) -> list[bytes]:
    """The pieces of a stream."""
    if dialect == "ollama":
        return [json.dumps(whole_answer(dialect, step)).encode() + b"\n"]
    return anthropic_events(step) if dialect == "anthropic" else DIALECTS[dialect].stream(step)


def told_error(dialect: str, words: str, *, streamed: bool) -> bytes:
    """An error in an answer of status 200."""
    error: Json = {"type": "error", "error": {"type": "api_error", "message": words, "code": 500}}
    if dialect == "openai-responses":
        error = {"type": "error", "code": "server_error", "message": words, "param": None}
    if dialect == "ollama":
        return json.dumps({"error": words}).encode() + b"\n"
    body = json.dumps(error)
    if not streamed:
        return body.encode()
    head = "event: error\n" if dialect in ("anthropic", "openai-responses") else ""
    return f"{head}data: {body}\n\n".encode()


@attrs.define(eq=False)
class LeakyProvider:
    """The server. `heard` is every byte that it was sent."""

    name: str
    dialect: str
    port: int = 0
    heard: bytearray = attrs.field(factory=bytearray, repr=False)
    asked: list[str] = attrs.field(factory=list[str])

    @property
    def base_url(self) -> str:
        """The address without a path."""
        return f"http://127.0.0.1:{self.port}"

    async def serve(self, stream: trio.SocketStream) -> None:
        """Answers one connection's requests until either side closes it."""
        protocol = h11.Connection(h11.SERVER)
        try:
            while await self._answer_next(stream, protocol):
                protocol.start_next_cycle()
        except (trio.BrokenResourceError, h11.RemoteProtocolError):
            pass
        finally:
            await stream.aclose()

    async def _answer_next(self, stream: trio.SocketStream, protocol: h11.Connection) -> bool:
        head: h11.Request | None = None
        body = b""
        while not isinstance(event := protocol.next_event(), h11.EndOfMessage):
            if event is h11.NEED_DATA:
                data = await stream.receive_some(READ_BYTES)
                self.heard += data
                protocol.receive_data(data)
            elif isinstance(event, h11.Request):
                head = event
            elif isinstance(event, h11.Data):
                body += event.data
            else:
                return False
        assert head is not None
        headers = {name.decode(): value.decode() for name, value in head.headers}
        key = next((headers[name] for name in KEY_HEADERS if name in headers), "")
        mode, status, kind, pieces = self._reply(
            head.target.decode(), json.loads(body or b"{}"), key.removeprefix("Bearer ")
        )
        self.asked.append(mode)
        more = [("x-echo", key), ("location", f"http://127.0.0.1:9/?key={key}")]
        sent = [("content-type", kind), *(more if status != 200 else [])]
        await stream.send_all(protocol.send(h11.Response(status_code=status, headers=sent)) or b"")
        for piece in pieces[: len(pieces) // 2] if mode == "cut" else pieces:
            await stream.send_all(protocol.send(h11.Data(data=piece)) or b"")
        if mode == "cut":
            return False
        await stream.send_all(protocol.send(h11.EndOfMessage()) or b"")
        return protocol.our_state is h11.DONE

    def _reply(self, target: str, body: Json, key: str) -> tuple[str, int, str, list[bytes]]:
        """What is asked, and the status, content type and pieces of the answer."""
        path = target.partition("?")[0]
        named = path.rpartition("/models/")[2].partition(":")[0] if ":" in path else ""
        mode = named or str(body.get("model") or "")
        streamed = bool(body.get("stream")) or "streamGenerateContent" in path
        kind = "application/json" if not streamed else EVENTS
        if streamed and self.dialect == "ollama":
            kind = "application/x-ndjson"
        if mode in ECHOES:
            status, form = ECHOES[mode]
            words = f"Incorrect API key provided: {form(key)}. It begins with {key[:10]}."
            error = {"error": {"message": words, "type": form(key), "code": form(key)}}
            return mode, status, "application/json", [json.dumps(error).encode()]
        if mode == "tells-error":
            said = told_error(self.dialect, f"the key {key} is not good", streamed=streamed)
            return mode, 200, kind, [said]
        if mode == "redirect":
            return mode, 307, "text/plain", [key.encode()]
        if mode == "garbage":
            return mode, 200, kind, [b"\x00\xff{{", b"}"]
        if mode not in OTHERS:
            return path, 404, "application/json", [json.dumps({"error": key}).encode()]
        step = SAYS
        if mode == "searches" and self.dialect == "openai-chat":
            step = step_for(SEARCHES, DIALECTS[self.dialect].results(body))
        if streamed:
            return mode, 200, kind, streamed_answer(self.dialect, step)
        whole = json.dumps(whole_answer(self.dialect, step)).encode()
        return mode, 200, kind, [whole[:10], whole[10:]]


@asynccontextmanager
async def open_leaky_providers(*dialects: tuple[str, str]) -> AsyncGenerator[list[LeakyProvider]]:
    """Serves one for each name and dialect while the block runs."""
    async with trio.open_nursery() as nursery:
        providers: list[LeakyProvider] = []
        for name, dialect in dialects:
            listeners = await trio.open_tcp_listeners(0, host="127.0.0.1")
            port = listeners[0].socket.getsockname()[1]
            providers.append(LeakyProvider(name, dialect, port))
            nursery.start_soon(trio.serve_listeners, providers[-1].serve, listeners)
        yield providers
        nursery.cancel_scope.cancel()
