"""Providers as data: what is known of an endpoint before anybody has written a line about it."""
