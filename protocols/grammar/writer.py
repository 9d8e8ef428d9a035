"""Writes a grammar in llama.cpp's notation: what the families of model formats build calls from.

A body is GBNF: names of rules, `literal`s, and groups, alternatives and classes by hand. A rule is
a name. Rules with the same body are one: forty tools share their strings.

    writer = GrammarWriter()
    call = writer.literal('<tool_call>') + " " + writer.schema(tool.schema) + ...
    gbnf = writer.text(call)
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from . import gbnf, raw, strings
from .document import Schema
from .json_rules import JsonRules
from .parts import Part, in_order
from .rules import NOTHING, Rules
from .schema import Place, SchemaRules

_SHARED: Final = ("$defs", "definitions")
"""Where parts of a schema are kept that its properties refer to."""
ANY_OBJECT: Final[Schema] = {"type": "object"}


class GrammarWriter:
    """One grammar in the making."""

    def __init__(self) -> None:
        self._rules = Rules()
        self._json = JsonRules(self._rules)
        self._bare: dict[str, JsonRules] = {}
        self._marked: dict[tuple[str, ...], JsonRules] = {}

    @property
    def space(self) -> str:
        """The rule of space as JSON may have it between its parts: none, or a little."""
        return self._json.space

    def rule(self, hint: str, body: str) -> str:
        """The name of a rule with this body; the hint, made a name, helps a reader."""
        return self._rules.add(hint, body)

    @staticmethod
    def literal(text: str) -> str:
        """A body: exactly this text."""
        return gbnf.literal(text)

    def schema(self, schema: Schema, hint: str = "value") -> str:
        """A rule: one JSON value that is valid for the schema, without space around it.

        Of a schema that nothing is valid for, any value: validation after tells it all.
        """
        written = SchemaRules(self._json, schema).value(schema, Place(hint))
        return written or self._json.any_value()

    def input(self, schema: Schema, hint: str = "input") -> str:
        """A rule: a tool's input, which is an object whatever its schema forgets to say."""
        if isinstance(schema, dict) and schema.get("type") == "object":
            return self.schema(schema, hint)
        written = SchemaRules(self._json, schema)
        return (
            written.value({"allOf": [ANY_OBJECT, schema]}, Place(hint)) or self._json.any_object()
        )

    def bare_input(self, schema: Schema, quote: str, hint: str = "input") -> str:
        """A rule: a tool's input as Gemma's families write it: strings as they are between two of
        these marks, keys without quotes and sorted, no space; all else is JSON."""
        if quote not in self._bare:
            self._bare[quote] = JsonRules(self._rules, raw.bare_notation(self._rules, quote))
        json = self._bare[quote]
        whole: Schema = {"allOf": [ANY_OBJECT, schema]}
        return SchemaRules(json, schema).value(whole, Place(hint)) or json.any_object()

    def argument(self, schema: Schema, end_marks: Sequence[str], hint: str = "argument") -> str:
        """A rule: a value as XML-like formats write it, before one of the end marks.

        Strings stand there as they are, and all else is JSON, in which no mark occurs either. A
        string that could be read as JSON of another type that the schema allows will be: where it
        allows strings alone (`is_text`), it is a string to the character.
        """
        found = [self.bare_text(schema, end_marks, hint), self.others(schema, end_marks, hint)]
        rules = [rule for rule in found if rule is not None]
        return self._rules.any_of(hint, rules) if rules else self.raw_until(end_marks)

    def bare_text(self, schema: Schema, end_marks: Sequence[str], hint: str) -> str | None:
        """A rule: a string that is valid for the schema, as it is, before one of the end marks;
        None if no string is."""
        letters = raw.letters(self._rules, end_marks)
        return SchemaRules(self._json, schema).text(schema, letters, Place(hint))

    def others(self, schema: Schema, end_marks: Sequence[str], hint: str) -> str | None:
        """A rule: a value that is valid for the schema and no string, as JSON in which no end mark
        occurs; None if there is none."""
        return SchemaRules(self._before(tuple(end_marks)), schema).others(schema, Place(hint))

    def raw_until(self, end_marks: Sequence[str]) -> str:
        """A rule: any text, also none, in which none of the marks occurs. The mark itself is not
        part of it: write it after the rule."""
        return raw.text(self._rules, end_marks)

    def choice(self, texts: Sequence[str], hint: str = "choice") -> str:
        """A rule: one of these texts, quick to tell apart."""
        return self._rules.add(hint, strings.choice(self._rules, texts, hint))

    def subset(
        self, parts: Sequence[tuple[str, bool]], separator: str = NOTHING, hint: str = "parts"
    ) -> str:
        """A rule: these bodies in this order, with the separator (a body) between two of them.

        Each part is a body and whether it must be there; any subset of the others may be.
        """
        listed = [Part(body, needed) for body, needed in parts]
        written = in_order(self._rules, listed, separator=separator, hint=hint)
        options = [
            *([written.some] if written.some else []),
            *([NOTHING] if written.may_be_none else []),
        ]
        return self._rules.any_of(hint, options)

    def times(self, item: str, least: int, most: int | None, hint: str = "some") -> str:
        """A rule: `least` to `most` times a rule that matches something (None: without end)."""
        return self._rules.add(hint, self._rules.times(item, least, most, hint))

    def _before(self, marks: tuple[str, ...]) -> JsonRules:
        """JSON before these marks."""
        if marks not in self._marked:
            self._marked[marks] = JsonRules(self._rules, raw.json_notation(self._rules, marks))
        return self._marked[marks]

    def text(self, root_body: str) -> str:
        """The whole grammar, whose `root` has this body."""
        return self._rules.text(root_body)


class Member(NamedTuple):
    """A property of a tool's input; its schema holds all that it may refer to."""

    name: str
    schema: Schema
    is_required: bool

    @property
    def is_text(self) -> bool:
        """Whether nothing but strings is allowed."""
        return is_text(self.schema)


def members_of(schema: Schema) -> list[list[Member]]:
    """The properties of a tool's input, for families that write each by itself: one list for each
    way in which the schema can be met, of which one alone is usual."""
    written = SchemaRules(JsonRules(Rules()), schema)
    root: dict[str, Any] = {} if isinstance(schema, bool) else schema
    shared: dict[str, Any] = {key: root[key] for key in _SHARED if key in root}
    flats = (flat for flat, _ in written.flats({"allOf": [ANY_OBJECT, schema]}, Place()))
    return [
        [
            Member(name, _with(flat.member(name), shared), name in flat.required)
            for name in dict.fromkeys([*flat.properties, *flat.required])
            if flat.member(name) is not False
        ]
        for flat in flats
    ]


def _with(schema: Schema, shared: dict[str, Any]) -> Schema:
    """A part of a schema, with what it may refer to."""
    return {**({} if schema is True else {"allOf": [schema]}), **shared} if shared else schema


def is_text(schema: Schema) -> bool:
    """Whether a schema allows strings alone: then XML-like formats write them as they are."""
    return SchemaRules(JsonRules(Rules()), schema).is_text(schema)


def outside_subset(schema: Schema) -> tuple[str, ...]:
    """The features of a schema that a grammar does not hold, each with its path; where there are
    some, validation has to judge what was written."""
    written = SchemaRules(JsonRules(Rules()), schema)
    if written.value(schema, Place()) is None:
        return (*written.notes, "nothing is valid")
    return tuple(written.notes)


def output_grammar(schema: Schema) -> str:
    """The grammar of structured output: one value, and nothing else. {} is any JSON object."""
    writer = GrammarWriter()
    return writer.text(writer.schema(schema if schema != {} else ANY_OBJECT, "output"))
