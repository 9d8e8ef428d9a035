"""The token estimator: near to real tokenizers after ten turns, and never led astray."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from understudy.protocols.anthropic.request import parse_request
from understudy.protocols.conversation.blocks import (
    Block,
    Media,
    Other,
    RedactedThinking,
    Text,
    Thinking,
    ToolReference,
    ToolResult,
    ToolUse,
)
from understudy.protocols.conversation.request import Conversation, Message, Tool
from understudy.protocols.token_count import conversation_features, messages_features
from understudy.protocols.token_estimate import BAND, PRIOR, TokenEstimator
from understudy.protocols.token_features import NAMES, TokenFeatures, features_of
from understudy.protocols.token_media import (
    IMAGE_TOKENS,
    IMAGE_TOKENS_MAX,
    IMAGE_TOKENS_MIN,
    PAGE_TOKENS,
    PAGES_MAX,
    document_tokens,
    image_tokens,
)

from .talks import TURNS, talk

TOKENS: dict[str, dict[str, list[int]]] = json.loads(
    Path(__file__).with_name("talk_tokens.json").read_text(encoding="utf-8")
)
"""Of each talk, after each turn, by each of eight real tokenizers."""
NEAR = 0.03


def named(features: TokenFeatures) -> dict[str, float]:
    """The features that are not 0, by name."""
    found = zip(NAMES, features.counts, strict=True)
    return {name: count for name, count in found if count}


@pytest.mark.parametrize("kind", TOKENS)
def test_after_ten_turns_every_estimate_is_near_whatever_the_tokenizer(kind: str) -> None:
    features = [conversation_features(conversation) for conversation in talk(kind)]
    assert len(TOKENS[kind]) >= 4
    for tokenizer, tokens in TOKENS[kind].items():
        estimator = TokenEstimator()
        for turn in range(TURNS):
            error = estimator.estimate(features[turn]) / tokens[turn] - 1
            assert abs(error) < (NEAR if turn >= 10 else 0.5), (tokenizer, turn, error)
            estimator.observe(features[turn], tokens[turn])
        assert estimator.observations == TURNS


def test_a_second_conversation_begins_where_the_first_has_led() -> None:
    first = [conversation_features(conversation) for conversation in talk("agent")]
    for tokenizer, tokens in TOKENS["agent"].items():
        estimator = TokenEstimator()
        for turn in range(1, TURNS):
            estimator.observe(first[turn], tokens[turn])
        error = estimator.estimate(first[0]) / tokens[0] - 1
        assert abs(error) < 2 * NEAR, (tokenizer, error)


def test_talks_are_made_of_what_was_counted() -> None:
    for kind, counted in TOKENS.items():
        grown = talk(kind)
        assert {len(tokens) for tokens in counted.values()} == {len(grown)} == {TURNS}


@pytest.mark.parametrize(
    ("text", "counts"),
    [
        ("", {}),
        (
            "Two words.",
            {"words": 2, "lower case": 7, "upper case": 1, "spaces": 1}
            | {"runs of punctuation": 1},
        ),
        (
            "a\n\n  b",
            {"words": 2, "lower case": 2, "line ends": 2, "spaces": 2} | {"pairs of spaces": 1},
        ),
        (
            "x1 == 22",
            {"words": 1, "lower case": 1, "digits": 3, "spaces": 2} | {"runs of punctuation": 1},
        ),
        ("\u00e9", {"accented Latin": 1}),
        ("\u03b1\u03b2", {"Greek": 2}),
        ("\u0436", {"Cyrillic": 1}),
        ("\u05d0", {"Hebrew": 1}),
        ("\u0639", {"Arabic": 1}),
        ("\u0939\u0e01", {"Indic and Thai": 2}),
        ("\u3072", {"kana": 1}),
        ("\u6f22", {"Han": 1}),
        ("\ud55c", {"Hangul": 1}),
        ("\u201c\U0001f600", {"other characters": 2}),
    ],
)
def test_text_is_counted_by_class(text: str, counts: dict[str, int]) -> None:
    assert named(features_of([text.encode()])) == counts


def test_texts_are_counted_as_if_each_stood_alone() -> None:
    texts = [b"end.", b".start", b"word", b"word", "\u6f22".encode(), b" ", b" "]
    apart = [features_of([text]).counts for text in texts]
    assert features_of(texts).counts == tuple(map(sum, zip(*apart, strict=True)))


PNG = base64.b64encode(b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes([0, 0, 3, 232, 0, 0, 3, 232]))
BLOCKS: list[Block] = [
    Text("some words"),
    Media("image", "image/png", data=PNG.decode()),
    Media("image", url="https://example.com/a.png"),
    Media("document", "application/pdf", data="JVBERi0="),
    Media("document", "text/plain", text="some words"),
    ToolUse("c", "read", {"path": "a"}),
    ToolResult("c", (Text("some words"),)),
    ToolResult("c", ()),
    ToolReference("read"),
    Thinking("so it is", ""),
    RedactedThinking("c2VjcmV0cw=="),
    Other("anthropic", "odd", {"type": "odd", "words": "some words"}),
]


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: type(block).__name__)
def test_no_block_is_free(block: Block) -> None:
    empty = Conversation((Message("user", ()),))
    full = Conversation((Message("user", (block,)),))
    estimator = TokenEstimator()
    assert estimator.estimate(conversation_features(full)) > estimator.estimate(
        conversation_features(empty)
    )


def test_system_tools_and_messages_are_counted() -> None:
    estimator = TokenEstimator()
    sizes = [
        estimator.estimate(conversation_features(conversation))
        for conversation in (
            Conversation(()),
            Conversation((), (Text("Be brief."),)),
            Conversation((), (Text("Be brief."),), (Tool("read", "Reads."),)),
            Conversation(
                (), (Text("Be brief."),), (Tool("w", server={"type": "web_search_20250305"}),)
            ),
            Conversation((Message("user", ()),) * 20, (Text("Be brief."),)),
        )
    ]
    assert sizes[0] == 0
    assert sizes == sorted(set(sizes))


BODY: dict[str, Any] = {
    "model": "m",
    "system": [{"type": "text", "text": "Be brief."}],
    "messages": [
        {"role": "user", "content": "Look at this."},
        {
            "role": "assistant",
            "content": [
                {"type": "thinking", "thinking": "hm hm", "signature": "s"},
                {"type": "redacted_thinking", "data": "c2Vj"},
                {"type": "tool_use", "id": "c", "name": "read", "input": {"path": "a\u00e9"}},
            ],
        },
        {
            "role": "user",
            "content": [
                {
                    "type": "tool_result",
                    "tool_use_id": "c",
                    "content": [
                        {"type": "text", "text": "done"},
                        {"type": "tool_reference", "tool_name": "grep"},
                        {"type": "image", "source": {"type": "base64", "data": PNG.decode()}},
                    ],
                },
                {"type": "document", "source": {"type": "base64", "data": "JVBERi0="}},
                {"type": "document", "source": {"type": "text", "data": "plain"}},
                {"type": "document", "source": {"content": [{"type": "text", "text": "part"}]}},
                {"type": "odd", "value": 1},
            ],
        },
    ],
}
SAME = Conversation(
    (
        Message("user", (Text("Look at this."),)),
        Message(
            "assistant",
            (
                Thinking("hm hm"),
                RedactedThinking("c2Vj"),
                ToolUse("c", "read", {"path": "a\u00e9"}),
            ),
        ),
        Message(
            "user",
            (
                ToolResult(
                    "c",
                    (
                        Text("done"),
                        ToolReference("grep"),
                        Media("image", "image/png", data=PNG.decode()),
                    ),
                ),
                Media("document", data="JVBERi0="),
                Media("document", text="plain"),
                Text("part"),
                Other("anthropic", "odd", {"type": "odd", "value": 1}),
            ),
        ),
    ),
    (Text("Be brief."),),
)


def test_a_messages_body_counts_like_the_conversation_that_it_is() -> None:
    found = messages_features(parse_request(json.dumps(BODY).encode()))
    assert named(found) == named(conversation_features(SAME))
    tools: list[Any] = [
        {"name": f"t{n}", "description": "Some words.", "input_schema": {}} for n in range(3)
    ]
    more = messages_features(parse_request(json.dumps(BODY | {"tools": tools}).encode()))
    assert named(more)["tools"] == 3
    assert named(more)["words"] > named(found)["words"]


def jpeg(width: int, height: int) -> bytes:
    """The beginning of a photograph, with a preview's segment before its frame."""
    frame = b"\xff\xc2\0\x11\x08" + height.to_bytes(2) + width.to_bytes(2)
    return b"\xff\xd8\xff\xe1\0\x08preview"[:12] + frame + bytes(20)


