"""Where two sequences of words or paragraphs agree: the ground of every redline, bounded in time and memory."""

from collections.abc import Hashable, Sequence
from itertools import takewhile
from typing import NamedTuple

from rapidfuzz.distance import Indel

MOST_CELLS = 250_000_000
"""Old length times new length up to which a least difference is computed: one bit of memory each."""
MOST_PAIRS = 20_000
LONGEST_SMOOTHED = 2
"""Words: a run this short between two larger changes reads better as part of the change."""
LEAST_SIMILARITY = 0.4
"""Share of common words from which a paragraph counts as changed, not as removed and another one added."""


class Run(NamedTuple):
    """A stretch of both sequences, as half-open index ranges: the same on both sides, or replaced."""

    same: bool
    old: range
    new: range

    @property
    def size(self) -> int:
        """How much it replaces or is replaced by."""
        return max(len(self.old), len(self.new))


class Pair(NamedTuple):
    """Indices that belong together; None where the other side has nothing like it."""

    old: int | None
    new: int | None


def _numbered(old: Sequence[Hashable], new: Sequence[Hashable]) -> tuple[list[int], list[int]]:
    """The sequences with a number for each distinct element: comparing them never depends on hashes of strings."""
    numbers: dict[Hashable, int] = {}
    return [numbers.setdefault(x, len(numbers)) for x in old], [numbers.setdefault(x, len(numbers)) for x in new]


def _middle(old: list[int], new: list[int]) -> list[Run]:
    if not old and not new:
        return []
    if len(old) * len(new) > MOST_CELLS:
        return [Run(False, range(len(old)), range(len(new)))]
    found: list[Run] = []
    for step in Indel.opcodes(old, new):
        same = step.tag == "equal"
        run = Run(same, range(step.src_start, step.src_end), range(step.dest_start, step.dest_end))
        if found and found[-1].same == same:
            before = found.pop()
            run = Run(same, range(before.old.start, run.old.stop), range(before.new.start, run.new.stop))
        found.append(run)
    return found


def _common(first: Sequence[int], second: Sequence[int]) -> int:
    return sum(1 for _ in takewhile(lambda both: both[0] == both[1], zip(first, second, strict=False)))


def runs(old: Sequence[Hashable], new: Sequence[Hashable]) -> list[Run]:
    """The least difference of two sequences in order, same and replaced stretches by turns.

    Above `MOST_CELLS` everything between the common beginning and the common end counts as replaced.
    """
    a, b = _numbered(old, new)
    start = _common(a, b)
    end = _common(a[start:][::-1], b[start:][::-1])
    last_a, last_b = len(a) - end, len(b) - end
    found = [Run(True, range(start), range(start))] if start else []
    for same, in_old, in_new in _middle(a[start:last_a], b[start:last_b]):
        found.append(
            Run(
                same, range(in_old.start + start, in_old.stop + start), range(in_new.start + start, in_new.stop + start)
            )
        )
    if end:
        found.append(Run(True, range(last_a, len(a)), range(last_b, len(b))))
    return found


def smooth(found: list[Run]) -> list[Run]:
    """Join changes that only a word or two hold apart, when both are larger than what is between them."""
    smoothed: list[Run] = []
    for place, run in enumerate(found):
        between = smoothed and not smoothed[-1].same and run.same and place + 1 < len(found)
        if between and run.size <= LONGEST_SMOOTHED and run.size < min(smoothed[-1].size, found[place + 1].size):
            run = Run(False, run.old, run.new)
        if smoothed and not smoothed[-1].same and not run.same:
            before = smoothed.pop()
            run = Run(False, range(before.old.start, run.old.stop), range(before.new.start, run.new.stop))
        smoothed.append(run)
    return smoothed


def _similarities(old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> list[list[float]]:
    return [[Indel.normalized_similarity(a, b, score_cutoff=LEAST_SIMILARITY) for b in new] for a in old]


def _totals(similar: list[list[float]]) -> list[list[float]]:
    """The most similarity that the paragraphs from (i, j) on can have, keeping their order."""
    rows, columns = len(similar), len(similar[0])
    totals = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in reversed(range(rows)):
        for j in reversed(range(columns)):
            together = similar[i][j] + totals[i + 1][j + 1] if similar[i][j] else 0.0
            totals[i][j] = max(totals[i + 1][j], totals[i][j + 1], together)
    return totals


def pairs(old: Sequence[Sequence[str]], new: Sequence[Sequence[str]]) -> list[Pair]:
    """Which replaced paragraphs are wordings of the same one, in reading order; removed ones stand before added ones.

    Paragraphs are sequences of words. Too many or too long ones are not paired at all.
    """
    cells = sum(map(len, old)) * sum(map(len, new))
    if not old or not new or len(old) * len(new) > MOST_PAIRS or cells > MOST_CELLS:
        return [Pair(i, None) for i in range(len(old))] + [Pair(None, j) for j in range(len(new))]
    similar = _similarities(old, new)
    totals = _totals(similar)
    found: list[Pair] = []
    i = j = 0
    while i < len(old) and j < len(new):
        if similar[i][j] and totals[i][j] == similar[i][j] + totals[i + 1][j + 1]:
            found.append(Pair(i, j))
            i, j = i + 1, j + 1
        elif totals[i][j] == totals[i + 1][j]:
            found.append(Pair(i, None))
            i += 1
        else:
            found.append(Pair(None, j))
            j += 1
    return found + [Pair(k, None) for k in range(i, len(old))] + [Pair(None, k) for k in range(j, len(new))]
