"""Whether each turn went where its own conversation's user wants it, by what they have said in it.

Every conversation is followed alone, prompt by prompt, through what `choices` believes of it: what
another one has said makes no difference. A command is answered here, at once, and no endpoint hears
of it; work is sent on, to the place that is chosen and to no other; one that is gone is refused.
What was answered to a user holds, whatever happens to the server afterwards.

What a model's tool has changed counts as done before what its user has said in the same moment: the
user's word comes last.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import attrs

from ...protocols.records import TurnOutcome
from ...protocols.settings_addresses import is_loopback
from ...protocols.settings_data import Settings
from ..dialects.dialects import EARS
from ..dialects.talker import heard_of
from .attempts import Seen
from .choices import Belief, Meant, ToolMove, meaning, order, says_command
from .claude import ClaudeCode
from .client import Answer, AnswerEnding, Client
from .marker import model_of
from .offer_judge import offers_in
from .peer import PeerExchange
from .promises import Asked, endpoint_of, host_of, places

COMMAND_SECONDS_MAX = 0.05
"""From a command to the end of its answer: the network's latency, and the disk's."""
DELAYS = ("network.", "state.", "server ")
GONE_STATUS, REPLACED = 404, 409
SAVED = "To undo this"
UNSAVED = "could not be saved"
"""So a user is told that a restart may undo what they have chosen."""
US = "understudy"
"""Who answers a command, as the ledger has it."""
Talk = Client | ClaudeCode


def inspect_choices(seen: Seen) -> None:
    """Complains of what does not hold; where nothing is chosen `attempts` knows of Anthropic's."""
    for talk in seen.world.clients:
        chooses = any(says_command(answer.prompt) for answer in talk.answers)
        if chooses or any(answer.dialect != "anthropic" for answer in talk.answers):
            for words in _complaints(seen, talk):
                seen.world.check(False, f"{talk.name}: {words}")


def _complaints(seen: Seen, talk: Talk) -> Iterator[str]:
    """What is wrong first: what comes after it may come of it."""
    following = _Following(seen, seen.world.tool_moves.get(talk.name, ()))
    for prompt in _prompts(talk):
        if words := following.hear(prompt):
            yield f"{prompt.text!r}: {words}"
            return


@attrs.define
class _Prompt:
    """What was typed once, and what was asked for it: by the client itself, and by sub-agents."""

    text: str
    own: list[Answer] = attrs.field(factory=list[Answer])
    agents: list[Answer] = attrs.field(factory=list[Answer])

    @property
    def is_answered(self) -> bool:
        """Whether its user has seen a whole answer."""
        return any(_is_whole(answer) for answer in self.own)

    @property
    def is_saved(self) -> bool:
        """Whether its user was told of a change that lasts."""
        return self.is_answered and SAVED in _heard_text(self.own[-1]) and not self.is_unsaved

    @property
    def led(self) -> str:
        """Where it was told that the next prompt goes by itself; "" if it was not."""
        offers = (offer for answer in self.own for offer in offers_in(answer))
        return next((offer.place for offer in offers if offer.follows), "")

    @property
    def is_unsaved(self) -> bool:
        """Whether its user was told that it may not last."""
        return any(UNSAVED in _heard_text(answer) for answer in self.own)


def _is_whole(answer: Answer) -> bool:
    if answer.status != 200 or answer.ending is not AnswerEnding.COMPLETE:
        return False
    return heard_of(answer, EARS[answer.dialect]).whole


def _heard_text(answer: Answer) -> str:
    return heard_of(answer, EARS[answer.dialect]).text


def _prompts(talk: Talk) -> Iterator[_Prompt]:
    found, number = _Prompt(""), -1
    for answer in talk.answers:
        if "/" in answer.marker:
            found.agents.append(answer)
            continue
        if answer.number != number:
            if found.own:
                yield found
            found, number = _Prompt(answer.prompt), answer.number
        found.own.append(answer)
    if found.own:
        yield found


