"""What the real client does when its backend fails, row by row of the behaviour measured.

Each row is a promise to the client: a failure upstream must reach it in the form that makes it
do the right thing. Two rows are left out because they take minutes: no response headers (the
client resets after 362 s) and silence after the first delta (300 s).
"""

from __future__ import annotations

import itertools

import pytest

from .conftest import DIRECT, Target
from .scripted_upstream import RecordedRequest


def _gaps_seconds(requests: list[RecordedRequest]) -> list[float]:
    return [later.arrived - earlier.arrived for earlier, later in itertools.pairwise(requests)]


@pytest.mark.parametrize("status", [408, 409, 429, 500, 503, 529])
async def test_passing_failure_is_retried_as_a_stream(target: Target, status: int) -> None:
    result = await target.ask(f"SCN=status:{status}:2")
    assert result.text == "The scripted answer."
    requests = target.upstream.message_requests
    assert [one.status for one in requests] == [status, status, 200]
    assert all(one.streaming for one in requests)
    first, second = _gaps_seconds(requests)
    assert 0.3 < first < second < 4


async def test_retry_after_is_honoured(target: Target) -> None:
    result = await target.ask("SCN=status:429:2::3")
    assert result.text == "The scripted answer."
    gaps = _gaps_seconds(target.upstream.message_requests)
    assert len(gaps) == 2
    assert all(3 <= gap < 4.5 for gap in gaps)


async def test_overload_fails_fast_for_a_model_the_client_knows(target: Target) -> None:
    # With an id the client does not know, 529 is retried like 429.
    result = await target.ask("SCN=status:529", model="claude-opus-5-5")
    assert result.is_error
    assert len(target.upstream.message_requests) == 3
    assert result.seconds < 10


async def test_upstream_401_is_retried(target: Target) -> None:
    result = await target.ask("SCN=status:401:1")
    assert result.text == "The scripted answer."
    assert [one.status for one in target.upstream.message_requests] == [401, 200]


@pytest.mark.parametrize("status", [403, 413])
async def test_refusal_is_final(target: Target, status: int) -> None:
    result = await target.ask(f"SCN=status:{status}")
    assert result.is_error
    assert result.last["api_error_status"] == status
    assert [one.status for one in target.upstream.message_requests] == [status]
    assert result.seconds < 10


@pytest.mark.skipif(DIRECT, reason="the scripted upstream checks no token")
async def test_wrong_token_fails_at_once(target: Target) -> None:
    result = await target.ask("SCN=text", token="not-the-token")
    assert result.is_error
    assert result.last["api_error_status"] == 403
    assert not target.upstream.requests
    assert result.seconds < 10


async def test_bad_request_is_tried_with_less_then_fails(target: Target) -> None:
    result = await target.ask("SCN=status:400")
    assert result.is_error
    assert "scripted status 400" in result.text
    requests = target.upstream.message_requests
    assert 2 <= len(requests) <= 6
    assert "advanced-tool-use" in requests[0].headers["anthropic-beta"]
    assert "advanced-tool-use" not in requests[-1].headers["anthropic-beta"]


async def test_prompt_too_long_is_recognised(target: Target) -> None:
    result = await target.ask("SCN=toolong:250000:200000")
    assert result.is_error
    assert result.last["terminal_reason"] == "prompt_too_long"


async def test_404_falls_back_to_a_whole_message(target: Target) -> None:
    result = await target.ask("SCN=status:404:1")
    assert result.text == "The scripted answer."
    assert [one.streaming for one in target.upstream.message_requests] == [True, False]


async def test_error_event_before_content_is_retried_as_a_stream(target: Target) -> None:
    result = await target.ask("SCN=sseerr:1:overloaded_error:early")
    assert result.text == "The scripted answer."
    assert [one.streaming for one in target.upstream.message_requests] == [True, True]


async def test_error_event_after_content_falls_back_to_a_whole_message(target: Target) -> None:
    result = await target.ask("SCN=sseerr:1:overloaded_error")
    assert result.text == "The scripted answer."
    assert [one.streaming for one in target.upstream.message_requests] == [True, False]


@pytest.mark.parametrize("how", ["fin", "rst", "eof"])
async def test_cut_in_a_text_is_retried_as_a_stream(target: Target, how: str) -> None:
    result = await target.ask(f"SCN=cut:1:{how}")
    assert result.text == "The scripted answer."
    assert [one.streaming for one in target.upstream.message_requests] == [True, True]


async def test_dropped_connections_are_retried(target: Target) -> None:
    result = await target.ask("SCN=drop:2")
    assert result.text == "The scripted answer."
    assert len(target.upstream.message_requests) == 3


@pytest.mark.parametrize("how", ["fin", "rst", "eof"])
async def test_cut_after_a_finished_tool_call_runs_it_once(target: Target, how: str) -> None:
    result = await target.ask(f"SCN=cuttool:1:{how}:0.3")
    assert result.text == "The tools said: bash-says-42"
    assert len(target.upstream.message_requests) == 2
    assert (target.home.project / "runs.txt").read_text() == "ran\n"


@pytest.mark.parametrize("how", ["fin", "rst"])
async def test_cut_in_one_burst_with_a_tool_call_runs_it_once(target: Target, how: str) -> None:
    # The client has not begun with the tool yet: whether it asks again or goes on is a race.
    result = await target.ask(f"SCN=cuttool:1:{how}")
    assert result.text == "The tools said: bash-says-42"
    assert (target.home.project / "runs.txt").read_text() == "ran\n"


@pytest.mark.parametrize("kind", ["ping", "comment"])
async def test_keep_alives_before_the_answer(target: Target, kind: str) -> None:
    result = await target.ask(f"SCN={kind}:4:0.5")
    assert result.text == "The answer after the keep-alives."
    assert len(target.upstream.message_requests) == 1
    assert result.seconds >= 2


@pytest.mark.parametrize("kind", ["unknown", "unkblock"])
async def test_unknown_events_and_blocks_are_passed_over(target: Target, kind: str) -> None:
    result = await target.ask(f"SCN={kind}")
    assert result.text == "An answer beside the unknown."
    assert len(target.upstream.message_requests) == 1
