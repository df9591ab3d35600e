"""Conversations: one contact walking one version of a flow, never lost."""
