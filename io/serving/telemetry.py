"""What was used, and why a turn went where, for programs: `/usage.json` and `/why.json`.

Both read the ledger through its actor, so that what was settled just now is in it. A query that is
wrong is told so in words; where the disk cannot say, it is told why.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs

from ...protocols.actor import Ref
from ...protocols.usage.data import line_as_data, row_as_data
from ...protocols.usage.days import day_at, day_number
from ...protocols.usage.messages import LAST_TURN, FindLines, FindToday, FindUsage, UsageUnknown
from ...protocols.usage.sums import UsageBy
from .response import Exchange

DAYS_SHOWN: Final = 14
"""Where a query does not say since when."""
QUERY_BYTES_MAX: Final = 1_000
ID_CHARACTERS_MAX: Final = 200


class BadQuery(Exception):
    """The query is wrong; the message says what and how to write it."""


async def answer_usage(exchange: Exchange, conversations: Ref) -> None:
    """Answers `/usage.json?since=DAY&until=DAY&by=WHAT`; each of them may be left out."""
    try:
        await exchange.answer_json(await usage_data(read_query(exchange), conversations))
    except BadQuery as error:
        await exchange.answer_error(400, str(error))
    except UsageUnknown as error:
        await exchange.answer_error(503, str(error))


async def answer_why(exchange: Exchange, conversations: Ref) -> None:
    """Answers `/why.json?turn=ID`: the lines of the turns whose ids begin so; else of the last."""
    try:
        beginning = read_query(exchange).get("turn", LAST_TURN)
        if len(beginning) > ID_CHARACTERS_MAX:
            raise BadQuery("turn: give the id of a turn, how one begins, or `last`")
        lines = await conversations.ask(FindLines(beginning))
        await exchange.answer_json({"lines": [line_as_data(line) for line in lines]})
    except BadQuery as error:
        await exchange.answer_error(400, str(error))
    except UsageUnknown as error:
        await exchange.answer_error(503, str(error))


async def usage_data(query: Mapping[str, str], conversations: Ref) -> dict[str, Any]:
    """What was used, as a query asks for it. Raises BadQuery and UsageUnknown."""
    ways = [by.value for by in UsageBy]
    by = query.get("by", UsageBy.DAY.value)
    if by not in ways:
        raise BadQuery(f"by: is one of {', '.join(ways)}")
    today = (await conversations.ask(FindToday())).day
    until = query.get("until", today)
    try:
        since = query.get("since", day_at(day_number(until) - DAYS_SHOWN + 1))
        day_number(since)
    except ValueError as error:
        raise BadQuery(f"since and until: {error}") from None
    rows = await conversations.ask(FindUsage(since, until, UsageBy(by)))
    return {"since": since, "until": until, "by": by, "rows": [row_as_data(row) for row in rows]}


def read_query(exchange: Exchange) -> dict[str, str]:
    """The query's parameters, the last of each name."""
    written = exchange.scope["query_string"]
    if len(written) > QUERY_BYTES_MAX:
        raise BadQuery("the query is too long")
    return {name: values[-1] for name, values in parse_qs(written.decode("latin-1")).items()}
