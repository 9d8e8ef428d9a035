"""What is written to disk, what is deleted for it, and when a file is read."""

from __future__ import annotations

from array import array

import pytest
from understudy.protocols.engine.prefix_store import PrefixStore, store_identity
from understudy.protocols.engine.state_header import HEADER_BYTES
from understudy.protocols.engine.step import Costs, Delete, Save

COSTS = Costs((), prefill_tokens_per_second=100, state_bytes_per_token=96)
FILE_BYTES = HEADER_BYTES + 100 * 100


def tokens(first: int, count: int = 100) -> bytes:
    return array("i", [first, *range(1, count)]).tobytes()


def write(store: PrefixStore, prefix: bytes, *, shared: bool = False) -> list[str]:
    """Saves; returns the keys that were deleted for it."""
    operations = store.save(0, prefix, store.tick(), shared=shared)
    if operations:
        assert operations[-1] == Save(0, store.key_of(prefix), prefix)
        store.saved(store.key_of(prefix), HEADER_BYTES + len(prefix) * 25)
    deletions = [*operations[:-1], *store.take_deletions()]
    return [deletion.key for deletion in deletions if isinstance(deletion, Delete)]


def test_the_key_is_of_the_model_the_template_the_build_and_the_tokens() -> None:
    parts = [("f", "t", "b"), ("g", "t", "b"), ("f", "u", "b"), ("f", "t", "c"), ("ft", "", "b")]
    keys = [
        PrefixStore(store_identity(*part), COSTS).key_of(text)
        for part in parts
        for text in (tokens(1), tokens(2), tokens(1, 99))
    ]
    assert len(set(keys)) == len(keys)
    assert PrefixStore(store_identity("f", "t", "b"), COSTS).key_of(tokens(1)) == keys[0]


@pytest.mark.parametrize(("count", "written"), [(49, 0), (50, 1)])
def test_what_is_read_again_in_a_moment_is_not_written(count: int, written: int) -> None:
    store = PrefixStore("m", COSTS)
    write(store, tokens(1, count))
    assert store.prefixes == written


def test_a_file_that_is_read_slower_than_its_tokens_is_not_written() -> None:
    slow = Costs((), prefill_tokens_per_second=100, restore_bytes_per_second=5000)
    assert not PrefixStore("m", slow).wants(tokens(1), 1)


def test_what_is_being_written_counts_and_cannot_be_deleted() -> None:
    store = PrefixStore("m", COSTS, bytes_max=2 * FILE_BYTES)
    write(store, tokens(1))
    saves = [store.save(0, tokens(first), store.tick()) for first in (2, 3, 4)]
    first, second, third = saves
    assert first == [Save(0, store.key_of(tokens(2)), tokens(2))]
    assert second[0] == Delete(store.key_of(tokens(1)))
    assert third == [], "two files on their way fill the disk, whoever is newer"
    for each in (2, 3):
        store.saved(store.key_of(tokens(each)), FILE_BYTES)
    assert store.take_deletions() == []
    assert (store.prefixes, store.bytes) == (2, 2 * FILE_BYTES)


def test_a_longer_prefix_takes_the_place_of_its_beginning() -> None:
    store = PrefixStore("m", COSTS)
    write(store, tokens(1))
    assert write(store, tokens(1, 120)) == [store.key_of(tokens(1))]
    assert write(store, tokens(1)) == []
    assert (store.prefixes, store.bytes) == (1, HEADER_BYTES + 120 * 100)


def test_a_shared_beginning_stays_beside_what_goes_on_from_it() -> None:
    store = PrefixStore("m", COSTS)
    write(store, tokens(1, 120))
    write(store, tokens(1), shared=True)
    assert write(store, tokens(1, 140)) == [store.key_of(tokens(1, 120))]
    assert store.prefixes == 2


def test_the_least_recently_used_gives_way_and_a_shared_one_later() -> None:
    store = PrefixStore("m", COSTS, 3 * FILE_BYTES)
    for first in (1, 2, 3):
        write(store, tokens(first), shared=first == 1)
    assert store.best(tokens(2, 110), 0, 200, whole=True) is not None
    assert write(store, tokens(4)) == [store.key_of(tokens(3))]
    assert write(store, tokens(5)) == [store.key_of(tokens(2))]
    for first in range(6, 40):
        deleted = write(store, tokens(first))
        if store.key_of(tokens(1)) in deleted:
            break
    else:
        raise AssertionError("a shared prefix that nobody uses stays for ever")
    assert first > 20


def test_what_was_used_longer_ago_than_all_on_disk_is_not_written() -> None:
    store = PrefixStore("m", COSTS, FILE_BYTES)
    old = store.tick()
    write(store, tokens(1))
    assert store.save(0, tokens(2), old) == []
    assert store.prefixes == 1


def test_a_save_that_fails_leaves_nothing_and_may_be_tried_again() -> None:
    store = PrefixStore("m", COSTS)
    assert store.save(0, tokens(1), 1)
    assert store.save(0, tokens(1), 1) == []
    assert store.save(0, tokens(1, 90), 1) == []
    store.not_saved(store.key_of(tokens(1)))
    assert (store.prefixes, store.bytes) == (0, 0)
    assert store.wants(tokens(1), 1)


def test_what_is_found_at_start_is_kept_within_the_budget_the_newest_last() -> None:
    store = PrefixStore("m", COSTS, 2 * FILE_BYTES)
    assert [store.found(tokens(first), FILE_BYTES) for first in (1, 2, 3)] == [True] * 3
    assert not store.found(tokens(4, 900), 3 * FILE_BYTES)
    assert store.take_deletions() == [Delete(store.key_of(tokens(1)))]
    assert (store.prefixes, store.bytes) == (2, 2 * FILE_BYTES)


def test_the_file_that_spares_most_is_read() -> None:
    store = PrefixStore("m", COSTS)
    long = tokens(1, 120) + tokens(9, 80)
    write(store, tokens(1), shared=True)
    write(store, long)

    def best(prompt: bytes, kept: int, tokens_max: int, *, whole: bool) -> tuple[int, str] | None:
        found = store.best(prompt, kept, tokens_max, whole=whole)
        return found and (found[0], found[1].key)

    prompt = tokens(1, 300)
    short = (100, store.key_of(tokens(1)))
    assert best(prompt, 0, 300, whole=False) == (120, store.key_of(long))
    assert best(prompt, 0, 150, whole=False) == short
    assert best(prompt, 0, 300, whole=True) == short
    assert best(prompt, 120, 300, whole=False) is None
    assert best(tokens(1), 0, 300, whole=True) is None
    assert best(tokens(1), 0, 100, whole=False) == (99, store.key_of(tokens(1)))


def test_a_file_that_is_gone_is_forgotten_once() -> None:
    store = PrefixStore("m", COSTS)
    write(store, tokens(1))
    for _ in range(2):
        store.forget(store.key_of(tokens(1)))
    assert store.take_deletions() == [Delete(store.key_of(tokens(1)))]
    assert store.bytes == 0
