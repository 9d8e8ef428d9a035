"""Endpoints and clients of every dialect, written from the providers' formats and not our code."""
