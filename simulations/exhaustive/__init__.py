"""Everything once: Esc at every step, each call of a port failing, each actor crashing.

Where the explorer draws, this enumerates: of a small scenario nothing is left untried.
"""
