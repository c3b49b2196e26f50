"""What everybody reads, without cookie, session or script."""
