"""Teaches the classifier what the sets say, and writes its weights: `make classifier`.

    python -m understudy.tests.switching.teach OUT [--without SET ...]

Learns from every sentence of the sets but the held-out ones: what stands before the work of a
command, whole commands, and work that looks like either. Softmax regression, all sentences at once
(L-BFGS), the weights rounded to bytes; what is drawn has a seed, so the same versions of the
packages give the same bytes. With `--without` those sets are left out, and what is written is tried
on them: how it would do with people it has not met.

Needs the extra `train` (torch), and some minutes.
"""
# mypy: ignore-errors
# pyright: basic, reportMissingImports=false
# (Both: the training packages are not installed where the linters run.)

from __future__ import annotations

import argparse
from array import array
from collections import Counter
from collections.abc import Container, Iterable, Iterator, Sequence
from functools import partial
from itertools import islice
from pathlib import Path
from random import Random
from typing import Any

import attrs
import torch
from understudy.io.classifier.weights import write_classifier
from understudy.protocols.switching.classifier import MEANINGS, WIDTH, Classifier
from understudy.protocols.switching.features import ROWS, Wording, features, rows_of
from understudy.protocols.switching.heard import Said
from understudy.protocols.switching.learnt import (
    SURE,
    UNLIKELY,
    WHOLE,
    clauses_of,
    wording_of,
)
from understudy.protocols.switching.matcher import match
from understudy.protocols.switching.meaning import Meaning
from understudy.protocols.switching.parts import part_ends

from .joined import joined
from .negative_families import generate
from .worlds import SETS, TAUGHT, WORLD, cases, heard, is_right

HELD_OUT = "held_out_"
FRAMES = ("injections", "negative_frames", "negative_words")
"""Files beside the sets that are none."""
GENERATED = 15_000
JOINED = 25_000
GENERATED_SEED = 2026
"""Not that of the test."""
KNOWN_MIN = 3
"""Of sentences with a word that is known."""
SPOKEN_MIN = 2
"""Of commands with a word that is no stranger in one."""
REGULARITY = 0.3
"""How far a weight may go for one sentence: C of a regression."""
STEPS = (70, 25, 25, 25)
"""Of the descent: to what fits all, then to what fits the mistaken ones more."""
CURATED_COST = 3.0
"""Of a sentence of the older sets and of `rules`, which are without contradictions."""
MARGIN = 1.0
"""So much below what is sure work has to stay."""
MISTAKE_COST = 5.0
"""By so much a sentence counts more, each time that it is work and is near to a command."""
BYTE_MAX = 127
_INTENTS: dict[str, Meaning] = {
    "back": "back",
    "which": "which",
    "list": "list",
    "recommend": "advice",
}


@attrs.frozen
class Sentence:
    """What was said, as it is weighed and as text, and what was meant; None for work."""

    wording: Wording
    text: str
    meaning: Meaning | None
    cost: float = 1.0
    """Of a mistake in it."""


def before_work(text: str) -> list[tuple[str, str]]:
    """All that may stand before work in a text, with that work."""
    plain = text.strip()
    ends = [(plain[: each.start()], plain[each.end() :]) for each in part_ends(plain)]
    return [(said, work) for said, work in ends if said.strip() and work.strip()]


def sentences(case: dict[str, Any]) -> Iterator[Sentence]:
    """What a labelled text teaches: it as a whole, or what stands before work in it."""
    text = case["text"]
    whole, before = [(text, "")], before_work(text)
    meaning = _meaning(case)
    parts = before if meaning == "this" else whole if meaning else [*whole, *before]
    for head, work in parts:
        said = Said.of(head, WORLD)
        if said.signs:
            wording = wording_of(said, clauses_of(said, WORLD), work)
            yield Sentence(wording, text, meaning, case.get("cost", 1.0))


def _meaning(case: dict[str, Any]) -> Meaning | None:
    intent = case.get("intent")
    if intent != "switch":
        return _INTENTS.get(str(intent))
    return "this" if case["work"] else case["scope"]


def taught(without: Iterable[str] = ()) -> list[Sentence]:
    """All sentences of the sets that are for teaching."""
    left_out = (*FRAMES, *without)
    paths = [*sorted(SETS.glob("*.jsonl")), *TAUGHT]
    names = [each for each in paths if not each.stem.startswith(HELD_OUT)]
    found = [
        {**case, "cost": CURATED_COST if each.suffix == ".jsonl" or each.stem == "rules" else 1.0}
        for each in names
        if each.stem not in left_out
        for case in cases(each)
    ]
    random = Random(GENERATED_SEED)
    made = [{"text": text} for text in islice(generate(random), GENERATED)]
    beside = islice(joined(found, random), JOINED)
    return [each for case in [*found, *made, *beside] for each in sentences(case)]


