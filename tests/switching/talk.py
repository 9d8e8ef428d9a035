"""One conversation with the server, as a client has it: it sends its whole history again."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import attrs
from understudy.protocols.settings_data import (
    ChatSettings,
    EndpointSettings,
    RuleSettings,
    Settings,
)
from understudy.protocols.turn import Operation, Turn
from understudy.simulations.state import SimulatedState

from ..actors.legal import read_events
from ..actors.scripts import ANSWER, WORK, always, stream, turn
from ..actors.stage import HOME_ENDPOINT, WORK_ENDPOINT, Reader, Stage, open_stage

NANO = "nano/claude-s"
SECRET = "secret/claude-z"
HERE = EndpointSettings("den", ("claude-h",), ("anthropic",), "http://127.0.0.1:9100")
"""On this machine, and not private."""
NANO_ENDPOINT = EndpointSettings(
    "nano", ("claude-s",), ("anthropic",), "http://nano.test:9002", context_tokens=1_000
)
SECRET_ENDPOINT = EndpointSettings(
    "secret", ("claude-z",), ("anthropic",), "http://127.0.0.1:9101", private=True
)
BOTH = (WORK_ENDPOINT, HOME_ENDPOINT)


def settings(
    *more: EndpointSettings, rules: Sequence[RuleSettings] = (), **others: Any
) -> Settings:
    """Two remote endpoints, and these."""
    return Settings(endpoints=(*BOTH, *more), rules=tuple(rules), **others)


@attrs.define(eq=False)
class Talk:
    """See the module. `model` is what the client has picked."""

    stage: Stage
    conversation: str = "conversation"
    model: str = WORK
    messages: list[dict[str, Any]] = attrs.field(factory=list[dict[str, Any]])
    members: dict[str, Any] = attrs.field(factory=dict[str, Any])

    def turn(self, text: Any = None, **members: Any) -> Turn:
        """The turn of the next message, which the history does not have yet."""
        said = [] if text is None else [{"role": "user", "content": text}]
        known: dict[str, Any] = {"model": self.model, "messages": [*self.messages, *said]}
        known |= self.members | members
        return turn(conversation=self.conversation, **known)

    async def read(self, text: Any, **members: Any) -> Reader:
        """Says something, and keeps it and the answer in the history."""
        reader = await self.stage.read(self.turn(text, **members))
        self.messages.append({"role": "user", "content": text})
        if reader.error is None:
            self.messages.append({"role": "assistant", "content": text_of(reader)})
        return reader

    async def say(self, text: Any, **members: Any) -> str:
        """Says something, and returns the answer; a refusal is one, too."""
        reader = await self.read(text, **members)
        return text_of(reader) if reader.error is None else reader.refused.message

    async def ask_aside(
        self, text: Any = None, *, agent: str = "", operation: Operation = Operation.MESSAGES
    ) -> str:
        """Who answers what is no part of the conversation's own talk."""
        asked = turn(
            conversation=self.conversation,
            model=self.model,
            agent=agent,
            operation=operation,
            messages=[*self.messages, {"role": "user", "content": text}],
        )
        before = len(self.stage.upstream.exchanges)
        await self.stage.read(asked)
        return "".join(hosts(self.stage)[before:])


@asynccontextmanager
async def open_talk(
    *more: EndpointSettings,
    rules: Sequence[RuleSettings] = (),
    chat: ChatSettings | None = None,
    state: SimulatedState | None = None,
) -> AsyncGenerator[Talk]:
    """A conversation with the endpoints `work` and `home`, which are remote, and with these."""
    told = settings(*more, rules=rules, chat=chat or ChatSettings())
    async with open_stage(told, state=state, check=False) as stage:
        for endpoint in more:
            stage.upstream.listen(str(endpoint.base_url), always(stream(ANSWER, 0)))
        yield Talk(stage)


def text_of(reader: Reader) -> str:
    """The text of a streamed answer."""
    events, _ = read_events(reader.body)
    deltas = [each["delta"] for each in events if each["type"] == "content_block_delta"]
    return "".join(each.get("text", "") for each in deltas)


def hosts(stage: Stage) -> list[str]:
    """The endpoints that were asked, in order."""
    return [
        each.request.url.partition("//")[2].partition(".")[0].partition("/")[0]
        for each in stage.upstream.exchanges
    ]


def sent(stage: Stage) -> dict[str, Any]:
    """The last request that an endpoint has got."""
    body: dict[str, Any] = json.loads(stage.upstream.exchanges[-1].request.body)
    return body
