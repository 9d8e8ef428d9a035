"""A simulated Claude Code, which behaves as the real one was measured to (docs/claude-code.md).

It asks with all of its history, tries again as the ladder says, runs the tools that it is told to,
and asks on with their results until an answer has none. A prompt has exactly one outcome. Esc is
the cancellation of the prompt: the connection in use is reset, a tool that runs stops, and nothing
more is sent. The tool `Agent` runs a sub-agent: a client of the same session with a history, a
connection and an agent's id of its own.

Not simulated: what follows `max_tokens`, a refusal and an empty answer; thinking that is shown;
auto mode. Chosen and not measured: how long a tool takes.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from random import Random

import attrs
import trio

from .chronicle import Tell, tell_nobody
from .claude_attempt import Attempt, Wire
from .claude_history import History, tool_result
from .claude_ladder import AskAgain, Ladder, ShowError
from .claude_reply import Block
from .claude_request import TOOLS, Sender
from .network import VirtualNetwork

TOOL_SECONDS = (0.1, 3.0)


class OutcomeKind(Enum):
    """How a prompt ended, as its user saw it."""

    ANSWERED = "answered"
    REFUSED = "refused"
    CANCELLED = "cancelled"
    GAVE_UP = "gave up"


@attrs.frozen
class Outcome:
    """The end of a prompt: the text of the last answer, or the status and message of the error.

    `attempts` are those of the prompt's own agent, oldest first.
    """

    kind: OutcomeKind
    attempts: tuple[Attempt, ...] = attrs.field(repr=False)
    text: str = ""
    status: int = 0
    message: str = ""


@attrs.define(eq=False)
class Prompt:
    """A prompt on its way to its outcome."""

    text: str
    number: int = 0
    attempts: list[Attempt] = attrs.field(factory=list[Attempt])
    outcome: Outcome | None = None
    running: list[str] = attrs.field(factory=list[str])
    """The ids of the tool uses that run now."""
    ended: trio.Event = attrs.field(factory=trio.Event)
    scope: trio.CancelScope = attrs.field(factory=trio.CancelScope)

    def press_esc(self) -> None:
        """Leaves; makes no difference once there is an outcome."""
        self.scope.cancel("Esc")

    async def wait(self) -> Outcome:
        """Waits for the outcome."""
        await self.ended.wait()
        assert self.outcome is not None
        return self.outcome

    def end(self, kind: OutcomeKind, *, text: str = "", status: int = 0, message: str = "") -> None:
        """Notes the outcome, the only one."""
        assert self.outcome is None, f"{kind} after {self.outcome}"
        self.outcome = Outcome(kind, tuple(self.attempts), text, status, message)


@attrs.define(eq=False)
class ClaudeCode:
    """See the module. `answers` are all attempts of the session, those of sub-agents included.

    `tools_run` says who has run which tool use; all clients of a world share it. `check` is where
    the client complains.
    """

    network: VirtualNetwork
    nursery: trio.Nursery
    sender: Sender
    asker: str
    """Who this is among the clients of the session."""
    random: Random
    check: Callable[[bool, str], None]
    tools_run: dict[str, str]
    tell: Tell = tell_nobody
    answers: list[Attempt] = attrs.field(factory=list[Attempt])
    history: History = attrs.field(factory=History)
    tool_says: Callable[[str], str] | None = None
    """What its tools say, by their command; else who has run it."""
    wire: Wire = attrs.field(init=False)
    _last: Prompt | None = None
    _prompts: int = 0

    def __attrs_post_init__(self) -> None:
        """Has no connection yet."""
        self.wire = Wire(self.network, self.sender.port)

    @property
    def session(self) -> str:
        """The session's id."""
        return self.sender.session

    @property
    def name(self) -> str:
        """Who this is, the agent included if it is one."""
        agent = f"/{self.sender.agent}" if self.sender.agent else ""
        return f"{self.asker}{agent}"

    def start(self, text: str) -> Prompt:
        """Asks once the prompt before has ended, in a task of its own."""
        self._prompts += 1
        before, prompt = self._last, Prompt(text, self._prompts)
        self._last = prompt
        self.nursery.start_soon(self.run, prompt, before, name=f"client:{self.name}")
        return prompt

    async def ask(self, text: str) -> Outcome:
        """Asks, and waits for the outcome."""
        return await self.start(text).wait()

    def press_esc(self) -> None:
        """Leaves the newest prompt; makes no difference once it has an outcome."""
        if self._last is not None:
            self._last.press_esc()

    def quit(self) -> None:
        """Ends the client: a prompt is cancelled, and an idle connection is closed by FIN."""
        self.press_esc()
        self.wire.close()

    async def run(self, prompt: Prompt, before: Prompt | None = None) -> None:
        """Runs a prompt to its outcome."""
        if before is not None:
            await before.ended.wait()
        self.history.begin(prompt.text)
        try:
            with prompt.scope:
                await self._turn(prompt)
            if prompt.outcome is None:
                self.history.break_off(_seen(prompt), esc=True)
        finally:
            if prompt.outcome is None:
                prompt.end(OutcomeKind.CANCELLED)
            prompt.running.clear()
            prompt.ended.set()

    async def _turn(self, prompt: Prompt) -> None:
        """Question, answer and tools, until an answer has no tools."""
        await trio.lowlevel.checkpoint()  # one that was left before it began sends nothing
        while True:
            attempt, error = await self._question(prompt)
            reply = attempt.reply
            if error is not None:
                self.history.break_off([], esc=False)
                kind = OutcomeKind.GAVE_UP if error.gives_up else OutcomeKind.REFUSED
                prompt.end(kind, status=attempt.status, message=reply.message)
                return
            self.history.answer(reply.kept)
            if not reply.tools:
                prompt.end(OutcomeKind.ANSWERED, text=reply.text)
                return
            async with trio.open_nursery() as nursery:
                for tool in reply.tools:
                    nursery.start_soon(self._run_tool, prompt, tool, name=f"tool:{self.name}")
            self.history.close_results()

    async def _question(self, prompt: Prompt) -> tuple[Attempt, ShowError | None]:
        """Asks until there is an answer, or an error to be shown."""
        ladder = Ladder(self.sender.knows_model, self.random)
        while True:
            attempt = await self._attempt(prompt, ladder)
            step = ladder.next_step(attempt)
            if not isinstance(step, AskAgain):
                return attempt, step if isinstance(step, ShowError) else None
            await trio.sleep(step.wait_seconds)

    async def _attempt(self, prompt: Prompt, ladder: Ladder) -> Attempt:
        marker = f"{self.name}#{len(self.answers) + 1}"
        body = self.sender.body(self.history.messages(), ladder.shape, marker)
        streamed = ladder.shape.streamed
        attempt = Attempt(
            marker=marker,
            streamed=streamed,
            model=self.sender.model,
            request=body,
            prompt=prompt.text,
            number=prompt.number,
            tell=self.tell,
        )
        self.tell("asks" if streamed else "asks for a whole message")
        self.answers.append(attempt)
        prompt.attempts.append(attempt)
        await self.wire.ask(attempt, self.sender.head(ladder.shape, body), body)
        return attempt

    async def _run_tool(self, prompt: Prompt, tool: Block) -> None:
        error = _tool_error(tool)
        if error:
            self.history.add_result(tool_result(tool.id, error, is_error=True))
            return
        self.check(tool.id not in self.tools_run, f"a tool ran twice: {tool.id} by {self.name}")
        self.tools_run[tool.id] = self.name
        prompt.running.append(tool.id)
        if tool.name == "Agent":
            text = await self._run_agent(tool)
        else:
            await trio.sleep(self.random.uniform(*TOOL_SECONDS))
            command = str(tool.input["command"])
            text = self.tool_says(command) if self.tool_says else f"{self.name} ran {command}"
        prompt.running.remove(tool.id)
        self.history.add_result(tool_result(tool.id, text))

    async def _run_agent(self, tool: Block) -> str:
        """Runs a sub-agent inside the tool's own task, so that Esc ends it too."""
        agent = ClaudeCode(
            self.network,
            self.nursery,
            attrs.evolve(self.sender, agent=f"agent-{tool.id}"),
            self.asker,
            self.random,
            self.check,
            self.tools_run,
            self.tell,
            self.answers,
            tool_says=self.tool_says,
        )
        prompt = Prompt(str(tool.input["command"]))
        try:
            await agent.run(prompt)
        finally:
            agent.quit()
        outcome = await prompt.wait()
        return outcome.text or f"the agent could not: {outcome.kind.value} {outcome.message}"


def _seen(prompt: Prompt) -> list[Block]:
    """What was seen of the answer that was coming when Esc was pressed."""
    last = prompt.attempts[-1] if prompt.attempts else None
    coming = last is not None and last.left_seconds >= 0 and not last.is_impatient
    return last.reply.kept if last is not None and coming else []


def _tool_error(tool: Block) -> str:
    """Why a tool use cannot be run; "" if it can."""
    if tool.name not in TOOLS:
        return f"<tool_use_error>No such tool: {tool.name}</tool_use_error>"
    known = isinstance(tool.input.get("command"), str)
    return "" if known else "<tool_use_error>The input is not valid</tool_use_error>"
