"""Statements on the desk: write, read, compare."""
