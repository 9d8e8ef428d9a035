"""Which endpoint would be best, for programs: `/recommend.json`."""

from __future__ import annotations

from typing import Final, get_args

from ...protocols.actor import ActorError
from ...protocols.advice.ranking import Advice, Advise
from ...protocols.advice.sentences import as_data
from ...protocols.switching.command import Goal
from .response import Exchange
from .telemetry import BadQuery, read_query

GOALS: Final[tuple[Goal, ...]] = get_args(Goal)
CONVERSATION_CHARACTERS_MAX: Final = 400


class NobodyToAsk(ActorError):
    """There is nobody who gives advice."""


async def no_advice(_conversation: str, _goal: Goal) -> Advice:
    """Where nobody gives advice."""
    raise NobodyToAsk("nobody here gives advice")


async def answer_recommendation(exchange: Exchange, advise: Advise) -> None:
    """Answers `/recommend.json?goal=GOAL&conversation=NAME`; each of them may be left out."""
    try:
        query = read_query(exchange)
        goal, conversation = query.get("goal", ""), query.get("conversation", "")
        if goal not in GOALS:
            raise BadQuery(f"goal: is one of {', '.join(filter(None, GOALS))}, or left out")
        if len(conversation) > CONVERSATION_CHARACTERS_MAX:
            raise BadQuery("conversation: give the name of one, as `understudy usage` shows it")
        advice = await advise(conversation, goal)
        await exchange.answer_json(as_data(advice))
    except BadQuery as error:
        await exchange.answer_error(400, str(error))
    except ActorError as error:
        await exchange.answer_error(503, str(error) or "the router cannot be asked just now")
