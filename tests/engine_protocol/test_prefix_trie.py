"""The radix tree finds what comparing every key with the prompt finds."""

from __future__ import annotations

from array import array

from hypothesis import given
from hypothesis import strategies as st
from understudy.protocols.engine.prefixes import Prefixes

TOKENS = st.lists(st.integers(0, 2) | st.just(2**31 - 1), max_size=12)


def raw(tokens: list[int]) -> bytes:
    return array("i", tokens).tobytes()


def common(left: list[int], right: list[int]) -> int:
    pairs = enumerate(zip(left, right, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(left), len(right)))


@given(st.lists(st.tuples(st.integers(0, 7), TOKENS | st.none()), max_size=40), TOKENS)
def test_it_agrees_with_comparing_all(
    changes: list[tuple[int, list[int] | None]], prompt: list[int]
) -> None:
    tree: Prefixes[int] = Prefixes()
    model: dict[int, list[int]] = {}
    for key, tokens in changes:
        if tokens is not None:
            tree.put(key, raw(tokens))
            model[key] = tokens
        elif key in model:
            tree.remove(key)
            del model[key]
        for tokens_min in (0, 1, 3):
            found = tree.matches(raw(prompt), tokens_min)
            expected = {key: common(prompt, tokens) for key, tokens in model.items()}
            assert sorted(found) == sorted(
                (shared, key) for key, shared in expected.items() if shared >= tokens_min
            )
            assert [shared for shared, _ in found] == sorted(
                (shared for shared, _ in found), reverse=True
            )
    assert len(tree) == len(model)
    assert all(key in tree and tree.tokens_of(key) == raw(model[key]) for key in model)


def test_a_tree_that_is_emptied_holds_nothing() -> None:
    tree: Prefixes[str] = Prefixes()
    for key, tokens in (("a", [1, 2, 3]), ("b", [1, 2]), ("c", [1, 4]), ("d", [])):
        tree.put(key, raw(tokens))
    for key in "abcd":
        tree.remove(key)
    assert not vars(tree)["_root"].children
    assert tree.matches(raw([1, 2, 3]), 0) == []


def test_tokens_that_share_bytes_but_differ_are_different() -> None:
    tree: Prefixes[int] = Prefixes()
    tree.put(1, raw([256, 7]))
    assert tree.matches(raw([256, 256 * 7])) == [(1, 1)]
    assert tree.matches(raw([1, 256, 7])) == []
