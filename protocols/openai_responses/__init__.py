"""The OpenAI Responses dialect: what Codex speaks, served and upstream. Sans-IO.

A conversation is a flat list of items (messages, reasoning, calls, outputs), and an answer is one
object whose `output` holds such items; a stream tells how that object grows. Source: the Responses
API reference (platform.openai.com/docs/api-reference/responses) and the types of the official SDK.
"""
