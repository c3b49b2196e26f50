"""Withholding a name on its organisation's behalf: an admin asks, another confirms."""
