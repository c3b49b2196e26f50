"""Signing: read, check, sign, keep the receipt."""
