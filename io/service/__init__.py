"""Understudy as a service of its user: kept running by systemd or launchd, and found there."""
