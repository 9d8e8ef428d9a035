"""The scheduler's rules, each as the steps that follow from it."""

from __future__ import annotations

from array import array

import pytest
from understudy.protocols.engine.messages import CONTEXT, LENGTH
from understudy.protocols.engine.prefix_store import PrefixStore
from understudy.protocols.engine.slots import DoesNotFit, Slots
from understudy.protocols.engine.step import Costs, Cut, Fork, Limits, Restore, Save, Start, Step

from .kv_model import END_OF_ANSWER, next_token
from .schedule_driver import Driver

ROOM = Limits(context_tokens=1000, cells=4000, slots=4, sequences=8)
RESTORABLE = Costs((), prefill_tokens_per_second=50, state_bytes_per_token=4)


def prompt(*parts: int) -> list[int]:
    """40 tokens for each part: the same part, the same tokens."""
    return [100 * part + at for part in parts for at in range(40)]


def talkative(*parts: int, tokens: int = 8) -> list[int]:
    """A prompt, one token longer, whose answer does not end by itself so soon."""
    for last in range(7000, 8000):
        text = [*prompt(*parts), last]
        answer: list[int] = []
        while len(answer) < tokens and (token := next_token(text + answer)) != END_OF_ANSWER:
            answer.append(token)
        if len(answer) == tokens:
            return text
    raise AssertionError("every answer is short")


def rows_of(step: Step | None, sequence: int) -> list[int]:
    assert step is not None
    return [
        token for token, other in zip(step.tokens, step.sequences, strict=True) if other == sequence
    ]


def start_of(driver: Driver, request: int) -> Start:
    start = driver.asked[request].start
    assert start is not None
    return start


def test_a_prompt_is_read_in_steps_and_only_its_last_row_is_wanted() -> None:
    driver = Driver(ROOM)
    driver.ask(1, prompt(1), 1)
    steps = [driver.step(16) for _ in range(3)]
    assert [step and step.rows for step in steps] == [16, 16, 8]
    assert [step and sum(step.wanted) for step in steps] == [0, 0, 1]
    assert steps[2] is not None
    assert steps[2].wanted[-1] == 1
    assert driver.step() is None


def test_decodes_come_first_and_prompts_share_the_rest() -> None:
    driver = Driver(ROOM)
    driver.ask(1, talkative(1), 8)
    for _ in range(3):
        driver.step(16)
    driver.ask(2, prompt(2, 2, 2), 1)
    driver.ask(3, prompt(3)[:6], 1)
    step = driver.step(16)
    assert step is not None
    assert step.sequences[0] == 0
    assert [len(rows_of(step, sequence)) for sequence in range(3)] == [1, 9, 6]


def test_more_readers_than_tokens_take_turns() -> None:
    driver = Driver(ROOM)
    for request in range(3):
        driver.ask(request, prompt(request + 1), 1)
    served = [step.sequences[0] for _ in range(6) if (step := driver.step(1))]
    assert served == [0, 1, 2, 0, 1, 2]


def test_where_batching_does_not_pay_requests_take_turns() -> None:
    costs = Costs(((1, 1.0), (2, 2.6)))
    driver = Driver(ROOM, costs)
    for request in range(2):
        driver.ask(request, talkative(request + 1), 4)
    while (step := driver.step(200)) is not None and step.rows > 1:
        pass
    decoded = [step] + [driver.step() for _ in range(4)]
    assert [step and list(step.sequences) for step in decoded] == [[0], [1], [0], [1], [0]]


def test_a_conversation_that_goes_on_takes_its_sequence_over() -> None:
    driver = Driver(ROOM)
    first = driver.ask(1, talkative(1), 4)
    driver.run()
    driver.ask(2, [*first.prompt, *first.answer, 5, 6, 7], 1)
    step = driver.step(100)
    assert step is not None
    assert step.operations == ()
    assert step.starts == (Start(2, 48, 44, 0),)
    assert list(step.tokens) == [first.answer[3], 5, 6, 7]


def test_an_answer_s_last_token_is_kept_only_if_it_was_computed() -> None:
    driver = Driver(ROOM)
    first = driver.ask(1, talkative(1), 1)
    driver.run()
    driver.ask(2, [*first.prompt, *first.answer, 5], 1)
    driver.step(100)
    assert start_of(driver, 2).kept_tokens == 41


def test_a_divergence_in_the_middle_forks() -> None:
    driver = Driver(ROOM)
    driver.ask(1, prompt(1, 2), 1)
    driver.run()
    driver.ask(2, prompt(1, 3), 1)
    step = driver.step(100)
    assert step is not None
    assert step.operations == (Fork(0, 1, 40),)
    assert step.starts == (Start(2, 80, 40, 0),)


