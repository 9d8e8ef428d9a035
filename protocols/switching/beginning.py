"""Whether a conversation begins with a request: then nothing can have been chosen for it before.

Asked only where a choice cannot be read. A history with an answer in it does not begin, nor one
that was compacted, which begins with the words of the client's that are listed here.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ..json_values import object_of
from ..request import ServedRequest

COMPACTED: Final = b"This session is being continued from a previous conversation"
"""Claude Code's words before the summary that a conversation goes on from."""
_ASKING: Final = ("user", "system", "developer")


def begins(request: ServedRequest) -> bool:
    """Whether nobody has answered anything yet, as far as the request can tell."""
    history = request.json.raw(request.question_keys[0])
    if request.json.raw("previous_response_id") or COMPACTED in history:
        return False
    try:
        messages = msgspec.json.decode(history, type=list[msgspec.Raw])
    except (msgspec.MsgspecError, RecursionError):
        return False
    roles = [object_of(msgspec.json.decode(each)).get("role") for each in messages]
    return all(role in _ASKING for role in roles)
