"""Recado connects any HTTP API to a WhatsApp conversation."""

__version__ = "0.1.0"
