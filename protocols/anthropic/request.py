"""A Messages request: the few members that we read, and the splices that a relay may make.

Everything we do not know stays in the bytes. A relay to an Anthropic endpoint changes exactly what
`relayed_body` lists; tests/anthropic/test_request.py holds it to that list:

1. `model` becomes the endpoint's own id of the model;
2. where the history is broken, the blocks that break it are taken out, and a message that held
   nothing else with them:
   a. thinking that no Anthropic model has signed: its signature is empty, or another API's
      (a block without the member comes from a server that signs nothing, and stays);
   b. text without a letter in it;
   c. a `tool_result` that answers no call of the assistant's message before it, or the same twice;
   d. a server tool's call and result that we ran for another model, which only look like theirs;
3. there, too, ids and results are made whole:
   a. a `tool_use` without a result gets one in front of the next user message: an error that says
      it was interrupted (an Esc, with or without the client's marker, leaves such a call);
   b. results that stand behind other blocks come in front of them;
   c. the id of a `tool_use` that another one has, or with characters that the API refuses,
      becomes one of its own, in the result too.

4. `thinking` by a budget goes, for this one answer, in the middle of a tool loop whose last turn
   did not begin with thinking (another model's turn, before a switch): the API refuses it there.

What stays keeps its bytes; in a history that is whole all of it, white space too.
"""

from __future__ import annotations

import msgspec

from ..event_stream import decoded
from ..json_values import object_of, objects_of, text_of
from ..request import BadRequest, ServedRequest, checked_model, optional_member, parse_body
from .history import repaired_history

THINKING = ("thinking", "redacted_thinking")

_ITEMS = msgspec.json.Decoder(list[msgspec.Raw])


def parse_request(body: bytes) -> ServedRequest:
    """Reads a request as far as routing needs it.

    Raises BadRequest when the body is not a JSON object, `model` is not a string, `messages` is
    not a list, or `stream` and `max_tokens` have a type that makes no sense.
    """
    found = parse_body(body)
    model = checked_model(found)
    if found.head("messages", 1) != b"[":
        raise BadRequest("messages: expected a list of messages")
    streamed = optional_member(found, "stream", bool, "true or false")
    max_tokens = optional_member(found, "max_tokens", int, "a whole number")
    return ServedRequest(found, model, streamed, max_tokens)


def relayed_body(request: ServedRequest, model: str) -> bytes:
    """The bytes for an Anthropic endpoint: the client's own but for the splices listed above."""
    splices: dict[str, bytes | None] = {"model": msgspec.json.encode(model)}
    messages = request.json.raw("messages")
    repaired = repaired_history(messages)
    if repaired is not messages:
        splices["messages"] = repaired
    if b'"enabled"' in request.json.raw("thinking") and _loops_without_thinking(repaired):
        splices["thinking"] = None
    return request.json.splice(splices)


def _loops_without_thinking(messages: bytes) -> bool:
    """Whether tool results come last, and the turn that called did not begin with thinking."""
    try:
        found = _ITEMS.decode(messages)
    except (msgspec.MsgspecError, RecursionError):
        return False
    called, results = (decoded(bytes(item)) for item in found[-2:]) if found[1:] else ({}, {})
    first = objects_of(called.get("content"))[:1]
    answers = any(
        block.get("type") == "tool_result" for block in objects_of(results.get("content"))
    )
    return bool(answers and first) and first[0].get("type") not in THINKING


def user_id_session(request: ServedRequest) -> str:
    """The session id inside `metadata.user_id`, which the client sends as JSON in a string."""
    if not request.json.raw("metadata"):
        return ""
    user = text_of(object_of(request.value("metadata")).get("user_id"))
    return text_of(decoded(user.encode()).get("session_id"))
