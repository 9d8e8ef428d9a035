"""Which endpoint would be best for a conversation, from what is known, with reasons and numbers."""
