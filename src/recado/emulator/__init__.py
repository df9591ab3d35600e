"""Servers that stand in for the outside world, for the demo, the tests and the bench."""
