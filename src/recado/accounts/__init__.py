"""Accounts: users, sessions, keys, roles and the audit log."""
