"""Scenarios of an upstream that fails: statuses, cuts, silences, broken and unknown content."""

from __future__ import annotations

from typing import cast

import trio

from .scenario import Scenario, Turn, repeat_results, say
from .scripted_reply import Cut, Reply

ERROR_KINDS = {
    400: "invalid_request_error",
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    529: "overloaded_error",
}


async def _status(reply: Reply, turn: Turn) -> None:
    status = int(turn.argument(0))
    if turn.attempt >= int(turn.argument(1, "1000")):
        await say(reply)
        return
    kind = turn.argument(2) or ERROR_KINDS.get(status, "api_error")
    headers = {"retry-after": turn.argument(3)} if turn.argument(3) else {}
    await reply.error(status, kind, f"scripted status {status}", headers)


async def _too_long(reply: Reply, turn: Turn) -> None:
    message = f"prompt is too long: {turn.argument(0)} tokens > {turn.argument(1)} maximum"
    await reply.error(400, ERROR_KINDS[400], message)


async def _drop(reply: Reply, turn: Turn) -> None:
    if turn.attempt >= int(turn.argument(0)):
        await say(reply)
        return
    await reply.wire.cut("fin")


async def _hang(reply: Reply, turn: Turn) -> None:
    await trio.sleep(float(turn.argument(0, "600")))
    await say(reply)


async def _silence(reply: Reply, turn: Turn) -> None:
    await reply.start()
    await reply.open_block({"type": "text", "text": ""})
    await reply.delta("text_delta", text="before the silence ")
    await trio.sleep(float(turn.argument(0, "600")))
    await reply.delta("text_delta", text="after it")
    await reply.close_block()
    await reply.end()


async def _cut(reply: Reply, turn: Turn) -> None:
    if turn.attempt >= int(turn.argument(0)) or not reply.streaming:
        await say(reply)
        return
    await reply.start()
    await reply.open_block({"type": "text", "text": ""})
    await reply.delta("text_delta", text="a text that is cut ")
    await reply.wire.cut(cast("Cut", turn.argument(1, "fin")))


async def _cut_after_tool(reply: Reply, turn: Turn) -> None:
    if turn.results:
        await repeat_results(reply, turn)
        return
    await reply.start()
    await reply.tool("Bash", {"command": "echo ran >> runs.txt; echo bash-says-$((40+2))"})
    if turn.attempt >= int(turn.argument(0)):
        await reply.end("tool_use")
        return
    await trio.sleep(float(turn.argument(2, "0")))
    await reply.wire.cut(cast("Cut", turn.argument(1, "fin")))


async def _error_event(reply: Reply, turn: Turn) -> None:
    if turn.attempt >= int(turn.argument(0)) or not reply.streaming:
        await say(reply)
        return
    kind = turn.argument(1) or "overloaded_error"
    if turn.argument(2) == "early":
        await reply.head()
    else:
        await reply.start()
        await reply.open_block({"type": "text", "text": ""})
        await reply.delta("text_delta", text="a text before the error ")
    await reply.event("error", {"error": {"type": kind, "message": "scripted error event"}})
    await reply.wire.end_body()


async def _empty(reply: Reply, turn: Turn) -> None:
    await reply.start()
    await reply.end()


async def _without_usage(reply: Reply, turn: Turn) -> None:
    await reply.start()
    await reply.text("An answer without usage.")
    await reply.end(with_usage=False)


async def _stop_reason(reply: Reply, turn: Turn) -> None:
    await reply.start()
    await reply.text("The second part." if turn.later_turns else "The first part.")
    await reply.end("end_turn" if turn.later_turns else turn.argument(0))


async def _unknown(reply: Reply, turn: Turn) -> None:
    await reply.start()
    if turn.name == "unknown":
        await reply.event("future_event", {"value": 1})
    else:
        await reply.open_block({"type": "future_block", "value": 1})
        await reply.close_block()
    await reply.text("An answer beside the unknown.")
    await reply.end()


async def _bad_tool(reply: Reply, turn: Turn) -> None:
    if turn.results:
        await repeat_results(reply, turn)
        return
    await reply.start()
    if turn.name == "badjson":
        await reply.tool("Bash", '{"command": "echo never-runs')
    elif turn.name == "badargs":
        await reply.tool("Bash", {"order": "echo never-runs"})
    else:
        await reply.tool("NoSuchTool", {"value": 1})
    await reply.end("tool_use")


SCENARIOS: dict[str, Scenario] = {
    "status": _status,
    "toolong": _too_long,
    "drop": _drop,
    "hang": _hang,
    "silence": _silence,
    "cut": _cut,
    "cuttool": _cut_after_tool,
    "sseerr": _error_event,
    "empty": _empty,
    "nousage": _without_usage,
    "stopreason": _stop_reason,
    "unknown": _unknown,
    "unkblock": _unknown,
    "badjson": _bad_tool,
    "badargs": _bad_tool,
    "unktool": _bad_tool,
}
