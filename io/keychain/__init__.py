"""Where the keys of endpoints are kept: the operating system's keychain, or an encrypted file.

Both are adapters of the port `Keychain`. `messages.py` is what is said between us and the process
(`child.py`) that alone talks to the operating system's keychain; `choice.py` is where the settings
decide which of the two it is.
"""
