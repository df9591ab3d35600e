"""Tells servers of the workspace's own what happens in conversations: signed, and again until they have heard it."""
