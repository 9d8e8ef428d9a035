"""The simulated world: time, scheduling, a network and who lives on it, all drawn from one seed."""
