"""Reads. Who may see what is decided here, once: the unseen is not found."""
