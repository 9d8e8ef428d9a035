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
TOOL_USE_KEYS: Final = ("claudecode/toolUseId", "toolUseId", "tool_use_id")
"""Where clients say in a call's `_meta` under which id the model has asked for it."""

NOT_ITS_OWN: Final = (
    "this call is of the conversation {own}, and may not change {named!r}; nothing was changed. "
    "The user can type `switch to PLACE` in that chat"
)


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

    async def conversation_to_change(self, meta: Mapping[str, Any] | None, named: str) -> str:
        """As `conversation`, but no other than that of the call, where that is known.

        What one conversation has read may not move another. Raises ToolRefused.
        """
        own = await self.caller(meta)
        if named and own is not None and named != own:
            raise ToolRefused(NOT_ITS_OWN.format(own=own, named=named[:64]))
        return await self.conversation(meta, named)

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
        asked = RecentTurns(RECENT_TURNS, conversation)
        return [each for each in await self.conversations.ask(asked) if each.endpoint]

    async def statuses(self) -> dict[str, EndpointStatus]:
        """How each endpoint is, by its name."""
        return {each.name: each for each in await self.router.ask(ListEndpoints())}

    async def _owners(self, tool_use: str) -> tuple[str, ...]:
        return await self.conversations.ask(FindToolUse(tool_use)) if tool_use else ()

    async def _known(self) -> str:
        """The conversations that a model may name instead."""
        recent = await self.conversations.ask(FindRecentConversations())
        if not recent:
            return "No conversation is known yet"
        lines = "; ".join(map(_told, recent))
        return f"Pass `conversation` with one of these ids, the newest first: {lines}"


def tool_use_of(meta: Mapping[str, Any] | None) -> str:
    """The id of a tool's call as its client says it; "" where it says none."""
    for key in TOOL_USE_KEYS:
        found = (meta or {}).get(key)
        if isinstance(found, str) and 0 < len(found) <= ID_CHARACTERS_MAX:
            return found
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
