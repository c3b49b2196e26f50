"""Measurements for `make bench`: ratios inside one run, never absolute times."""
