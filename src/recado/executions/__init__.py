"""Executions: one run of an action or of a credential's test."""
