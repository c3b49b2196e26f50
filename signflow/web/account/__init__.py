"""Doors and one's own account."""