@attrs.define
class _Following:
    """One conversation, so far."""

    seen: Seen
    moves: Sequence[ToolMove] = ()
    """What tools have changed, and is not believed yet."""
    beliefs: tuple[Belief, ...] = (Belief(),)
    unsaved: tuple[Belief, ...] = ()
    """What a crash may bring back: the user was told that what came after it is not saved."""
    is_private: bool = False
    """Whether a private endpoint has seen it: then it may stay there, whatever is said."""

    def hear(self, prompt: _Prompt) -> str:
        """Takes what is believed now; else says why nothing that was believed can be true."""
        self._move(prompt)
        found, misfits = list[Belief](), list[str]()
        for known in self.beliefs:
            for settings in self._held(prompt):
                meant = meaning(prompt.text, settings, known)
                belief = known.followed() if meant.kind == "work" else known
                if words := self._misfit(prompt, belief, meant, settings):
                    misfits.append(words)
                else:
                    found += self._next(prompt, belief, meant)
        self.is_private = self.is_private or any(map(self._was_private, prompt.own))
        found = [attrs.evolve(each, led=prompt.led) for each in found] if prompt.led else found
        if misfits and not found and not self.unsaved:
            return misfits[0]
        self._believe(prompt, found)
        return ""

    def _move(self, prompt: _Prompt) -> None:
        """Takes what tools have changed until this prompt was answered; and before a command all
        that a model had asked for by then, whenever it was carried out."""
        until = max(answer.ended_seconds for answer in prompt.own)
        begun = prompt.own[0].begun_seconds if says_command(prompt.text) else 0.0
        while self.moves and (
            self.moves[0].done_seconds <= until or self.moves[0].asked_seconds <= begun
        ):
            meant = Meant("switch", self.moves[0].place)
            self.beliefs = tuple(belief.after(meant) for belief in self.beliefs)
            self.moves = self.moves[1:]

    def _believe(self, prompt: _Prompt, found: Sequence[Belief]) -> None:
        if prompt.is_unsaved and self.seen.world.turns.crashes:
            self.unsaved += self.beliefs
        elif prompt.is_saved:
            self.unsaved = ()
        self.beliefs = tuple(dict.fromkeys((*(found or self.beliefs), *self.unsaved)))

    def _was_private(self, answer: Answer) -> bool:
        """Whether it was at an endpoint that is private, and not merely on this machine."""
        trusted = self.seen.world.promises.trusted
        hosts = {exchange.host for exchange in self.seen.exchanges.get(answer.marker, [])}
        return any(not is_loopback(host) for host in hosts & trusted)

    def _next(self, prompt: _Prompt, belief: Belief, meant: Meant) -> list[Belief]:
        world = self.seen.world
        may_return = bool(world.turns.crashes) and world.chance.has_struck("state.")
        return _next(prompt, belief, meant, may_stay=self.is_private, may_return=may_return)

    def _held(self, prompt: _Prompt) -> Sequence[Settings]:
        ended = max(answer.ended_seconds for answer in prompt.own)
        return self.seen.world.promises.between(prompt.own[0].begun_seconds, ended)

    def _misfit(self, prompt: _Prompt, belief: Belief, meant: Meant, settings: Settings) -> str:
        if not meant.works:
            return self._first(self._command_misfit(each, belief, settings) for each in prompt.own)
        now = belief if meant.kind == "work" else belief.after(meant)
        own = (self._turn_misfit(each, now.wanted) for each in prompt.own)
        agents = (
            self._turn_misfit(each, now.place) and self._turn_misfit(each, now.wanted)
            for each in prompt.agents
        )
        return self._first(own) or self._first(agents)

    def _first(self, misfits: Iterator[str]) -> str:
        return next((words for words in misfits if words), "")

    def _command_misfit(self, answer: Answer, belief: Belief, settings: Settings) -> str:
        """Why this can be no answer to a command."""
        if exchanges := self.seen.exchanges.get(answer.marker):
            return f"a command was sent to {exchanges[0].host}"
        if answer.ending is not AnswerEnding.COMPLETE:
            return ""
        world = self.seen.world
        if answer.status != 200:
            excused = answer.status == REPLACED or world.chance.has_struck(*DELAYS)
            return "" if excused or world.may_cut else f"a command was told status {answer.status}"
        took_seconds = answer.ended_seconds - answer.begun_seconds
        if took_seconds > COMMAND_SECONDS_MAX and not world.chance.has_struck(*DELAYS):
            return f"a command took {took_seconds:.3f} s"
        lines = self.seen.lines_of(answer)
        said = [(line.endpoint, line.model, line.outcome) for line in lines]
        lost = not said and (world.turns.crashes or world.chance.has_struck("state."))
        if said != [("", US, TurnOutcome.ANSWERED)] and not lost:
            return f"the ledger says of a command {said}"
        return self._which_misfit(answer, belief, settings)

    def _which_misfit(self, answer: Answer, belief: Belief, settings: Settings) -> str:
        """Whether the client was told what is believed, where it has asked."""
        if meaning(answer.prompt, settings, belief).kind != "which" or not belief.wanted:
            return ""
        told = _heard_text(answer)
        return "" if belief.wanted in told else f"{belief.wanted} answers, and it is told {told!r}"

    def _turn_misfit(self, answer: Answer, wanted: str) -> str:
        """Why this can be no turn at the place that is wanted; "" is where the settings lead.

        Settings may change between two turns of a prompt: one that held with this turn will do.
        """
        held = self.seen.world.promises.between(answer.begun_seconds, answer.ended_seconds)
        misfits = [self._misfit_by(answer, wanted, settings) for settings in held]
        return "" if "" in misfits else misfits[0]

    def _misfit_by(self, answer: Answer, wanted: str, settings: Settings) -> str:
        asked = Asked(answer.model, "/" in answer.marker, len(answer.request))
        allowed = order(wanted, settings) if wanted else places(settings, asked)
        where = wanted or "where the settings lead"
        exchanges = self.seen.exchanges.get(answer.marker, [])
        for exchange in exchanges:
            if not any(_is_at(exchange, place, settings) for place in allowed):
                return f"{exchange.host} was asked, and {where} was wanted"
        for line in self.seen.lines_of(answer):
            if line.endpoint and f"{line.endpoint}/{line.model}" not in allowed:
                return f"the ledger names {line.endpoint}, and {where} was wanted"
        ends = (endpoint_of(settings, place) for place in allowed)
        runs_here = any(end is None or not end.base_url for end in ends)
        if exchanges or runs_here or answer.ending is not AnswerEnding.COMPLETE:
            return ""
        return _refusal_misfit(answer.status, where, is_gone=not allowed)


