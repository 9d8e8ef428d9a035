"""Tests of the HTTP clients that the port does not ask for."""
