"""Reasoning items: whose thinking they hold, in the one field that a client gives back unread.

Served, a reasoning item's `encrypted_content` carries the neutral signature. There an unmarked one
is Anthropic's own, but to this dialect it is OpenAI's own, from an answer that was relayed: so here
Anthropic's are marked as well, and so is thinking that was redacted. What comes back is exact.

Upstream, OpenAI binds the encrypted content to the item's id and refuses it under another, so the
payload that we keep is both: `<id> <encrypted>`. A server of open weights encrypts nothing and
reads its reasoning back as text: then nothing stands behind the blank.
"""

from __future__ import annotations

from typing import Any

from ..conversation.blocks import RedactedThinking, Thinking
from ..conversation.origin import MARK, origin_of, own_payload, signed
from ..json_values import objects_of, text_of

NAME = "openai-responses"
REDACTED_MARK = f"{MARK}redacted "
PARTS_JOINED_BY = "\n\n"
"""Between two parts of a summary, which the neutral form has as one text."""


def shown_signature(signature: str) -> str:
    """A neutral signature as a client of this dialect gets it, in `encrypted_content`."""
    origin = origin_of(signature)
    if origin is None or origin.dialect != "anthropic":
        return signature
    return f"{MARK}anthropic {origin.model} {origin.payload}"


def shown_redaction(data: str) -> str:
    """Redacted thinking in the same field."""
    return REDACTED_MARK + shown_signature(data)


def thinking_of(item: dict[str, Any]) -> Thinking | RedactedThinking:
    """A client's reasoning item in neutral form."""
    encrypted = text_of(item.get("encrypted_content"))
    if encrypted.startswith(REDACTED_MARK):
        return RedactedThinking(_signature(encrypted.removeprefix(REDACTED_MARK), ""))
    return Thinking(reasoning_text(item), _signature(encrypted, text_of(item.get("id"))))


def reasoning_text(item: dict[str, Any]) -> str:
    """What a reasoning item shows: its summary or, without one, its content."""
    parts = objects_of(item.get("summary")) or objects_of(item.get("content"))
    return PARTS_JOINED_BY.join(text_of(part.get("text")) for part in parts)


def reasoning_signature(identity: str, encrypted: str, model: str) -> str:
    """The neutral signature of an upstream's reasoning; without `encrypted`, of its plain text."""
    return signed(NAME, model, f"{identity} {encrypted}")


def own_reasoning(block: Thinking | RedactedThinking, model: str) -> dict[str, Any] | None:
    """The item to give back to the model that wrote this thinking; None if another did."""
    if isinstance(block, RedactedThinking):
        text, signature = "", block.data
    else:
        text, signature = block.text, block.signature
    payload = own_payload(signature, NAME, model)
    if payload is None:
        return None
    identity, blank, encrypted = payload.partition(" ")
    if not blank:
        identity, encrypted = "", payload
    item: dict[str, Any] = {"type": "reasoning", **({"id": identity} if identity else {})}
    if encrypted:
        summary = [{"type": "summary_text", "text": text}] if text else []
        return {**item, "summary": summary, "encrypted_content": encrypted}
    return {**item, "summary": [], "content": [{"type": "reasoning_text", "text": text}]}


def _signature(encrypted: str, identity: str) -> str:
    """A client's `encrypted_content` as a neutral signature; "" if there is none."""
    if not encrypted:
        return ""
    if not encrypted.startswith(MARK):
        return signed(NAME, "", f"{identity} {encrypted}")
    origin = origin_of(encrypted)
    return "" if origin is None else signed(origin.dialect, origin.model, origin.payload)
