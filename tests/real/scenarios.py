"""Scenarios of an upstream that is well: texts, tool calls, thinking, slowness, keep-alives."""

from __future__ import annotations

import trio

from .scenario import Scenario, Turn, repeat_results, say
from .scripted_reply import Json, Reply

BASH_INPUT = {"command": "echo bash-says-$((40+2))", "description": "Print a number"}
SLOW_DELTAS = 400


async def _text(reply: Reply, turn: Turn) -> None:
    await say(reply, "The scripted answer: " + turn.argument(0, "done").replace("_", " "))


async def _big_usage(reply: Reply, turn: Turn) -> None:
    await say(reply, input_tokens=int(turn.argument(0)))


async def _tool(reply: Reply, turn: Turn) -> None:
    if turn.results:
        await repeat_results(reply, turn)
        return
    await reply.start()
    if turn.name != "toolbare":
        await reply.text("I run a command.")
    if turn.name == "toolfullinput":
        block = {"type": "tool_use", "id": "toolu_full", "name": "Bash", "input": BASH_INPUT}
        await reply.open_block(block)
        await reply.close_block()
    else:
        await reply.tool(
            "Bash",
            BASH_INPUT,
            identifier="call_abc-123.x" if turn.name == "toolbare" else "",
            piece_characters=1000 if turn.name == "toolonechunk" else 7,
        )
    await reply.end("end_turn" if turn.name == "toolend" else "tool_use")


async def _parallel(reply: Reply, turn: Turn) -> None:
    if turn.results:
        await repeat_results(reply, turn)
        return
    await reply.start()
    await reply.tool("Bash", {"command": "sleep 1; echo one-$((1+0))"})
    await reply.tool("Bash", {"command": "sleep 1; echo two-$((1+1))"})
    await reply.tool("Read", {"file_path": turn.rest(0)})
    await reply.end("tool_use")


async def _loop(reply: Reply, turn: Turn) -> None:
    if turn.results >= int(turn.argument(0)):
        await repeat_results(reply, turn)
        return
    await reply.start()
    await reply.tool("Bash", {"command": f"echo round-{turn.results}"})
    await reply.end("tool_use")


async def _call(reply: Reply, turn: Turn) -> None:
    if turn.results:
        await repeat_results(reply, turn)
        return
    await reply.start()
    await reply.tool(turn.argument(0), turn.rest(1))
    await reply.end("tool_use")


async def _think(reply: Reply, turn: Turn) -> None:
    if turn.results:
        await repeat_results(reply, turn)
        return
    await reply.start()
    await reply.thinking("A scripted thought.", turn.argument(0))
    await reply.tool("Bash", BASH_INPUT)
    await reply.end("tool_use")


async def _slow(reply: Reply, turn: Turn) -> None:
    kind = "thinking" if turn.name == "slowthink" else "text"
    await reply.start()
    await reply.open_block({"type": kind, kind: ""})
    for number in range(int(turn.argument(0, "400"))):
        await reply.delta(f"{kind}_delta", **{kind: f"slow-{number} "})
        await trio.sleep(float(turn.argument(1, "0.05")))
    await reply.close_block()
    await reply.end()


async def _slow_tool(reply: Reply, turn: Turn) -> None:
    await reply.start()
    await reply.text("I prepare a command.")
    tool: Json = {"type": "tool_use", "id": "toolu_slow", "name": "Bash", "input": {}}
    await reply.open_block(tool)
    await reply.delta("input_json_delta", partial_json='{"command": "echo ')
    for _ in range(SLOW_DELTAS):
        await reply.delta("input_json_delta", partial_json="never-")
        await trio.sleep(float(turn.argument(0, "0.05")))
    await reply.delta("input_json_delta", partial_json='"}')
    await reply.close_block()
    await reply.end("tool_use")


async def _keep_alive(reply: Reply, turn: Turn) -> None:
    await reply.start()
    for _ in range(int(turn.argument(0))):
        if turn.name == "ping":
            await reply.event("ping", {})
        else:
            await reply.raw(b": keep-alive\n\n")
        await trio.sleep(float(turn.argument(1)))
    await reply.text("The answer after the keep-alives.")
    await reply.end()


async def _safeguards(reply: Reply, turn: Turn) -> None:
    if turn.results:
        await repeat_results(reply, turn)
        return
    await reply.start()
    await reply.tool("Bash", {"command": "python3 -c 'print(6*7)'"}, identifier="toolu_safeguard")
    verdicts = {
        "ok": {"type": "evaluated", "outcome": "not_flagged"},
        "flag": {"type": "evaluated", "outcome": "flagged", "explanation": "scripted verdict"},
    }
    verdict = verdicts.get(turn.argument(0))
    status: Json = {"type": turn.argument(0)}
    if verdict:
        status = {"type": "available", "tool_uses": {"toolu_safeguard": verdict}}
    results = [{"type": "dangerous_tool_use", "status": status}]
    await reply.end("tool_use", extra_delta={"safeguard_results": results})


SCENARIOS: dict[str, Scenario] = {
    "text": _text,
    "bigusage": _big_usage,
    "tool": _tool,
    "toolbare": _tool,
    "toolend": _tool,
    "toolonechunk": _tool,
    "toolfullinput": _tool,
    "par": _parallel,
    "loop": _loop,
    "call": _call,
    "think": _think,
    "slow": _slow,
    "slowthink": _slow,
    "slowtool": _slow_tool,
    "ping": _keep_alive,
    "comment": _keep_alive,
    "sg": _safeguards,
}
