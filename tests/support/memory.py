"""Files of tests in memory, where the machine has plenty: thousands of databases are made, synced at every commit, and thrown away."""

import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
PLENTY = 2 * 1024**3
"""Bytes: a server of PostgreSQL took 110 MB at most in a whole run, each worker has one, and files of tests that passed are removed."""


def roomy_memory() -> Path | None:
    """A folder in memory, or None where there is none, it is nearly full, or we may not write there."""
    if MEMORY.is_dir() and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > PLENTY:
        return MEMORY
    return None


def keep_files_in_memory() -> None:
    """Let pytest make its temporary folders there; whoever names another place has it."""
    folder = roomy_memory()
    if folder is not None:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))