def _is_at(exchange: PeerExchange, place: str, settings: Settings) -> bool:
    """Whether an endpoint was asked for this place; some say the model in the path alone."""
    endpoint = endpoint_of(settings, place)
    model = model_of(exchange.body)
    there = endpoint is not None and host_of(endpoint) == exchange.host
    return there and model in ("", place.partition("/")[2])


def _refusal_misfit(status: int, where: str, *, is_gone: bool) -> str:
    """Why a turn that nobody was asked for cannot have ended so."""
    if is_gone:
        fits = status in (GONE_STATUS, REPLACED)
        return "" if fits else f"{where} is gone, and it was told status {status}"
    if status == GONE_STATUS:
        return f"{where} is there, and it was told status {status}"
    return "work was answered by nobody" if status == 200 else ""


def _next(
    prompt: _Prompt, belief: Belief, meant: Meant, *, may_stay: bool, may_return: bool
) -> list[Belief]:
    """What may be believed after a prompt: where it has no answer, that it was never heard, too.

    With `may_stay` a switch may have been declined; with `may_return` what was for one answer may
    be for the next one, since a crash came before a slow disk had its end.
    """
    after = belief.after(meant)
    if not meant.works:
        surely = prompt.is_answered and not (prompt.is_unsaved or may_stay)
        return [after] if surely else [belief, after]
    done = after.answered()
    return [done] if prompt.is_answered and not may_return else [belief, after, done]
