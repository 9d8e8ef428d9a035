"""OpenAI's Chat Completions API, served and as an upstream; and its siblings that we serve.

Source: the API reference (platform.openai.com/docs/api-reference/chat) and the types of OpenAI's
own Python library; for what other servers say differently, the documentation and sources of vLLM,
llama.cpp, OpenRouter, DeepSeek and Mistral. `dialect` has the two halves.
"""
