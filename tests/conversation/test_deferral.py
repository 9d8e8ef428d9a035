"""Which tools are shown, and the search by which a model finds the others."""

from __future__ import annotations

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.conversation.blocks import ToolReference, ToolResult
from understudy.protocols.conversation.deferral import (
    PLACEHOLDER,
    QUERY_CHARACTERS_MAX,
    RESULTS_MAX,
    SearchKind,
    search_tools,
    shown_tools,
    without_deferral,
)
from understudy.protocols.conversation.request import Conversation, Message, Tool, ToolChoice

from .histories import assistant, use, user

SCHEMA = {"type": "object", "properties": {"city": {"type": "string", "description": "Where"}}}
READ = Tool("Read", "Reads a file")
SEARCH = Tool("ToolSearch", "Finds tools")
LATER = (
    Tool("WebFetch", "Fetches a page", deferred=True),
    Tool("mcp__github__create_issue", "Creates an issue", deferred=True),
    Tool("mcp__github__list_issues", "Lists issues", deferred=True),
    Tool("get_weather", "Tells the weather", SCHEMA, deferred=True),
)
PLACE = Tool(PLACEHOLDER, deferred=True)
TOOLS = (READ, LATER[0], SEARCH, PLACE, *LATER[1:])


def shown(*messages: Message, choice: ToolChoice | None = None) -> list[str]:
    conversation = Conversation(messages, tools=TOOLS, tool_choice=choice)
    return [tool.name for tool in shown_tools(conversation)]


def loading(*names: str) -> tuple[Message, Message]:
    found = ToolResult("s", tuple(ToolReference(name) for name in names))
    return assistant(use("s", "ToolSearch")), user(found)


def test_a_deferred_tool_is_not_shown_and_the_placeholder_never() -> None:
    assert shown(user("go")) == ["Read", "ToolSearch"]
    assert shown(*loading(PLACEHOLDER)) == ["Read", "ToolSearch"]


def test_pain_14_a_referenced_tool_is_shown_behind_the_others_in_order_of_reference() -> None:
    messages = (user("go"), *loading("get_weather", "WebFetch"))
    assert shown(*messages) == ["Read", "ToolSearch", "get_weather", "WebFetch"]
    more = (*messages, *loading("mcp__github__list_issues", "WebFetch"))
    assert shown(*more) == [*shown(*messages), "mcp__github__list_issues"]


def test_a_deferred_tool_that_was_called_without_loading_is_shown() -> None:
    assert shown(user("go"), assistant(use("a", "WebFetch"))) == ["Read", "ToolSearch", "WebFetch"]


def test_a_tool_that_the_system_adds_or_the_client_chooses_is_shown() -> None:
    added = Message("system", (ToolReference("WebFetch"),))
    assert shown(user("go"), added) == ["Read", "ToolSearch", "WebFetch"]
    assert shown(choice=ToolChoice("tool", "WebFetch")) == ["Read", "ToolSearch", "WebFetch"]


def test_what_is_shown_is_deferred_no_more() -> None:
    conversation = without_deferral(Conversation(loading("WebFetch"), tools=TOOLS))
    assert conversation.tools == (READ, SEARCH, attrs.evolve(LATER[0], deferred=False))
    assert without_deferral(conversation) == conversation


def test_a_choice_of_a_tool_that_is_not_there_goes() -> None:
    gone = Conversation((), tools=(READ,), tool_choice=ToolChoice("tool", "Write"))
    assert without_deferral(gone).tool_choice is None
    none = Conversation((), tools=(PLACE,), tool_choice=ToolChoice("any"))
    assert without_deferral(none).tool_choice is None
    kept = Conversation((), tools=(READ,), tool_choice=ToolChoice("any"))
    assert without_deferral(kept).tool_choice == ToolChoice("any")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("weather", ("get_weather",)),
        ("(?i)WEATHER", ("get_weather",)),
        ("WEATHER", ()),
        ("get_.*|mcp.*list", ("mcp__github__list_issues", "get_weather")),
        ("^Web(Fetch|Search)$", ("WebFetch",)),
        ("Where", ("get_weather",)),
        ("^city$", ("get_weather",)),
        ("issue", ("mcp__github__create_issue", "mcp__github__list_issues")),
        ("nothing_like_it", ()),
    ],
)
def test_a_pattern_finds_by_name_description_and_argument(
    query: str, expected: tuple[str, ...]
) -> None:
    assert search_tools(TOOLS, query, "regex") == expected


def test_a_name_that_matches_comes_before_a_description_that_does() -> None:
    tools = (
        Tool("other", "a page of notes", deferred=True),
        Tool("page", "nothing", deferred=True),
    )
    assert search_tools(tools, "page", "regex") == ("page", "other")


@pytest.mark.parametrize(
    "query",
    ["(a+)+$", "(a|a)*b", "(aa|aa)" * 20, "a?" * 40, "a*a*a*a*b", "(?=a)a", r"(a)\1", "[[a]", "("],
)
def test_a_pattern_that_may_take_for_ever_is_searched_by_its_words(query: str) -> None:
    hostile = tuple(Tool("a" * 100, "a" * 5_000, deferred=True) for _ in range(50))
    assert len(search_tools(hostile, query, "regex")) <= RESULTS_MAX
    tools = (*hostile, Tool("weather", deferred=True))
    assert search_tools(tools, query + " weather", "regex")[:1] == ("weather",)


def test_plain_words_find_the_tool_that_has_most_of_them() -> None:
    found = search_tools(TOOLS, "list GitHub issues", "bm25")
    assert found[:2] == ("mcp__github__list_issues", "mcp__github__create_issue")
    assert search_tools(TOOLS, "web fetch", "bm25")[0] == "WebFetch"
    assert search_tools(TOOLS, "placeholder reads", "bm25") == ()
    assert search_tools((), "anything", "bm25") == ()


def test_the_number_of_results_has_a_limit() -> None:
    many = tuple(Tool(f"tool_{number}", deferred=True) for number in range(50))
    for kind in KINDS:
        assert len(search_tools(many, "tool", kind)) == RESULTS_MAX


KINDS: tuple[SearchKind, ...] = ("regex", "bm25")
QUERIES = st.text(max_size=QUERY_CHARACTERS_MAX + 9) | st.text(alphabet="()[]|*+?.\\ab{}^$1,-&:")


@given(QUERIES, st.sampled_from(KINDS))
def test_any_query_finds_deferred_tools_or_none(query: str, kind: SearchKind) -> None:
    found = search_tools(TOOLS, query, kind)
    assert set(found) <= {tool.name for tool in LATER}
    assert len(set(found)) == len(found)
