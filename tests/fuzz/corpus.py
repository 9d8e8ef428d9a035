"""Valid requests and answers of every dialect, for a mutator to begin with.

One rich conversation, and one answer, are written in each dialect by our own writers. What only one
dialect can say, or only other servers write, is written down here.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from understudy.protocols.conversation.answer import (
    AnswerEnded,
    AnswerEvent,
    AnswerStarted,
    BlockEnded,
    Cited,
    OtherBlock,
    TextDelta,
    ThinkingDelta,
    ThinkingRedacted,
    ThinkingSigned,
    ToolInputDelta,
    ToolUseStarted,
)
from understudy.protocols.conversation.blocks import (
    Media,
    Other,
    RedactedThinking,
    Text,
    Thinking,
    ToolReference,
    ToolResult,
    ToolUse,
)
from understudy.protocols.conversation.origin import signed
from understudy.protocols.conversation.request import (
    Conversation,
    Message,
    OutputFormat,
    Reasoning,
    Sampling,
    Tool,
    ToolChoice,
)
from understudy.protocols.dialect import Target
from understudy.protocols.dialects import SERVED, UPSTREAM
from understudy.protocols.records import Usage

MODELS: Mapping[str, str] = {
    "anthropic": "claude-sonnet-4-5",
    "openai-chat": "gpt-5.5",
    "openai-responses": "gpt-5.5",
    "gemini": "gemini-3-pro",
    "ollama": "gpt-oss:20b",
}
"""For each dialect a model that is asked in most ways."""
_CACHE = {"type": "ephemeral"}
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "properties": {
        "city": {"type": ["string", "null"], "enum": ["Paris", None]},
        "where": {"$ref": "#/$defs/place"},
        "many": {"anyOf": [{"type": "array", "items": {"type": "integer"}}, {"const": 1}]},
    },
    "required": ["city"],
    "$defs": {"place": {"type": "object", "properties": {"next": {"$ref": "#/$defs/place"}}}},
}
_PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAAB"


def _said(dialect: str) -> tuple[Message, ...]:
    own = signed(dialect, MODELS[dialect], "payload")
    foreign = signed("gemini" if dialect != "gemini" else "ollama", "m", "payload")
    return (
        Message("user", (Text("hé🙂", _CACHE), Media("image", "image/png", data=_PNG))),
        Message(
            "assistant",
            (
                Thinking("hm", own),
                Thinking("ha", foreign),
                RedactedThinking("c2Vj"),
                Text("I look."),
                ToolUse("toolu_1", "get_weather", {"city": "Paris"}),
                ToolUse("toolu_2", "mcp__" + "long_" * 20, {}),
            ),
        ),
        Message(
            "user",
            (
                ToolResult("toolu_2", (ToolReference("later"), Text("12:00")), is_error=True),
                ToolResult("toolu_1", (Text("sunny"), Media("image", url="https://a.test/x.png"))),
                ToolResult("orphan", (Other("anthropic", "new", {"type": "new"}),)),
            ),
        ),
        Message("system", (Text("<total_tokens>9 tokens left</total_tokens>"),)),
        Message("user", (Media("document", "application/pdf", data="JVBERi0x", title="a.pdf"),)),
    )


def conversation(dialect: str) -> Conversation:
    """A conversation that says nearly everything."""
    return Conversation(
        messages=_said(dialect),
        system=(Text("Be brief.", _CACHE),),
        tools=(
            Tool("get_weather", "The weather.", _SCHEMA, strict=True, cache=_CACHE),
            Tool("later", "Deferred.", {}, deferred=True),
            Tool("mcp__" + "long_" * 20),
            Tool("web_search", server={"type": "web_search_20250305", "name": "web_search"}),
        ),
        tool_choice=ToolChoice("tool", "get_weather"),
        parallel_tools=False,
        sampling=Sampling(64, 0.5, 0.9, 40, ("END", "."), 7, 0.1, 0.2, {"5": 1}, 2, 1),
        reasoning=Reasoning(True, 2_048, "high", True),
        output=OutputFormat(_SCHEMA, "answer", True),
        user="user-1",
        streamed=True,
    )


USAGE = Usage(12, 41, 3_000, 40, reasoning_tokens=4)
EVENTS: tuple[AnswerEvent, ...] = (
    AnswerStarted(Usage(12, 0, 3_000, 40)),
    ThinkingDelta("hé"),
    ThinkingSigned("understudy:gemini m c2ln"),
    BlockEnded(),
    ThinkingRedacted("c2Vj"),
    TextDelta("one 🙂", ({"token": "one", "logprob": -0.1, "bytes": [1], "top_logprobs": []},)),
    Cited({"type": "web_search_result_location", "url": "https://a.test", "title": "A"}),
    BlockEnded(),
    TextDelta("two"),
    BlockEnded(),
    ToolUseStarted("toolu_1", "get_weather"),
    ToolInputDelta('{"city":'),
    ToolInputDelta('"Paris"}'),
    BlockEnded(),
    ToolUseStarted("toolu_2", "later"),
    BlockEnded(),
    OtherBlock("anthropic", {"type": "server_tool_use", "id": "s", "name": "x", "input": {"a": 1}}),
    AnswerEnded("tool_use", USAGE),
)
"""A whole answer, for every writer."""

FAILURES: tuple[bytes, ...] = (
    b'{"error":{"message":"This model\'s maximum context length is 8192 tokens. However, your '
    b'messages resulted in 9000 tokens.","type":"invalid_request_error","param":"messages",'
    b'"code":"context_length_exceeded"}}',
    b'{"type":"error","error":{"type":"invalid_request_error","message":"input length and '
    b'`max_tokens` exceed context limit: 9 + 3 > 10, decrease"},"request_id":"r"}',
    b'[{"error":{"code":429,"message":"input token count (9) exceeds the maximum number of tokens '
    b'allowed (5)","status":"RESOURCE_EXHAUSTED","details":[{"@type":"x","retryDelay":"7.5s"},'
    b'{"reason":"API_KEY_INVALID"}]}}]',
    b'{"error":"{\\"error\\":{\\"code\\":400,\\"message\\":\\"request (9 tokens) exceeds the '
    b'available context size (5 tokens)\\",\\"n_prompt_tokens\\":9,\\"n_ctx\\":5}}"}',
    b'{"detail":[{"loc":["body","x"],"msg":"field required"}]}',
    b'{"error":{"message":"Rate limit reached. Please try again in 7.2s.","metadata":{"raw":"x"}}}',
)
"""Error bodies of every dialect."""

_EXTRA: Mapping[str, tuple[bytes, ...]] = {
    "anthropic": (
        b'{"model":"m","max_tokens":9,"system":"x-anthropic-billing-header: cc=1\\nBe brief.",'
        b'"thinking":{"type":"adaptive","display":"omitted"},"output_config":{"effort":"max",'
        b'"format":{"type":"json_schema","schema":{}}},"metadata":{"user_id":"u"},"safeguards":{},'
        b'"tools":[{"type":"tool_search_tool_regex_20251119","name":"t"},{"name":"a",'
        b'"input_schema":{},"defer_loading":true}],"messages":[{"role":"ctx","content":"hi"},'
        b'{"role":"assistant","content":[{"type":"server_tool_use","id":"srvtoolu_1","name":"t",'
        b'"input":{"query":"a"}},{"type":"tool_search_tool_result","tool_use_id":"srvtoolu_1",'
        b'"content":{"type":"tool_search_tool_search_result","tool_references":[{"type":'
        b'"tool_reference","tool_name":"a"}]}},{"type":"web_search_tool_result","tool_use_id":"w",'
        b'"content":[{"type":"web_search_result","url":"u","title":"t","encrypted_content":'
        b'"understudy:x"}]}]},{"role":"user","content":[{"type":"search_result","source":"s",'
        b'"title":"t","content":[{"type":"text","text":"x"}]},{"type":"document","source":{"type":'
        b'"content","content":"y"}},{"type":"tool_use","id":"","name":7,"input":"raw"}]}]}',
    ),
    "openai-chat": (
        b'{"model":"m","functions":[{"name":"f","parameters":{}}],"function_call":{"name":"f"},'
        b'"messages":[{"role":"developer","content":[{"type":"text","text":"s"}]},{"role":"user",'
        b'"content":[{"type":"image_url","image_url":{"url":"data:image/png;base64,aGk="}},'
        b'{"type":"input_audio","input_audio":{"data":"aGk=","format":"wav"}},{"type":"file",'
        b'"file":{"file_data":"data:application/pdf;base64,aGk=","filename":"a.pdf"}}]},'
        b'{"role":"assistant","function_call":{"name":"f","arguments":"{bad"},'
        b'"reasoning_details":[{"type":"reasoning.text","text":"x","signature":"c2ln","index":0},'
        b'{"type":"reasoning.encrypted","data":"y"}]},{"role":"function","name":"f",'
        b'"content":"z"}],"reasoning":{"effort":"low","max_tokens":9,"exclude":true},'
        b'"web_search_options":{},"stop":["a"],"logprobs":true,"top_logprobs":2}',
    ),
    "openai-responses": (
        b'{"model":"m","instructions":"s","include":['
        b'"message.output_text.logprobs"],"text":{"format":{"type":"json_schema","name":"n",'
        b'"schema":{},"strict":true}},"reasoning":{"effort":"low","summary":"auto"},"tool_choice":'
        b'{"type":"allowed_tools","mode":"auto","tools":[{"type":"custom","name":"patch"}]},'
        b'"tools":[{"type":"custom","name":"patch","format":{"type":"grammar","definition":"g",'
        b'"syntax":"lark"}},{"type":"namespace","name":"ns","tools":[{"type":"function","name":'
        b'"f","parameters":{}}]},{"type":"local_shell"},{"type":"web_search","filters":{'
        b'"allowed_domains":["a"]}},{"type":"tool_search","execution":"client"}],"input":['
        b'{"role":"user","content":[{"type":"input_image","image_url":"data:image/png;base64,aGk='
        b'"},{"type":"input_file","file_id":"file-1"}]},{"type":"reasoning","id":"rs","summary":['
        b'{"type":"summary_text","text":"x"}],"encrypted_content":"understudy:gemini m p"},'
        b'{"type":"custom_tool_call","call_id":"c","name":"patch","input":"x"},'
        b'{"type":"custom_tool_call_output","call_id":"c","output":[{"type":"input_text","text":'
        b'"y"}]},{"type":"local_shell_call","call_id":"d","action":{"command":["ls"]}},'
        b'{"type":"tool_search_output","execution":"client","call_id":"e","tools":[{"type":'
        b'"function","name":"g"}]},{"type":"item_reference","id":"i"}]}',
    ),
    "gemini": (
        b'{"contents":[{"role":"user","parts":[{"text":"a"},{"inline_data":{"mime_type":'
        b'"image/png","data":"aGk="}},{"fileData":{"fileUri":"gs://a"}}]},{"role":"model","parts":'
        b'[{"text":"t","thought":true},{"functionCall":{"name":"f","args":{}},"thoughtSignature":'
        b'"dW5kZXJzdHVkeTpzaWduZWQgdW5kZXJzdHVkeTpnZW1pbmkgbSBw"},{"executableCode":{}}]},{"role":'
        b'"function","parts":[{"functionResponse":{"name":"f","response":{"output":"x"},"parts":['
        b'{"inlineData":{"mimeType":"image/png","data":"aGk="}}]}}]}],"tools":[{"googleSearch":{}},'
        b'{"functionDeclarations":[{"name":"f","parameters":{"type":"OBJECT","nullable":true,'
        b'"properties":{"a":{"type":"STRING","minLength":"1"}}}}]}],"toolConfig":{'
        b'"functionCallingConfig":{"mode":"ANY","allowedFunctionNames":["f"]}},"generationConfig":'
        b'{"candidateCount":2,"responseMimeType":"application/json","responseSchema":{"type":'
        b'"OBJECT"},"thinkingConfig":{"thinkingBudget":-1,"includeThoughts":true},"seed":1}}',
        b'{"generateContentRequest":{"model":"models/m","contents":[{"parts":[{"text":"a"}]}]}}',
    ),
    "ollama": (
        b'{"model":"m","think":"high","format":{"type":"object"},"keep_alive":0,"options":{'
        b'"num_predict":-1,"stop":["a"],"num_ctx":9,"seed":1.0},"messages":[{"role":"system",'
        b'"content":"s"},{"role":"user","content":"a","images":["iVBORw0KGgo="]},{"role":'
        b'"assistant","thinking":"t","tool_calls":[{"function":{"name":"f","arguments":{"a":1}}}]},'
        b'{"role":"tool","tool_name":"f","content":"x"}]}',
    ),
    "openai-completions": (
        b'{"model":"m","prompt":["Say it."],"max_tokens":9,"logprobs":2,"stream":true,"n":1,'
        b'"stream_options":{"include_usage":true}}',
    ),
    "ollama-generate": (
        b'{"model":"m","prompt":"Say it.","system":"s","images":["aGk="],"suffix":"x","raw":true,'
        b'"context":[1,2],"options":{"temperature":0.5},"format":"json","think":true}',
    ),
}
_FOREIGN: Mapping[str, tuple[bytes, ...]] = {
    "anthropic": (
        b'event: message_start\r\ndata: {"type":"message_start","message":{"usage":{"input_tokens"'
        b':9}}}\r\n\r\n: ping\r\n\r\ndata: {"type":"content_block_start","index":0,"content_block":'
        b'{"type":"tool_use","id":"","name":"later","input":{}}}\n\ndata: {"type":'
        b'"content_block_start","index":1,"content_block":{"type":"new_kind","a":1}}\n\ndata: '
        b'{"type":"content_block_delta","index":1,"delta":{"type":"new_delta","b":"x"}}\n\ndata: '
        b'{"type":"content_block_delta","index":0,"delta":{"type":"input_json_delta",'
        b'"partial_json":"{}"}}\n\ndata: {"type":"content_block_stop","index":1}\n\ndata: {"type":'
        b'"content_block_stop","index":0}\n\ndata: {"type":"message_delta","delta":{"stop_reason":'
        b'"refusal","stop_details":{"explanation":"no"}},"usage":{"output_tokens":3}}\n\n'
        b'data: {"type":"error","error":{"type":"overloaded_error","message":"busy"}}\n\n',
    ),
    "openai-chat": (
        b'data: {"choices":[{"index":0,"delta":{"role":"assistant","reasoning":"hm"}}]}\n\n'
        b'data: {"choices":[{"delta":{"tool_calls":[{"index":0,"id":"a","function":{"name":'
        b'"later","arguments":"{\\"x\\""}},{"index":1,"function":{"nam'
        b'e":"f","arguments":{}}}]}}]}\n\n'
        b'data: {"choices":[{"delta":{"content":[{"type":"thinking","thinking":[{"text":"t"}]}]}}]}'
        b'\n\ndata: {"choices":[{"delta":{"tool_calls":[{"index":0,"fu'
        b'nction":{"arguments":":1}"}}]}'
        b',"finish_reason":"stop","stop_reason":"END"}],"usage":{"prompt_tokens":9,'
        b'"completion_tokens":2,"total_tokens":11,"prompt_tokens_details":{"cached_tokens":4}}}\n\n'
        b"data: [DONE]\n\n",
        b'{"choices":[{"message":{"refusal":"no","annotations":[{"url_citation":{"url":"u"}}]},'
        b'"finish_reason":"content_filter","usage":{"prompt_tokens":1}}]}',
        b'error: {"code":500,"message":"x"}\n\n',
    ),
    "openai-responses": (
        b'event: response.created\ndata: {"type":"response.created","r'
        b'esponse":{}}\n\ndata: {"type":'
        b'"response.output_item.added","output_index":0,"item":{"type":"function_call","id":"a",'
        b'"name":"later","call_id":"c"}}\n\ndata: {"type":"response.output_text.delta",'
        b'"output_index":1,"content_index":0,"delta":"x"}\n\ndata: {"type":'
        b'"response.function_call_arguments.delta","output_index":0,"delta":"{}"}\n\ndata: {"type":'
        b'"response.output_item.done","output_index":0,"item":{"type":"function_call","id":"a",'
        b'"name":"later","arguments":"{}"}}\n\ndata: {"type":"response.refusal.delta",'
        b'"output_index":1,"delta":"no"}\n\ndata: {"type":"response.reasoning_text.delta",'
        b'"output_index":2,"delta":"hm"}\n\ndata: {"type":"response.in'
        b'complete","response":{"output"'
        b':[],"incomplete_details":{"reason":"max_output_tokens"},"usage":{"input_tokens":9,'
        b'"input_tokens_details":{"cached_tokens":4},"output_tokens":2}}}\n\n',
        b'data: {"type":"response.failed","response":{"error":{"code":"rate_limit_exceeded",'
        b'"message":"x"}}}\n\n',
    ),
    "gemini": (
        b'data: {"candidates":[{"content":{"parts":[{"text":"hm","thought":true}]}}]}\r\n\r\n'
        b'data: {"candidates":[{"content":{"parts":[{"text":"a"}],"role":"model"},"index":0}],'
        b'"usageMetadata":{"promptTokenCount":9}}\r\n\r\ndata: {"candidates":[{"content":{"parts":'
        b'[{"functionCall":{"name":"later","args":{}},"thought_signature":"c2ln"},{"inlineData":{}}'
        b']},"finishReason":"STOP","groundingMetadata":{"groundingChunks":[{"web":{"uri":"u"}}],'
        b'"groundingSupports":[{"segment":{"text":"a"},"groundingChunkIndices":[0]}]}}],'
        b'"usageMetadata":{"promptTokenCount":9,"cachedContentTokenCount":4,'
        b'"thoughtsTokenCount":2}}\r\n\r\n',
        b'[{"candidates":[{"content":{"parts":[{"text":"a"}]}}]}\r\n,{"promptFeedback":{'
        b'"blockReason":"SAFETY"}}]',
        b'[{"error":{"code":503,"message":"x","status":"UNAVAILABLE"}}]',
    ),
    "ollama": (
        b'{"message":{"thinking":"hm","content":""}}\n{"message":{"content":"a","tool_calls":[{'
        b'"function":{"name":"later","arguments":"{bad"}}]}}\n{"messag'
        b'e":{"content":""},"done":true,'
        b'"done_reason":"length","prompt_eval_count":9,"eval_count":2}\n',
        b'{"error":"model not found"}\n',
    ),
}
"""Answers as other servers write them, odd ones among them."""
EMBEDDINGS: Mapping[str, tuple[bytes, ...]] = {
    "openai-embeddings": (
        b'{"model":"m","input":["a","b"],"dimensions":8,"encoding_format":"base64"}',
        b'{"model":"m","input":[1,2,3]}',
    ),
    "ollama-embed": (b'{"model":"m","input":["a","b"],"dimensions":8,"truncate":false}',),
    "ollama-embeddings": (b'{"model":"m","prompt":"a"}',),
    "gemini-embed": (
        b'{"model":"models/m","content":{"parts":[{"text":"a"}]},"outputDimensionality":8}',
    ),
    "gemini-embed-batch": (
        b'{"requests":[{"model":"models/m","content":{"parts":[{"text":"a"}]}},{"content":"b"}]}',
    ),
}
VECTORS: Mapping[str, tuple[bytes, ...]] = {
    "openai-chat": (
        b'{"data":[{"index":1,"embedding":[0.5,1]},{"index":0,"embedding":"AACAPwAAgD8="}],'
        b'"usage":{"prompt_tokens":4}}',
    ),
    "gemini": (b'{"embeddings":[{"values":[0.5,1]},{"values":[1,2]}]}',),
    "ollama": (b'{"embeddings":[[0.5,1],[1,2]],"prompt_eval_count":4}',),
}
COUNTS: tuple[bytes, ...] = (b'{"input_tokens":12}', b'{"totalTokens":12}')
PAGES: tuple[bytes, ...] = (
    b'{"results":[{"url":"https://a.test","title":"A","content":"<b>x</b> &amp; y",'
    b'"publishedDate":"2026"}]}',
    b'{"web":{"results":[{"url":"https://a.test","title":"A","desc'
    b'ription":"<b>x</b>","age":"1"}]}}',
)


def requests_of(form: str) -> tuple[bytes, ...]:
    """Valid requests in a form of the served dialects."""
    written: tuple[bytes, ...] = ()
    if form in UPSTREAM:
        written = (UPSTREAM[form].request(conversation(form), MODELS[form]).body,)
    return written + _EXTRA[form]


def answers_of(dialect: str) -> tuple[bytes, ...]:
    """Valid answers of an endpoint, streamed and whole."""
    found = list(_FOREIGN[dialect])
    for streamed in (True, False):
        served = SERVED[dialect]
        request = served.parse(_asked(streamed=streamed), Target("m", streamed))
        writer = served.writer(request, "1")
        found.append(b"".join(map(writer.send, EVENTS)) + writer.end())
    return tuple(found)


def _asked(*, streamed: bool) -> bytes:
    flag = b"true" if streamed else b"false"
    return (
        b'{"model":"m","max_tokens":9,"stream":%b,"stream_options":{"include_usage":true},'
        b'"messages":[],"input":"a","contents":[]}' % flag
    )
