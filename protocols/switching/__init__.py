"""What a user says in a conversation to Understudy itself, and what comes of it."""
