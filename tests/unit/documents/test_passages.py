"""Passages: the whole text and nothing twice; a passage is followed to where it is, or said to be gone, never to another one."""

import re
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import Indel

from signflow.documents.alignment import LEAST_SIMILARITY
from signflow.documents.markdown import to_html
from signflow.documents.passages import Passage, Place, follow, passages_of, with_passage

TEXT = """A letter weighs twenty grams.

## What we demand

3. Every letter is to be registered,
   and the prisoner told.

   At once.
4. The limit is to be lifted.

- of any kind
  - also this one

> She writes every Sunday.
> He called.

***

| a | b |
|---|---|
| 1 | 2 |

It is isolation.
"""
TAG = re.compile(r"<[^>]*>")


def words(html: str) -> list[str]:
    return TAG.sub(" ", html).split()


def text_of(*sources: str) -> str:
    return "\n\n".join(sources) + "\n"


def where(old: str, new: str) -> list[Place | None]:
    return follow(passages_of(old), passages_of(new))


SAME, CHANGED = (lambda index: Place(index, is_changed=False)), (lambda index: Place(index, is_changed=True))


def test_a_text_falls_into_what_one_can_remark_on() -> None:
    found = passages_of(TEXT)
    assert [(one.sign, one.source, one.number) for one in found] == [
        ("", "A letter weighs twenty grams.", None),
        ("## ", "What we demand", None),
        ("3. ", "Every letter is to be registered,\nand the prisoner told.\n\nAt once.", 3),
        ("4. ", "The limit is to be lifted.", 4),
        ("- ", "of any kind\n- also this one", None),
        ("", "> She writes every Sunday.\n> He called.", None),
        ("", "***", None),
        ("", "| a | b |\n|---|---|\n| 1 | 2 |", None),
        ("", "It is isolation.", None),
    ]
    assert found[3].html == '<ol start="4"><li>\n<p>The limit is to be lifted.</p>\n</li>\n</ol>'
    lines = TEXT.split("\n")
    assert all(any(lines[line].strip() for line in one.lines) for one in found)


@given(
    st.lists(
        st.sampled_from(
            [
                "a",
                "слова",
                "\n",
                "\n\n",
                "1. ",
                "7) ",
                "- ",
                "## ",
                "> ",
                "***",
                "| a |\n|---|\n",
                "    ",
                "<b>",
                "&",
                "**",
            ]
        )
    ).map("".join)
)
def test_nothing_of_a_text_is_left_out(body: str) -> None:
    found = passages_of(body)
    assert words("".join(one.html for one in found)) == words(to_html(body))
    assert to_html(body).count("<hr>") == sum(one.html.count("<hr>") for one in found)
    lines = [line for one in found for line in one.lines]
    assert lines == sorted(set(lines))


def test_another_wording_leaves_the_rest_as_it_is() -> None:
    changed = with_passage(TEXT, 2, "Every letter is to be read\n\naloud.")
    assert changed == TEXT.replace(
        "3. Every letter is to be registered,\n   and the prisoner told.\n\n   At once.",
        "3. Every letter is to be read\n\n   aloud.",
    )
    assert with_passage(TEXT, 1, "We ask") == TEXT.replace("## What we demand", "## We ask")
    for index, passage in enumerate(passages_of(TEXT)):
        assert with_passage(TEXT, index, passage.source) == TEXT


ONE, TWO, THREE = "No court has forbidden it.", "The dog is well and sleeps.", "Five days is what the law allows."