def test_a_short_tail_is_cut_and_not_kept_beside() -> None:
    driver = Driver(ROOM)
    driver.ask(1, prompt(1), 1)
    driver.run()
    driver.ask(2, [*prompt(1)[:35], 9, 9], 1)
    step = driver.step(100)
    assert step is not None
    assert step.operations == (Cut(0, 35),)


def test_the_same_prompt_again_computes_its_last_token() -> None:
    driver = Driver(ROOM)
    for request in (1, 2):
        driver.ask(request, prompt(1), 1)
        driver.run()
    assert start_of(driver, 2).kept_tokens == 39
    assert driver.memory.computed_rows == 41


def test_a_short_beginning_is_not_forked() -> None:
    driver = Driver(ROOM)
    driver.ask(1, prompt(1, 2), 1)
    driver.run()
    driver.ask(2, prompt(1)[:31] + prompt(3), 1)
    step = driver.step(100)
    assert step is not None
    assert step.operations == ()
    assert start_of(driver, 2).kept_tokens == 0


def test_two_with_one_beginning_read_it_once() -> None:
    driver = Driver(ROOM)
    driver.ask(1, prompt(1, 2, 3), 1)
    driver.ask(2, prompt(1, 2, 4), 1)
    driver.ask(3, prompt(5), 1)
    driver.run()
    assert start_of(driver, 2).kept_tokens == 80
    assert driver.memory.computed_rows == 120 + 40 + 40
    assert driver.steps[0].starts == (Start(1, 120, 0, 0), Start(3, 40, 0, 0))


def test_who_waits_for_a_reader_that_leaves_reads_on_from_there() -> None:
    driver = Driver(ROOM)
    driver.ask(1, prompt(1, 2, 3), 1)
    driver.ask(2, prompt(1, 2, 4), 1)
    for _ in range(3):
        driver.step(16)
    driver.cancel(1)
    driver.run()
    assert start_of(driver, 2).kept_tokens == 48
    assert driver.memory.computed_rows == 120


def test_kept_prefixes_give_way_the_least_recently_used_first() -> None:
    driver = Driver(Limits(1000, 200, 1, 8, reserve_tokens=1))
    for request, part in enumerate((1, 2, 3, 1, 4, 4)):
        driver.ask(request, [*prompt(part), request], 1)
        driver.run()
    driver.ask(9, prompt(6, 7), 1)
    driver.step()
    cut = [operation for operation in driver.steps[-1].operations if isinstance(operation, Cut)]
    assert [operation.sequence for operation in cut] == [1, 2][: len(cut)]
    assert cut


def test_a_request_waits_for_room_and_nobody_passes_it() -> None:
    driver = Driver(Limits(1000, 120, 3, 3, reserve_tokens=1))
    driver.ask(1, talkative(1), 8)
    driver.ask(2, prompt(2, 3), 1)
    driver.ask(3, prompt(4)[:10], 1)
    driver.run()
    order = [start.request for step in driver.steps for start in step.starts]
    assert order == [1, 2, 3]
    assert driver.asked[1].ending == LENGTH


def test_out_of_cells_the_newest_ends_and_the_oldest_goes_on() -> None:
    driver = Driver(Limits(1000, 86, 2, 2, reserve_tokens=1))
    driver.ask(1, talkative(1, tokens=8), 8)
    driver.ask(2, talkative(2, tokens=8), 8)
    driver.run()
    assert [driver.asked[request].ending for request in (1, 2)] == [LENGTH, CONTEXT]
    assert len(driver.asked[1].answer) == 8
    assert 0 < len(driver.asked[2].answer) < 8


def test_the_window_ends_an_answer() -> None:
    driver = Driver(Limits(45, 4000, 1, 1))
    asked = driver.ask(1, talkative(1))
    driver.run()
    assert asked.ending == CONTEXT
    assert len(asked.prompt) + len(asked.answer) == 45


@pytest.mark.parametrize(
    ("tokens", "words"),
    [
        (0, "the prompt is empty"),
        (45, "prompt is too long: 45 tokens > 44 maximum"),
        (46, "prompt is too long: 46 tokens > 44 maximum"),
    ],
)
def test_a_prompt_without_room_for_an_answer_is_refused(tokens: int, words: str) -> None:
    slots = Slots(Limits(45, 4000, 1, 1))
    with pytest.raises(DoesNotFit, match=words):
        slots.admit(1, array("i", [1] * tokens))
    assert slots.is_idle


def test_an_abort_keeps_whole_rows_and_submits_the_others_again() -> None:
    driver = Driver(ROOM)
    for request in (1, 2):
        driver.ask(request, prompt(request), 1)
    driver.step(32, abort_after=20)
    step = driver.step(32)
    assert step is not None
    assert (rows_of(step, 0)[0], rows_of(step, 1)[0]) == (116, 204)
    driver.run()
    assert driver.memory.computed_rows == 80


