"""A command that is sent again, because its answer was lost: obeyed once, and answered the same.

Clients send a request again when its connection breaks, and cannot know whether it was heard: "go
back" would go two steps, and the answer to a question of ours would be for the model. So the choice
holds which command has led to it, and what was replied. The same message after the same history is
that command again, for as long as what it has led to still holds: after any other change it is one
that the user has said anew. Whoever says a thing twice has our first reply in between.

Only the last command counts, for a client waits for one answer before it asks on. Needed only where
the client names its conversation: elsewhere a history without our reply names what held before it.
"""

from __future__ import annotations

import hashlib
from typing import Final

import attrs

from ..request import ServedRequest
from .beginning import begins
from .choice import Choice, Done, to_text
from .command import Command, GoBack, Language
from .typed import Typed

REPLY_CHARACTERS_MAX: Final = 2_000
"""Of a reply that is kept; no command that changes anything has a longer one, but by odd names."""
HISTORY_BYTES_MAX: Final = 64 * 1024
"""So much of a history's end is looked at, and its length: a command takes milliseconds."""
_DIGEST_BYTES: Final = 16


def grows(request: ServedRequest, command: Command) -> bool:
    """Whether saying a command once more would be another request.

    A client that sends no history says "go back" twice in the same words. To switch twice to the
    same place makes no difference.
    """
    if not isinstance(command, GoBack):
        return True
    return request.json.head(request.question_keys[0], 1) == b"[" and not begins(request)


def with_done(
    choice: Choice, request: ServedRequest, said: Typed, reply: str, tokens: int, language: Language
) -> Choice:
    """A choice that knows the command which has led to it."""
    if not reply or len(reply) > REPLY_CHARACTERS_MAX:
        return attrs.evolve(choice, done=None)
    led_to = _digest_of_choice(choice)
    done = Done(said.prompt, _digest_of_history(request), led_to, reply, tokens, language)
    return attrs.evolve(choice, done=done)


def done_before(choice: Choice, request: ServedRequest, said: Typed) -> Done | None:
    """What was done when this message was heard before; None if it was not, or no longer holds."""
    done = choice.done
    if done is None or done.prompt != said.prompt or done.led_to != _digest_of_choice(choice):
        return None
    return done if done.history == _digest_of_history(request) else None


def _digest_of_history(request: ServedRequest) -> str:
    key = request.question_keys[0]
    end = request.json.tail(key, HISTORY_BYTES_MAX)
    return _digest(b"%d:%b" % (request.json.length(key), end))


def _digest_of_choice(choice: Choice) -> str:
    return _digest(to_text(attrs.evolve(choice, done=None, tail="")).encode())


def _digest(said: bytes) -> str:
    return hashlib.blake2b(said, digest_size=_DIGEST_BYTES).hexdigest()
