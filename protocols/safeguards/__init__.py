"""Verdicts on tool uses for a client in auto mode, by a classifier that the user names: sans-IO.

Where an endpoint gives none itself, another model is asked (`question`), its answer is read
without trust (`verdict`), and what was found is put into the answer on its way (`guarded_answer`).
A verdict is a model's, or there is none: nothing here ever makes one up.
"""
