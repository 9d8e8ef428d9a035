"""The neutral conversation: what every dialect's request and answer is read into and written from.

Anthropic's block shape, because it says most: five dialects meet here in ten translators, not in
twenty-five. `blocks` and `request` are what a client asks, `answer` is what comes back as events.
"""
