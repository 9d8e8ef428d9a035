"""The Anthropic dialect's codecs, under every split of their bytes and for hostile input."""
