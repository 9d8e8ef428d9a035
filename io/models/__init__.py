"""Models on the disk and at the hub: finding, fetching, keeping and removing them."""