def teach(said: Sequence[Sentence]) -> Classifier:
    """The classifier that these sentences make."""
    words = _common(said, KNOWN_MIN)
    spoken = _common((each for each in said if each.meaning), SPOKEN_MIN)
    rows = [sorted(rows_of(features(each.wording, words))) for each in said]
    labels = torch.tensor(
        [MEANINGS.index(each.meaning) + 1 if each.meaning else 0 for each in said]
    )
    flat = torch.tensor([row for each in rows for row in each])
    starts = torch.tensor([0, *_sums(rows)][:-1])
    table = torch.zeros(ROWS, WIDTH + 1, requires_grad=True)
    bias = torch.zeros(WIDTH + 1, requires_grad=True)
    misread = {each.text for each in said if each.meaning is None and match(each.text, WORLD)}
    costs = torch.tensor([each.cost for each in said])
    for steps in STEPS:
        _fit(table, bias, steps, partial(_odds, flat, starts), labels, costs)
        found = _classifier(table, bias, words, spoken)
        mistaken = [each.meaning is None and _is_near(found, each, misread) for each in said]
        print(f"{sum(mistaken)} sentences of work are near to commands")
        costs = costs * torch.tensor([MISTAKE_COST if each else 1.0 for each in mistaken])
    return found


def _is_near(classifier: Classifier, said: Sentence, misread: Container[str]) -> bool:
    """Whether work may be taken for a command: by the weights, or by the grammar for all that."""
    likely = classifier.likelihood(said.wording)
    is_heard = max(map(likely.odds, WHOLE)) > SURE - MARGIN
    return is_heard or (said.text in misread and likely.nothing() < UNLIKELY)


def _odds(
    flat: torch.Tensor, starts: torch.Tensor, table: torch.Tensor, bias: torch.Tensor
) -> torch.Tensor:
    return torch.nn.functional.embedding_bag(flat, table, starts, mode="sum") + bias


def _fit(table, bias, steps, odds, labels, costs) -> None:
    """Fits the weights, where a mistake in each sentence costs so much."""
    descent = torch.optim.LBFGS(
        [table, bias], max_iter=steps, history_size=10, line_search_fn="strong_wolfe"
    )

    def loss() -> torch.Tensor:
        descent.zero_grad()
        errors = torch.nn.functional.cross_entropy(odds(table, bias), labels, reduction="none")
        total = REGULARITY * (costs * errors).sum() + table.square().sum() / 2
        total.backward()
        return total

    descent.step(loss)


def _classifier(table, bias, words: frozenset[str], spoken: frozenset[str]) -> Classifier:
    above = (table[:, 1:] - table[:, :1]).detach()
    scale = float(above.abs().max()) / BYTE_MAX
    weights = [array("b", each.tolist()) for each in (above / scale).round().to(torch.int8).T]
    offsets = [round(float(each), 4) for each in (bias[1:] - bias[0]).detach()]
    return Classifier(weights, scale, offsets, words, spoken)


def _common(said: Iterable[Sentence], least: int) -> frozenset[str]:
    count = Counter(word for each in said for word in set(each.wording.signs))
    return frozenset(word for word, number in count.items() if number >= least)


def _sums(rows: Sequence[Sequence[int]]) -> Iterator[int]:
    total = 0
    for each in rows:
        total += len(each)
        yield total


def main() -> None:
    """Reads the arguments, teaches, writes."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("--without", nargs="*", default=[])
    asked = parser.parse_args()
    torch.manual_seed(0)
    said = taught(asked.without)
    print(f"{len(said)} sentences")
    found = teach(said)
    write_classifier(asked.out, found)
    for path in [*SETS.glob("*.jsonl"), *TAUGHT]:
        if path.stem in asked.without:
            print(path.stem, report(found, cases(path)))


def report(classifier: Classifier, found: Sequence[dict[str, Any]]) -> str:
    """How a classifier does with sentences that it has not met."""
    commands = [case for case in found if "intent" in case]
    right = sum(is_right(case, classifier) for case in commands)
    work = [case["text"] for case in found if "intent" not in case]
    taken = sum(heard(text, classifier) is not None for text in work)
    return f"{right} of {len(commands)} understood, {taken} of {len(work)} taken for commands"


if __name__ == "__main__":
    main()
