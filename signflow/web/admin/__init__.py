"""The coalition's people and mail."""
