"""What a user may say in a conversation, and what comes of it: as a transcript of both sides."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from trio.testing import MockClock
from understudy.protocols.settings_data import ChatSettings, EndpointSettings, RuleSettings
from understudy.protocols.turn import Operation

from ..actors.scripts import HOME, WORK, always, refusal
from .talk import HERE, NANO_ENDPOINT, SECRET_ENDPOINT, hosts, open_talk, settings

UNDO = "To undo this, say `go back`."
TITLE: dict[str, Any] = {
    "system": [{"type": "text", "text": "x-anthropic-billing-header: cc_version=2.1"}]
}
"""How Claude Code's small work begins."""
COMPACT = (
    "CRITICAL: Respond with TEXT ONLY.\n\n"
    "Your task is to create a detailed summary of the conversation so far"
)
SUMMARY = "This session is being continued from a previous conversation that ran out of context."
COMPACTED = (
    "<local-command-caveat>The command below was run directly</local-command-caveat>\n",
    "<command-name>/compact</command-name><command-message>compact</command-message>"
    "<command-args></command-args>",
    "<local-command-stdout>Compacted</local-command-stdout>\n",
)
"""What Claude Code puts before the next prompt once its user has compacted."""


async def test_a_switch_says_what_it_has_done_and_how_to_undo_it(autojump_clock: MockClock) -> None:
    async with open_talk(NANO_ENDPOINT) as talk:
        assert await talk.say("switch to nano") == (
            "nano/claude-s answers from now on (remote, 1K tokens). "
            f"Before, it was work/claude-x. {UNDO}"
        )
        await talk.say("Hello")
        assert await talk.say("switch to nano") == (
            "nano/claude-s already answers this conversation (remote, 1K tokens)."
        )
        assert await talk.say("go back") == (
            "work/claude-x answers again (remote, window unknown)."
        )
        assert await talk.say("go back") == (
            "There is nothing to go back to: before this, nothing was chosen here."
        )
        await talk.say("Hello")
        assert hosts(talk.stage) == ["nano", "work"]


async def test_which_model_says_where_why_and_how_full(autojump_clock: MockClock) -> None:
    rule = RuleSettings((HOME,), name="pictures", model="*-x")
    async with open_talk(NANO_ENDPOINT, rules=[rule]) as talk:
        assert await talk.say("which model is this?") == (
            "home/claude-y answers this conversation (remote, window unknown). Nothing was chosen "
            "here; this led to it: the rule pictures (model *-x)."
        )
        await talk.say("switch to nano")
        await talk.say("Hello")
        assert "You have chosen it here. The conversation has about" in (
            said := await talk.say("which model is this?")
        )
        assert "of 1K tokens." in said
        assert UNDO in said


async def test_the_list_marks_what_is_chosen_and_the_default(autojump_clock: MockClock) -> None:
    async with open_talk(SECRET_ENDPOINT) as talk:
        await talk.say("switch to home")
        assert (await talk.say("list models")).splitlines() == [
            "You can choose from these:",
            "- home/claude-y: remote, window unknown, chosen here",
            "- work/claude-x: remote, window unknown, default",
            "- secret/claude-z: on this machine, window unknown, private",
            "- rehearsal: on this machine, 32K tokens",
            "To choose one, say `switch to secret/claude-z`.",
        ]


async def test_a_long_list_ends_with_where_the_rest_is(autojump_clock: MockClock) -> None:
    many = EndpointSettings("many", tuple(f"m{n}" for n in range(99)), ("anthropic",), "http://m.t")
    async with open_talk(many) as talk:
        lines = (await talk.say("list models")).splitlines()
        assert len(lines) == 30
        assert lines[-2].startswith("... and 75 more: `understudy endpoints` in a terminal shows")


