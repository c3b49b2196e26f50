"""Notices about a published statement: written by one person, published by another."""
