"""Models as files on this machine or at a hub: what they are, what they need, which one fits."""
