"""What must hold of an answer whose client speaks another dialect than its endpoint.

The bytes cannot be compared; what they mean can. Whatever the endpoint does, what the client sees
is legal in its own dialect. It hears nothing that was not meant, in the order in which it was
meant; it takes an answer for whole only if all of it was said, and then it has heard all of it; a
refusal keeps its status and its time to wait. The same is held of relays in dialects other than
Anthropic's, whose endpoint is the one who must be legal.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import attrs

from ...actors.backend.exchange import COMMIT_SECONDS
from ...protocols.records import TurnOutcome, TurnRecord, attempt_id
from ..dialects.dialects import EARS
from ..dialects.ear import object_in
from ..dialects.meaning import THOUGHT, Heard, Meaning, is_same_call, together
from ..dialects.talker import heard_of, without_notice
from .client import Answer, AnswerEnding
from .peer import Ending, PeerExchange
from .world import LOCAL, World

FIRST_ERROR, OWN_KEY, REPLACED = 400, 401, 409
TOLD_STATUS = {OWN_KEY: 403}
"""Statuses that a client is told as another one: a key of ours is not the client's to mend."""
UNSIGNED = ("ollama",)
"""Dialects that have no place for a signature."""
UNMARKED = ("ollama", "openai-chat")
"""Dialects whose thinking has no mark of its model: a relay cannot tell whose it is."""
REAL_TROUBLE = ("network.", "server ", "engine ", "settings ", "peer dies")


def chain_of(world: World, exchanges: Sequence[PeerExchange]) -> list[PeerExchange]:
    """The exchanges that one answer was made of: several if stand-ins of server tools were run.

    Where a reset may have destroyed one on its way, nobody here can tell which; then it is none.
    """
    if len(exchanges) > 1 and world.chance.has_struck("network."):
        return []
    return [each for each in exchanges[:-1] if each.is_continued] + [*exchanges[-1:]]


def translation_complaints(
    world: World, answer: Answer, exchanges: Sequence[PeerExchange]
) -> list[str]:
    """What is wrong with what one client saw."""
    chain = chain_of(world, exchanges)
    exchange = exchanges[-1] if exchanges else None
    ear = EARS[answer.dialect]
    if answer.status not in (0, 200):
        return _refusal_complaints(world, answer, exchange)
    heard = heard_of(answer, ear)
    heard = attrs.evolve(heard, text=without_notice(heard.text))
    relayed = exchange is not None and exchange.dialect == answer.dialect
    complaints = list(heard.complaints)
    if relayed and exchange is not None and (exchange.faults or exchange.oddities):
        return []
    if THOUGHT.search(heard.text):
        complaints.append("thinking is told as text")
    if exchange is None and answer.model.startswith(LOCAL):
        return complaints  # a worker's, see `worker.judge`
    if exchange is None:
        return complaints + ([f"{heard.text[:40]!r} was said by nobody"] if heard.text else [])
    ids = [call.id for call in heard.calls if call.id]
    if len(ids) != len(set(ids)):
        complaints.append(f"calls share an id: {ids}")
    complaints += _truth_complaints(heard, chain)
    complaints += _line_complaints(world, answer, heard)
    is_begun = answer.status == 200 and len(chain) == 1
    if is_begun and _was_refused_in_time(world, exchange):
        complaints.append(f"status {exchange.status} was told as 200")
    if _must_be_whole(world, answer, exchange) and not heard.whole:
        complaints.append(f"a whole answer was told as {heard.error or answer.ending!r}")
    return [f"{exchange.dialect} to {answer.dialect}: {words}" for words in complaints]


def _truth_complaints(heard: Heard, chain: Sequence[PeerExchange]) -> list[str]:
    if heard.whole and chain and not chain[-1].has_ended:
        return ["an answer that never ended was taken for a whole one"]
    meanings = [each.meaning for each in chain if each.meaning is not None]
    if not meanings or any(each.faults for each in chain):
        return []
    meaning = together(meanings)
    if not heard.whole:
        return _prefix_complaints(heard, meaning)
    complaints: list[str] = []
    if heard.text != meaning.text:
        complaints.append(f"{heard.text[:60]!r} was heard, {meaning.text[:60]!r} was said")
    pairs = list(zip_longest(heard.calls, meaning.calls))
    if not all(one and other and is_same_call(one, other) for one, other in pairs):
        complaints.append(f"{heard.calls} were heard, {meaning.calls} were meant")
    if heard.thoughts not in ("", meaning.thoughts):
        complaints.append("the thoughts are not what was thought")
    if all(each.reported is not None for each in chain):
        complaints += _usage_complaints(heard, meaning)
    return complaints


