"""What llama.cpp's server tests cannot judge here, test by test, with the reason.

`LEFT` is what no server but llama.cpp's own set-up can pass: models that are downloaded, and the
words of one of them, which its tests expect. Those tests are not run at all. `FAILING` is what
llama.cpp passes by itself and fails through Understudy, by the suite and the endpoint's dialect:
those tests run, and must fail. A relay, suite and endpoint of one dialect, has next to none.
"""

from __future__ import annotations

from collections.abc import Mapping

ANTHROPIC = "test_compat_anthropic"
RESPONSES = "test_compat_oai_responses"
CHAT = "test_chat_completion"
TOOL_CALL = "test_tool_call"

_DOWNLOAD = "needs a model that is downloaded"
_STORIES = "asserts the words and token counts of another model, which is downloaded"
_OPTIONS = "needs options of the server's command line: an external server has none"
_FENCE = "our model opens a code fence first, and the tokens allowed are spent"
_BATCHES = "asserts how many batches another model's tokens make"
_HELD = "the grammar that holds our model to the words which tests look for lets it pass"

LEFT: Mapping[str, Mapping[str, str]] = {
    ANTHROPIC: {
        "test_anthropic_vision_base64_with_multimodal_model": _DOWNLOAD,
        "test_anthropic_thinking_with_reasoning_model": _DOWNLOAD,
    },
    RESPONSES: {},
    CHAT: {
        "test_chat_completion": _STORIES,
        "test_chat_completion_cached_tokens": _STORIES,
        "test_chat_completion_stream": _STORIES,
        "test_chat_template": _OPTIONS,
        "test_chat_template_assistant_prefill": _OPTIONS,
        "test_chat_template_continue_final_message_vllm_compat": _OPTIONS,
        "test_apply_chat_template": _OPTIONS,
        'test_completion_with_response_format[response_format0-6-"42"]': _FENCE,
        'test_completion_with_response_format[response_format2-10-"foooooo"]': _FENCE,
        "test_completion_with_response_format[response_format5-0-None]": _HELD,
        "test_completion_with_json_schema": _FENCE,
        "test_return_progress[64-4-False]": _BATCHES,
    },
    TOOL_CALL: {
        "test_completion_with_required_tool_real_model": _DOWNLOAD,
        "test_weather": _DOWNLOAD,
        "test_calc_result": _DOWNLOAD,
        "test_thoughts": _DOWNLOAD,
        "test_hello_world": _DOWNLOAD,
    },
}

_EXTENSION = "asks for what is llama.cpp's own, which no other dialect can say"
_OWN_ROUTE = "asks at a route of llama.cpp's own"
_FINGERPRINT = "asserts llama.cpp's own fingerprint in the answer"
_UNKNOWN = "wants a refusal of what we do not know: it is dropped, and counted"
_JOINED = "wants a refusal of two messages of the assistant in a row: we join them"
_FORMAT = "llama.cpp takes no format of the answer in that dialect"
_LOGPROBS = "llama.cpp tells no logprobs in that dialect"
_BIAS = "that dialect has no logit_bias"
_ONE_ANSWER = "that dialect has one answer to a request, not n"
_OWN_ERROR = "asserts the kind of error and the members that are llama.cpp's own"
_UNSIGNED = "thinking that nobody signed is not sent to a model, and so not counted"
_EMPTY_CHUNK = "wants no content in a stream's first chunk; OpenAI's API has an empty one"

_CHAT_TRANSLATED = {
    "test_chat_completion_with_openai_library": _FINGERPRINT,
    "test_chat_template_continue_final_message_mutual_exclusion": _EXTENSION,
    r"test_completion_with_response_format[response_format3-10-(\\{|John)+]": _FORMAT,
    "test_completion_with_response_format[response_format4-0-None]": _UNKNOWN,
    "test_completion_with_response_format[response_format6-0-None]": _FORMAT,
    "test_completion_with_response_format[response_format7-0-None]": _FORMAT,
    "test_completion_with_grammar": _EXTENSION,
    "test_completion_with_invalid_grammar": _EXTENSION,
    "test_invalid_chat_completion_req[messages5]": _UNKNOWN,
    "test_invalid_chat_completion_req[messages7]": _JOINED,
    "test_chat_completion_with_timings_per_token": _EXTENSION,
    "test_logprobs": _LOGPROBS,
    "test_logprobs_stream": _LOGPROBS,
    "test_logit_bias": _BIAS,
    "test_context_size_exceeded": _OWN_ERROR,
    "test_context_size_exceeded_stream": _OWN_ERROR,
    "test_return_progress[64-2-True]": _EXTENSION,
    "test_chat_completions_multiple_choices": _ONE_ANSWER,
    "test_chat_completions_token_count": _OWN_ROUTE,
    "test_verbose_debug": _EXTENSION,
}
_TOOL_CALL_TRANSLATED = {
    "test_completion_without_tool_call_fast...CompletionMode.STREAMED]": _EMPTY_CHUNK,
    "test_completion_without_tool_call_slow...CompletionMode.STREAMED]": _EMPTY_CHUNK,
}
_RESPONSES_TRANSLATED = {"test_responses_stream_with_llama_telemetry": _EXTENSION}

FAILING: Mapping[tuple[str, str], Mapping[str, str]] = {
    (ANTHROPIC, "anthropic"): {},
    (ANTHROPIC, "openai-chat"): {},
    (ANTHROPIC, "openai-responses"): {"test_anthropic_thinking_history_in_count_tokens": _UNSIGNED},
    (CHAT, "openai-chat"): {"test_chat_completions_token_count": _OWN_ROUTE},
    (CHAT, "anthropic"): _CHAT_TRANSLATED,
    (CHAT, "openai-responses"): _CHAT_TRANSLATED,
    (TOOL_CALL, "openai-chat"): {},
    (TOOL_CALL, "anthropic"): _TOOL_CALL_TRANSLATED,
    (TOOL_CALL, "openai-responses"): _TOOL_CALL_TRANSLATED,
    (RESPONSES, "openai-responses"): {},
    (RESPONSES, "openai-chat"): _RESPONSES_TRANSLATED,
    (RESPONSES, "anthropic"): _RESPONSES_TRANSLATED,
}
