"""What is learnt from sentences: the features, the file, and what the guess may not be sure of."""

from __future__ import annotations

import math
from array import array
from pathlib import Path

import msgspec
import pytest
from understudy.io.classifier.weights import load_classifier, write_classifier
from understudy.protocols.switching.classifier import MEANINGS, STRANGE_COST, WIDTH, Classifier
from understudy.protocols.switching.command import AskWhich, GoBack, Switch
from understudy.protocols.switching.features import (
    ROWS,
    WORK_WORDS_MAX,
    Wording,
    features,
    rows_of,
)
from understudy.protocols.switching.heard import Said
from understudy.protocols.switching.learnt import Guess
from understudy.protocols.switching.matcher import TYPED_CHARACTERS_MAX, match
from understudy.protocols.switching.parts import COMMAND_CHARACTERS_MAX

from .worlds import FLASH, LOCAL, OPUS, SONNET, WORLD, heard

EMPTY = [array("b", bytes(ROWS))] * WIDTH
WORDS = frozenset(["put", "me", "on"])


def found_in(wording: Wording) -> set[str]:
    return set(features(wording, WORDS))


def test_features_are_words_what_follows_them_and_their_pieces() -> None:
    found = list(features(Wording(["put", "switching", "@"], "Put switching @?"), WORDS))
    assert {"1 put", "2 put ?", "3 put ? @", "1 1 put @", "<swi", "hing>", "asks True"} < {*found}
    assert {"names 1", "unknown 1", "all put ? @"} < {*found}
    assert not any("opus" in each for each in found)
    assert rows_of(iter(found)) == rows_of(iter(found * 2))


def test_a_feature_says_on_which_side_of_a_name_a_word_stands() -> None:
    found = found_in(Wording(["put", "@", "on"], "put @ on"))
    assert {"before put", "after on", "around put on"} < found
    assert found.isdisjoint(["before on", "after put"])


def test_a_feature_says_in_which_clause_a_word_stands() -> None:
    clauses = [["put"], ["put", "@"], ["on"]]
    found = found_in(Wording(["put", "put", "@", "on"], "put, put @, on", clauses))
    assert {"< put", "named put", "named put @", "> on", "> on $"} < found
    assert found.isdisjoint(["< @", "named on", "> put"])
    assert "nowhere me" in found_in(Wording(["put", "me"], "put, me", [["put"], ["me"]]))


def test_features_are_how_the_work_begins_that_follows() -> None:
    work = ["put", "it", "on", *["me"] * WORK_WORDS_MAX]
    found = found_in(Wording(["@"], "@", work=work))
    assert {"work put", "work put ?", "in work on"} < found
    assert "in work me" in found
    assert "work" not in " ".join(found_in(Wording(["@"], "@")))


def test_what_has_no_weights_is_as_likely_as_nothing() -> None:
    likely = Classifier(EMPTY, spoken=WORDS).likelihood(
        Wording(["put", "me", "on", "@"], "put me on @")
    )
    assert likely.nothing() == pytest.approx(1 / 8)
    assert likely.odds(["back"]) == pytest.approx(math.log(1 / 7))
    assert likely.odds(MEANINGS) == pytest.approx(math.log(7))


def test_a_strange_word_costs() -> None:
    untaught = Classifier(EMPTY, spoken=WORDS)
    known = untaught.likelihood(Wording(["put", "me"], "put me")).odds(["back"])
    strange = untaught.likelihood(Wording(["put", "codecs"], "put codecs")).odds(["back"])
    assert known - strange == pytest.approx(STRANGE_COST)


def test_no_weight_is_too_much_for_a_number() -> None:
    heavy = Classifier([array("b", b"\x7f" * ROWS)] * WIDTH, 100.0)
    likely = heavy.likelihood(Wording(["put"] * 40, "put " * 40))
    assert likely.nothing() >= 0
    assert math.isfinite(likely.odds(["back"]))


def test_the_file_holds_what_was_written(tmp_path: Path) -> None:
    weights = [array("b", each) for each in EMPTY]
    weights[5][3] = -7
    written = Classifier(weights, 0.5, (1.0,) * WIDTH, WORDS, frozenset(["me"]))
    write_classifier(tmp_path / "one", written)
    write_classifier(tmp_path / "two", written)
    assert load_classifier(tmp_path / "one") == written
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


