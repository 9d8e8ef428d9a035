"""What was used: the sums of turns, by day, endpoint, model and conversation. Pure."""
