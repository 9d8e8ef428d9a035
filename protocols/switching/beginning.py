"""Whether a conversation begins with a request: then nothing can have been chosen for it before.

Asked only where a choice cannot be read. A history with an answer in it does not begin, nor one
that was compacted, which begins with a summary of the client's.
"""

from __future__ import annotations

from typing import Final

import msgspec

from ..json_values import object_of
from ..request import ServedRequest
from .client_words import COMPACTED
from .history import is_kept_elsewhere

_ASKING: Final = ("user", "system", "developer")


def begins(request: ServedRequest) -> bool:
    """Whether nobody has answered anything yet, as far as the request can tell."""
    messages = request.history
    if messages is None or is_kept_elsewhere(request):
        return False
    if COMPACTED.encode() in request.json.raw(request.question_keys[0]):
        return False
    roles = [object_of(msgspec.json.decode(each)).get("role") for each in messages]
    return all(role in _ASKING for role in roles)
