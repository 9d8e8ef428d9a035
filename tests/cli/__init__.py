"""Tests of the command line: real processes, a real server, real files in folders of their own."""
