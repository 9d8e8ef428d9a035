"""The world made of virtual time: simulated ports, scripted peers, scenarios."""
