"""How families of models write their answers: parsers, and grammars of tool calls."""
