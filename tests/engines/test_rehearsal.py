"""The model that ships, and the text it is taught with."""

from __future__ import annotations

from pathlib import Path
from random import Random

from understudy.io.engines.rehearsal import MODEL_FILE
from understudy.io.engines.rehearsal.dialogues import ABOUT, dialogue

MODEL_BYTES_MAX = 8 * 1024 * 1024
NOISE = ["some text of other people " * 100]


def test_the_model_is_small_and_honest_about_itself() -> None:
    content = Path(MODEL_FILE).read_bytes()
    assert content.startswith(b"GGUF")
    assert len(content) <= MODEL_BYTES_MAX
    assert b"it cannot do any work" in content
    assert b"Apache-2.0" in content


def test_the_same_seed_gives_the_same_dialogues() -> None:
    first, again = Random(7), Random(7)
    assert [dialogue(first, NOISE) for _ in range(50)] == [
        dialogue(again, NOISE) for _ in range(50)
    ]


def test_each_dialogue_ends_with_an_answer() -> None:
    random = Random(7)
    dialogues = [dialogue(random, NOISE) for _ in range(500)]
    assert all(said[-1][0] == "assistant" and said[-1][1] for said in dialogues)
    assert {role for said in dialogues for role, _ in said} == {
        "system",
        "user",
        "assistant",
        "tool",
    }
    assert sum(ABOUT in said[-1][1] for said in dialogues) > 100