@pytest.mark.parametrize(
    ("old", "new", "places"),
    [
        ((ONE, TWO), (ONE, TWO), [SAME(0), SAME(1)]),
        ((ONE, TWO), (TWO, THREE, ONE), [SAME(2), SAME(0)]),
        ((ONE, TWO), (ONE, "The dog is well and eats."), [SAME(0), CHANGED(1)]),
        ((ONE, TWO), (ONE, THREE), [SAME(0), None]),
        ((ONE, TWO, ONE), (TWO, ONE), [None, SAME(0), SAME(1)]),
        ((TWO,), ("## The dog is well\nand sleeps.",), [CHANGED(0)]),
        ((ONE,), (f"> {ONE}",), [CHANGED(0)]),
        ((ONE,), (), [None]),
    ],
    ids=["same", "moved", "changed", "replaced", "one of two equal ones", "half of it", "quoted", "all gone"],
)
def test_a_passage_is_followed(old: tuple[str, ...], new: tuple[str, ...], places: list[Place | None]) -> None:
    assert where(text_of(*old), text_of(*new)) == places


def test_a_demand_keeps_its_remarks_when_another_comes_before_it() -> None:
    old, new = "1. Open doors.\n2. A transcript.\n", "1. An end to it.\n2. Open doors.\n3. A transcript.\n"
    assert where(old, new) == [SAME(1), SAME(2)]


def test_a_passage_that_moved_is_no_wording_of_one_that_is_gone() -> None:
    like = "The dog is well and barks."
    assert where(text_of(TWO, ONE, THREE, like), text_of(ONE, THREE, TWO)) == [SAME(2), SAME(0), SAME(1), None]


@dataclass(frozen=True)
class Kept:
    """A paragraph with an identity that the text does not show: which paragraph of the old text it was, None for a new one."""

    source: str
    origin: int | None


SENTENCES = st.lists(
    st.sampled_from(["no", "court", "has", "five", "days", "слова", "it"]), min_size=1, max_size=6
).map(" ".join)


@st.composite
def edits(draw: st.DrawFn) -> tuple[list[str], list[Kept]]:
    """A text, and what became of it: paragraphs removed, added, reworded, moved. Many say the same."""
    old = draw(st.lists(SENTENCES, min_size=1, max_size=7))
    now = [Kept(source, index) for index, source in enumerate(old)]
    for _ in range(draw(st.integers(0, 6))):
        act = draw(st.sampled_from(["remove", "add", "reword", "move", "copy"]))
        if act == "add":
            now.insert(draw(st.integers(0, len(now))), Kept(draw(SENTENCES), None))
        if not now:
            continue
        at = draw(st.integers(0, len(now) - 1))
        if act == "remove":
            now.pop(at)
        elif act == "reword":
            now[at] = Kept(draw(SENTENCES), now[at].origin)
        elif act == "move":
            now.insert(draw(st.integers(0, len(now) - 1)), now.pop(at))
        elif act == "copy":
            now.append(Kept(now[at].source, None))
    return old, now


def passage(source: str) -> Passage:
    return Passage(f"<p>{source}</p>", "", source, range(1))


@given(edits())
def test_an_anchor_never_points_silently_at_another_passage(case: tuple[list[str], list[Kept]]) -> None:
    old, now = case
    new = [one.source for one in now]
    places = follow([passage(one) for one in old], [passage(one) for one in new])
    found = [place.index for place in places if place is not None]
    assert len(places) == len(old)
    assert len(found) == len(set(found)), "two passages at one place"
    for index, place in enumerate(places):
        unique = old.count(old[index]) == new.count(old[index]) == 1
        if place is None:
            assert not unique, "it is there, word for word"
        elif place.is_changed:
            # said to be changed, so it is neither the same words nor quite other ones
            assert not unique
            assert new[place.index] != old[index]
            similarity = Indel.normalized_similarity(old[index].split(), new[place.index].split())
            assert similarity >= LEAST_SIMILARITY
        else:
            assert new[place.index] == old[index]


@given(edits())
def test_a_passage_that_nobody_touched_is_found_where_it_went(case: tuple[list[str], list[Kept]]) -> None:
    old, now = case
    new = [one.source for one in now]
    places = follow([passage(one) for one in old], [passage(one) for one in new])
    for index, source in enumerate(old):
        went = next((j for j, one in enumerate(now) if one.origin == index), None)
        if went is not None and new[went] == source and old.count(source) == new.count(source) == 1:
            assert places[index] == Place(went, is_changed=False)
