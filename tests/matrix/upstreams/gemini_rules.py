"""What generateContent accepts (ai.google.dev, "Generating content", "Function calling").

Members come in camel case, which the API documents, or in snake case, which the SDK mixes in: a
proto's JSON reader takes both.
"""

from __future__ import annotations

from typing import Any, cast

from ..question import Json
from .rules import Complaints
from .script import Heard, HeardResult, HeardTool

OPTIONAL = "systemInstruction tools toolConfig safetySettings generationConfig cachedContent"
GENERATION = (
    "stopSequences responseMimeType responseSchema responseJsonSchema responseModalities"
    " candidateCount maxOutputTokens temperature topP topK seed presencePenalty frequencyPenalty"
    " responseLogprobs logprobs thinkingConfig mediaResolution"
)
SCHEMA = (
    "type format title description nullable enum maxItems minItems properties required"
    " minProperties maxProperties minLength maxLength pattern example anyOf propertyOrdering"
    " default items minimum maximum additionalProperties $defs $ref"
)
TOOL_NAME = r"[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}"
DATA = "text inlineData fileData functionCall functionResponse"
IMAGE_TYPES = "image/png image/jpeg image/webp image/heic image/heif"
FREE = ("args", "response", "parameters", "parametersJsonSchema", "responseSchema")
STANDARD = str.maketrans("-_", "+/")
"""A proto's JSON reader takes both forms of base64; the SDK writes the one for URLs."""
NO_SIGNATURE = "skip_thought_signature_validator"
"""What the provider takes for a call that another model has made."""
STOPS_MAX = 5


def hear(body: Json, complaints: Complaints) -> Heard:
    """Reads a request; notes what the provider would refuse."""
    body = camel(body)
    complaints.members(body, "body", "contents", OPTIONAL)
    generation = complaints.members(
        body.get("generationConfig", {}), "generationConfig", "", GENERATION
    )
    heard = Heard(
        max_tokens=generation.get("maxOutputTokens"),
        stop_sequences=list(generation.get("stopSequences") or []),
    )
    complaints.that(len(heard.stop_sequences) <= STOPS_MAX, "stopSequences: at most 5")
    if "thinkingConfig" in generation:
        optional = "includeThoughts thinkingBudget thinkingLevel"
        complaints.members(generation["thinkingConfig"], "thinkingConfig", "", optional)
    if "systemInstruction" in body:
        system = complaints.members(body["systemInstruction"], "systemInstruction", "parts", "role")
        texts = [str(part.get("text")) for part in complaints.items(system.get("parts"), "system")]
        heard.system = "\n".join(texts)
    for place, tool in enumerate(body.get("tools") or []):
        complaints.members(tool, f"tools.{place}", "functionDeclarations")
        for number, declaration in enumerate(tool.get("functionDeclarations") or []):
            where = f"tools.{place}.functionDeclarations.{number}"
            heard.tools.append(_declaration(declaration, where, complaints))
    if "toolConfig" in body:
        config = complaints.members(body["toolConfig"], "toolConfig", "functionCallingConfig")
        calling = complaints.members(
            config.get("functionCallingConfig"), "toolConfig", "mode", "allowedFunctionNames"
        )
        named = "tool" if "allowedFunctionNames" in calling else str(calling.get("mode")).lower()
        heard.choice = named
    heard.temperature = generation.get("temperature")
    _Contents(heard, complaints).read(body.get("contents"))
    return heard


def camel(value: Any) -> Any:
    """The value with its members in camel case, but for what is the user's own JSON."""
    if isinstance(value, list):
        return [camel(item) for item in cast(list[Any], value)]
    if not isinstance(value, dict):
        return value
    made: Json = {}
    for name, inner in cast(Json, value).items():
        first, *rest = name.split("_")
        named = first + "".join(word.capitalize() for word in rest)
        made[named] = inner if named in FREE else camel(inner)
    return made


def _declaration(value: Any, where: str, complaints: Complaints) -> HeardTool:
    optional = "parameters parametersJsonSchema response behavior"
    complaints.members(value, where, "name description", optional)
    name = complaints.matching(value.get("name"), f"{where}.name", TOOL_NAME)
    both = "parameters" in value and "parametersJsonSchema" in value
    complaints.that(not both, f"{where}: parameters and parametersJsonSchema")
    if "parametersJsonSchema" in value:
        schema = value["parametersJsonSchema"]
        return HeardTool(name, complaints.schema(schema, f"{where}.parametersJsonSchema"))
    if "parameters" not in value:
        return HeardTool(name, {})
    schema = complaints.schema(value["parameters"], f"{where}.parameters")
    _subset(schema, f"{where}.parameters", complaints)
    return HeardTool(name, schema)


