"""Clients of other people's endpoints, behind the `Upstream` port."""
