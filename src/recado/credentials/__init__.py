"""Credentials: sealed values for an integration's authentication fields."""
