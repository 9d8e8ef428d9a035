"""The settings of programs that talk to Understudy, changed and changed back.

`claude_code` and `codex` say which keys of which files they need; `merge` puts them into a file's
text and takes them out again; `change` writes the file, whatever happens meanwhile; `journal` keeps
what was there before.
"""
