"""Tracked changes: with all accepted the file holds the new text, with all rejected the old one, and a reader sees what came and went."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from signflow.documents.errors import DocumentError
from signflow.documents.redline import Mark
from signflow.documents.word_blocks import Numbering, WordPaper, Words, joined
from signflow.documents.word_blocks import read as read_body
from signflow.documents.word_changes import MarkedBlock, MarkedLine, Pieces, changes, unchanged
from signflow.documents.word_container import TRACKED
from signflow.documents.word_reader import read
from signflow.documents.word_writer import Redactor, word_bytes, word_redline
from tests.support.tracked import Held, W

COALITION = Redactor("Кааліцыя", datetime(2026, 11, 24, 14, 30, tzinfo=timezone(timedelta(hours=2))))
OLD = WordPaper(
    "be",
    "Лісты — не кантрабанда",
    "Супольная заява",
    ("Дэпартамент «А»", "Пракуратура"),
    """Мы, **ніжэйпадпісаныя** арганізацыі, *патрабуем*[1] і ~~просім~~ [тут](https://example.org/a)

## Чаго мы патрабуем

> Ніводзін суд не забараняў.

1. Кожны ліст трэба рэгістраваць цягам трох дзён.
2. Другое:
   - дробнае
   - яшчэ
3. Трэцяе.

| Год | Колькі |
| --- | --- |
| 2024 | 91 |
| 2025 | **94** |

Гэта ізаляцыя.

[1] Крыніца: Вясна.
""",
    date="2026-11-21",
)
NEW = replace(
    OLD,
    title="Лісты не кантрабанда",
    byline="",
    addressees=("Дэпартамент «Б»", "Пракуратура", "Міністэрства"),
    date="2026-11-24",
    body=OLD.body.replace("трох дзён", "пяці дзён, пісьмова")
    .replace("example.org/a", "example.org/b")
    .replace("   - яшчэ\n", "")
    .replace("## Чаго мы патрабуем", "Чаго мы патрабуем")
    .replace("| 2024 | 91 |\n", "")
    .replace("**94**", "95")
    .replace("Гэта ізаляцыя.\n\n", "")
    .replace("Вясна", "Вясна, 2026"),
)


def body(text: str) -> WordPaper:
    return WordPaper("be", "T", "", (), text)


def said(data: bytes, tag: str) -> list[str]:
    """The words inside each insertion or deletion."""
    marks = [one for one in Held(data).marks() if one.tag == W + tag]
    return [text for one in marks if (text := "".join(part.text or "" for part in one.iter(f"{W}t", f"{W}delText")))]


def agree(old: WordPaper, new: WordPaper) -> bytes:
    """The redline, which gives both texts again."""
    data = word_redline(old, new, COALITION)
    assert Held(data).accept().structure() == Held(word_bytes(new)).structure()
    assert Held(data).reject().structure() == Held(word_bytes(old)).structure()
    return data


def test_everything_that_a_version_holds_gives_both_again() -> None:
    data = agree(OLD, NEW)
    assert said(data, "del") == [
        "— ",
        "Супольная заява",
        "2026-11-21",
        "«А»",
        "тут",
        "Чаго мы патрабуем",
        "трох дзён.",
        "яшчэ",
        "2024",
        "91",
        "94",
        "Гэта ізаляцыя.",
        "Вясна.",
    ]
    assert said(data, "ins") == [
        "2026-11-24",
        "«Б»",
        "Міністэрства",
        "тут",
        "Чаго мы патрабуем",
        "пяці дзён, пісьмова.",
        "95",
        "Вясна, 2026.",
    ]


def test_every_change_names_the_coalition_and_one_moment_and_has_a_number_of_its_own() -> None:
    marks = Held(agree(OLD, NEW)).marks()
    assert {(one.get(f"{W}author"), one.get(f"{W}date")) for one in marks} == {("Кааліцыя", "2026-11-24T12:30:00Z")}
    numbers = [one.get(f"{W}id") for one in marks]
    assert numbers == list(dict.fromkeys(numbers))


def test_the_same_versions_give_the_same_bytes() -> None:
    again = replace(COALITION, at=COALITION.at.astimezone(UTC))
    assert word_redline(OLD, NEW, COALITION) == word_redline(OLD, NEW, again)


def test_a_text_beside_itself_has_no_change() -> None:
    assert word_redline(OLD, OLD, COALITION) == word_bytes(OLD)


def test_our_own_reader_refuses_it_and_says_why() -> None:
    for old, new in ((OLD, NEW), (body("а\n"), body("а\n\nб\n")), (body("1. а\n"), body("2. а\n"))):
        with pytest.raises(DocumentError) as refusal:
            read(word_redline(old, new, COALITION))
        assert refusal.value.sentence == TRACKED


@pytest.mark.parametrize(
    ("old", "new", "deleted", "inserted"),
    [
        ("Адзін.\n", "## Адзін.\n", ["Адзін."], ["Адзін."]),
        ("Адзін.\n", "> Адзін.\n", ["Адзін."], ["Адзін."]),
        ("- а\n- б\n", "1. а\n2. б\n", ["а", "б"], ["а", "б"]),
        ("тры **дні**\n", "тры дні\n", ["дні"], ["дні"]),
        ("а б\n", "а [б](https://example.org)\n", ["б"], ["б"]),
        ("а\\\nб\n", "а\nб\n", [], [" "]),
        ("а б\n", "а  б\n", [" "], ["  "]),
        ("", "а\n", [], ["а"]),
        ("а\n", "", ["а"], []),
        ("| а |\n| --- |\n| б |\n", "| а | в |\n| --- | --- |\n| б | г |\n", ["а", "б"], ["а", "в", "б", "г"]),
    ],
)
def test_smaller_changes(old: str, new: str, deleted: list[str], inserted: list[str]) -> None:
    data = agree(body(old), body(new))
    assert (said(data, "del"), said(data, "ins")) == (deleted, inserted)


def test_an_item_that_comes_in_leaves_the_others_alone() -> None:
    data = agree(body("1. а\n2. б\n"), body("1. а\n2. яшчэ\n3. б\n"))
    assert (said(data, "del"), said(data, "ins")) == ([], ["яшчэ"])
    assert not [one for one in Held(data).marks() if one.tag == f"{W}pPrChange"]


def test_two_lists_that_become_one_keep_their_words_and_say_that_the_list_is_another() -> None:
    data = agree(body("1. а\n2. б\n3. в\n\nпаміж\n\n1. г\n"), body("1. а\n2. б\n3. в\n4. г\n"))
    assert (said(data, "del"), said(data, "ins")) == (["паміж"], [])
    assert len([one for one in Held(data).marks() if one.tag == f"{W}pPrChange"]) == 1


def test_a_word_between_two_large_changes_is_part_of_them() -> None:
    data = agree(
        body("Мы бачылі шмат добрых старых дзён тут і там\n"), body("Мы чулі нішто добрых новых часоў тут і там\n")
    )
    assert said(data, "del") == ["бачылі шмат добрых старых дзён "]


def test_a_body_over_the_limits_is_refused() -> None:
    with pytest.raises(DocumentError):
        word_redline(body("а\n"), body("> " * 30 + "x\n"), COALITION)


words = st.lists(
    st.sampled_from(["не", "тры", "дні,", "а", "б", "**в**", "*г* ", "[д](https://example.org)", "е\\\nё"]),
    min_size=1,
    max_size=5,
)
line = words.map(" ".join)
block = st.one_of(
    line,
    line.map("## {}".format),
    line.map("> {}".format),
    st.lists(line, min_size=1, max_size=3).map(lambda items: "\n".join(f"- {one}" for one in items)),
    st.tuples(st.integers(1, 3), st.lists(line, min_size=1, max_size=3)).map(
        lambda two: "\n".join(f"{number}. {one}" for number, one in enumerate(two[1], two[0]))
    ),
    line.map("- а\n  1. {}\n\n     далей\n- б".format),
    st.lists(st.tuples(words, words), min_size=1, max_size=3).map(
        lambda rows: (
            "| а | б |\n| --- | --- |\n"
            + "\n".join(f"| {' '.join(row[0])} | {' '.join(row[1])} |".replace("\\\n", "") for row in rows)
        )
    ),
    st.just("---"),
)
papers = st.builds(
    WordPaper,
    st.just("be"),
    line,
    st.just("") | line,
    st.lists(line, max_size=3),
    st.lists(block, max_size=5).map("\n\n".join),
    date=st.just("") | st.just("2026-11-24"),
)


def side(blocks: list[MarkedBlock], gone: Mark) -> list[object]:
    """The blocks without what is gone: style, list and words of each line and of each cell."""
    lists: dict[Numbering, int] = {}
    found: list[object] = []
    for block in blocks:
        if isinstance(block, MarkedLine):
            stood = block.was if block.was and gone is Mark.INS else block.numbering
            place = stood and (lists.setdefault(stood, len(lists)), stood.kind) if block.mark is not gone else None
            lines = [(block.style, place, left(block.pieces, gone))]
        else:
            lines = [("row", None, left(cell, gone)) for row in block if row.mark is not gone for cell in row.cells]
        found += lines if not isinstance(block, MarkedLine) or block.mark is not gone else []
    return found


def left(pieces: Pieces, gone: Mark) -> Words:
    return joined([span for piece in pieces if piece.mark is not gone for span in piece.words])


def moved(old: WordPaper, chosen: st.DataObject) -> WordPaper:
    """The same title above blocks that stay, go, come or move."""
    kept = chosen.draw(st.lists(st.sampled_from([*old.body.split("\n\n"), "новае"]), max_size=6))
    return replace(old, body="\n\n".join(kept))


@given(papers, papers, st.data())
@settings(max_examples=150, deadline=None, derandomize=True)
def test_without_what_came_it_is_the_old_text_and_without_what_went_the_new_one(
    old: WordPaper, other: WordPaper, chosen: st.DataObject
) -> None:
    for new in (other, moved(old, chosen)):
        found = changes(old, new)
        assert side(found, Mark.DEL) == side(unchanged(new, read_body(new)), Mark.DEL)
        assert side(found, Mark.INS) == side(unchanged(old, read_body(old)), Mark.INS)


@given(papers, st.data())
@settings(max_examples=12, deadline=None, derandomize=True)
def test_so_it_is_in_the_file(old: WordPaper, chosen: st.DataObject) -> None:
    agree(old, moved(old, chosen))