@pytest.mark.parametrize(
    ("head", "tokens"),
    [
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (1000).to_bytes(4) + (750).to_bytes(4), 1_000),
        (b"GIF89a" + (600).to_bytes(2, "little") + (500).to_bytes(2, "little"), 400),
        (jpeg(1000, 750), 1_000),
        (b"RIFF\0\0\0\0WEBPVP8X" + bytes(8) + b"\xe7\x03\0\xed\x02\0", 1_000),
        (
            b"RIFF\0\0\0\0WEBPVP8L" + bytes(5) + (999 | 749 << 14).to_bytes(4, "little") + bytes(5),
            1_000,
        ),
        (b"RIFF\0\0\0\0WEBPVP8 " + bytes(10) + b"\xe8\x03\xee\x02", 1_000),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + bytes(8), IMAGE_TOKENS_MIN),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + b"\xff" * 8, IMAGE_TOKENS_MAX),
        (b"\x89PNG", IMAGE_TOKENS),
        (b"\xff\xd8\xff\xff\0\0\xff", IMAGE_TOKENS),
        (b"anything", IMAGE_TOKENS),
    ],
)
def test_an_image_costs_by_its_area_where_that_is_known(head: bytes, tokens: int) -> None:
    assert image_tokens(base64.b64encode(head).decode()) == tokens


