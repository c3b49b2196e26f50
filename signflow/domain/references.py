"""References of published statements, as people write them: alone, in an address, or in a file name."""

import re

MOST_EARLIER = 10
"""How many earlier statements one may name."""

_REFERENCE = re.compile(
    r"(?:(?:https?://)?(?P<host>[^/\s]*)/(?:[a-z-]+/)?statements/)?"
    r"(?P<reference>\d{4}-\d{3,})(?:\.sdjwt|\.[A-Za-z-]+\.md)?/?(?:[?#]\S*)?",
    re.IGNORECASE,
)


def reference_in(text: str) -> tuple[str, str] | None:
    """(reference, host of its address or "") that a text is, whole; None when it is something else."""
    found = _REFERENCE.fullmatch(text.strip())
    return (found["reference"], (found["host"] or "").lower()) if found else None


def listed(text: str) -> list[str]:
    """What somebody wrote with commas or line by line."""
    return [part for part in re.split(r"[\s,;]+", text) if part]
