"""Thought signatures, in both directions.

Gemini puts a signature on the part that followed the thinking: a function call or a text. In the
neutral conversation it is a `Thinking` in front of that block, and the way back is the next part;
with no part behind it, it came on an empty text and returns on one. Where it came on the thought
itself the payload says so by a mark.

As a client of ours sees it, a signature of any dialect is base64 (the SDKs decode it) of a text
that begins with our mark. One without the mark is Google's own, from a turn that was relayed.
A relay to Google must not carry ours: `relayable` takes it out of the parts again.
"""

from __future__ import annotations

import base64
from typing import Any

from ..conversation.blocks import RedactedThinking, Thinking
from ..conversation.origin import MARK, own_payload, signed
from ..json_values import object_of, text_of
from .abilities import needs_signature
from .members import member, members_of

DIALECT = "gemini"
DUMMY = "skip_thought_signature_validator"
"""The documented stand-in for the signature of a function call that another model has made."""
OURS_BYTES = base64.b64encode(MARK.encode())[:12]
"""How each signature of ours begins in base64, in both of its alphabets."""
_OURS = OURS_BYTES.decode()
_THOUGHT = "thought "
_REDACTED = f"{MARK}redacted "
_SIGNED = f"{MARK}signed "


def neutral(payload: str, model: str, *, on_thought: bool) -> str:
    """The neutral signature for what Gemini gave."""
    mark = _THOUGHT if on_thought else ""
    return signed(DIALECT, model.replace(" ", "_"), mark + payload)


def own(signature: str, model: str) -> tuple[str, bool]:
    """What Gemini gave, and whether on the thought itself; ("", False) if it is not this model's.

    A signature may go to the model that gave it, and to no other.
    """
    payload = own_payload(signature, DIALECT, model.replace(" ", "_")) or ""
    return payload.removeprefix(_THOUGHT), payload.startswith(_THOUGHT)


def shown(signature: str, *, redacted: bool = False) -> str:
    """A neutral signature as `thoughtSignature` for a client."""
    text = (_REDACTED if redacted else _SIGNED) + signature
    return base64.b64encode(text.encode("utf-8", "surrogatepass")).decode()


def given_back(wire: str, model: str, *, on_thought: bool) -> Thinking | RedactedThinking:
    """The block behind a `thoughtSignature` that a client sends; its text is not in there."""
    text = _opened(wire)
    if text.startswith(_REDACTED):
        return RedactedThinking(text.removeprefix(_REDACTED))
    if text.startswith(_SIGNED):
        return Thinking("", text.removeprefix(_SIGNED))
    return Thinking("", neutral(wire, model, on_thought=on_thought))


def relayable(contents: Any, model: str) -> list[dict[str, Any]]:
    """A client's contents for Google: signatures that we made are opened or taken out.

    A part that held nothing else goes with its signature, and so do the thoughts of a turn that
    another model has signed: a thought bears no signature itself.
    """
    found: list[dict[str, Any]] = []
    for content in members_of(contents):
        given = members_of(content.get("parts"))
        if any(_is_foreign(part, model) for part in given):
            given = [part for part in given if member(part, "thought") is not True]
        parts = [kept for part in given if (kept := _own(part, model))]
        if parts:
            found.append({**content, "parts": parts})
    return found


def _own(part: dict[str, Any], model: str) -> dict[str, Any]:
    """One part with a signature that Google knows, or without one."""
    wire = text_of(member(part, "thoughtSignature"))
    if not wire.startswith(_OURS):
        return {} if not wire and _is_empty(part) else part
    rest = {
        key: value
        for key, value in part.items()
        if key not in ("thoughtSignature", "thought_signature")
    }
    payload, _ = own(_opened(wire).removeprefix(_SIGNED), model)
    if not payload and object_of(member(part, "functionCall")) and needs_signature(model):
        payload = DUMMY
    if payload:
        return {**rest, "thoughtSignature": payload}
    return {} if _is_empty(rest) else rest


def _is_foreign(part: dict[str, Any], model: str) -> bool:
    """Whether a part bears a signature of ours that is not for this model."""
    opened = _opened(text_of(member(part, "thoughtSignature")))
    return bool(opened) and not own(opened.removeprefix(_SIGNED), model)[0]


def _is_empty(part: dict[str, Any]) -> bool:
    """Whether a part is a text without a letter, which is refused."""
    return set(part) <= {"text", "thought"} and not part.get("text")


def _opened(wire: str) -> str:
    """The text in a signature of ours; "" if it is not ours."""
    if not wire.startswith(_OURS):
        return ""
    plain = wire.replace("-", "+").replace("_", "/")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4)).decode("utf-8", "surrogatepass")
    except ValueError:
        return ""