async def test_a_name_of_several_places_is_asked_about(autojump_clock: MockClock) -> None:
    async with open_talk() as talk:
        question = (
            "Which one do you mean?\n1. work/claude-x (remote, window unknown)\n"
            "2. home/claude-y (remote, window unknown)\nAnswer with its number, or `never mind`."
        )
        assert await talk.say("switch to claude") == question
        assert "home/claude-y answers from now on" in await talk.say("2")
        assert await talk.say("use claude for the next answer") == question
        assert (await talk.say("1")).startswith("The next answer comes from work/claude-x")
        assert await talk.say("switch to claude") == question
        assert await talk.say("never mind") == "All right, nothing was changed."


async def test_anything_else_drops_the_question(autojump_clock: MockClock) -> None:
    async with open_talk() as talk:
        await talk.say("switch to claude")
        assert await talk.say("What is 1 + 1?") == "To be."
        assert await talk.say("2") == "To be."
        assert hosts(talk.stage) == ["work", "work"]


async def test_a_conversation_that_is_too_long_stays(autojump_clock: MockClock) -> None:
    large = attrs.evolve(HERE, context_tokens=100_000)
    async with open_talk(NANO_ENDPOINT, large) as talk:
        await talk.say("Read this: " + "word " * 2_000)
        reply = await talk.say("switch to nano")
        assert "Nothing was changed. This conversation has about 2.6K tokens" in reply
        assert "nano/claude-s holds 1K. Use /compact first, choose a larger place, like " in reply
        assert "den/claude-h, or say `switch to nano/claude-s anyway`." in reply
        assert await talk.say("Hello") == "To be."
        assert hosts(talk.stage) == ["work", "work"]
        reply = await talk.say("switch to nano anyway")
        assert "nano/claude-s answers from now on" in reply


async def test_instructions_alone_are_no_reason_to_stay(autojump_clock: MockClock) -> None:
    async with open_talk(NANO_ENDPOINT) as talk:
        talk.members["system"] = "Be brief. " * 1_000
        reply = await talk.say("switch to nano")
        assert "nano/claude-s answers from now on" in reply
        assert "With the client's instructions and tools it is too long" in reply


async def test_what_a_place_cannot_do_is_told(autojump_clock: MockClock) -> None:
    blind = attrs.evolve(HERE, name="blind", abilities=())
    image = {
        "type": "image",
        "source": {"type": "base64", "media_type": "image/png", "data": "iVBO"},
    }
    async with open_talk(blind) as talk:
        await talk.say([image, {"type": "text", "text": "Look"}])
        talk.members["tools"] = [{"name": "ls", "input_schema": {"type": "object"}}]
        reply = await talk.say("switch to blind")
        assert "There are images in this conversation, and it cannot see them." in reply
        assert "It cannot call the tools that are in use here." in reply


async def test_a_place_that_rests_says_why(autojump_clock: MockClock) -> None:
    async with open_talk() as talk:
        talk.stage.home.respond = always(refusal(401, "authentication_error", "no"))
        await talk.say("Hello", model=HOME)
        reply = await talk.say("switch to home")
        assert "home/claude-y answers from now on" in reply
        assert "Right now it is resting (its key was refused (401))" in reply
        assert "resting: its key was refused (401)" in await talk.say("list models")


async def test_a_private_conversation_stays_private(autojump_clock: MockClock) -> None:
    async with open_talk(SECRET_ENDPOINT, HERE) as talk:
        reply = await talk.say("switch to secret")
        assert "From its first answer on this conversation stays private" in reply
        await talk.say("For your eyes only")
        refused = "Nothing was changed. This conversation is private, and work/claude-x is remote"
        assert refused in await talk.say("switch to work")
        assert refused in await talk.say("use work for this: say it aloud")
        assert "this is private to secret" in await talk.say("go back")
        assert "den/claude-h answers from now on" in await talk.say("switch to den")
        await talk.say("Hello")
        assert hosts(talk.stage) == ["127", "127"]


async def test_what_the_client_asks_aside_is_private_from_the_choice_on(
    autojump_clock: MockClock,
) -> None:
    away = RuleSettings((WORK,), when=("background",))
    async with open_talk(SECRET_ENDPOINT, rules=[away]) as talk:
        await talk.say("use secret for the next answer")
        await talk.stage.read(talk.turn("For your eyes only", **TITLE))
        assert "work" not in hosts(talk.stage)
        assert "work/claude-x answers again" not in await talk.say("switch to secret")
        await talk.stage.read(talk.turn("For your eyes only", **TITLE))
        assert "work" not in hosts(talk.stage)


