"""What a user has chosen for one conversation, by saying so in it: bound to it, and to no other.

A `Choice` is kept with the conversation's record and outlives the server. All that changes one are
pure functions here; who asks for it keeps it with `KeepChoice`. The last act of the user wins: a
place chosen in the chat holds until another one, or until the client names another model itself.

What is kept was decided on what held a moment before. `KeepChoice` may say what that was: then it
is kept only if that still holds (`is_still`), so that of two changes at once none undoes the other
unseen. A tool's call is refused then, and the user's word is decided anew: it comes last.

A choice for one answer waits, unbound, for the next message that is typed (`prompt` is ""), is
bound to it then, and ends with the message after that: whatever belongs to the one prompt goes to
one place. Turns whose message cannot be told from others take an unbound one with them.
"""

from __future__ import annotations

from typing import Final, Literal

import attrs
import msgspec

from ..actor import Message, Refusal
from .command import Language

BEFORE_MAX: Final = 8
"""How far one can go back."""
OFFERS_MAX: Final = 9
"""Of one question: each has a digit."""
CHOICE_UNKNOWN: Final = "?"
"""In the place of a choice that cannot be read just now: then the words stay on this machine."""


@attrs.frozen
class Done:
    """The command that has led to a choice, for a client that has not got its answer.

    `prompt` is its mark (see `typed`), `history` a digest of what it came with, and `led_to`
    one of the choice that it has led to. `reply` is what was answered, `tokens` what was read then.
    """

    prompt: str
    history: str
    led_to: str
    reply: str
    tokens: int
    language: Language = "en"


@attrs.frozen
class Choice:
    """See the module. Places are `<endpoint>/<model>`; "" is where the settings lead.

    `place` answers from now on, and `before` are those before it, the last one last. `model` is
    the id that the client named when the place was chosen. `once` answers one prompt alone: the
    next one or, where `prompt` is set, the one with this mark (see `typed`). `offers` are the
    places that a question of ours has named, which the next message may choose from; `offers_once`
    if for one answer, and `offers_language` is what it was asked in. `told` is set once a better
    place was offered unasked, and `has_switched` once it has been at more places than one.
    `language` is that of the last command which has changed the choice, "" for none. `done` is how
    it came about (see `repeated`), and `tail` what stood before the mark that tells it (see
    `history_tail`): no part of what is chosen.
    """

    place: str = ""
    before: tuple[str, ...] = ()
    model: str = ""
    once: str = ""
    prompt: str = ""
    offers: tuple[str, ...] = ()
    offers_once: bool = False
    told: bool = False
    offers_language: Language = "en"
    has_switched: bool = False
    language: Language | Literal[""] = ""
    done: Done | None = attrs.field(default=None, eq=False)
    tail: str = attrs.field(default="", eq=False)

    def place_for(self, prompt: str) -> str:
        """Where a turn goes whose last typed message has this mark."""
        return self.once if self.once and self.prompt in ("", prompt) else self.place

    @property
    def place_along(self) -> str:
        """Where that goes which has no prompt of its own: agents, and the client's small work.

        One that waits for its prompt counts, too: what the client asks aside may come first, with
        the same words in it.
        """
        return self.once or self.place

    @property
    def is_chosen(self) -> bool:
        """Whether any place is chosen."""
        return bool(self.place or self.once)


NO_CHOICE: Final = Choice()


@attrs.frozen
class FindChoice(Message[Choice | None]):
    """To conversations: what has the user chosen for this one? None where it cannot be read."""

    conversation: str


@attrs.frozen
class KeepChoice(Message[bool]):
    """To conversations: this is chosen for this one from now on; holds at once.

    Answered once it is on the disk, or false if the disk has failed: then it outlives no restart.
    With `soon` nobody waits for that; answered at once, and written soon. `expected` is what the
    choice was decided on; None if it holds whatever was chosen. `asked` is the number of the tool's
    call that wants it (see tool_uses.py); None for the user's own word. Raises ChoiceChanged.
    """

    conversation: str
    choice: Choice
    soon: bool = False
    expected: Choice | None = None
    asked: int | None = None


