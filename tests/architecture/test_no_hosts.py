"""No file names the machine it was written on, or where packages come from: both differ elsewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.sources import must_be_empty, short, text_files

# Put together here, so that this file does not find itself.
HOSTS = (
    "py" + "pi.org",
    "pythonhosted" + ".org",
    "npmjs" + ".org",
    "npmjs" + ".com",
    "crates" + ".io",
    "rubygems" + ".org",
    "deb.debian" + ".org",
    "docker" + ".io",
    "ghcr" + ".io",
    "proxy.golang" + ".org",
)
HOST = re.compile("|".join(map(re.escape, HOSTS)), re.IGNORECASE)
# A folder of somebody's machine at the start of a path; the same word inside a longer path or address is none.
MACHINE = re.compile(r"(?<![\w.}>/-])/(?:wo" + r"rk|ro" + r"ot|ho" + r"me|Us" + r"ers|mnt)/[\w.-]")


def _lines(file: Path) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        yield f"{short(file)}:{number}", line


@pytest.mark.parametrize("pattern", [HOST, MACHINE], ids=["registry host", "machine path"])
def test_no_file_names_a(pattern: re.Pattern[str]) -> None:
    must_be_empty(
        f"{where} {line.strip()[:120]}" for file in text_files() for where, line in _lines(file) if pattern.search(line)
    )


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("see /" + "home/anna/signflow", True),
        ('"/' + "root/.cache", True),
        ("https://example.org/" + "home/page", False),
        ("templates/" + "work/list.html", False),
    ],
)
def test_a_machine_path_is_recognised(line: str, named: bool) -> None:
    assert bool(MACHINE.search(line)) is named
