"""Turns in auto mode, answers that call tools, and classifiers that follow a script."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import attrs
from understudy.io.ports import UpstreamRequest
from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerStarted,
    BlockEnded,
    TextDelta,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.dialects import SERVED
from understudy.protocols.records import Usage
from understudy.protocols.settings_data import EndpointSettings, SafeguardsSettings, Settings
from understudy.protocols.turn import Turn
from understudy.simulations.upstream import Respond, SendHead, Step

from ..actors.dialects import CHAT, answer_pieces
from ..actors.scripts import paced, turn, whole
from ..actors.stage import HOME_ENDPOINT, WORK_ENDPOINT

CONTEXT: Final = {
    "v": 1,
    "permission_mode": "auto",
    "live_cwd": "/home/u/project",
    "rules": {"allow": ["Bash(make *)"], "deny": []},
    "unknown_member": "stays here",
}
SAFEGUARDS: Final = [{"type": "dangerous_tool_use", "classifier_context": CONTEXT}]
CALLS: Final = (
    ("call_1", "Bash", '{"command":"python3 -c \'print(6*7)\'"}'),
    ("call_2", "Write", '{"file_path":"/home/u/project/a","content":"x"}'),
)
CHAT_ENDPOINT: Final = attrs.evolve(WORK_ENDPOINT, dialects=("openai-chat",))
GUARDED: Final = Settings(
    endpoints=(CHAT_ENDPOINT, HOME_ENDPOINT), safeguards=SafeguardsSettings("home/claude-y")
)
UNGUARDED: Final = attrs.evolve(GUARDED, safeguards=SafeguardsSettings())


def auto_turn(text: str = "Count to 42", *, stream: bool = True, **members: Any) -> Turn:
    """A turn of a client in auto mode."""
    return turn(text, stream=stream, safeguards=SAFEGUARDS, **members)


def answer_events(
    calls: Sequence[tuple[str, str, str]] = CALLS, text: str = "I count."
) -> list[AnswerEvent]:
    """A text, then these tool uses side by side."""
    events: list[AnswerEvent] = [AnswerStarted(), TextDelta(text), BlockEnded()]
    for call, name, arguments in calls:
        half = len(arguments) // 2
        events += [ToolUseStarted(call, name), ToolInputDelta(arguments[:half])]
        events += [ToolInputDelta(arguments[half:]), BlockEnded()]
    return [*events, AnswerEnded("tool_use" if calls else "end_turn", Usage(11, 7))]


def chat_answer(
    calls: Sequence[tuple[str, str, str]] = CALLS, *, streamed: bool = True
) -> list[Step]:
    """The answer of an endpoint that cannot judge."""
    pieces, headers = answer_pieces(CHAT, answer_events(calls), streamed=streamed)
    return [SendHead(200, headers), *paced(pieces)]


def anthropic_bytes(
    calls: Sequence[tuple[str, str, str]] = CALLS, *, streamed: bool = True
) -> bytes:
    """The same answer as a client reads it, without verdicts."""
    request = auto_turn(stream=streamed).request
    writer = SERVED["anthropic"].writer(request, "a")
    pieces = [writer.send(event) for event in answer_events(calls)]
    return b"".join((*pieces, writer.end()))


def said(text: str, stop_reason: str = "end_turn") -> bytes:
    """A classifier's whole answer."""
    message = {
        "id": "msg_1",
        "type": "message",
        "role": "assistant",
        "model": "claude-y",
        "content": [{"type": "text", "text": text}],
        "stop_reason": stop_reason,
        "usage": {"input_tokens": 900, "output_tokens": 40},
    }
    return json.dumps(message).encode()


def verdicts_text(flagged: Mapping[str, bool]) -> str:
    """The JSON that a classifier is asked for."""
    verdicts = [
        {"id": name, "flagged": bad, "explanation": f"because of {name}"}
        for name, bad in flagged.items()
    ]
    return json.dumps({"verdicts": verdicts})


def judging(flagged: bool = False, text: Callable[[str], str] = lambda said: said) -> Respond:
    """A classifier that judges all tool uses that it is shown alike."""

    def respond(request: UpstreamRequest) -> Sequence[Step]:
        ids = [use["id"] for use in document_of(request.body)["tool_uses"]]
        return whole(said(text(verdicts_text(dict.fromkeys(ids, flagged)))))

    return respond


def document_of(body: bytes) -> dict[str, Any]:
    """What a classifier was shown."""
    [message] = json.loads(body)["messages"]
    found: dict[str, Any] = json.loads(message["content"][1]["text"])
    return found


def results_in(body: bytes, *, streamed: bool = True) -> Any:
    """What a client finds in an answer; None where no verdict was sent."""
    if not streamed:
        return json.loads(body).get("safeguard_results")
    lines = [line[6:] for line in body.split(b"\n") if line.startswith(b"data: ")]
    [delta] = [one for one in map(json.loads, lines) if one["type"] == "message_delta"]
    return delta["delta"].get("safeguard_results")


def verdicts_in(body: bytes, *, streamed: bool = True) -> dict[str, Any] | None:
    """The verdict on each tool use; None where none was sent."""
    results = results_in(body, streamed=streamed)
    if results is None:
        return None
    [result] = results
    assert result["type"] == "dangerous_tool_use"
    assert result["status"]["type"] == "available"
    found: dict[str, Any] = result["status"]["tool_uses"]
    return found


def private(endpoint: EndpointSettings) -> EndpointSettings:
    """The endpoint, called private."""
    return attrs.evolve(endpoint, private=True)
