"""An inquiry against a table of answers: what the transport is in the product."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from understudy.protocols.discovery.found import FoundServer, Inquiry
from understudy.protocols.discovery.inquiry import Answer, Answers, Question

BASE = "http://127.0.0.1:11434"
MISSING = Answer(404, b'{"error":"not found"}')

Table = Mapping[str, Any]
"""Answers by path: JSON values, bytes as they are, or an `Answer`; a `/api/show` by its model."""


def answer_of(table: Table, question: Question) -> Answer:
    """What the table says; whatever it does not have is not found."""
    path = question.path
    if question.body:
        path = f"{path} {json.loads(question.body)['model']}"
    value = table.get(path, MISSING)
    if isinstance(value, Answer):
        return value
    return Answer(200, value if isinstance(value, bytes) else json.dumps(value).encode())


def follow(inquiry: Inquiry, table: Table, asked: list[Question] | None = None) -> FoundServer:
    """Plays an inquiry to its end; `asked` receives the questions."""
    answers: Answers | None = None
    while True:
        try:
            questions = next(inquiry) if answers is None else inquiry.send(answers)
        except StopIteration as found:
            server: FoundServer = found.value
            return server
        if asked is not None:
            asked += questions
        answers = {question: answer_of(table, question) for question in questions}
