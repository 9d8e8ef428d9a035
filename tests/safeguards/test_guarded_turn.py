"""A turn in auto mode on its way: answered by one endpoint, judged by another."""

from __future__ import annotations

import json

import attrs
import pytest
import trio
from trio.testing import MockClock
from understudy.actors.guarded_turn import TURN_MARK, VERDICT_SECONDS_MAX
from understudy.actors.kernel.stream import STREAM_SLOTS
from understudy.protocols.anthropic.events import PING
from understudy.protocols.records import TurnOutcome
from understudy.protocols.settings_data import RuleSettings, SafeguardsSettings, Settings
from understudy.protocols.turn import RecentNotices
from understudy.simulations.upstream import HANG, CutConnection, SendBytes, SendHead, Step, Wait

from ..actors.scripts import JSON, always, refusal, stream, turn, whole
from ..actors.stage import HOME_ENDPOINT, HOME_URL, Reader, Stage, open_stage
from ..actors.test_fallback import asked
from .answers import (
    CALLS,
    CHAT_ENDPOINT,
    GUARDED,
    UNGUARDED,
    auto_turn,
    chat_answer,
    document_of,
    judging,
    private,
    results_in,
    said,
    verdicts_in,
    verdicts_text,
)

NOT_FLAGGED = {"type": "evaluated", "outcome": "not_flagged"}
BOTH = dict.fromkeys(("call_1", "call_2"), NOT_FLAGGED)


async def notices(stage: Stage) -> list[str]:
    """What users were told."""
    return [notice.text for notice in await stage.conversations.ask(RecentNotices())]


async def guarded(stage: Stage, *, streamed: bool = True) -> Reader:
    """One turn in auto mode."""
    stage.work.respond = always(chat_answer(streamed=streamed))
    return await stage.read(auto_turn(stream=streamed))


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_verdict_on_each_tool_use(streamed: bool, autojump_clock: MockClock) -> None:
    async with open_stage(GUARDED) as stage:
        stage.home.respond = judging()
        reader = await guarded(stage, streamed=streamed)
        assert verdicts_in(reader.body, streamed=streamed) == BOTH
        [question] = asked(stage, HOME_URL)
        assert [use["name"] for use in document_of(question.body)["tool_uses"]] == ["Bash", "Write"]
        assert await notices(stage) == []


async def test_what_is_flagged_says_why(autojump_clock: MockClock) -> None:
    async with open_stage(GUARDED) as stage:
        text = verdicts_text({"call_1": False, "call_2": True})
        stage.home.respond = always(whole(said(text)))
        found = verdicts_in((await guarded(stage)).body)
        assert found == {
            "call_1": NOT_FLAGGED,
            "call_2": {
                "type": "evaluated",
                "outcome": "flagged",
                "explanation": "because of call_2",
            },
        }


async def test_the_question_has_a_line_of_its_own(autojump_clock: MockClock) -> None:
    async with open_stage(GUARDED) as stage:
        stage.home.respond = judging()
        reader = await guarded(stage)
        lines = {line.turn: line for line in await stage.ledger()}
        line = lines[f"{reader.turn.id}{TURN_MARK}"]
        assert (line.endpoint, line.model, line.why) == ("home", "claude-y", "classifier")
        assert line.conversation == "safeguards"
        assert line.usage.input_tokens == 900
        assert lines[reader.turn.id].conversation == reader.turn.conversation


async def test_without_tool_uses_nobody_is_asked(autojump_clock: MockClock) -> None:
    async with open_stage(GUARDED) as stage:
        stage.work.respond = always(chat_answer(()))
        reader = await stage.read(auto_turn())
        assert verdicts_in(reader.body) == {}
        assert asked(stage, HOME_URL) == []


async def test_a_turn_that_wants_no_verdict_gets_none(autojump_clock: MockClock) -> None:
    async with open_stage(GUARDED) as stage:
        stage.work.respond = always(chat_answer())
        reader = await stage.read(turn(safeguards=[{"type": "other"}]))
        assert results_in(reader.body) is None
        assert asked(stage, HOME_URL) == []


