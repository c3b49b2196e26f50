"""Redlines: true to both texts, readable, and done in time for any two texts."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signflow.documents.marked import line_html, redline_html
from signflow.documents.redline import Kind, Mark, Paragraph, Piece, changed_words, only_changes, redline

OLD = """## We demand

A letter to a prisoner weighs twenty grams.

1. Every letter withheld is to be registered, and the prisoner told of it within three days.
2. The limit of two letters a month is to be lifted.

It is isolation."""
LAST = "3. Letters to a lawyer are not to be opened."
NEW = f"""## We demand

A letter to a prisoner weighs twenty grams.

1. Every letter withheld is to be registered, and the prisoner told of it within five days, in writing.
2. The limit of two letters a month is to be lifted.
{LAST}

It is isolation."""

words = st.sampled_from(
    ["не", "the", "a", "3", "days,", "слова\xa0два", "-", "1.", "##", "<b>", "&", "\u202e", "\u2028"]
)
spaces = st.sampled_from([" ", "  ", "\n", "\n\n", "\r\n", "\t", "\u00a0", "\n- ", "\n2. "])
texts = st.lists(st.tuples(words, spaces), max_size=40).map(lambda pieces: "".join(map("".join, pieces))) | st.text(
    max_size=60
)


def words_of(paragraphs: list[Paragraph], *marks: Mark) -> list[str]:
    """The words of some kinds of pieces; a paragraph ends a word."""
    kept = ["".join(piece.text for piece in paragraph.pieces if piece.kind in marks) for paragraph in paragraphs]
    return "\n".join(kept).split()


def are_all_told(text: str, words: list[str], signs: set[str]) -> bool:
    """Whether the words are the text's, in its order, and all that is left over are signs."""
    left = iter(words)
    word = next(left, None)
    for one in re.sub(r"(?m)^([ \t]*)>", r"\1> ", text).split():
        if one == word:
            word = next(left, None)
        elif one not in signs:
            return False
    return word is None


@given(texts, texts)
@settings(derandomize=True, max_examples=300)
def test_a_redline_has_the_words_of_both_texts(old: str, new: str) -> None:
    found = redline(old, new)
    signs, old_signs = (
        {sign for p in found for sign in side(p)} for side in (lambda p: p.signs, lambda p: p.old_signs)
    )
    assert are_all_told(new, words_of(found, Mark.SAME, Mark.INS), signs)
    assert are_all_told(old, words_of(found, Mark.SAME, Mark.DEL), old_signs)


@given(texts, texts)
@settings(derandomize=True)
def test_plain_words_have_no_signs(old: str, new: str) -> None:
    found = redline(old, new, is_plain=True)
    assert words_of(found, Mark.SAME, Mark.INS) == new.split()
    assert words_of(found, Mark.SAME, Mark.DEL) == old.split()


@given(texts, texts)
@settings(derandomize=True)
def test_the_least_change_accounts_for_every_word(old: str, new: str) -> None:
    change = changed_words(old, new)
    assert len(old.split()) - len(change.deleted) == len(new.split()) - len(change.inserted)
    assert (change.ratio == 0) == (old.split() == new.split())
    assert len(changed_words(new, old).inserted) == len(change.deleted)


def test_a_title_stays_one_line_however_little_is_left_of_it() -> None:
    [line] = redline("Letters are not contraband", "Prisons", is_plain=True)
    assert (line.kind, line_html(line.pieces)) == (
        Kind.CHANGED,
        "<del>Letters are not contraband</del> <ins>Prisons</ins>",
    )


def test_only_the_words_that_changed_are_marked() -> None:
    found = redline(OLD, NEW)
    assert [paragraph.kind for paragraph in found] == [
        Kind.SAME,
        Kind.SAME,
        Kind.CHANGED,
        Kind.SAME,
        Kind.ADDED,
        Kind.SAME,
    ]
    assert found[2].pieces == (
        Piece(Mark.SAME, "Every letter withheld is to be registered, and the prisoner told of it within "),
        Piece(Mark.DEL, "three days.\n"),
        Piece(Mark.INS, "five days, in writing.\n"),
    )
    assert found[4].pieces == (Piece(Mark.INS, "Letters to a lawyer are not to be opened.\n"),)
    assert found[4].signs == ("3.",)


