"""A Claude Code in auto mode before models that give no verdict, and a classifier of every temper.

The classifier judges as it likes, flags or not, or fails in one of the ways in which a model can.
Whatever the client is told of a tool use must be the classifier's own word on that very tool use;
where it has given no word on each of them, the client is told nothing. Esc leaves its question.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import attrs
import msgspec
import trio

from ...protocols.anthropic.events import JSON_HEADERS
from ...protocols.settings_data import EndpointSettings, SafeguardsSettings
from ..dialects.house import House, dialect_settings
from ..upstream import HANG, SendBytes, SendHead, Wait
from ..world.answers import refused
from ..world.claude import OutcomeKind
from ..world.claude_request import Sender, Shape
from ..world.peer import PeerStep
from ..world.world import PEER_PORT, World, task_names

ENDPOINTS: Final = ("chat", "responses", "gemini", "ollama")
JUDGE: Final = EndpointSettings(
    "judge", ("claude-y",), ("anthropic",), f"http://home.test:{PEER_PORT}"
)
TEMPERS: Final = ("honest", "honest", "slow", "hangs", "refuses", "in part", "of another", "talks")
SLOW_SECONDS: Final = 20.0
TURNS: Final = 3
SAFEGUARDS: Final[list[dict[str, Any]]] = [
    {
        "type": "dangerous_tool_use",
        "classifier_context": {"v": 1, "permission_mode": "auto", "rules": {"allow": []}},
    }
]

Verdicts = dict[str, bool]


class AutoSender(Sender):
    """Sends what the client sends in auto mode."""

    def body(self, messages: list[dict[str, Any]], shape: Shape, marker: str) -> bytes:
        """See Sender.body."""
        plain = msgspec.json.decode(super().body(messages, shape, marker), type=dict[str, Any])
        return msgspec.json.encode({**plain, "safeguards": SAFEGUARDS})


@attrs.define(eq=False)
class Judge:
    """The classifier: `said` has its word on each tool use, where it gave one on all at once."""

    world: World
    said: Verdicts = attrs.field(factory=dict[str, bool])
    asked: int = 0

    def respond(self, body: bytes) -> Sequence[PeerStep]:
        """Judges the tool uses of one question, as its temper is."""
        self.asked += 1
        content = msgspec.json.decode(body)["messages"][0]["content"]
        document = msgspec.json.decode(content[1]["text"])
        random = self.world.random
        verdicts = {use["id"]: random.random() < 0.5 for use in document["tool_uses"]}
        temper = random.choice(TEMPERS)
        self.world.sometimes(f"a classifier: {temper}")
        match temper:
            case "hangs":
                return [HANG]
            case "refuses":
                return refused(529)
            case "talks":
                return told("I would rather talk about something else.")
            case "in part":
                verdicts.popitem()
                return told(words(verdicts))
            case "of another":
                verdicts.popitem()
                return told(words({**verdicts, "toolu_of_another": False}))
            case _:
                self.said |= verdicts
                pause = SLOW_SECONDS if temper == "slow" else 0.5
                return [Wait(pause), *told(f"I think so: {words(verdicts)}")]


async def safeguards(world: World) -> None:
    """Some prompts with tools at endpoints of two dialects, and at each Esc in a question."""
    house = await House.open(world)
    judge = Judge(world)
    world.peers["home.test"].respond = judge.respond
    settings = dialect_settings()
    await world.change_settings(
        attrs.evolve(
            settings,
            endpoints=(*settings.endpoints, JUDGE),
            safeguards=SafeguardsSettings("judge/claude-y"),
        )
    )
    await trio.sleep(0.1)
    world.tasks = task_names()
    for endpoint in world.random.sample(ENDPOINTS, 2):
        claude = house.claude(f"auto-{endpoint}", endpoint)
        claude.sender = AutoSender(**attrs.asdict(claude.sender, recurse=False))
        for number in range(TURNS):
            outcome = await claude.ask(f"[tools #{number}]")
            world.check(outcome.kind is OutcomeKind.ANSWERED, f"it ended as {outcome}")
        prompt = claude.start("[tool #9]")
        asked = judge.asked
        while judge.asked == asked and not prompt.ended.is_set():  # noqa: ASYNC110 virtual time
            await trio.sleep(0.05)
        prompt.press_esc()
        await prompt.wait()
        claude.quit()
        for attempt in claude.answers:
            check_verdicts(world, judge, attempt.body)
    await world.fall_quiet()


def check_verdicts(world: World, judge: Judge, body: bytes) -> None:
    """The client was told of each tool use what the classifier has said of it, or nothing."""
    for line in body.split(b"\n"):
        if b'"safeguard_results"' not in line:
            continue
        event = msgspec.json.decode(line.removeprefix(b"data: "))
        [result] = event["delta"]["safeguard_results"]
        for use, verdict in result["status"]["tool_uses"].items():
            flagged = verdict["outcome"] == "flagged"
            world.sometimes("a verdict")
            world.check(judge.said.get(use) is flagged, f"{use} was told as {verdict}")


def words(verdicts: Verdicts) -> str:
    """Verdicts as the classifier is asked to write them."""
    each = [{"id": use, "flagged": bad, "explanation": "So."} for use, bad in verdicts.items()]
    return msgspec.json.encode({"verdicts": each}).decode()


def told(text: str) -> list[PeerStep]:
    """A classifier's whole answer; nothing of it is counted."""
    message = {
        "id": "msg_judge",
        "type": "message",
        "role": "assistant",
        "model": "claude-y",
        "content": [{"type": "text", "text": text}],
        "stop_reason": "end_turn",
        "stop_sequence": None,
    }
    return [SendHead(200, JSON_HEADERS), SendBytes(msgspec.json.encode(message))]
