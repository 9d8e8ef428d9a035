"""`understudy ask` against a real server and a played endpoint."""

from __future__ import annotations

import json
import signal

import pytest
from understudy.io.cli.answer import Answer, AnswerFailed, read_answer

from .peer import Peer, playing
from .stage import KEY, SECONDS_MAX, Stage, endpoint


def settle(stage: Stage, peer: Peer) -> None:
    stage.write_settings(endpoint(peer.url))
    stage.environment["WORK_KEY"] = KEY


def test_the_answer_is_printed_and_the_server_of_its_own_stopped(stage: Stage) -> None:
    with playing() as peer:
        settle(stage, peer)
        ran = stage.run("ask", "What", "is it?", "--system", "Be short.", "--max-tokens", "9")
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "Hello, world.\n", "")
    assert peer.bodies == [
        {
            "model": "claude-x",
            "max_tokens": 9,
            "stream": True,
            "messages": [{"role": "user", "content": "What is it?"}],
            "system": "Be short.",
        }
    ]
    assert peer.keys == [KEY]
    assert stage.servers() == []


def test_what_is_piped_in_is_added(stage: Stage) -> None:
    with playing() as peer:
        settle(stage, peer)
        with stage.serving():
            stage.run("ask", "Review this.", piped="a = 1\n")
            stage.run("ask", piped="only piped")
    asked = [body["messages"][0]["content"] for body in peer.bodies]
    assert asked == ["Review this.\n\na = 1\n", "only piped"]


def test_json_is_the_whole_answer(stage: Stage) -> None:
    with playing(stop_reason="max_tokens") as peer:
        settle(stage, peer)
        ran = stage.run("ask", "x", "--json")
    assert json.loads(ran.stdout) == {
        "model": "claude-x",
        "text": "Hello, world.",
        "stop_reason": "max_tokens",
        "usage": {"input_tokens": 3, "output_tokens": 4},
    }
    assert "cut at 4096 tokens (--max-tokens)" in ran.stderr


def test_a_model_that_nobody_has_is_told_with_near_ones(stage: Stage) -> None:
    with playing() as peer:
        settle(stage, peer)
        with stage.serving():
            ran = stage.run("ask", "x", "--model", "work/claude-y")
            for model in ("work/claude-x", "anthropic/work/claude-x", "claude-x"):
                assert stage.run("ask", "x", "--model", model).returncode == 0
    assert ran.returncode == 2
    assert "no endpoint has the model work/claude-y; did you mean work/claude-x?" in ran.stderr


def test_an_error_is_told_in_the_endpoint_s_words(stage: Stage) -> None:
    with playing(messages_status=400) as peer:
        settle(stage, peer)
        ran = stage.run("ask", "x")
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "understudy: the planted reason" in ran.stderr


def test_an_answer_that_breaks_off_is_told(stage: Stage) -> None:
    with playing(cut=True) as peer:
        settle(stage, peer)
        ran = stage.run("ask", "x")
    assert (ran.returncode, ran.stdout) == (1, "Hello\n")
    assert "the answer broke off" in ran.stderr


def test_ctrl_c_stops_the_turn_at_the_endpoint(stage: Stage) -> None:
    with playing(hold=True) as peer:
        settle(stage, peer)
        with stage.serving(), stage.start("ask", "x") as process:
            assert process.stdin is not None
            process.stdin.close()
            process.stdin = None
            assert peer.held.wait(SECONDS_MAX)
            process.send_signal(signal.SIGINT)
            assert peer.left.wait(SECONDS_MAX)
            out, err = process.communicate(timeout=SECONDS_MAX)
    assert process.returncode == 130
    assert out in ("", "Hello\n")
    assert err == "understudy: stopped\n"


def test_no_question_is_told(stage: Stage) -> None:
    ran = stage.run("ask", piped=" \n")
    assert ran.returncode == 2
    assert "There is no question" in ran.stderr


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        ([], "cut before the end"),
        ([b"data: {\n"], "not JSON"),
        ([b'data: {"type":"error","error":{"message":"no room"}}\n'], "no room"),
    ],
)
def test_an_answer_without_its_end_fails(lines: list[bytes], why: str) -> None:
    with pytest.raises(AnswerFailed, match=why):
        list(read_answer(lines, Answer()))


def test_what_is_not_text_is_passed_over() -> None:
    answer = Answer()
    lines = [
        b": comment\n",
        b'data: {"type":"ping"}\n',
        b'data: {"type":"of the future"}\n',
        b'data: {"type":"content_block_delta","delta":{"type":"thinking_delta","thinking":"x"}}\n',
        b'data: {"type":"content_block_delta","delta":{"type":"text_delta","text":"y"}}\n',
        b'data: {"type":"message_stop"}\n',
        b"never read\n",
    ]
    assert list(read_answer(lines, answer)) == ["y"]
    assert answer.text == "y"
