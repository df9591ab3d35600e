"""Integrations: a group of actions on one external API."""