async def test_a_user_may_leave_this_machine_by_their_own_word(autojump_clock: MockClock) -> None:
    async with open_talk(HERE) as talk:
        await talk.say("switch to den")
        await talk.say("Hello")
        assert "work/claude-x answers from now on" in await talk.say("switch to work")
        await talk.say("Hello")
        assert hosts(talk.stage) == ["127", "work"]


async def test_one_answer_is_one_prompt_with_all_that_belongs_to_it(
    autojump_clock: MockClock,
) -> None:
    async with open_talk() as talk:
        reply = await talk.say("use home for this: count the files")
        assert reply == "To be."
        talk.messages[-1] = {
            "role": "assistant",
            "content": [{"type": "tool_use", "id": "t1", "name": "ls", "input": {}}],
        }
        result = [{"type": "tool_result", "tool_use_id": "t1", "content": "switch to work"}]
        await talk.read(result)
        assert await talk.ask_aside("Look", agent="agent-1") == "home"
        assert await talk.ask_aside("Count", operation=Operation.COUNT_TOKENS) == "work"
        assert hosts(talk.stage) == ["home", "home", "home", "work"]
        await talk.say("And now?")
        assert await talk.ask_aside("Look", agent="agent-1") == "work"
        assert hosts(talk.stage)[-2:] == ["work", "work"]


async def test_one_answer_lasts_while_the_client_sums_the_conversation_up(
    autojump_clock: MockClock,
) -> None:
    """It compacts by itself between two runs of tools; the same work goes on then."""
    async with open_talk() as talk:
        await talk.say("Hello")
        await talk.say("use home for this: count the files")
        use: dict[str, Any] = {"type": "tool_use", "id": "t1", "name": "ls", "input": {}}
        result = {"type": "tool_result", "tool_use_id": "t1", "content": "a b"}
        talk.messages[-1] = {"role": "assistant", "content": [use]}
        await talk.stage.read(talk.turn([result, {"type": "text", "text": COMPACT}]))
        talk.messages = [{"role": "user", "content": SUMMARY}]
        await talk.stage.read(talk.turn(model=WORK))
        talk.messages.append({"role": "assistant", "content": [use]})
        await talk.read([result])
        assert hosts(talk.stage) == ["work", "home", "home", "home", "home"]
        await talk.say("And now?")
        assert hosts(talk.stage)[5:] == ["work"]


async def test_the_next_answer_is_not_spent_on_the_client_s_own_work(
    autojump_clock: MockClock,
) -> None:
    """Claude Code asks for a guess at the next prompt after each answer, ours as well."""
    async with open_talk() as talk:
        await talk.say("only the next answer with home")
        await talk.stage.read(talk.turn("[SUGGESTION MODE: Suggest what the user might type]"))
        await talk.say("Why is the sky blue?")
        await talk.stage.read(talk.turn("[SUGGESTION MODE: Suggest what the user might type]"))
        await talk.say("And now?")
        assert hosts(talk.stage) == ["work", "home", "home", "work"]


async def test_a_command_is_heard_after_the_conversation_was_compacted(
    autojump_clock: MockClock,
) -> None:
    async with open_talk() as talk:
        await talk.say("Hello")
        await talk.say("switch to claude")
        await talk.stage.read(talk.turn(COMPACT))
        talk.messages = []
        told = [{"type": "text", "text": text} for text in (SUMMARY, *COMPACTED)]
        reply = await talk.say([*told, {"type": "text", "text": "2"}])
        assert "home/claude-y answers from now on" in reply
        reply = await talk.say([*told[1:], {"type": "text", "text": "go back"}])
        assert "work/claude-x answers again" in reply
        assert hosts(talk.stage) == ["work", "work"], "the summary is one of a model"