def test_a_wanted_row_that_stayed_is_computed_again() -> None:
    driver = Driver(ROOM)
    driver.ask(1, prompt(1)[:8], 1)
    driver.ask(2, prompt(2), 1)
    driver.step(32, abort_after=8)
    step = driver.step(32)
    assert step is not None
    assert step.operations == (Cut(0, 7),)
    assert rows_of(step, 0) == [107]


def test_after_an_abort_the_cancelled_one_is_gone_and_its_prefix_kept() -> None:
    driver = Driver(ROOM)
    driver.ask(1, prompt(1, 2), 1)
    driver.step(64, abort_after=40)
    driver.cancel(1)
    driver.cancel(1)
    assert driver.step() is None
    driver.ask(2, prompt(1, 3), 1)
    driver.step(64)
    assert start_of(driver, 2).kept_tokens == 40


def saved_prefix(driver: Driver) -> None:
    """Leaves a file of prompt(1, 2) and nothing in the memory of it."""
    assert driver.store is not None
    tokens = array("i", prompt(1, 2)).tobytes()
    driver.memory.files[driver.store.key_of(tokens)] = tokens
    assert driver.store.found(tokens, 2 * len(tokens))


def test_a_prefix_on_disk_is_restored_and_cut_where_it_differs() -> None:
    driver = Driver(ROOM, RESTORABLE, PrefixStore("m", RESTORABLE))
    saved_prefix(driver)
    driver.ask(1, prompt(1, 3), 1)
    first, second = driver.step(64), driver.step(64)
    assert first is not None
    assert second is not None
    assert [type(operation) for operation in first.operations] == [Restore]
    assert (first.rows, first.starts) == (0, ())
    assert second.operations == (Cut(0, 40),)
    assert second.starts == (Start(1, 80, 40, 40),)
    assert second.rows == 40


def test_a_file_with_a_long_answer_behind_the_prompt_is_of_use() -> None:
    limits = Limits(1000, 1000, 1, 2, reserve_tokens=1)
    driver = Driver(limits, RESTORABLE, PrefixStore("m", RESTORABLE))
    saved_prefix(driver)
    driver.ask(1, prompt(1, 2)[:50], 1)
    driver.run(64)
    assert start_of(driver, 1) == Start(1, 50, 49, 49)


def test_a_file_that_has_no_room_as_a_whole_is_left_alone() -> None:
    limits = Limits(1000, 60, 1, 1, reserve_tokens=1)
    driver = Driver(limits, RESTORABLE, PrefixStore("m", RESTORABLE))
    saved_prefix(driver)
    driver.ask(1, prompt(1, 2)[:50], 1)
    driver.run(64)
    assert start_of(driver, 1) == Start(1, 50, 0, 0)


def test_a_restore_that_fails_reads_instead_and_forgets_the_file() -> None:
    store = PrefixStore("m", RESTORABLE)
    driver = Driver(ROOM, RESTORABLE, store)
    saved_prefix(driver)
    driver.memory.files.clear()
    driver.ask(1, prompt(1, 2), 1)
    driver.run(64)
    assert start_of(driver, 1) == Start(1, 80, 0, 0)
    assert (store.prefixes, store.bytes) == (0, 0)


def test_a_file_that_is_slower_than_reading_is_left_alone() -> None:
    slow = Costs((), prefill_tokens_per_second=50, restore_bytes_per_second=100)
    driver = Driver(ROOM, slow, PrefixStore("m", slow))
    saved_prefix(driver)
    driver.ask(1, prompt(1, 2), 1)
    assert (step := driver.step(64)) is not None
    assert step.rows == 64


def test_idle_time_writes_what_is_kept_and_what_is_shared() -> None:
    driver = Driver(ROOM, RESTORABLE, PrefixStore("m", RESTORABLE))
    for request, part in enumerate((2, 3)):
        driver.ask(request, prompt(1, part), 1)
        driver.run()
    driver.save_all()
    assert sorted(len(tokens) // 4 for tokens in driver.memory.files.values()) == [40, 80, 80]
    assert driver.slots.next_save() == ()


def test_an_evicted_prefix_is_written_first() -> None:
    limits = Limits(1000, 90, 1, 1, reserve_tokens=1)
    driver = Driver(limits, RESTORABLE, PrefixStore("m", RESTORABLE))
    driver.ask(1, prompt(1), 1)
    driver.run()
    driver.ask(2, prompt(2), 1)
    step = driver.step()
    assert step is not None
    assert [type(operation) for operation in step.operations] == [Save, Cut]


def test_the_same_calls_give_the_same_steps() -> None:
    def steps() -> list[Step]:
        driver = Driver(ROOM)
        for request in range(6):
            driver.ask(request, prompt(request % 2, request), 3)
        driver.run()
        return driver.steps

    assert steps() == steps()
