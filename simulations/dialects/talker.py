"""A plain client of any dialect with a history: it asks once, runs tools, and asks on.

It tries nothing again: what has failed is left out of its history, and the user goes on. A tool is
run once in a world, whoever is told of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random

import attrs
import h11
import msgspec
import trio

from ..world.chronicle import Tell
from ..world.claude import TOOL_SECONDS
from ..world.client import Answer, AnswerEnding, Client
from ..world.life import PORT, TOKEN
from ..world.marker import marked_words
from ..world.network import VirtualNetwork
from .ear import Ear, Json, Prompt, Results, Turn
from .meaning import Calls, Heard

_NOTICE = re.compile(r"\A\(Understudy: [^\n]*\)\n\n")
ROUNDS_MAX = 8
PLAIN_WORDS = "Help with the project at hand."
TOKEN_HEADERS = {"anthropic": "x-api-key", "gemini": "x-goog-api-key"}
"""Where a client shows our token; others say `Authorization: Bearer`."""


@attrs.define(eq=False)
class SpokenAnswer(Answer):
    """An answer that its client's ear reads."""

    ear: Ear = attrs.field(kw_only=True)

    @property
    def heard(self) -> Heard:
        """What is understood of it so far; nothing unless its status is 200."""
        return heard_of(self, self.ear)


@attrs.define(eq=False)
class Talker(Client):
    """See the module."""

    ear: Ear = attrs.field(kw_only=True)
    random: Random = attrs.field(kw_only=True)
    check: Callable[[bool, str], None] = attrs.field(kw_only=True)
    tools_run: dict[str, str] = attrs.field(kw_only=True)
    streamed: bool = True
    is_named: bool = True
    """Whether it sends a session's id. Else all that one asks begins as another one's does."""
    turns: list[Turn] = attrs.field(factory=list[Turn])
    _prompts: int = 0

    @classmethod
    def make(
        cls,
        network: VirtualNetwork,
        nursery: trio.Nursery,
        session: str,
        model: str,
        tell: Tell,
        ear: Ear,
        random: Random,
        check: Callable[[bool, str], None],
        tools_run: dict[str, str],
    ) -> Talker:
        """Someone who knows the address and the token."""
        return cls(
            network,
            nursery,
            PORT,
            TOKEN,
            session,
            model,
            session,
            tell,
            ear=ear,
            random=random,
            check=check,
            tools_run=tools_run,
        )

    async def talk(self, text: str) -> SpokenAnswer:
        """Asks, runs tools and asks on; the last answer. What has failed is forgotten."""
        self._prompts += 1
        kept, self.turns = self.turns, [*self.turns, Prompt(text)]
        answer = self.begin()
        try:
            for _ in range(ROUNDS_MAX):
                await answer.ended.wait()
                heard = answer.heard
                if not heard.whole:
                    return answer
                self.turns.append(heard)
                if not heard.calls:
                    kept = self.turns
                    return answer
                results = [(call, await self._run(call)) for call in heard.calls]
                self.turns.append(Results(tuple(results)))
                answer = self.begin()
            raise AssertionError("the model calls for ever")
        finally:
            answer.press_esc()
            self.turns = kept

    def begin(self) -> SpokenAnswer:
        """Sends the history; reads in a task of its own."""
        answer = SpokenAnswer(
            f"{self.name}#{len(self.answers) + 1}",
            self.streamed,
            dialect=self.ear.dialect,
            tell=self.tell,
            ear=self.ear,
        )
        self.tell("asks")
        answer.reads.set()
        self.answers.append(answer)
        request, body = self._request("", answer.marker)
        answer.model, answer.request = self.model, body
        prompts = [turn.text for turn in self.turns if isinstance(turn, Prompt)]
        answer.prompt, answer.number = prompts[-1], self._prompts
        self.nursery.start_soon(
            answer.read, self.network, self.port, request, body, name=f"client:{self.session}"
        )
        return answer

    async def _run(self, call: Calls) -> str:
        owner = self.tools_run.get(call.arguments)
        self.check(owner is None, f"a tool ran twice: {call.arguments} by {self.name}")
        self.tools_run[call.arguments] = self.name
        await trio.sleep(self.random.uniform(*TOOL_SECONDS))
        try:
            return f"{self.name} ran {msgspec.json.decode(call.arguments)['command']}"
        except (msgspec.MsgspecError, KeyError):
            return "the arguments are not valid"

    def _request(self, text: str, marker: str) -> tuple[h11.Request, bytes]:
        words = marked_words(marker)
        system = words if self.is_named else PLAIN_WORDS
        asked = self.ear.body(self.model, self.turns, system, streamed=self.streamed)
        if not self.is_named:
            asked |= _user(self.ear.dialect, words)
        body = msgspec.json.encode(asked)
        header = TOKEN_HEADERS.get(self.ear.dialect, "authorization")
        token = f"Bearer {self.token}" if header == "authorization" else self.token
        headers = [
            ("host", f"127.0.0.1:{self.port}"),
            (header, token),
            *([("x-session-id", self.session)] if self.is_named else []),
            ("content-type", "application/json"),
            ("content-length", str(len(body))),
        ]
        target = self.ear.target(self.model, streamed=self.streamed)
        return h11.Request(method="POST", target=target, headers=headers), body


def _user(dialect: str, words: str) -> Json:
    """The member that names the user: no part of the history, and passed on by translations."""
    return {"metadata": {"user_id": words}} if dialect == "anthropic" else {"user": words}


def without_notice(text: str) -> str:
    """A text without the words of ours that may stand before it, once in a conversation."""
    return _NOTICE.sub("", text, count=1)


def heard_of(answer: Answer, ear: Ear) -> Heard:
    """What a client of this dialect has understood of an answer."""
    if answer.status != 200:
        return Heard()
    complete = answer.ending is AnswerEnding.COMPLETE
    if not answer.streamed:
        return ear.heard_whole(answer.body) if complete else Heard()
    return ear.heard(answer.body, complete=complete)
