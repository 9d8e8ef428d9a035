"""Windows of chat programs that send no id of a session: each keeps a history, and sends it all."""

from __future__ import annotations

import json
from itertools import count
from typing import Any, Final

import attrs
from understudy.protocols.dialect import Target
from understudy.protocols.dialects import SERVED
from understudy.protocols.identity import identify
from understudy.protocols.request import ServedRequest
from understudy.protocols.switching.history_marks import HistoryMarks
from understudy.protocols.switching.mark import NONCE_BYTES, mark_key
from understudy.protocols.turn import Operation, Turn

from ..actors.dialects import ANTHROPIC, CHAT, GEMINI, OLLAMA, RESPONSES, said
from ..actors.scripts import WORK
from ..actors.stage import Reader, Stage

DIALECTS: Final = (ANTHROPIC, CHAT, RESPONSES, GEMINI, OLLAMA)
Spoken = list[tuple[str, str]]

_numbers = count(1)


def new_marks(token: str = "token") -> HistoryMarks:
    """Marks of a server with this token, with nonces that are counted."""
    numbers = count(1)
    return HistoryMarks(mark_key(token), lambda: next(numbers).to_bytes(NONCE_BYTES))


def members(dialect: str, spoken: Spoken) -> dict[str, Any]:
    """A history as a client of this dialect sends it."""
    if dialect == GEMINI:
        roles = {"user": "user", "assistant": "model"}
        turns = [{"role": roles[role], "parts": [{"text": text}]} for role, text in spoken]
        return {"contents": turns}
    messages = [{"role": role, "content": text} for role, text in spoken]
    if dialect == RESPONSES:
        return {"model": WORK, "input": messages}
    return {"model": WORK, "max_tokens": 64, "messages": messages}


def request(dialect: str, spoken: Spoken, *, streamed: bool = True) -> ServedRequest:
    """A request of a client of this dialect."""
    body = members(dialect, spoken) | ({} if dialect == GEMINI else {"stream": streamed})
    return SERVED[dialect].parse(json.dumps(body).encode(), Target(WORK, streamed))


def turn_of(
    asked: ServedRequest, marks: HistoryMarks, operation: Operation = Operation.MESSAGES
) -> Turn:
    """The turn that serving makes of a request without an id."""
    identity = identify({}, asked, marks)
    name, named, agent = identity.conversation, identity.named, identity.agent
    return Turn(f"req_window_{next(_numbers)}", name, named, agent, operation, asked)


@attrs.define
class Window:
    """One window. `strips` if its program leaves out what looks like a mark."""

    stage: Stage
    dialect: str = CHAT
    strips: bool = False
    spoken: Spoken = attrs.field(factory=Spoken)

    async def say(self, text: str, *, streamed: bool = True) -> str:
        """Says something; returns the answer's words."""
        self.spoken.append(("user", text))
        reader = await self.send(streamed=streamed)
        answer = said(self.dialect, reader.body, streamed=streamed)
        kept = answer.partition("\n\n[understudy:")[0] if self.strips else answer
        self.spoken.append(("assistant", kept))
        return answer

    async def send(self, *, streamed: bool = True) -> Reader:
        """Sends what was spoken so far."""
        asked = request(self.dialect, self.spoken, streamed=streamed)
        return await self.stage.read(turn_of(asked, self.stage.sessions.marks))

    async def place(self) -> str:
        """Which endpoint answers here: asked with a word that belongs to no command."""
        before = len(self.stage.upstream.exchanges)
        await self.say("hm")
        [exchange] = self.stage.upstream.exchanges[before:]
        return exchange.request.url.split("//")[1].partition(".")[0]
