"""Forms that WhatsApp shows, whose screens are answered by actions."""
