"""Reviewing: comment, suggest, draw red lines; answer, resolve, close."""
