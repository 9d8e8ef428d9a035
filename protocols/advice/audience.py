"""Whether the answer to a turn is read by its user: only there may words of ours stand in it.

What a program reads stays as it is: the turn of a sub-agent, the client's own small work, an answer
that has a form of its own (protocols/demands.py), one that goes on from a beginning which the
client has written, a text to be completed. In doubt it is a program: an offer can wait for the next
answer.

The prompts of clients' own work are told by the words that stand in them: Claude Code's compaction,
recap and guess at the next prompt, Codex's, OpenCode's and Gemini CLI's compaction, and the tasks
of Open WebUI (titles, tags, follow-ups).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import msgspec

from ..demands import is_demanding
from ..json_values import object_of
from ..request import ServedRequest
from ..routing.traits import is_aside
from ..switching.client_words import OWN_TASK, OWN_WORK
from ..switching.history import ONE_TEXT
from ..turn import Operation, Turn

_OWN_WORK: Final = (
    *(words.encode() for words in OWN_WORK),
    msgspec.json.encode(OWN_TASK).removesuffix(b'"'),
)
"""One of these is in the bytes of a message of a client's own work."""
_MODEL_ROLES: Final = ("assistant", "model")
_SYSTEM_ROLES: Final = ("system", "developer")


def is_heard(turn: Turn) -> bool:
    """Whether the user reads what is answered to a turn."""
    request = turn.request
    if turn.operation is not Operation.MESSAGES or turn.agent or request.dialect in ONE_TEXT:
        return False
    return not (is_aside(turn) or _is_work(request) or is_demanding(request))


def _is_work(request: ServedRequest) -> bool:
    """Whether the client asks for something of its own, or has begun the answer itself."""
    last = _last_message(request)
    begun = _object(last).get("role") in _MODEL_ROLES
    return begun or any(words in last for words in _OWN_WORK)


def _last_message(request: ServedRequest) -> bytes:
    """The last message that is no system's; b"" where a request cannot be read."""
    messages = request.history
    if messages is None:
        return request.json.raw(request.question_keys[0])
    said = (bytes(each) for each in reversed(messages))
    return next((each for each in said if _object(each).get("role") not in _SYSTEM_ROLES), b"")


def _object(raw: bytes) -> Mapping[str, Any]:
    try:
        return object_of(msgspec.json.decode(raw))
    except (msgspec.MsgspecError, RecursionError):
        return {}
