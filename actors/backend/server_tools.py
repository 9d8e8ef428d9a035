"""Server tools for models whose API has none: the model calls a stand-in, and we run it.

Anthropic's API runs a search itself, in the middle of an answer. Here the answer pauses instead:
the call is run, the client is told its result, and the model is asked again with it, so often as it
wants and ROUNDS_MAX allows; then it is shown no stand-in any more, and has to answer. A search that
fails is told as the API tells it, and the model goes on: nothing is silently empty.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

import attrs

from ...io.ports import Search, SearchError
from ...protocols.anthropic.server_blocks import ErrorCode, Found
from ...protocols.anthropic.stand_ins import (
    Told,
    WebSearch,
    called,
    continued,
    found_on_web,
    searched_tools,
    stand_in_of,
    web_search_of,
)
from ...protocols.conversation.blocks import ToolUse
from ...protocols.conversation.request import Conversation
from ...protocols.settings_data import SEARCH_RESULTS_MAX
from ...protocols.translation import Translation
from .exchange import Exchange

ROUNDS_MAX = 8

Ask = Callable[[Conversation, str], Awaitable[None]]
"""Asks the model and passes its answer on; the text makes ids of the answer unique."""


async def converse(
    exchange: Exchange,
    passage: Translation,
    conversation: Conversation,
    ask: Ask,
    search: Search | None,
) -> None:
    """Asks until the model has answered without calling a stand-in. Raises TurnRefused."""
    names = frozenset(tool.name for tool in conversation.tools if stand_in_of(tool) is not None)
    passage.stand_ins(names)
    searches = Searches(search)
    for number in range(ROUNDS_MAX + 1):
        last = number == ROUNDS_MAX
        asked = _without(conversation, names) if last else conversation
        await ask(asked, exchange.turn.id if not number else f"{exchange.turn.id}-{number}")
        if not passage.paused:
            return
        told = [await searches.run(conversation, call) for call in passage.withheld]
        said, blocks = passage.said, [block for each in told for block in each.blocks]
        await exchange.insert(passage.resume(blocks, last=last))
        if exchange.outcome is not None:
            return
        conversation = continued(conversation, said, tuple(each.result for each in told))
        conversation = _with_free_choice(conversation)


def no_search() -> None:
    """Nothing searches the web where the settings name nothing."""


def _without(conversation: Conversation, names: frozenset[str]) -> Conversation:
    tools = tuple(tool for tool in conversation.tools if tool.name not in names)
    return attrs.evolve(conversation, tools=tools, tool_choice=None)


def _with_free_choice(conversation: Conversation) -> Conversation:
    """A call that was demanded has been made: the model may answer now."""
    choice = conversation.tool_choice
    if choice is None or choice.mode not in ("any", "tool"):
        return conversation
    return attrs.evolve(conversation, tool_choice=None)


@attrs.define
class Searches:
    """Runs the calls of one answer, and counts those that have searched the web."""

    _search: Search | None
    _used: int = 0

    async def run(self, conversation: Conversation, call: ToolUse) -> Told:
        """Runs one call of a stand-in."""
        tool = called(conversation, call.name)
        assert tool is not None, "only calls of stand-ins are withheld"
        if stand_in_of(tool) == "tool_search":
            return searched_tools(conversation, tool, call)
        asked = web_search_of(tool, call)
        if asked is None:
            return found_on_web(call, "invalid_tool_input")
        if asked.uses_max is not None and self._used >= asked.uses_max:
            return found_on_web(call, "max_uses_exceeded")
        self._used += 1
        return found_on_web(call, await self._pages(asked))

    async def _pages(self, asked: WebSearch) -> tuple[Found, ...] | ErrorCode:
        """The pages that fit and that the client allows, or why there are none."""
        if self._search is None:
            return "unavailable"
        try:
            results = await self._search.search(asked.query, SEARCH_RESULTS_MAX)
        except SearchError:
            return "unavailable"
        return tuple(
            Found(result.title, result.url, result.text, result.age)
            for result in results
            if _is_allowed(result.url, asked)
        )


def _is_allowed(url: str, asked: WebSearch) -> bool:
    def within(domains: tuple[str, ...]) -> bool:
        return any(_is_within(url, domain) for domain in domains)

    return not within(asked.blocked_domains) and (
        not asked.allowed_domains or within(asked.allowed_domains)
    )


def _is_within(url: str, domain: str) -> bool:
    """Whether a page is in a domain, which may name a folder too: `example.com/blog`."""
    place = urlsplit(url)
    host = place.hostname or ""
    name, _, folder = domain.lower().partition("/")
    folder = folder.strip("/*")
    inside = host == name or host.endswith(f".{name}")
    return inside and (not folder or f"{place.path.lower()}/".startswith(f"/{folder}/"))
