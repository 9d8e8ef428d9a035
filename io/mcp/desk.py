"""What the tools ask: the actors by their refs, and what all tools need to know of a call.

A tool never guesses. The conversation of a call is the one whose answer has asked for it, known by
the call's id (protocols/tool_uses.py); where that is not known, or several have it, the tool fails
with words that name the conversations, and nothing has been changed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import attrs

from ...protocols.actor import Ref
from ...protocols.advice.ranking import Advise
from ...protocols.records import ConversationRecord, TurnRecord
from ...protocols.request import MODEL_CHARACTERS_MAX
from ...protocols.settings import Settings
from ...protocols.switching.command import Switch
from ...protocols.switching.known import FindKnownPlaces, KnownPlace, KnownPlaces
from ...protocols.switching.matcher import match
from ...protocols.tool_uses import (
    CONVERSATIONS_PER_ID_MAX,
    FindRecentConversations,
    FindToolUse,
    RecentConversation,
)
from ...protocols.turn import EndpointStatus, ListEndpoints, Recall, RecentTurns
from ..models.library import Library
from ..serving.status import StatusBoard

RECENT_TURNS: Final = 200
NAMES_SHOWN: Final = 12
ID_CHARACTERS_MAX: Final = 256
TRIAL: Final = "endpoint-test-"
"""How the names of conversations begin that `endpoint_test` makes; nobody else is to be in one."""
TOOL_USE_KEYS: Final = ("claudecode/toolUseId", "toolUseId", "tool_use_id")
"""Where clients say in a call's `_meta` under which id the model has asked for it."""

NOT_ITS_OWN: Final = (
    "this call is of the conversation {own}, and may not change {named!r}; nothing was changed. "
    "The user can type `switch to PLACE` in that chat"
)


@attrs.frozen
class Mine:
    """A conversation that a call may change. `tool_use` is the call's id where it is known to be a
    call of this one, else ""."""

    conversation: str
    tool_use: str = ""


class ToolRefused(Exception):
    """The tool does nothing; the message says why and what to do, for the model to read."""


