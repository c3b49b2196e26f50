"""The manual knows every setting, and every page that it points to is there."""

import re

from signflow.cli import COMMANDS
from signflow.settings import Settings
from tests.support.sources import ROOT, must_be_empty

DOCS = sorted((ROOT / "docs").rglob("*.md"))
RUN = (ROOT / "docs" / "run.md").read_text("utf-8")


def test_every_setting_is_explained() -> None:
    named = set(re.findall(r"SIGNFLOW_[A-Z_]+[A-Z]", RUN))
    assert named == {f"SIGNFLOW_{name.upper()}" for name in Settings.model_fields}


def test_every_link_between_pages_leads_somewhere() -> None:
    must_be_empty(
        f"{file.name}: {link}"
        for file in DOCS
        for link in re.findall(r"\]\((?!https?:|#)([^)#]+)", file.read_text("utf-8"))
        if not (file.parent / link).is_file()
    )


def test_every_file_that_is_named_is_there() -> None:
    """`web/access.py` and the like stand for what is below signflow/; other words with a slash are addresses or branches."""
    must_be_empty(
        f"{file.name}: {name}"
        for file in DOCS
        if file.parent.name != "adr"  # a decision tells of its day
        for name in re.findall(
            r"`((?:tests|docs|web|services|domain|proof|models|cli)/[\w/]+\.(?:py|md))`", file.read_text("utf-8")
        )
        if not any((ROOT / place / name).is_file() for place in ("", "signflow"))
    )


def test_every_command_that_is_named_is_there() -> None:
    named = {word for file in DOCS for word in re.findall(r"`signflow ([a-z]+)", file.read_text("utf-8"))}
    assert named <= COMMANDS.keys()
