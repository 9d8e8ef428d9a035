"""The Anthropic Messages dialect: requests, events, errors. Sans-IO: bytes in, meaning out.

Source: the Messages API reference (platform.claude.com/docs/en/api/messages) and what the client
was measured to need (docs/claude-code.md).
"""
