"""Flows: blocks and edges that make a WhatsApp conversation, and the pure engine that walks them."""