def test_a_rewritten_paragraph_is_removed_and_added() -> None:
    kinds = [p.kind for p in redline("Same.\n\nOne thing was said here.", "Same.\n\nQuite another matter arises here.")]
    assert kinds == [Kind.SAME, Kind.REMOVED, Kind.ADDED]


def test_a_word_between_two_large_changes_is_part_of_them() -> None:
    [paragraph] = redline(
        "Start we saw many the good old days end of it", "Start they heard nothing the bad new times end of it"
    )
    assert [(p.kind, p.text) for p in paragraph.pieces] == [
        (Mark.SAME, "Start "),
        (Mark.DEL, "we saw many the good old days "),
        (Mark.INS, "they heard nothing the bad new times "),
        (Mark.SAME, "end of it"),
    ]


def test_changed_words_for_grading() -> None:
    change = changed_words(OLD, NEW)
    assert change.deleted == ("three", "days.")
    assert change.inserted == ("five", "days,", "in", "writing.", *LAST.split())
    assert change.ratio == pytest.approx((4 + 10) / len(OLD.split()))


@pytest.mark.parametrize(
    ("old", "new", "ratio"),
    [
        ("", "", 0.0),
        ("", "one", 1.0),
        ("one", "", 1.0),
        ("a b c d", "a x c d", 0.25),
        ("a b c d", "a\n\nb\u00a0c  d\r\n", 0.0),
        ("a b c d", "d a b c", 0.5),
    ],
)
def test_the_ratio_is_changed_words_by_old_words(old: str, new: str, ratio: float) -> None:
    assert changed_words(old, new).ratio == ratio


def test_a_negation_joined_by_a_no_break_space_is_a_word() -> None:
    assert changed_words("мы не\u00a0згодныя", "мы згодныя").deleted == ("не",)


def test_html_marks_and_escapes() -> None:
    old = "## We demand\n\nStop <b>now</b> & here.\n\n- one\n\nGone."
    new = "## We demand\n\nStop <b>then</b> & here.\n\n- one\n- t\u202ewo\n\nGone."
    assert redline_html(redline(old, new)) == "\n".join(
        (
            "<h2>We demand</h2>",
            "<p>Stop <del>&lt;b&gt;now&lt;/b&gt;</del> <ins>&lt;b&gt;then&lt;/b&gt;</ins> &amp; here.</p>",
            "<ul>",
            "<li>",
            "one",
            "</li>",
            "<li>",
            "<ins>t<mark>U+202E</mark>wo</ins>",
            "</li>",
            "</ul>",
            "<p>Gone.</p>",
        )
    )


def test_only_changes_keeps_one_paragraph_around() -> None:
    old = "\n\n".join(f"Paragraph {number} stands here." for number in range(9))
    shown = only_changes(redline(old, old.replace("4 stands", "4 stood")))
    assert [paragraph.kind for paragraph in shown] == [Kind.SKIPPED, Kind.SAME, Kind.CHANGED, Kind.SAME, Kind.SKIPPED]
    assert redline_html(shown).startswith("<p>…</p>\n<p>Paragraph 3 stands here.</p>\n<p>Paragraph 4 <del>stands</del>")
    assert [paragraph.kind for paragraph in only_changes(redline(old, old))] == [Kind.SKIPPED]


def shuffled(separator: str, count: int, vocabulary: int) -> tuple[str, str]:
    chosen = random.Random(7)
    old = [f"w{chosen.randrange(vocabulary)}" for _ in range(count)]
    return separator.join(old), separator.join(chosen.sample(old, count))


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        shuffled(" ", 30_000, 5),
        shuffled(" ", 15_000, 3_000),
        shuffled("\n\n", 20_000, 3_000),
        shuffled("\n", 20_000, 5),
        ("x" * 200_000, "y" * 200_000),
        ("- " * 60_000, "> " * 60_000),
    ],
    ids=["too many words", "one endless line", "too many paragraphs", "short lines", "one word", "signs"],
)
def test_hostile_texts_are_done_in_time_and_still_right(old: str, new: str) -> None:
    found = redline(old, new)
    assert words_of(found, Mark.SAME, Mark.INS) == new.split()
    assert words_of(found, Mark.SAME, Mark.DEL) == old.split()
    assert redline_html(found)
    assert changed_words(old, new).ratio > 0
