"""A stand-in for Meta's Graph API and for the people who chat on WhatsApp; used by tests, the demo and without an account."""
