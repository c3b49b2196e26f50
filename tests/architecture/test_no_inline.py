"""Templates hold no script, no style and no address of anybody else, and neither do the two files that pages load (SEC-51)."""

import re
from pathlib import Path

import pytest

from tests.support.own import strangers_in_script, strangers_in_style
from tests.support.sources import ROOT, files_in, must_be_empty, short

PATTERNS = {
    "a script in the page": re.compile(r"<script(?! type=\"module\" src=\"_\"></script>)", re.IGNORECASE),
    "a style in the page": re.compile(r"<style|\sstyle\s*=", re.IGNORECASE),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+\s*=\s*[\"']", re.IGNORECASE),
    "an address that runs": re.compile(r"\b(javascript|vbscript|data):", re.IGNORECASE),
    "an address of somebody else": re.compile(
        r"(src|srcset|href|action|poster|data)=[\"']?(https?:)?//", re.IGNORECASE
    ),
    "an element that brings others in": re.compile(
        r"<(iframe|object|embed|applet|base|frame|svg|math|img(?! class=\"qr\"))\b", re.IGNORECASE
    ),
    "a page that goes on by itself": re.compile(r"http-equiv", re.IGNORECASE),
}
CALL = re.compile(r"\{\{.*?\}\}")
"""What a template works out; the page that comes of it is judged where pages are sent."""
TEMPLATES = [file for file in files_in("templates") if file.suffix in {".html", ".xml"}]


@pytest.mark.parametrize("what", PATTERNS)
def test_no_template_has(what: str) -> None:
    must_be_empty(
        f"{short(file)}:{number} {line.strip()[:100]}"
        for file in TEMPLATES
        for number, line in enumerate(file.read_text("utf-8").splitlines(), 1)
        if PATTERNS[what].search(CALL.sub("_", line))
    )


@pytest.mark.parametrize(
    ("what", "line"),
    [
        ("a script in the page", "<script>alert(1)</script>"),
        ("a script in the page", '<script src="/x.js">'),
        ("a style in the page", '<p class="x" style="color:red">'),
        ("an event attribute", '<button class="x" onclick="y()">'),
        ("an address that runs", '<a href="javascript:1">'),
        ("an address of somebody else", '<a href="https://example.org/">'),
        ("an address of somebody else", "<a href=//example.org/>"),
        ("an element that brings others in", "<iframe>"),
        ("an element that brings others in", '<img src="/x">'),
        ("a page that goes on by itself", '<meta http-equiv="refresh">'),
    ],
)
def test_the_looks_are_recognised(what: str, line: str) -> None:
    assert PATTERNS[what].search(line)


@pytest.mark.parametrize("file", sorted((ROOT / "signflow" / "static").iterdir()), ids=lambda file: file.name)
def test_static_files_fetch_nothing_from_elsewhere(file: Path) -> None:
    judge = {".css": strangers_in_style, ".js": strangers_in_script}[file.suffix]
    assert list(judge(file.read_text("utf-8"))) == []