async def test_an_endpoint_of_the_same_dialect_answers_for_itself(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(GUARDED) as stage:
        stage.home.respond = always(stream())
        reader = await stage.read(auto_turn(model="home/claude-y"))
        assert reader.pieces == [step.data for step in stream() if isinstance(step, SendBytes)]
        [request] = asked(stage, HOME_URL)
        assert b"classifier_context" in request.body


async def test_without_a_classifier_the_user_is_told_once_what_to_set(
    autojump_clock: MockClock,
) -> None:
    async with open_stage(UNGUARDED) as stage:
        for _ in range(2):
            assert results_in((await guarded(stage)).body) is None
        [told] = await notices(stage)
        assert "[safeguards]" in told
        assert "classifier =" in told


NO_VERDICTS: dict[str, list[Step]] = {
    "refused": refusal(529, "overloaded_error", "Overloaded"),
    "no JSON": whole(said("I think that all is well.")),
    "one is missing": whole(said(verdicts_text({"call_1": False}))),
    "another's": whole(said(verdicts_text({"call_1": False, "call_9": False}))),
    "one twice": whole(
        said(f"""{{"verdicts": [{", ".join(['{"id": "call_1", "flagged": false}'] * 2)}]}}""")
    ),
    "not in the form": whole(said('{"verdicts": {"call_1": "ok", "call_2": "ok"}}')),
    "a word for yes": whole(said('{"verdicts": [{"id": "call_1", "flagged": "no"}]}')),
    "cut off": whole(said(verdicts_text({"call_1": False, "call_2": False}), "max_tokens")),
    "refused in words": whole(said(verdicts_text({"call_1": False, "call_2": False}), "refusal")),
    "broken off": [SendHead(200, JSON), SendBytes(said("{")[:40]), CutConnection()],
    "garbage": whole(b"\xff\x00 nothing"),
    "silent": [HANG],
    "not an answer": whole(b"[]"),
}


@pytest.mark.parametrize("name", NO_VERDICTS)
async def test_no_verdict_is_ever_made_up(name: str, autojump_clock: MockClock) -> None:
    async with open_stage(GUARDED, check=False) as stage:
        stage.home.respond = always(NO_VERDICTS[name])
        for _ in range(2):
            reader = await guarded(stage)
            assert results_in(reader.body) is None
            assert b'"tool_use"' in reader.body
            assert reader.record is not None
            assert reader.record.outcome is TurnOutcome.ANSWERED
        assert len(await notices(stage)) == 1


async def test_a_client_hears_pings_while_the_classifier_thinks(autojump_clock: MockClock) -> None:
    async with open_stage(GUARDED) as stage:
        text = verdicts_text({"call_1": False, "call_2": False})
        stage.home.respond = always([Wait(25), *whole(said(text))])
        reader = await guarded(stage)
        assert verdicts_in(reader.body) == BOTH
        assert reader.pieces.count(PING) == 2


async def test_a_slow_classifier_has_its_time(autojump_clock: MockClock) -> None:
    async with open_stage(GUARDED) as stage:
        stage.home.respond = always([HANG])
        began = trio.current_time()
        reader = await guarded(stage)
        assert results_in(reader.body) is None
        assert VERDICT_SECONDS_MAX < reader.ended_seconds - began < VERDICT_SECONDS_MAX + 5


async def test_esc_while_the_classifier_is_asked(autojump_clock: MockClock) -> None:
    async with open_stage(GUARDED) as stage:
        stage.home.respond = always([HANG])
        stage.work.respond = always(chat_answer())
        reader = stage.start(auto_turn())
        await trio.sleep(10)
        assert stage.upstream.statistics().open_connections > 0
        reader.leave()
        await reader.ended.wait()
        assert reader.ended_seconds == trio.current_time()
        await trio.sleep(1)
        lines = {line.turn: line.outcome for line in await stage.ledger()}
        assert lines[f"{reader.turn.id}{TURN_MARK}"] is TurnOutcome.CANCELLED
        assert lines[reader.turn.id] is TurnOutcome.ANSWERED


async def test_esc_while_the_answer_streams(autojump_clock: MockClock) -> None:
    async with open_stage(GUARDED) as stage:
        stage.work.respond = always([*chat_answer()[:8], HANG])
        reader = stage.start(auto_turn())
        await trio.sleep(5)
        reader.leave()
        await reader.ended.wait()
        await trio.sleep(1)
        assert (await stage.line(reader)).outcome is TurnOutcome.CANCELLED
        assert asked(stage, HOME_URL) == []


@pytest.mark.parametrize("steps", range(1, 30, 4))
async def test_an_answer_that_breaks_off_is_not_judged(
    steps: int, autojump_clock: MockClock
) -> None:
    async with open_stage(GUARDED, check=False) as stage:
        stage.home.respond = judging()
        script = chat_answer()
        stage.work.respond = always([*script[: min(steps, len(script) - 6)], CutConnection()])
        reader = await stage.read(auto_turn())
        assert reader.cut is not None or reader.error is not None or b"error" in reader.body
        assert b"safeguard_results" not in reader.body
        assert asked(stage, HOME_URL) == []


async def test_a_refusal_of_the_endpoint_is_the_client_s(autojump_clock: MockClock) -> None:
    async with open_stage(GUARDED) as stage:
        stage.work.respond = always(refusal(429, "rate_limit_error", "Enough"))
        reader = await stage.read(auto_turn())
        assert reader.refused.status == 429


async def test_a_slow_client_slows_the_endpoint(autojump_clock: MockClock) -> None:
    async with open_stage(GUARDED) as stage:
        stage.home.respond = judging()
        many = [(f"call_{number}", "Bash", '{"command":"ls"}') for number in range(30)]
        stage.work.respond = always(chat_answer(many))
        reader = stage.start(auto_turn(), pause_seconds=1)
        await trio.sleep(20)
        [answering] = stage.upstream.exchanges
        assert answering.pieces < len(reader.items) + 3 * STREAM_SLOTS
        assert answering.left_seconds < 0, "it has more to say, and waits"
        await reader.ended.wait()
        assert verdicts_in(reader.body) == dict.fromkeys((call for call, _, _ in many), NOT_FLAGGED)


async def test_a_classifier_that_rests_is_not_asked(autojump_clock: MockClock) -> None:
    async with open_stage(GUARDED, check=False) as stage:
        stage.home.respond = always(refusal(529, "overloaded_error", "Overloaded"))
        failures = GUARDED.routing.failures_to_rest
        for number in range(failures + 2):
            assert results_in((await guarded(stage)).body) is None
            assert len(asked(stage, HOME_URL)) == min(number + 1, failures)
        assert any("rests" in told for told in await notices(stage))


async def test_a_private_conversation_is_shown_to_no_remote_classifier(
    autojump_clock: MockClock,
) -> None:
    settings = attrs.evolve(GUARDED, endpoints=(private(CHAT_ENDPOINT), HOME_ENDPOINT))
    async with open_stage(settings) as stage:
        stage.home.respond = judging()
        assert results_in((await guarded(stage)).body) is None
        assert asked(stage, HOME_URL) == []
        [told] = await notices(stage)
        assert "private" in told


async def test_a_private_classifier_may_see_it(autojump_clock: MockClock) -> None:
    settings = attrs.evolve(GUARDED, endpoints=(private(CHAT_ENDPOINT), private(HOME_ENDPOINT)))
    async with open_stage(settings) as stage:
        stage.home.respond = judging()
        assert verdicts_in((await guarded(stage)).body) == BOTH


async def test_no_rule_leads_the_question_elsewhere(autojump_clock: MockClock) -> None:
    rule = RuleSettings(("work/claude-x",), model="*claude*")
    async with open_stage(attrs.evolve(GUARDED, rules=(rule,))) as stage:
        stage.home.respond = judging()
        assert verdicts_in((await guarded(stage)).body) == BOTH


async def test_no_fallback_answers_in_the_classifier_s_place(autojump_clock: MockClock) -> None:
    judge = attrs.evolve(HOME_ENDPOINT, fallback=("work/claude-x",))
    async with open_stage(attrs.evolve(GUARDED, endpoints=(CHAT_ENDPOINT, judge))) as stage:
        stage.home.respond = always(refusal(529, "overloaded_error", "Overloaded"))
        assert results_in((await guarded(stage)).body) is None


async def test_the_settings_hold_from_the_next_turn_on(autojump_clock: MockClock) -> None:
    async with open_stage(UNGUARDED) as stage:
        stage.home.respond = judging()
        assert results_in((await guarded(stage)).body) is None
        await stage.apply(GUARDED)
        assert verdicts_in((await guarded(stage)).body) == BOTH


async def test_an_endpoint_may_judge_its_own_answers(autojump_clock: MockClock) -> None:
    settings: Settings = attrs.evolve(GUARDED, safeguards=SafeguardsSettings("work/claude-x"))
    async with open_stage(settings) as stage:
        chat = {
            "id": "c",
            "object": "chat.completion",
            "model": "m",
            "choices": [
                {
                    "index": 0,
                    "message": {
                        "role": "assistant",
                        "content": verdicts_text({"call_1": False, "call_2": False}),
                    },
                    "finish_reason": "stop",
                }
            ],
            "usage": {"prompt_tokens": 5, "completion_tokens": 5, "total_tokens": 10},
        }
        answers = iter([chat_answer(CALLS), whole(json.dumps(chat).encode())])
        stage.work.respond = lambda _request: next(answers)
        assert verdicts_in((await stage.read(auto_turn())).body) == BOTH
