"""Translations of a statement: written beside the source, read, approved, and published later as an annex."""
