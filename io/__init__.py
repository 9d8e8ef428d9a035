"""Where Understudy touches the world: ports, and the adapters that implement them."""
