"""A new key file takes the place of the one before. At every moment there is a whole key file in that place."""

import os
from pathlib import Path

from signflow.proof.keys import KeyFileError, keep


def next_file(path: Path) -> Path:
    """Where the new key waits until the log knows it."""
    return path.with_name(f"{path.stem}.next{path.suffix}")


def ended_file(path: Path, kid: str) -> Path:
    """Where the key that ended is kept, named by the first characters of its `kid`."""
    return path.with_name(f"{path.stem}.ended-{kid[:8]}{path.suffix}")


def replace_key_file(path: Path, *, ended: str) -> Path:
    """Keep the key file under the name of the `kid` that ended, put the waiting one in its place, return where the old one is.

    May be done again after it was interrupted. Raises KeyFileError.
    """
    kept = ended_file(path, ended)
    try:
        if not (kept.exists() and kept.samefile(path)):
            kept.hardlink_to(path)
        next_file(path).replace(path)
        keep(path.parent)
    except OSError as error:
        why = os.strerror(error.errno) if error.errno else "unknown reason"
        raise KeyFileError(f"{next_file(path)} cannot take the place of {path}: {why}.") from None
    return kept
