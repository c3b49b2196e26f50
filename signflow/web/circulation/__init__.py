"""Circulation: invite, track, remind, extend."""
