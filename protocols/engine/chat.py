"""The neutral conversation as a worker is asked it: `Chat` for the template, `Ask` for the answer.

What matters here is that a history reads the same on every turn, for an engine reads again all that
comes after the first change. So no message is written otherwise because of what comes later, and:

- What the system says in mid-conversation becomes a reminder in the user's words, where it was.
- A reminder that comes with the results of tools is said inside the last result. Many templates
  (Qwen 3, GLM, MiniMax) show thinking only after the user's last question, and would take a
  message of its own for one: all thinking since the real question would go, and the prefix with it.
- Tools stay in the prompt whatever `tool_choice` says; the choice is the grammar's business.
- Thinking goes back to the model that wrote it, as `reasoning_content`, however old it is: which of
  it is shown is for the template to say. Another model's, or nobody's, is left out.

What this model cannot be told is left out and named. Messages take the form of Chat Completions,
for which all templates are written, but with arguments as objects. A last message of the assistant
is one that the answer continues.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

import attrs

from ..conversation.blocks import (
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
from ..conversation.deferral import plain_tools
from ..conversation.origin import own_payload
from ..conversation.request import Conversation, Message, Tool
from .messages import Ask, Chat, ToolShape
from .wishes import wished_sampling, wished_thinking, wished_tools

DIALECT: Final = "worker"
"""The name of this dialect, which signs the thinking of its models (`conversation.origin`)."""
APART: Final = "\n\n"
REMINDER: Final = "<system-reminder>\n{}\n</system-reminder>"
ERROR_MARK: Final = "Error: "
ERROR_BEGINNINGS: Final = ("error", "<tool_use_error", "[error")
"""How results begin that say themselves that they are errors."""
LOADED: Final = "The tool {} can be called now."
UNREADABLE: Final = "[{}: this model cannot read it]"

_IS_REMINDER: Final = re.compile(r"\s*<system-reminder>.*</system-reminder>\s*", re.DOTALL)


def ask_of(conversation: Conversation, model: str, request: int = 0) -> tuple[Ask, tuple[str, ...]]:
    """The request for an answer, and the names of what it leaves out."""
    chat, left_out = chat_of(conversation, model)
    dropped = list(left_out)
    wish = wished_tools(conversation, chat.tools, dropped)
    output = conversation.output
    ask = Ask(
        request,
        chat,
        wished_sampling(conversation.sampling, dropped),
        conversation.sampling.max_tokens or 0,
        conversation.sampling.stop_sequences,
        wish.mode,
        wish.name,
        wish.parallel,
        None if output is None else output.schema or {},
    )
    return ask, _once(dropped)


def chat_of(conversation: Conversation, model: str) -> tuple[Chat, tuple[str, ...]]:
    """The conversation as its template reads it, and the names of what that leaves out."""
    writer = _Writer(model, {call: use.name for call, use in conversation.tool_uses().items()})
    writer.dropped += (f"server tool {tool.name}" for tool in conversation.tools if tool.server)
    writer.write(conversation)
    tools = [tool_shape(tool) for tool in plain_tools(conversation)]
    chat = Chat(writer.messages, tools, wished_thinking(conversation.reasoning))
    return chat, _once(writer.dropped)


def _once(names: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(names))


def tool_shape(tool: Tool) -> ToolShape:
    """The tool; its schema has the members which templates read without asking."""
    schema = dict(tool.schema)
    schema.setdefault("type", "object")
    schema.setdefault("properties", {})
    return ToolShape(tool.name, tool.description, schema)


@attrs.define
class _Writer:
    _model: str
    _names: dict[str, str]
    """The names of the tools that were called, by the call's id."""
    messages: list[dict[str, Any]] = attrs.field(factory=list[dict[str, Any]])
    dropped: list[str] = attrs.field(factory=list[str])

    def write(self, conversation: Conversation) -> None:
        """Writes all messages, the system prompt first."""
        system = _joined(block.text for block in conversation.system)
        if system:
            self.messages.append({"role": "system", "content": system})
        following: list[Message] = []
        for message in conversation.messages:
            if message.role == "assistant":
                self._following(following)
                following = []
                self._answer(message.blocks)
            else:
                following.append(message)
        self._following(following)

    def _answer(self, blocks: tuple[Block, ...]) -> None:
        """Adds an assistant's message, unless nothing is left of it."""
        texts: list[str] = []
        thoughts: list[str] = []
        calls: list[dict[str, Any]] = []
        for block in blocks:
            match block:
                case Text(text):
                    texts.append(text)
                case Thinking(text, signature) if text and self._is_own(signature):
                    thoughts.append(text)
                case ToolUse(call, name, given):
                    function = {"name": name, "arguments": given}
                    calls.append({"id": call, "type": "function", "function": function})
                case Thinking() | RedactedThinking():
                    self.dropped.append("thinking")
                case Media() | Other():
                    self.dropped.append(_name(block))
                case _:
                    self.dropped.append(f"block {type(block).__name__}")
        message: dict[str, Any] = {"role": "assistant", "content": _joined(texts)}
        if thoughts:
            message["reasoning_content"] = _joined(thoughts)
        if calls:
            message["tool_calls"] = calls
        if message["content"] or len(message) > 2:
            self.messages.append(message)

    def _is_own(self, signature: str) -> bool:
        return own_payload(signature, DIALECT, self._model) is not None

    def _following(self, messages: list[Message]) -> None:
        """Adds what stands between two answers: every result first, then what is said."""
        blocks = [block for message in messages for block in message.blocks]
        results = [self._result(block) for block in blocks if isinstance(block, ToolResult)]
        self.messages += results
        said = [text for message in messages for text in self._said(message)]
        text = _joined(said)
        if text and results and all(_IS_REMINDER.fullmatch(each) for each in said):
            results[-1]["content"] = _joined((results[-1]["content"], text))
        elif text:
            self.messages.append({"role": "user", "content": text})

    def _result(self, result: ToolResult) -> dict[str, Any]:
        text = "\n".join(words for block in result.content if (words := self._words(block)))
        if result.is_error and not text.lower().startswith(ERROR_BEGINNINGS):
            text = ERROR_MARK + text
        message = {"role": "tool", "tool_call_id": result.tool_use_id, "content": text}
        name = self._names.get(result.tool_use_id)
        return {**message, "name": name} if name else message

    def _said(self, message: Message) -> list[str]:
        """The texts of a message that is not the assistant's, less the results."""
        others = [block for block in message.blocks if not isinstance(block, ToolResult)]
        texts = [words for block in others if (words := self._words(block))]
        if message.role != "system" or not texts:
            return texts
        return [REMINDER.format(_joined(texts))]

    def _words(self, block: Block) -> str:
        """What of a block is text; a word for what cannot be shown, so that nothing is silent."""
        match block:
            case Text(text):
                return text
            case ToolReference(name):
                return LOADED.format(name)
            case Media(text=text) if text:
                return "\n".join(filter(None, (block.title, text)))
            case Media() | Other():
                self.dropped.append(_name(block))
                return UNREADABLE.format(block.kind)
            case _:
                self.dropped.append(f"block {type(block).__name__}")
                return ""


def _joined(texts: Iterable[str]) -> str:
    return APART.join(text for text in texts if text)


def _name(block: Media | Other) -> str:
    """The name under which a block is counted that cannot be shown."""
    return block.kind if isinstance(block, Media) else f"block {block.kind}"
