"""Actions: one configured request with its inputs and outputs."""
