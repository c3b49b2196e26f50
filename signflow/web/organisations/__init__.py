"""Organisations, their members, groups of them."""