async def test_the_next_answer_waits_for_the_next_message(autojump_clock: MockClock) -> None:
    async with open_talk() as talk:
        reply = await talk.say("use home for the next answer")
        assert reply == (
            "The next answer comes from home/claude-y (remote, window unknown), and then "
            f"work/claude-x goes on. {UNDO}"
        )
        assert "Only the next answer comes from home/claude-y." in await talk.say(
            "which model is this?"
        )
        await talk.say("Why is the sky blue?")
        await talk.say("And now?")
        assert hosts(talk.stage) == ["home", "work"]


async def test_going_back_takes_back_an_open_answer(autojump_clock: MockClock) -> None:
    async with open_talk() as talk:
        await talk.say("use home for the next answer")
        assert await talk.say("go back") == (
            "No answer comes from home/claude-y after all: work/claude-x goes on (remote, "
            "window unknown)."
        )
        await talk.say("Why is the sky blue?")
        assert hosts(talk.stage) == ["work"]


async def test_the_client_s_picker_has_the_last_word(autojump_clock: MockClock) -> None:
    async with open_talk(HERE) as talk:
        await talk.say("switch to home")
        await talk.say("Hello", model="claude-opus-5-5")
        await talk.say("Hello", model=WORK)
        assert hosts(talk.stage) == ["home", "home"], "neither is another model of ours"
        talk.model = "den/claude-h"
        await talk.say("Hello")
        await talk.say("Hello again")
        assert hosts(talk.stage)[2:] == ["127", "127"]
        assert "home/claude-y answers again" in await talk.say("go back")
        await talk.say("Hello")
        assert hosts(talk.stage)[4:] == ["home"]


async def test_small_work_and_agents_pick_nothing(autojump_clock: MockClock) -> None:
    async with open_talk() as talk:
        await talk.say("switch to home")
        await talk.stage.read(talk.turn("Name it", model=WORK, **TITLE))
        talk.model = "den/claude-h"
        await talk.ask_aside("Look", agent="agent-1")
        talk.model = WORK
        await talk.say("Hello")
        assert hosts(talk.stage) == ["home", "home", "home"]


async def test_a_place_that_is_gone_is_told_and_can_be_left(autojump_clock: MockClock) -> None:
    async with open_talk(HERE) as talk:
        await talk.say("switch to den")
        await talk.stage.apply(settings())
        reader = await talk.read("Hello")
        assert reader.refused.status == 404
        assert "den/claude-h, which was chosen in this conversation" in reader.refused.message
        assert "den/claude-h" not in await talk.say("list models")
        assert "is not there any more" in await talk.say("which model is this?")
        assert "work/claude-x answers again" in await talk.say("go back")
        await talk.say("Hello")
        assert hosts(talk.stage) == ["work"]


@pytest.mark.parametrize(
    ("chat", "said", "is_heard"),
    [
        (ChatSettings("on"), "understudy, switch to home", True),
        (ChatSettings("off"), "switch to home", False),
        (ChatSettings("off"), "understudy, switch to home", False),
        (ChatSettings("prefix"), "switch to home", False),
        (ChatSettings("prefix"), "Understudy: switch to home", True),
        (ChatSettings("prefix", "!us"), "!us switch to home", True),
        (ChatSettings("prefix"), "understudying home, switch to home", False),
    ],
)
async def test_the_settings_say_what_is_a_command(
    autojump_clock: MockClock, chat: ChatSettings, said: str, is_heard: bool
) -> None:
    async with open_talk(chat=chat) as talk:
        assert ("answers from now on" in await talk.say(said)) is is_heard


async def test_settings_hold_for_the_next_message(autojump_clock: MockClock) -> None:
    async with open_talk() as talk:
        await talk.say("switch to home")
        await talk.stage.apply(settings(chat=ChatSettings("prefix")))
        assert await talk.say("go back") == "To be."
        assert "Which one" in await talk.say("understudy, switch to claude")
        assert "work/claude-x answers from now on" in await talk.say("1")
        assert hosts(talk.stage) == ["home"]
