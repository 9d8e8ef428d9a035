"""Stories that the whole product is told in the simulated world, under many seeds."""
