"""Word files in (ECMA-376, .docx): their text, read by a process that cannot harm this one."""

import json
import subprocess
import sys
from dataclasses import dataclass

from signflow.documents.errors import DocumentError
from signflow.documents.word_container import DAMAGED, TOO_LARGE, refuse_other_kinds

PATIENCE = 15
"""Seconds until the reader is stopped."""


@dataclass(frozen=True)
class WordText:
    """What a Word file says: title and byline if it has them, the body as Markdown, and sentences on what was left out."""

    title: str
    byline: str
    body: str
    notes: tuple[str, ...] = ()


def word_text(data: bytes) -> WordText:
    """The text of a Word file. Headings, lists, tables, links, bold, italic and footnotes are kept.

    DocumentError when it is no Word file, is too large, or has macros, a password or tracked changes. Author, comments and other
    traces of people are dropped.
    """
    refuse_other_kinds(data)  # no process for what is seen at once
    command = [sys.executable, "-I", "-B", "-m", "signflow.documents.word_reader"]
    try:
        done = subprocess.run(command, input=data, capture_output=True, timeout=PATIENCE, check=False)
    except subprocess.TimeoutExpired:
        raise DocumentError(TOO_LARGE) from None
    if done.returncode:
        raise DocumentError(TOO_LARGE if done.returncode < 0 else DAMAGED)
    answer = json.loads(done.stdout)
    if "refused" in answer:
        raise DocumentError(answer["refused"])
    return WordText(answer["title"], answer["byline"], answer["body"], tuple(answer["notes"]))
