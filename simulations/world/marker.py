"""A marker, unique in a run, by which an endpoint's exchange is known for one attempt of a client.

It stands where the real client has the id of its device, inside `metadata.user_id`: there a relay
passes it on in the body, and it makes no difference to whether two requests are the same question.
A model on this machine never sees it.
"""

from __future__ import annotations

from typing import Any

import msgspec


def marked_user(marker: str, session: str) -> str:
    """The member `user_id` of a request's metadata."""
    user = {"device_id": marker, "account_uuid": "", "session_id": session}
    return msgspec.json.encode(user).decode()


def marker_of(body: bytes) -> str:
    """The marker of the attempt that a request's body belongs to; "" if it has none."""
    try:
        request: dict[str, Any] = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return ""  # a request without a body
    metadata: dict[str, str] = request.get("metadata") or {}
    if "user_id" not in metadata:
        return ""
    return str(msgspec.json.decode(metadata["user_id"])["device_id"])