class ChoiceChanged(Refusal):
    """By now another choice holds than the one that was expected. Nothing was kept."""


def is_still(held: Choice, expected: Choice) -> bool:
    """Whether what was expected still holds. An offer that was made meanwhile changes nothing."""
    return attrs.evolve(held, told=expected.told) == expected


def moves(held: Choice, new: Choice) -> bool:
    """Whether a change of the choice leads turns elsewhere."""
    return (held.place, held.once) != (new.place, new.once)


def switched(choice: Choice, place: str, model: str = "") -> Choice:
    """The choice of a place from now on; what was chosen before can be gone back to."""
    if place == choice.place:
        return attrs.evolve(unasked(choice), once="", prompt="", model=model)
    before = (*choice.before, choice.place)[-BEFORE_MAX:]
    return _led(choice, place, before, model)


def switched_once(choice: Choice, place: str, prompt: str = "", model: str = "") -> Choice:
    """The choice of a place for one answer: that to a prompt, or to the next one."""
    model = model or choice.model
    return attrs.evolve(unasked(choice), once=place, prompt=prompt, model=model, has_switched=True)


def gone_back(choice: Choice, model: str = "") -> Choice | None:
    """The choice before the last; None where nothing has been chosen."""
    model = model or choice.model
    if choice.once:
        return attrs.evolve(unasked(choice), once="", prompt="", model=model)
    if not choice.before:
        return None
    *before, place = choice.before
    return attrs.evolve(unasked(choice), place=place, before=tuple(before), model=model)


def picked(choice: Choice, model: str) -> Choice:
    """The user has named another model in the client: that ends the choice, which can be gone
    back to."""
    chosen = (choice.place,) if choice.place else ()
    before = (*choice.before, *chosen)[-BEFORE_MAX:]
    return _led(choice, "", before, model)


def at_prompt(choice: Choice, prompt: str) -> Choice:
    """The choice once a message with this mark was typed: one for an answer is bound to it, or
    ends, where that answer is over."""
    if not choice.once or choice.prompt == prompt != "":
        return choice
    if choice.prompt or not prompt:
        return attrs.evolve(choice, once="", prompt="")
    return attrs.evolve(choice, prompt=prompt)


def asking(choice: Choice, offers: tuple[str, ...], language: Language, *, once: bool) -> Choice:
    """The choice while it is asked which of these places is meant."""
    asked = offers[:OFFERS_MAX]
    return attrs.evolve(choice, offers=asked, offers_once=once, offers_language=language)


def unasked(choice: Choice) -> Choice:
    """The choice with no question open."""
    return attrs.evolve(choice, offers=(), offers_once=False, offers_language="en")


def _led(choice: Choice, place: str, before: tuple[str, ...], model: str) -> Choice:
    """The choice of a place for all further answers, with no question open."""
    led = attrs.evolve(unasked(choice), place=place, before=before, model=model)
    return attrs.evolve(led, once="", prompt="", has_switched=True)


def to_text(choice: Choice) -> str:
    """The choice as it is stored; "" for none."""
    unset = attrs.asdict(NO_CHOICE)
    said = {name: each for name, each in attrs.asdict(choice).items() if each != unset[name]}
    return msgspec.json.encode(said).decode() if said else ""


def from_text(text: str) -> Choice:
    """Reads a stored choice; members of later versions are passed over. Raises ValueError where it
    is none."""
    if not text:
        return NO_CHOICE
    try:
        return msgspec.json.decode(text, type=Choice)
    except msgspec.MsgspecError as error:
        raise ValueError(f"a stored choice cannot be read: {error}") from None


def stored_choice(text: str) -> Choice:
    """What was chosen; what another version wrote and we cannot read counts for nothing."""
    try:
        return from_text(text)
    except ValueError:
        return NO_CHOICE