def test_what_is_no_image_costs_as_one_of_unknown_size() -> None:
    assert image_tokens("") == image_tokens("no base64!") == IMAGE_TOKENS


def test_a_document_costs_by_its_bytes() -> None:
    assert document_tokens("") == PAGE_TOKENS
    assert document_tokens("x" * 100_000) == 2 * PAGE_TOKENS
    assert document_tokens("x" * 100_000_000) == PAGES_MAX * PAGE_TOKENS


HELLO = features_of([b"Hello world, how are you today? " * 50], messages=2)


@pytest.mark.parametrize("reported", [-5, 0, 1, 10**9])
def test_a_count_that_no_tokenizer_has_is_not_learned_from(reported: int) -> None:
    estimator = TokenEstimator()
    before = estimator.estimate(HELLO)
    estimator.observe(HELLO, reported)
    assert (estimator.estimate(HELLO), estimator.observations) == (before, 0)


def test_an_estimator_does_not_grow() -> None:
    estimator = TokenEstimator()
    for _ in range(300):
        estimator.observe(HELLO, 700)
    assert abs(estimator.estimate(HELLO) - 700) < 5
    state = [getattr(estimator, name) for name in ("_weights", "_covariance")]
    assert [len(each) for each in state] == [len(PRIOR)] * 2


def test_an_endpoint_whose_model_was_replaced_is_followed() -> None:
    estimator = TokenEstimator()
    for _ in range(50):
        estimator.observe(HELLO, 500)
    for _ in range(10):
        estimator.observe(HELLO, 800)
    assert abs(estimator.estimate(HELLO) / 800 - 1) < NEAR


FEATURES = st.lists(
    st.integers(0, 100) | st.integers(0, 10**7), min_size=len(NAMES), max_size=len(NAMES)
).map(lambda counts: TokenFeatures(tuple(counts)))


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(FEATURES, st.floats(0.3, 3.0)), max_size=12), FEATURES)
def test_no_reports_lead_an_estimate_out_of_its_band(
    reports: list[tuple[TokenFeatures, float]], asked: TokenFeatures
) -> None:
    estimator = TokenEstimator()
    first = TokenEstimator().estimate(asked)
    for features, factor in reports:
        estimator.observe(features, round(TokenEstimator().estimate(features) * factor))
    assert first / BAND - 1 <= estimator.estimate(asked) <= first * BAND + BAND
