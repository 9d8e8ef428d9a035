"""Bugs of what users say to Understudy: whom it moves, who may say it, and how long it holds."""

# A bug is planted inside of what it breaks.
# pyright: reportPrivateUsage=false

from __future__ import annotations

from collections.abc import Sequence
from inspect import isawaitable
from typing import Any

import attrs
import pytest
from understudy.actors import chat_desk, tool_use_book
from understudy.actors.chat_desk import ChatDesk
from understudy.actors.conversations import Conversations
from understudy.actors.router import Router
from understudy.actors.tool_use_book import ToolUseBook
from understudy.protocols.actor import Message
from understudy.protocols.json_values import objects_of
from understudy.protocols.request import ServedRequest
from understudy.protocols.routing import wanted as wanted_module
from understudy.protocols.routing.table import RoutingTable
from understudy.protocols.routing.wish import FindRoute, Wish
from understudy.protocols.switching import history_marks, mark
from understudy.protocols.switching.choice import Choice, FindChoice, KeepChoice
from understudy.protocols.switching.classifier import Likelihood
from understudy.protocols.switching.history import Said
from understudy.protocols.switching.learnt import Guess
from understudy.protocols.switching.meaning import Meaning
from understudy.protocols.switching.names import Places
from understudy.protocols.switching.typed import Typed, typed
from understudy.protocols.tool_uses import Asked, FindToolUse
from understudy.protocols.turn import Turn, TurnRefused

from .bug import Bug

EVERYBODY = "everybody"


def choices_are_everybody_s(patch: pytest.MonkeyPatch) -> None:
    """What was chosen is kept for the endpoint, and not for the conversation."""
    handle = Conversations.handle

    def shared(self: Conversations, message: Message[Any], /) -> Any:
        if isinstance(message, FindChoice | KeepChoice):
            message = attrs.evolve(message, conversation=EVERYBODY)
        return handle(self, message)

    patch.setattr(Conversations, "handle", shared)


def once_lasts(patch: pytest.MonkeyPatch) -> None:
    """A place for one answer is that of all further ones."""

    def place_for(self: Choice, _prompt: str) -> str:
        return self.once or self.place

    patch.setattr(Choice, "place_for", place_for)


def choices_are_in_memory_alone(patch: pytest.MonkeyPatch) -> None:
    """A command is answered before what was chosen is on the disk."""
    handle = Conversations.handle
    kept: dict[str, Choice] = {}

    def remembered(self: Conversations, message: Message[Any], /) -> Any:
        own = vars(self).setdefault("_chosen", kept if not kept else {})
        if isinstance(message, KeepChoice):
            own[message.conversation] = message.choice
            return True
        if isinstance(message, FindChoice) and message.conversation in own:
            return own[message.conversation]
        return handle(self, message)

    patch.setattr(Conversations, "handle", remembered)


def repeated_commands_count_again(patch: pytest.MonkeyPatch) -> None:
    """A command that its client sends again is obeyed again."""

    def nothing(_choice: Choice, _request: ServedRequest, _said: Typed) -> None:
        return None

    patch.setattr(chat_desk, "done_before", nothing)


def tools_may_command(patch: pytest.MonkeyPatch) -> None:
    """The last text of a request is read, whoever it is from."""

    def anything(request: ServedRequest) -> Typed:
        found = typed(request)
        return attrs.evolve(found, text=_result_in(request)) if not found.text else found

    patch.setattr(chat_desk, "typed", anything)


def _result_in(request: ServedRequest) -> str:
    """What the tools have said, if that is what comes last."""
    messages = objects_of(request.value(request.question_keys[0]))
    blocks = objects_of(messages[-1].get("content")) if messages else []
    results = [block for block in blocks if block.get("type") == "tool_result"]
    return str(results[-1]["content"]) if results else ""


def agents_may_command(patch: pytest.MonkeyPatch) -> None:
    """What a sub-agent is told to do counts as typed by the user."""
    hear = ChatDesk.hear

    async def heard(self: ChatDesk, turn: Turn) -> Any:
        return await hear(self, attrs.evolve(turn, agent=""))

    patch.setattr(ChatDesk, "hear", heard)


def marks_need_no_code(patch: pytest.MonkeyPatch) -> None:
    """A mark is believed whoever has made it, and wherever it stands."""

    def nonce_of(_key: bytes, said: Said) -> bytes:
        return mark.nonce_in(f"{mark.MARKED}{said.mark[:10]}") if said.mark else b""

    patch.setattr(history_marks, "nonce_of", nonce_of)


def marks_may_be_copied(patch: pytest.MonkeyPatch) -> None:
    """The code of a mark covers its nonce, and not the history that it stands in."""
    code = mark._code

    def of_the_nonce(key: bytes, nonce: bytes, _unsigned: bytes) -> bytes:
        return code(key, nonce, b"")

    patch.setattr(mark, "_code", of_the_nonce)


def fallback_leaves_this_machine(patch: pytest.MonkeyPatch) -> None:
    """A place on this machine that was chosen falls back to any other."""

    def nobody(_table: RoutingTable, _wish: Wish) -> frozenset[str]:
        return frozenset()

    patch.setattr(wanted_module, "_owners_chosen", nobody)


def gone_places_are_replaced(patch: pytest.MonkeyPatch) -> None:
    """Where the chosen place is gone, the default answers."""
    handle = Router.handle

    def replaced(self: Router, message: Message[Any], /) -> Any:
        try:
            return handle(self, message)
        except TurnRefused:
            if not (isinstance(message, FindRoute) and message.wish.choice):
                raise
            return handle(self, FindRoute(attrs.evolve(message.wish, choice="")))

    patch.setattr(Router, "handle", replaced)


