"""Capture, record and snapshots: what Skypicket keeps, and how it proves that it kept it."""
