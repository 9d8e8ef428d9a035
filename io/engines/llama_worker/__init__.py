"""The worker process that runs a model through llama.cpp's library; nothing else imports it."""