@pytest.mark.parametrize("weights", ["", "!", "AAAA", "eJwDAAAAAAE="])
def test_a_file_that_is_none_is_refused(tmp_path: Path, weights: str) -> None:
    stored = {"scale": 1.0, "bias": [0.0] * WIDTH, "words": "", "spoken": "", "weights": weights}
    (tmp_path / "file").write_bytes(msgspec.json.encode(stored))
    with pytest.raises(ValueError, match=r"file: .*make classifier"):
        load_classifier(tmp_path / "file")


def test_no_name_of_a_model_has_been_learnt() -> None:
    taught = load_classifier()
    assert taught.words
    assert taught.words.isdisjoint(["opus", "sonnet", "haiku", "kimi", "qwen", "gemini"])


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("honestly I'd be happier if sonnet did the talking from here on", Switch((SONNET,))),
        ("opus costs me a fortune, let gemini flash carry on from here", Switch((FLASH,))),
        ("okay, experiment over, restore the model that was answering before", GoBack()),
        ("I've lost track, which model has been answering me lately?", AskWhich()),
        (
            "there are patients named in it, so the one on my laptop for this: rename the fields",
            Switch((LOCAL,), "answer", work=True),
        ),
    ],
)
def test_what_no_table_has_is_heard(text: str, found: object) -> None:
    assert match(text, WORLD) != found
    assert heard(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "my boss says opus is what everybody uses these days, is that so?",
        "yesterday I switched to opus and it broke the build, why?",
        "go with opus 3 from now on please",
        "I'd like to go on with mistral from now on",
        "opus: the plural is opera, right?",
        "I'd rather not talk to opus from here on",
        "stop using opus please",
        "anything but opus from now on please",
        "opus costs me a fortune, let mistral carry on from here",
        "let mistral do the talking from here on instead of opus",
        "let sonnet take over from here tomorrow",
        "translate into french, I want sonnet to take over from here",
        "let sonnet carry on from here and run the migration please",
        "explain\u2028let opus carry on from here",
        "translate this\u2014let sonnet carry on from here",
        "\u2018let opus carry on from here\u2019 is the string",
        "restore the previous model weights please",
        "fix the bug. let sonnet carry on from here",
        "why is the sky blue? use opus from now on",
        "use opus from now on, fix the bug",
        "never go back to the model we had before",
        "did you go back to the previous model?",
        "go back to the previous model tomorrow",
        "talk to me like a pro from now on",
        "ask a pro to do it",
        "something other than opus please",
        "from now on not the opus please",
        "plus jamais opus à partir de maintenant",
        "これからはopus以外で",
        "use opus three from now on please",
        "switch to opus 4 point 6 from now on",
        "switch to opus in 4-5 minutes",
        "get me grok",
        "what model is best for time series forecasting?",
    ],
)
def test_what_sounds_like_it_is_work(text: str) -> None:
    assert heard(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "I'd be happier if opus did the talking from here on, oh, sonnet is so slow",
        "use opus from now on, well, sonnet is slower",
    ],
)
def test_a_sigh_takes_nothing_back(text: str) -> None:
    found = heard(text)
    assert found is None or (isinstance(found, Switch) and found.places == (OPUS,))


@pytest.mark.parametrize(
    "after", ["sorry, not sonnet", "no, forget sonnet", "oh, sonnet too", "wait, why sonnet?"]
)
def test_a_name_that_is_not_wanted_instead_takes_nothing_back(after: str) -> None:
    found = heard(f"let opus carry on from here, {after}")
    assert found is None or (isinstance(found, Switch) and found.places == (OPUS,))


@pytest.mark.parametrize("sign", ["\u300c", "\u2018", '"'])
@pytest.mark.parametrize("letter", ["\u72ac", "\u3042", "a ", "a"])
def test_an_open_quotation_takes_no_time(sign: str, letter: str) -> None:
    text = f"opus: {sign}{letter * 4_000}"[:TYPED_CHARACTERS_MAX]
    match(text, WORLD, (), load_classifier())
    match(text[6:COMMAND_CHARACTERS_MAX], WORLD, (), load_classifier())


def test_where_two_places_are_wanted_none_is() -> None:
    text = "use opus from here on, use sonnet from here on"
    guess = Guess.of(Said.of(text, WORLD), WORLD, load_classifier())
    assert guess.heard() is None


def test_a_place_that_is_clearly_set_aside_is_not_meant() -> None:
    said = Said.of("I have had enough of opus today, I'd rather talk to sonnet", WORLD)
    found = Guess.of(said, WORLD, load_classifier()).heard()
    assert found is not None
    assert list(found.names) == [(SONNET,)]
