"""Backends: one actor per endpoint. `exchange` carries an answer, whoever it comes from.

`relay` answers from an Anthropic endpoint as it is; `engine` runs a model on this machine and
answers from that. Both pass on bytes; neither is on the way of the other.
"""
