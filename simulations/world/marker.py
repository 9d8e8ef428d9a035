"""A marker, unique in a run, by which an endpoint's exchange is known for one attempt of a client.

It stands where the real client has the id of its device, inside `metadata.user_id`: there a relay
passes it on in the body, and it makes no difference to whether two requests are the same question.
A model on this machine never sees it. Where a translation may lose that member, the marker stands
in what the system says (`marked_words`), which every dialect has.
"""

from __future__ import annotations

import re
from typing import Any

import msgspec

_WORDS = re.compile(rb"\(attempt ([^)]{1,100})\)")


def marked_user(marker: str, session: str) -> str:
    """The member `user_id` of a request's metadata."""
    user = {"device_id": marker, "account_uuid": "", "session_id": session}
    return msgspec.json.encode(user).decode()


def marked_words(marker: str) -> str:
    """A sentence that says the marker."""
    return f"Pay no attention to this number (attempt {marker})."


def model_of(body: bytes) -> str:
    """The model that a request's body asks for; "" where it does not say."""
    try:
        request: dict[str, Any] = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return ""
    return str(request.get("model", ""))


def marker_of(body: bytes) -> str:
    """The marker of the attempt that a request's body belongs to; "" if it has none."""
    if said := _WORDS.search(body):
        return said[1].decode()
    try:
        request: dict[str, Any] = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return ""  # a request without a body
    metadata: dict[str, str] = request.get("metadata") or {}
    if "user_id" not in metadata:
        return ""
    return str(msgspec.json.decode(metadata["user_id"])["device_id"])
