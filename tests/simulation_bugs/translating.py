"""Bugs of translation: between two dialects an answer loses, gains or mixes up something."""

# A bug is planted inside of what it breaks.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import attrs
import pytest
import trio
from understudy.actors.backend.exchange import Exchange
from understudy.actors.backend.server_tools import Searches
from understudy.protocols import preparation
from understudy.protocols.account import EventAccount
from understudy.protocols.conversation.answer import END_TURN, AnswerEnded, AnswerEvent
from understudy.protocols.conversation.blocks import Block, Text, Thinking, ToolResult
from understudy.protocols.conversation.request import Conversation, Message
from understudy.protocols.openai_chat.calls import Calls
from understudy.protocols.records import Usage
from understudy.protocols.translation import Translation

from .bug import Bug


def usage_of_both_ends(patch: pytest.MonkeyPatch) -> None:
    """What an answer's start tells of the usage is added to what its end tells."""
    note = EventAccount.note

    def note_and_add(self: EventAccount, event: AnswerEvent) -> None:
        known = self.usage
        note(self, event)
        if isinstance(event, AnswerEnded):
            self.usage = known.added_to(event.usage)

    patch.setattr(EventAccount, "note", note_and_add)


def held_back_call_is_forgotten(patch: pytest.MonkeyPatch) -> None:
    """A parallel call that waits for the one before it is not written at the end."""

    def end(self: Calls) -> Iterator[AnswerEvent]:
        if self.waiting:
            yield from self._ended()

    patch.setattr(Calls, "end", end)


def clean_end_is_a_whole_answer(patch: pytest.MonkeyPatch) -> None:
    """A body that ends without the dialect's end mark is taken for a whole answer."""
    receive_end = Translation.receive_end

    def end(self: Translation) -> bytes:
        written = receive_end(self)
        if self._told.started and not (self._told.stopped or self.failed or self.paused):
            written += self._write(AnswerEnded(END_TURN))
        return written

    patch.setattr(Translation, "receive_end", end)


def foreign_thinking_becomes_text(patch: pytest.MonkeyPatch) -> None:
    """Thinking is kept for a model that cannot read it, as words of the assistant."""
    change_shown(patch, spoken)


def spoken(message: Message) -> Message:
    """Thinking as text."""
    blocks = (Text(each.text) if isinstance(each, Thinking) else each for each in message.blocks)
    return attrs.evolve(message, blocks=tuple(blocks))


def foreign_thinking_is_passed_on(patch: pytest.MonkeyPatch) -> None:
    """A signature is not asked whose it is."""

    def payload(signature: str, _dialect: str, _model: str) -> str:
        return signature.rsplit(" ", 1)[-1]

    for name in ("openai_chat.reasoning", "openai_responses.reasoning", "gemini.signatures"):
        patch.setattr(f"understudy.protocols.{name}.own_payload", payload)


def signature_is_lost(patch: pytest.MonkeyPatch) -> None:
    """A call goes back to Gemini without the signature that it came with."""

    def own(_signature: str, _model: str) -> tuple[str, bool]:
        return "", False

    patch.setattr("understudy.protocols.gemini.history.own", own)


def committed_before_the_status(patch: pytest.MonkeyPatch) -> None:
    """A translated answer is begun as soon as it is asked for: an error has no status any more."""
    run = Exchange.run

    async def run_committed(self: Exchange, *arguments: Any, **options: Any) -> None:
        if not self.passage.relays:
            self.commit()
        await run(self, *arguments, **options)

    patch.setattr(Exchange, "run", run_committed)


def translated_turn_is_deaf(patch: pytest.MonkeyPatch) -> None:
    """A translated turn is read to its end, whoever has left."""
    run = Exchange.run

    async def run_deaf(self: Exchange, *arguments: Any, **options: Any) -> None:
        deaf = not self.passage.relays
        with trio.CancelScope(shield=deaf, deadline=trio.current_time() + 3_600):
            await run(self, *arguments, **options)

    patch.setattr(Exchange, "run", run_deaf)


def results_in_the_order_of_their_end(patch: pytest.MonkeyPatch) -> None:
    """Results are given to the calls in the order in which the tools have ended."""
    change_shown(patch, mixed_up)


def mixed_up(message: Message) -> Message:
    """The results of one message, each with the id of another."""
    ids = sorted(each.tool_use_id for each in message.blocks if isinstance(each, ToolResult))
    blocks: list[Block] = [
        attrs.evolve(each, tool_use_id=ids.pop(0)) if isinstance(each, ToolResult) else each
        for each in message.blocks
    ]
    return attrs.evolve(message, blocks=tuple(blocks))


def failed_search_found_nothing(patch: pytest.MonkeyPatch) -> None:
    """A search that has failed is told as one that has found no pages."""

    whole = Searches._pages

    async def pages(self: Searches, asked: Any) -> Any:
        found = await whole(self, asked)
        return () if found == "unavailable" else found

    patch.setattr(Searches, "_pages", pages)


def usage_of_the_last_round(patch: pytest.MonkeyPatch) -> None:
    """Of an answer between whose parts a search was run, the last part alone is counted."""

    def last(_first: Usage, second: Usage) -> Usage:
        return second

    patch.setattr(Usage, "added_to", last)


def change_shown(patch: pytest.MonkeyPatch, change: Any) -> None:
    """Changes each message of what a model of another dialect is shown."""
    whole = preparation.prepared

    def prepared(conversation: Conversation, dialect: str) -> Conversation:
        shown = whole(conversation, dialect)
        messages = tuple(change(message) for message in shown.messages)
        return attrs.evolve(shown, messages=messages)

    patch.setattr("understudy.actors.backend.endpoint.prepared", prepared)


BUGS = (
    Bug(
        "A turn is billed for its start and once more for its end",
        usage_of_both_ends,
        "tokens were reported",
        "switch-in-mid-conversation",
        1,
    ),
    Bug(
        "Of parallel calls the last one is lost",
        held_back_call_is_forgotten,
        "were meant",
        "switch-in-mid-conversation",
        11,
    ),
    Bug(
        "An answer that broke off looks whole",
        clean_end_is_a_whole_answer,
        "taken for a whole one",
        "dialect-storm",
        4,
    ),
    Bug(
        "A model reads another's thinking as its own words",
        foreign_thinking_becomes_text,
        "thinking has become the text",
        "switch-in-mid-conversation",
        1,
    ),
    Bug(
        "Thinking reaches a provider that it is not from",
        foreign_thinking_is_passed_on,
        "the thinking of",
        "switch-in-mid-conversation",
        1,
    ),
    Bug(
        "Gemini refuses every second round of tools",
        signature_is_lost,
        "without its signature",
        "switch-in-mid-conversation",
        15,
    ),
    Bug(
        "A translated error has the status of a success",
        committed_before_the_status,
        "was told as 200",
        "dialect-storm",
        31,
    ),
    Bug(
        "After Esc a model of another dialect computes on",
        translated_turn_is_deaf,
        "upstream left in pass",
        "translated-esc",
        1,
    ),
    Bug(
        "A model takes one tool's result for another's",
        results_in_the_order_of_their_end,
        "is given to",
        "switch-in-mid-conversation",
        1,
    ),
    Bug(
        "A search that failed looks like one that found nothing",
        failed_search_found_nothing,
        "searches failed",
        "server-tools",
        2,
    ),
    Bug(
        "A search costs nothing on the bill",
        usage_of_the_last_round,
        "tokens were reported",
        "server-tools",
        1,
    ),
)