def _prefix_complaints(heard: Heard, meaning: Meaning) -> list[str]:
    """What was heard of an answer that has not come to its end was meant so far."""
    complaints: list[str] = []
    if not meaning.text.startswith(heard.text):
        complaints.append(f"{heard.text[-60:]!r} was heard, which was not said")
    if not meaning.thoughts.startswith(heard.thoughts):
        complaints.append("the thoughts are not what was thought")
    return complaints


def _usage_complaints(heard: Heard, meaning: Meaning) -> list[str]:
    reported = (meaning.input_tokens, meaning.output_tokens)
    if heard.usage in (None, reported):
        return []
    return [f"the client was told {heard.usage} tokens, and {reported} were reported"]


def _was_refused_in_time(world: World, exchange: PeerExchange) -> bool:
    """Whether an endpoint has refused before our own head was due: its status is the client's."""
    if exchange.status < FIRST_ERROR or exchange.ending is not Ending.COMPLETE:
        return False
    took_seconds = exchange.complete_seconds - exchange.asked_seconds
    return took_seconds < COMMIT_SECONDS - 1 and not world.chance.has_struck(*REAL_TROUBLE)


def _must_be_whole(world: World, answer: Answer, exchange: PeerExchange) -> bool:
    """Whether nothing has happened for which an answer might not come whole."""
    said = exchange.ending is Ending.COMPLETE and exchange.has_ended and not exchange.faults
    left = answer.ending is AnswerEnding.LEFT or world.chance.has_struck(*REAL_TROUBLE)
    return said and not left and not world.planned


def _line_complaints(world: World, answer: Answer, heard: Heard) -> list[str]:
    """Whether the ledger says of the client's turn what the client has seen."""
    line = _last_line(world, answer.headers.get(b"request-id", b"").decode())
    if line is None or answer.ending is not AnswerEnding.COMPLETE:
        return []
    complaints: list[str] = []
    if heard.whole != (line.outcome is TurnOutcome.ANSWERED):
        complaints.append(f"{line.outcome} is in the ledger, and whole is {heard.whole}")
    if heard.whole and len(line.tool_uses) != len(heard.calls):
        complaints.append(f"{line.tool_uses} are in the ledger, {len(heard.calls)} were heard")
    return complaints


def _last_line(world: World, turn: str) -> TurnRecord | None:
    """The line of a turn's last attempt."""
    lines, number = [world.stored.turns.get(turn)], 2
    while line := world.stored.turns.get(attempt_id(turn, number)):
        lines.append(line)
        number += 1
    return lines[-1]


def problem_complaints(answer: Answer, exchange: PeerExchange) -> list[str]:
    """What the endpoint has found in the request, but for what no gateway could have known."""
    unknown: set[str] = set()
    if answer.dialect in UNSIGNED:
        unknown.add("unsigned")
    if answer.dialect in UNMARKED and answer.dialect == exchange.dialect:
        unknown.add("foreign thinking")
    return [problem.words for problem in exchange.problems if problem.kind not in unknown]


def _refusal_complaints(world: World, answer: Answer, exchange: PeerExchange | None) -> list[str]:
    """A refusal is in the client's dialect, says something, and is the endpoint's own."""
    if answer.ending is not AnswerEnding.COMPLETE:
        return []
    ear = EARS[answer.dialect]
    if not ear.refusal(answer.status, object_in(answer.body) or {}):
        foreign = exchange is not None and exchange.dialect == answer.dialect
        return [] if foreign else [f"status {answer.status} without a word: {answer.body[:80]!r}"]
    excused = world.chance.has_struck(*REAL_TROUBLE) or answer.status == REPLACED
    if exchange is None or excused or exchange.ending is not Ending.COMPLETE:
        return []
    if exchange.status < FIRST_ERROR:
        well = _must_be_whole(world, answer, exchange)
        return [f"a whole answer was told as status {answer.status}"] if well else []
    same = exchange.dialect == answer.dialect
    status = exchange.status if same else TOLD_STATUS.get(exchange.status, exchange.status)
    if not same and exchange.status == OWN_KEY:  # which no waiting mends
        return [] if answer.status == status else [f"a refused key is told as {answer.status}"]
    told = (answer.status, answer.headers.get(b"retry-after", b""))
    said = (status, exchange.retry_after)
    return [] if told == said else [f"the endpoint said {said}, the client was told {told}"]
