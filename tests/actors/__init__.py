"""The actors over simulated ports, in virtual time."""
