"""What a redline costs: of two usual texts, and of pairs that were made to cost much, as large as a text may be."""

import random
import re
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from signflow.documents.errors import DocumentError
from signflow.documents.markdown import LONGEST_BODY, MOST_LINES
from signflow.documents.marked import redline_html
from signflow.documents.redline import redline
from signflow.documents.word_blocks import WordPaper
from signflow.documents.word_writer import Redactor, word_redline

USUAL = 35_000
"""Bytes of UTF-8."""
EDITS = 60
ROUNDS = 7
MEGABYTE = 1024
"""Kilobytes."""


def usual_milliseconds() -> float:
    """Processor time from two texts of 35 kB with 60 words exchanged to the HTML of their redline; the median."""
    old = _prose(USUAL)
    words, chosen = old.split(" "), random.Random(2)
    for _ in range(EDITS):
        words[chosen.randrange(len(words))] = "іншае"
    new = " ".join(words)
    assert "<ins>іншае" in _page(old, new)
    return statistics.median(_timed(_page, old, new) for _ in range(ROUNDS)) * 1000


def worst_seconds() -> float:
    """Processor time of the most expensive of the hostile pairs, to HTML."""
    return max(_timed(_page, *pair) for pair in _hostile())


def worst_seconds_as_word() -> float:
    """The same to a Word file with tracked changes."""
    return max(_timed(_word, *pair) for pair in _hostile())


def worst_megabytes() -> float:
    """Memory that a process takes beyond what it has when it begins, for all hostile pairs."""
    command = [sys.executable, "-c", "from tests.load.redlines import grown; print(grown())"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(done.stdout)


def grown() -> float:
    """Megabytes by which this process grows."""
    begun = _most_resident()
    for pair in _hostile():
        _page(*pair)
    return (_most_resident() - begun) / MEGABYTE


def _most_resident() -> int:
    """Kilobytes, of this program only: what `getrusage` tells begins with what its parent had."""
    found = re.search(r"VmHWM:\s*(\d+) kB", Path("/proc/self/status").read_text(encoding="utf-8"))
    assert found
    return int(found[1])


def _page(old: str, new: str) -> str:
    return redline_html(redline(old, new))


def _word(old: str, new: str) -> bytes:
    papers = [WordPaper("be", "Назва", "", (), body) for body in (old, new)]
    try:
        return word_redline(papers[0], papers[1], Redactor("signflow", datetime(2026, 11, 24, tzinfo=UTC)))
    except DocumentError:  # nested deeper than a text may be: such a version cannot be saved
        return b""


def _timed(make: Callable[[str, str], object], old: str, new: str) -> float:
    begun = time.process_time()
    make(old, new)
    return time.process_time() - begun


def _hostile() -> Iterator[tuple[str, str]]:
    """Pairs of texts near the limits of bytes and lines."""
    chosen = random.Random(7)
    for separator, count, vocabulary in ((" ", 30_000, 5), (" ", 25_000, 3_000), ("\n", MOST_LINES, 5)):
        words = [f"w{chosen.randrange(vocabulary)}" for _ in range(count)]
        yield separator.join(words), separator.join(chosen.sample(words, count))
    paragraphs = [f"w{chosen.randrange(3_000)}" for _ in range(MOST_LINES // 2)]
    yield "\n\n".join(paragraphs), "\n\n".join(chosen.sample(paragraphs, len(paragraphs)))
    yield "x" * LONGEST_BODY, "y" * LONGEST_BODY
    yield "- " * 60_000, "> " * 60_000
    yield "**a** " * 30_000, "*a* " * 30_000
    yield "|a|b|\n|-|-|\n" + "|x|y|\n" * 9_000, "|a|b|\n|-|-|\n" + "|z|y|\n" * 9_000
    yield _prose(LONGEST_BODY, words=30), _prose(LONGEST_BODY, words=40)


def _prose(size: int, *, words: int = 1_500) -> str:
    """Paragraphs of invented words, of so many bytes at most; the more words, the less two texts are alike."""
    chosen = random.Random(words)
    known = ["".join(chosen.choices("абвгдежзіклмнопрст", k=chosen.randint(2, 11))) for _ in range(words)]
    found: list[str] = []
    left = size
    while left > 0:
        found.append(" ".join(chosen.choices(known, k=chosen.randint(20, 100))) + ".")
        left -= len(found[-1].encode()) + 2
    return "\n\n".join(found[:-1])
