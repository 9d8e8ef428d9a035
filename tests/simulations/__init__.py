"""The whole product in the simulated world."""
