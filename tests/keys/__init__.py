"""Keys: where they are kept, who is given them, and what is said when there are none."""
