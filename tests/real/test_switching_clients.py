"""Clients of Chat Completions and Responses that send no id of a session switch by saying so.

Each window keeps its history and sends it all, or goes on from the id of the last answer. Two that
begin alike are open at once; the server is stopped and started between two messages.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import attrs
import httpx
import trio

from .client import TOKEN
from .dialect_upstream import DialectUpstream, open_dialect_upstream
from .script import Say
from .scripted_dialects import DIALECTS
from .understudy_process import open_understudy

CHAT, RESPONSES = "openai-chat", "openai-responses"
CASE_SECONDS_MAX = 30.0
ENDPOINT = """
[[endpoint]]
name = "{name}"
dialect = "{dialect}"
base_url = "{url}"
models = ["m"]
key = "env:WORK_KEY"
"""


@attrs.define
class House:
    """Where our server keeps what it knows, and its settings: two endpoints that say their name."""

    folder: Path
    settings: str

    @asynccontextmanager
    async def serve(self) -> AsyncGenerator[httpx.AsyncClient]:
        """Runs the server, and yields what asks it."""
        headers = {"authorization": f"Bearer {TOKEN}"}
        async with (
            open_understudy(self.folder, self.settings) as server,
            httpx.AsyncClient(base_url=server.base_url, headers=headers) as asker,
        ):
            yield asker


@asynccontextmanager
async def open_house(folder: Path) -> AsyncGenerator[House]:
    """Starts the endpoints: of the two dialects, so that a switch is translated too."""
    async with (
        open_dialect_upstream(DIALECTS[CHAT], ((Say("I am work."),),)) as work,
        open_dialect_upstream(DIALECTS[RESPONSES], ((Say("I am home."),),)) as home,
    ):
        parts = [_endpoint("work", CHAT, work), _endpoint("home", RESPONSES, home)]
        yield House(folder, "".join(['default = "work/m"\n', *parts]))


def _endpoint(name: str, dialect: str, upstream: DialectUpstream) -> str:
    return ENDPOINT.format(name=name, dialect=dialect, url=upstream.base_url)


@attrs.define
class Window:
    """A chat program's window: it knows nothing of sessions."""

    asker: httpx.AsyncClient
    history: list[dict[str, Any]] = attrs.field(factory=list[dict[str, Any]])

    async def say(self, text: str) -> str:
        """Says something; returns the answer's words, which are kept as they came."""
        self.history.append({"role": "user", "content": text})
        answer = await self.ask()
        self.history.append({"role": "assistant", "content": answer})
        return answer

    async def ask(self) -> str:
        """Sends the history to Chat Completions."""
        raise NotImplementedError


class ChatWindow(Window):
    """Of Chat Completions, streamed."""

    async def ask(self) -> str:
        """Sends the history."""
        body = {"model": "work/m", "stream": True, "messages": self.history}
        answer = await self.asker.post("/v1/chat/completions", json=body)
        lines = [line.removeprefix("data: ") for line in answer.text.splitlines()]
        chunks = [json.loads(line) for line in lines if line.startswith("{")]
        choices = [choice for chunk in chunks for choice in chunk["choices"]]
        return "".join(choice["delta"].get("content") or "" for choice in choices)


class StrippingWindow(ChatWindow):
    """One that leaves out what it takes for a footnote: our mark."""

    async def ask(self) -> str:
        """Sends the history."""
        return (await super().ask()).partition("\n\n[")[0]


class ResponsesWindow(Window):
    """Of Responses, not streamed."""

    async def ask(self) -> str:
        """Sends the history."""
        return _words(await self.post({"input": self.history}))

    async def post(self, said: dict[str, Any]) -> dict[str, Any]:
        """Asks for one response."""
        answer = await self.asker.post("/v1/responses", json={"model": "work/m", **said})
        found: dict[str, Any] = answer.json()
        return found


@attrs.define
class ChainWindow(ResponsesWindow):
    """Of Responses, which goes on from the id of the last answer."""

    previous: str | None = None

    async def ask(self) -> str:
        """Sends the last message."""
        said = {"input": self.history[-1:], "previous_response_id": self.previous}
        found = await self.post(said)
        self.previous = found["id"]
        return _words(found)


def _words(response: dict[str, Any]) -> str:
    parts = [part for item in response["output"] for part in item.get("content", ())]
    return "".join(part["text"] for part in parts)


@attrs.define
class Pair:
    """Two windows that begin alike. One of them is switched."""

    one: Window
    other: Window

    async def switch(self) -> None:
        """One is switched, says so, and both are asked at once."""
        for window in (self.one, self.other):
            assert await window.say("Hello") == "I am work."
        assert "home/m" in await self.one.say("switch to home")
        assert "home/m" in await self.one.say("which model is this?")
        async with trio.open_nursery() as nursery:
            for window in (self.one, self.other):
                nursery.start_soon(window.say, "Tell me more of it.")
        self.check("I am home.", "I am work.")

    async def go_on(self, asker: httpx.AsyncClient) -> None:
        """They go on with another life of the server, and the one goes back."""
        for window in (self.one, self.other):
            window.asker = asker
            await window.say("Still there?")
        self.check("I am home.", "I am work.")
        await self.one.say("go back")
        assert await self.one.say("And now?") == "I am work."

    def check(self, *answers: str) -> None:
        """Fails unless these were their last answers."""
        assert answers == tuple(each.history[-1]["content"] for each in (self.one, self.other))


async def test_clients_without_an_id_switch_and_return(tmp_path: Path) -> None:
    """All at once: those of one kind begin alike, and those of all kinds with the same words."""
    kinds = (ChatWindow, StrippingWindow, ResponsesWindow)
    with trio.fail_after(CASE_SECONDS_MAX):
        async with open_house(tmp_path) as house:
            async with house.serve() as asker, trio.open_nursery() as nursery:
                pairs = [Pair(kind(asker), kind(asker)) for kind in kinds]
                chains = Pair(ChainWindow(asker), ChainWindow(asker))
                for pair in (*pairs, chains):
                    nursery.start_soon(pair.switch)
            async with house.serve() as asker, trio.open_nursery() as nursery:
                for pair in pairs:
                    nursery.start_soon(pair.go_on, asker)
