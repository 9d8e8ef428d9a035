"""Where a turn goes: the table of models, the rules, who is well, and the choice among them."""
