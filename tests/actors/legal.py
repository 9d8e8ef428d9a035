"""What a client of the dialect may be shown: a legal stream of events, and nothing after its end.

Written from the API reference's account of streaming, not from our own code: it must be able to
disagree with it.
"""

from __future__ import annotations

import json
import re
from typing import Any

_END = re.compile(rb"\r?\n\r?\n")


def read_events(body: bytes) -> tuple[list[dict[str, Any]], bytes]:
    """The events of a body, and what is left after the last whole one. Raises ValueError."""
    *frames, rest = _END.split(body)
    events: list[dict[str, Any]] = []
    for frame in frames:
        names = re.findall(rb"(?m)^event: ?(.*?)\r?$", frame)
        data = b"\n".join(re.findall(rb"(?m)^data: ?(.*?)\r?$", frame))
        if len(names) != 1:
            raise ValueError(f"an event with {len(names)} names: {frame[:200]!r}")
        found: dict[str, Any] = json.loads(data)
        if found["type"] != names[0].decode():
            raise ValueError(f"an event named {names[0]!r} that says {found['type']}")
        events.append(found)
    return events, rest


def kinds(body: bytes) -> list[str]:
    """The types of a body's events, in order."""
    return [str(found["type"]) for found in read_events(body)[0]]


def complaints_about(body: bytes, *, whole: bool) -> list[str]:
    """What is illegal in a streamed body; one that is not `whole` may stop anywhere."""
    try:
        events, rest = read_events(body)
    except (ValueError, KeyError) as error:
        return [f"not a stream of events: {error}"]
    found = [str(event["type"]) for event in events]
    real = [kind for kind in found if kind != "ping"]
    complaints: list[str] = []
    if real and real[0] not in ("message_start", "error"):
        complaints.append(f"begins with {real[0]}")
    if real.count("message_start") > 1:
        complaints.append("message_start comes twice")
    for last in ("message_stop", "error"):
        if last in found[:-1]:
            complaints.append(f"something comes after {last}")
    if whole and rest:
        complaints.append(f"ends inside an event: {rest[:100]!r}")
    return complaints + _complaints_about_blocks(events)


def _complaints_about_blocks(events: list[dict[str, Any]]) -> list[str]:
    complaints: list[str] = []
    is_open: int | None = None
    for event in events:
        match event["type"]:
            case "content_block_start":
                if is_open is not None:
                    complaints.append(f"block {event['index']} begins inside {is_open}")
                is_open = event["index"]
            case "content_block_delta" | "content_block_stop" as kind:
                if event["index"] != is_open:
                    complaints.append(f"{kind} of {event['index']} while {is_open} is open")
                if kind == "content_block_stop":
                    is_open = None
            case _:
                pass
    return complaints