@attrs.define(eq=False)
class Desk:
    """The actors, as the composition root hands them over. `library` reads disks: in a thread."""

    board: StatusBoard
    session: Callable[[str], Ref]
    settings: Callable[[], Settings]
    settings_file: Path
    library: Callable[[], Library]
    advise: Advise

    @property
    def router(self) -> Ref:
        """Knows the endpoints."""
        return self.board.router

    @property
    def conversations(self) -> Ref:
        """Knows what was chosen, and what was used."""
        return self.board.conversations

    async def caller(self, meta: Mapping[str, Any] | None) -> str | None:
        """The conversation that has made a call; None where that cannot be told."""
        found = await self._owners(tool_use_of(meta))
        return found[0] if len(found) == 1 else None

    async def conversation(self, meta: Mapping[str, Any] | None, named: str) -> str:
        """The conversation that a call is about: the one that it names, else its own.

        Raises ToolRefused.
        """
        if named:
            if await self.record(named) is None:
                raise ToolRefused(f"there is no conversation {named[:64]!r}. {await self._known()}")
            return named
        tool_use = tool_use_of(meta)
        found = await self._owners(tool_use)
        if len(found) == 1:
            return found[0]
        why = "this call does not say which conversation it belongs to"
        if tool_use:
            why = f"no conversation here has made the call {tool_use!r}"
        if found:
            why = f"several conversations have made a call {tool_use!r}"
        raise ToolRefused(f"{why}; nothing was changed. {await self._known()}")

    async def conversation_to_change(self, meta: Mapping[str, Any] | None, named: str) -> Mine:
        """As `conversation`, but none that the call cannot be of.

        What one conversation has read may not move another. Raises ToolRefused.
        """
        tool_use = tool_use_of(meta)
        found = await self._owners(tool_use)
        are_all = 0 < len(found) < CONVERSATIONS_PER_ID_MAX
        if named and are_all and named not in found:
            own = " or ".join(found)
            raise ToolRefused(NOT_ITS_OWN.format(own=own, named=named[:64]))
        name = await self.conversation(meta, named)
        return Mine(name, tool_use if name in found else "")

    async def place(self, name: str) -> KnownPlace:
        """The place that a name means, as the chat understands it. Raises ToolRefused."""
        known: KnownPlaces = await self.router.ask(FindKnownPlaces())
        found = named_places(known, name)
        if len(found) == 1:
            return found[0]
        among = found or known.places
        names = ", ".join(each.place for each in among[:NAMES_SHOWN])
        more = f" and {len(among) - NAMES_SHOWN} more" if len(among) > NAMES_SHOWN else ""
        words = "may mean several of them" if found else "is no endpoint or model here"
        raise ToolRefused(f"{name[:64]!r} {words}: {names}{more}. Nothing was changed")

    async def record(self, conversation: str) -> ConversationRecord | None:
        """What is known of a conversation."""
        if not conversation or len(conversation) > ID_CHARACTERS_MAX:
            return None
        return await self.conversations.ask(Recall(conversation))

    async def answered(self, conversation: str) -> Sequence[TurnRecord]:
        """The turns of a conversation that have reached a model, newest first."""
        return await answered_turns(self.conversations, conversation)

    async def statuses(self) -> dict[str, EndpointStatus]:
        """How each endpoint is, by its name."""
        return {each.name: each for each in await self.router.ask(ListEndpoints())}

    async def _owners(self, tool_use: str) -> tuple[str, ...]:
        return await self.conversations.ask(FindToolUse(tool_use)) if tool_use else ()

    async def _known(self) -> str:
        """The conversations that a model may name instead."""
        found = await self.conversations.ask(FindRecentConversations())
        recent = [each for each in found if not each.conversation.startswith(TRIAL)]
        if not recent:
            return "No conversation is known yet"
        lines = "; ".join(map(_told, recent))
        return f"Pass `conversation` with one of these ids, the newest first: {lines}"


async def answered_turns(conversations: Ref, conversation: str) -> Sequence[TurnRecord]:
    """The turns of a conversation that have reached a model, newest first."""
    turns = await conversations.ask(RecentTurns(RECENT_TURNS, conversation))
    return [each for each in turns if each.endpoint]


def tool_use_of(meta: Mapping[str, Any] | None) -> str:
    """The id of a tool's call as its client says it; "" where it says none.

    Gateways put more into an id than a number; its beginning is enough, and all that is kept.
    """
    for key in TOOL_USE_KEYS:
        found = (meta or {}).get(key)
        if isinstance(found, str) and found:
            return found[:ID_CHARACTERS_MAX]
    return ""


def named_places(known: KnownPlaces, name: str) -> tuple[KnownPlace, ...]:
    """The places that a name may mean: by its whole id, or as a user would call it."""
    if not 0 < len(name) <= MODEL_CHARACTERS_MAX:
        return ()
    plain = name.strip().lower()
    exact = [each for each in known.places if each.place.lower() == plain]
    exact = exact or [each for each in known.places if each.endpoint.lower() == plain]
    exact = exact or [each for each in known.places if each.model.lower() == plain]
    if exact:
        return tuple(exact)
    command = match(f"switch to {name}", known)
    if not isinstance(command, Switch) or command.work:
        return ()
    return tuple(each for each in known.places if each.place in command.places)


def moment(seconds: float) -> str:
    """A moment as people read it, in this machine's own time."""
    return datetime.fromtimestamp(seconds).astimezone().isoformat(timespec="seconds")


def _told(each: RecentConversation) -> str:
    turns = "1 turn" if each.turns == 1 else f"{each.turns} turns"
    model = each.model or "no model yet"
    return f"{each.conversation} ({model}, {turns}, last {moment(each.last_at)})"
