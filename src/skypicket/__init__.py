"""Skypicket keeps watch over low airspace: it sees, warns, finds, remembers."""
