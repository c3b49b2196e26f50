"""Names say what a thing is, and nothing is left for later."""

import re
from pathlib import Path

from tests.support.sources import files_in, must_be_empty, short

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "manager", "managers", "handler", "handlers", "data", "info"}
CODE_ENDINGS = {".py", ".html", ".txt", ".xml", ".css", ".js", ".toml", ".po", ".sql"}
# Put together here, so that this file does not find itself.
LATER = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|NotImplemented" + r"Error)\b")


def _words(file: Path) -> set[str]:
    """Every folder's name and the file's own, from the root of the project."""
    return {part.removesuffix(".py") for part in short(file).split("/")}


def test_no_module_has_a_name_that_says_nothing() -> None:
    areas = files_in("signflow", "migrations", "tests", suffix=".py")
    must_be_empty(short(file) for file in areas if _words(file) & EMPTY_NAMES)


def test_nothing_is_left_for_later() -> None:
    must_be_empty(
        f"{short(file)}:{number}"
        for file in files_in("signflow", "templates", "migrations", "tests", "wsgi.py", "build_translations.py")
        if file.suffix in CODE_ENDINGS
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if LATER.search(line)
    )