def _subset(schema: Any, where: str, complaints: Complaints) -> None:
    """`parameters` takes a subset of OpenAPI's schema, and refuses the rest of JSON Schema."""
    found = complaints.members(schema, where, "", SCHEMA)
    properties: Json = found.get("properties") or {}
    for name, inner in properties.items():
        _subset(inner, f"{where}.{name}", complaints)
    if "items" in found:
        _subset(found["items"], f"{where}.items", complaints)


class _Contents:
    """Reads the contents in order.

    A turn of function calls comes after a user's turn or a turn of responses, and is answered at
    once by as many responses.
    """

    def __init__(self, heard: Heard, complaints: Complaints) -> None:
        self._heard = heard
        self._complaints = complaints
        self._open_calls: list[str] = []

    def read(self, value: Any) -> None:
        before = ""
        contents = self._complaints.items(value, "contents")
        for place, content in enumerate(contents):
            where = f"contents.{place}"
            self._complaints.members(content, where, "parts", "role")
            role = content.get("role", "user")
            self._complaints.one_of(role, f"{where}.role", "user model")
            self._complaints.that(role != before, f"{where}: two turns of the same role")
            before = role
            found = self._complaints.items(content.get("parts"), f"{where}.parts")
            self._turn(role, found, where)
        self._complaints.that(before == "user", "contents: must end with a user's turn")

    def _turn(self, role: str, found: list[Any], where: str) -> None:
        pending, self._open_calls = self._open_calls, []
        answered: list[str] = []
        for place, part in enumerate(found):
            at = f"{where}.parts.{place}"
            optional = f"{DATA} thought thoughtSignature videoMetadata mediaResolution"
            self._complaints.members(part, at, "", optional)
            kinds = [name for name in DATA.split() if name in part]
            if self._complaints.that(len(kinds) == 1, f"{at}: exactly one of {DATA}"):
                if part.get("thoughtSignature", NO_SIGNATURE) != NO_SIGNATURE:
                    self._heard.thoughts.append(part["thoughtSignature"])
                self._part(role, kinds[0], part, at, answered)
        self._complaints.that(
            sorted(answered) == sorted(pending),
            f"{where}: the number of function response parts must equal the number of function"
            f" call parts of the function call turn: {answered} for {pending}",
        )

    def _part(self, role: str, kind: str, part: Json, where: str, answered: list[str]) -> None:
        heard, complaints = self._heard, self._complaints
        if kind == "text":
            alone = "thoughtSignature" in part
            text = complaints.text(part["text"], f"{where}.text", empty=alone)
            if not part.get("thought"):
                (heard.texts if role == "user" else heard.model_texts).append(text)
        elif kind == "inlineData":
            self._blob(part["inlineData"], f"{where}.inlineData", heard.images)
        elif kind == "functionCall":
            complaints.that(role == "model", f"{where}: a function call of the user's")
            call = complaints.members(part["functionCall"], where, "name", "args id")
            name = complaints.matching(call.get("name"), f"{where}.name", TOOL_NAME)
            self._open_calls.append(name)
            heard.calls.append((call.get("id") or name, name, call.get("args") or {}))
        elif kind == "functionResponse":
            complaints.that(role == "user", f"{where}: a function response of the model's")
            answered.append(self._response(part["functionResponse"], where))

    def _response(self, value: Any, where: str) -> str:
        complaints = self._complaints
        found = complaints.members(value, where, "name response", "id parts")
        response = complaints.any_object(found.get("response"), f"{where}.response")
        images: list[bytes] = []
        for place, part in enumerate(found.get("parts") or []):
            complaints.members(part, f"{where}.parts.{place}", "inlineData")
            self._blob(part.get("inlineData"), f"{where}.parts.{place}", images)
        name = complaints.matching(found.get("name"), f"{where}.name", TOOL_NAME)
        text = "\n".join(str(value) for value in response.values())
        call = found.get("id") or name
        self._heard.results.append(HeardResult(call, text, "error" in response, tuple(images)))
        return name

    def _blob(self, value: Any, where: str, images: list[bytes]) -> None:
        complaints = self._complaints
        blob = complaints.members(value, where, "mimeType data", "displayName")
        allowed = f"{IMAGE_TYPES} application/pdf"
        kind = complaints.one_of(blob.get("mimeType"), f"{where}.mimeType", allowed)
        text = complaints.text(blob.get("data"), f"{where}.data")
        data = complaints.decoded(text.translate(STANDARD), f"{where}.data")
        (self._heard.documents if kind == "application/pdf" else images).append(data)
