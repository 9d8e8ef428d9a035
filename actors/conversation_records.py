"""What is read out of the records of conversations: which were used last, what was chosen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from ..protocols.records import ConversationRecord, TurnRecord
from ..protocols.switching.choice import stored_choice, to_text
from ..protocols.tool_uses import RecentConversation


def newest_turns(
    turns: Iterable[TurnRecord], limit: int, conversation: str = ""
) -> tuple[TurnRecord, ...]:
    """The newest of these turns, newest first; of one conversation alone where one is named."""
    own = [turn for turn in turns if conversation in ("", turn.conversation)]
    return tuple(own[-limit:][::-1])


def last_turns(turns: Sequence[TurnRecord], limit: int) -> list[tuple[str, float]]:
    """The conversations of these turns with the beginning of the last of each, the newest first."""
    began = dict[str, float]()
    for turn in turns:
        began[turn.conversation] = max(began.get(turn.conversation, 0.0), turn.began_at)
    return sorted(began.items(), key=lambda item: -item[1])[:limit]


def recent_conversation(record: ConversationRecord, last_at: float) -> RecentConversation:
    """A conversation as it may be told."""
    return RecentConversation(record.conversation, record.model, record.turns, last_at)


def joined(newer: ConversationRecord, stored: ConversationRecord) -> ConversationRecord:
    """What memory knows of a conversation that it has counted from zero, with what the disk has."""
    return ConversationRecord(
        newer.conversation,
        model=newer.model or stored.model,
        turns=newer.turns + stored.turns,
        input_tokens=newer.input_tokens or stored.input_tokens,
        dieted=newer.dieted or stored.dieted,
        home=newer.home or stored.home,
        choice=newer.choice or stored.choice,
    )


def settled(known: ConversationRecord, turn: TurnRecord, *, again: bool) -> ConversationRecord:
    """The record once a turn is in the ledger; one that is there `again` counts once."""
    return attrs.evolve(
        known,
        model=f"{turn.endpoint}/{turn.model}" if turn.endpoint else known.model,
        turns=known.turns if again else known.turns + 1,
        input_tokens=turn.usage.input_tokens or known.input_tokens,
        home=turn.home or known.home,
        choice=_told(known) if turn.noticed else known.choice,
    )


def _told(record: ConversationRecord) -> str:
    """The choice of a conversation in which a better place has now been offered."""
    return to_text(attrs.evolve(stored_choice(record.choice), told=True))
