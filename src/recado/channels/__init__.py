"""Channels: the ways that conversations take to people."""