def shared_ids_are_the_first_one_s(patch: pytest.MonkeyPatch) -> None:
    """A call whose id several conversations have is taken for that of one of them."""
    handle = Conversations.handle

    async def first(self: Conversations, message: FindToolUse) -> tuple[str, ...]:
        found: Any = handle(self, message)
        names: tuple[str, ...] = await found if isawaitable(found) else found
        return names[:1]

    def one(self: Conversations, message: Message[Any], /) -> Any:
        return first(self, message) if isinstance(message, FindToolUse) else handle(self, message)

    patch.setattr(Conversations, "handle", one)


def the_later_write_wins(patch: pytest.MonkeyPatch) -> None:
    """A choice is kept without a look at whether that which it was decided on still holds."""

    def always(_held: Choice, _expected: Choice) -> bool:
        return True

    patch.setattr(tool_use_book, "is_still", always)


def late_calls_count(patch: pytest.MonkeyPatch) -> None:
    """A call that a model has asked for before its user has chosen is carried out after it."""
    asked = ToolUseBook.asked

    def now(self: ToolUseBook, tool_use: str, conversation: str) -> Asked:
        found = asked(self, tool_use, conversation)
        return attrs.evolve(asked(self, "", conversation), prompt=found.prompt)

    patch.setattr(ToolUseBook, "asked", now)


def answers_of_tools_last(patch: pytest.MonkeyPatch) -> None:
    """What a tool has set for the present answer waits for the next one, if that is over."""
    asked = ToolUseBook.asked

    def unbound(self: ToolUseBook, tool_use: str, conversation: str) -> Asked:
        return attrs.evolve(asked(self, tool_use, conversation), prompt="")

    patch.setattr(ToolUseBook, "asked", unbound)


def own_words_are_not_heard(patch: pytest.MonkeyPatch) -> None:
    """Nothing is heard but what the grammar has words for."""
    patch.setattr(Guess, "heard", _nothing)
    patch.setattr(Guess, "heard_before_work", _nothing)


def _nothing(_guess: Guess) -> None:
    return None


def everything_is_likely(patch: pytest.MonkeyPatch) -> None:
    """What is a little like a command counts as one."""
    odds = Likelihood.odds

    def more(self: Likelihood, meanings: Sequence[Meaning]) -> float:
        return odds(self, meanings) + 10

    patch.setattr(Likelihood, "odds", more)


def the_first_name_is_meant(patch: pytest.MonkeyPatch) -> None:
    """Where a text has several names the first one counts, though it is set aside."""

    def first(self: Guess) -> tuple[Sequence[str], Sequence[Places]]:
        return self.said.signs, self.said.names[:1]

    patch.setattr(Guess, "_with_one_name", first)


BUGS: Sequence[Bug] = (
    Bug(
        "What is said in words of one's own goes to the model",
        own_words_are_not_heard,
        "was answered by",
        "switching-phrased",
        0,
    ),
    Bug(
        "Work that sounds like a command is taken for one",
        everything_is_likely,
        "was answered by",
        "switching-phrased",
        0,
    ),
    Bug(
        "A conversation goes to the model that its user wants to leave",
        the_first_name_is_meant,
        "was wanted",
        "switching-phrased",
        2,
    ),
    Bug(
        "One conversation's command moves all others",
        choices_are_everybody_s,
        "was wanted",
        "switching-chat",
        3,
    ),
    Bug(
        "What was meant for one answer stays for all",
        once_lasts,
        "was wanted",
        "switching-chat",
        3,
    ),
    Bug(
        "A crash undoes what a user was told is chosen",
        choices_are_in_memory_alone,
        "answers, and it is told",
        "switching-restart",
        3,
    ),
    Bug(
        "A command whose answer is lost counts twice",
        repeated_commands_count_again,
        "answers, and it is told",
        "switching-lost",
        0,
    ),
    Bug(
        "What a tool has found moves the conversation",
        tools_may_command,
        "work was answered by nobody",
        "switching-injected",
        1,
    ),
    Bug(
        "A sub-agent moves the conversation of its user",
        agents_may_command,
        "work was answered by nobody",
        "switching-injected",
        4,
    ),
    Bug(
        "A web page leads a conversation by a mark that it has made up",
        marks_need_no_code,
        "was wanted",
        "switching-marks",
        2,
    ),
    Bug(
        "A mark that was copied makes two conversations one",
        marks_may_be_copied,
        "was wanted",
        "switching-marks",
        2,
    ),
    Bug(
        "What was set to this machine leaves it when its model fails",
        fallback_leaves_this_machine,
        "was wanted",
        "switching-settings",
        3,
    ),
    Bug(
        "A place that is gone is replaced without a word",
        gone_places_are_replaced,
        "was wanted",
        "switching-settings",
        3,
    ),
    Bug(
        "A model switches another conversation than its own",
        shared_ids_are_the_first_one_s,
        "is of [",
        "mcp-tool-ids",
        4,
    ),
    Bug(
        "Of two changes in one moment the later one undoes the other unseen",
        the_later_write_wins,
        "was wanted",
        "switching-raced",
        1,
    ),
    Bug(
        "A model's call that comes late undoes what its user has said since",
        late_calls_count,
        "was wanted",
        "switching-raced",
        1,
    ),
    Bug(
        "What a model's call has set for one answer leads the next one",
        answers_of_tools_last,
        "was wanted",
        "switching-raced",
        2,
    ),
)
