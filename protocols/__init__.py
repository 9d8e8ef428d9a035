"""What is said: frozen messages, sans-IO codecs and pure state machines. Nothing here awaits."""
