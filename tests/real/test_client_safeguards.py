"""The real client in auto mode at an endpoint that gives no safety verdict: a classifier does.

What it judges not dangerous runs, what it flags is blocked with its words, and where nobody judges
the client asks its user. The endpoint and the classifier are scripted peers.
"""

from __future__ import annotations

import json
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import attrs
import pytest

from .client import ClientHome
from .conftest import DIRECT
from .dialect_upstream import DialectUpstream, open_dialect_upstream
from .script import THE_TOOLS_SAID, Call, Say, Script, Step, plain_text
from .scripted_dialects import OpenAIChat
from .scripted_reply import Json
from .terminal import READY_IN_AUTO_MODE, Terminal, open_terminal
from .understudy_process import endpoint_settings, open_understudy

REASON = "It counts, and nobody has asked it to."
COUNT = Call("Bash", {"command": "python3 -c 'print(6*7)'"})
COUNT_ON = Call("Bash", {"command": "python3 -c 'print(7*7)'"})
SCRIPT: Script = ((Say("I count."), COUNT, COUNT_ON), (THE_TOOLS_SAID,))
DOCUMENT = '{"tool_uses"'

pytestmark = pytest.mark.skipif(DIRECT, reason="the scripted upstream gives its verdicts itself")


class Judge(OpenAIChat):
    """A classifier that flags what has `7*7` in it."""

    def __init__(self) -> None:
        self.shown: list[Json] = []

    def results(self, body: Json) -> list[str]:
        text = plain_text(body["messages"][-1]["content"])
        document, _ = json.JSONDecoder().raw_decode(text[text.index(DOCUMENT) :])
        self.shown.append(document)
        return []

    def body(self, step: Step) -> Json:
        verdicts = [
            {
                "id": use["id"],
                "flagged": "7*7" in use["input"]["command"],
                "explanation": REASON,
            }
            for use in self.shown[-1]["tool_uses"]
        ]
        return super().body((Say(json.dumps({"verdicts": verdicts})),))


@attrs.frozen
class Guarded:
    """The client in auto mode, and who answers and judges behind Understudy."""

    terminal: Terminal
    peer: DialectUpstream
    judge: Judge


@asynccontextmanager
async def open_guarded(folder: Path, *, judged: bool = True) -> AsyncGenerator[Guarded]:
    """Starts it all; without `judged` the settings name no classifier."""
    judge = Judge()
    home = ClientHome.create(folder / "client", permission_mode="auto")
    async with (
        open_dialect_upstream(OpenAIChat(), SCRIPT) as peer,
        open_dialect_upstream(judge, ((Say(""),),)) as judging,
    ):
        settings = endpoint_settings(peer.base_url).replace('"anthropic"', '"openai-chat"')
        other = endpoint_settings(judging.base_url).replace('"anthropic"', '"openai-chat"')
        settings += other.partition("\n\n")[2].replace('"work"', '"judge"')
        if judged:
            settings += '\n[safeguards]\nclassifier = "judge/claude-x"\n'
        async with (
            open_understudy(folder / "server", settings) as understudy,
            open_terminal(
                folder,
                home=home,
                base_url=understudy.base_url,
                model="work/claude-x",
                ready=READY_IN_AUTO_MODE,
            ) as terminal,
        ):
            yield Guarded(terminal, peer, judge)


async def test_what_is_flagged_is_blocked_and_the_rest_runs(tmp_path: Path) -> None:
    async with open_guarded(tmp_path) as guarded:
        began = time.monotonic()
        await guarded.terminal.submit("count to 42 and to 49")
        await guarded.terminal.wait_for("The tools said")
        print(f"\nfrom the prompt to the end, with verdicts: {time.monotonic() - began:.2f} s")
        [shown] = guarded.judge.shown
        assert [use["input"] for use in shown["tool_uses"]] == [COUNT.input, COUNT_ON.input]
        assert shown["user"] == "count to 42 and to 49"
        assert shown["context"]["permission_mode"] == "auto"
        results = guarded.peer.dialect.results(guarded.peer.asked[1].body)
        assert len(results) == 2
        assert any("42" in result for result in results)
        [blocked] = [result for result in results if REASON in result]
        assert "49" not in blocked


async def test_where_nobody_judges_the_client_asks_its_user(tmp_path: Path) -> None:
    async with open_guarded(tmp_path, judged=False) as guarded:
        await guarded.terminal.submit("count to 42 and to 49")
        await guarded.terminal.wait_for("can't check actions")
        assert guarded.judge.shown == []
        assert len(guarded.peer.asked) == 1
