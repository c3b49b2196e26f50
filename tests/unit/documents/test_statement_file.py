"""The statement file: what is read, what is refused, and that the bytes are the same for ever."""

import json
from contextlib import suppress
from dataclasses import replace
from datetime import date

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from signflow.documents.errors import DocumentError
from signflow.documents.statement_file import StatementFile, parse, serialise

LETTERS = StatementFile(
    title="Лісты — не “кантрабанда”",
    byline="Заява супольнасці",
    date=date(2026, 11, 20),
    language="be",
    addressees=("Дэпартамент", 'The "Ombudsperson"'),
    tags=(),
    body="Ліст важыць дваццаць\u00a0грамаў.\n",
)
BYTES = """---
title: "Лісты — не “кантрабанда”"
byline: "Заява супольнасці"
date: "2026-11-20"
language: "be"
addressees: ["Дэпартамент", "The \\"Ombudsperson\\""]
---
Ліст важыць дваццаць\u00a0грамаў.
""".encode()

texts = st.text(st.characters(codec="utf-8"), max_size=30)
filled = texts.filter(lambda text: bool(text.strip()))
files = st.builds(
    StatementFile,
    title=filled,
    byline=texts,
    date=st.none() | st.dates(),
    language=filled,
    addressees=st.lists(texts, max_size=3).map(tuple),
    cc=st.lists(texts, max_size=3).map(tuple),
    tags=st.just(()),
    body=st.text(st.characters(codec="utf-8"), max_size=80),
)


def test_the_canonical_bytes() -> None:
    assert serialise(LETTERS) == BYTES
    assert parse(BYTES) == LETTERS


def test_what_is_empty_is_left_out() -> None:
    bare = StatementFile("T", "", None, "en", (), (), "Text")
    assert serialise(bare) == b'---\ntitle: "T"\nlanguage: "en"\n---\nText\n'


def test_tags_are_read_but_never_signed() -> None:
    tagged = parse(BYTES.replace(b"language:", b"tags: [lists, 'joint statement']\nlanguage:"))
    assert tagged.tags == ("lists", "joint statement")
    assert serialise(tagged) == BYTES


@given(files)
@settings(derandomize=True)
def test_what_is_written_is_read_back(statement: StatementFile) -> None:
    written = serialise(statement)
    assert parse(written) == statement
    assert serialise(parse(written)) == written
    assert b"\r" not in written


@given(files)
@settings(derandomize=True)
def test_the_values_are_json_and_yaml_at_once(statement: StatementFile) -> None:
    front = serialise(statement).decode().split("\n---\n")[0].removeprefix("---\n")
    as_json = {line.partition(": ")[0]: json.loads(line.partition(": ")[2]) for line in front.split("\n")}
    assert yaml.safe_load(front) == as_json
    assert as_json["title"] == statement.title


def test_other_spellings_of_the_same_file_are_read() -> None:
    loose = '\ufeff---\r\nlanguage: be\r\ndate: 2026-11-20\r\naddressees:\r\n- Дэпартамент\r\n- The "Ombudsperson"\r\n'
    loose += "byline: >-\r\n  Заява\r\n  супольнасці\r\ntitle: 'Лісты — не “кантрабанда”'\r\n---\r\n"
    assert parse((loose + LETTERS.body.replace("\n", "\r\n") + "\r\n\r\n").encode()) == LETTERS


@pytest.mark.parametrize("char", list("\x7f\x80\x85\x9f\u2028\u2029\ufeff\ufffe\uffff"))
def test_what_yaml_would_mangle_is_escaped(char: str) -> None:
    awkward = replace(LETTERS, title=f"a{char}b", addressees=(f"{char}c ",))
    written = serialise(awkward)
    assert written.startswith(f'---\ntitle: "a\\u{ord(char):04x}b"\n'.encode())
    assert parse(written) == awkward


def test_words_of_yaml_stay_words() -> None:
    read = parse(b"---\ntitle: 2026\nlanguage: no\nbyline: ~\ntags:\n---\n")
    assert (read.title, read.language, read.byline, read.tags, read.body) == ("2026", "no", "", (), "\n")


def test_surrogate_pairs_of_other_writers_are_one_character() -> None:
    assert parse(b'---\ntitle: "\\ud83d\\udd4a"\nlanguage: en\n---\n').title == "\U0001f54a"


def test_the_text_is_kept_character_for_character() -> None:
    body = "\n\n  e\u0301 é\u00a0x\u202f\u2028y \t\n---\ntitle: not here\n---\n\n \n"
    assert parse(serialise(replace(LETTERS, body=body))).body == body
    assert parse(BYTES.replace(LETTERS.body.encode(), body.encode())).body == body


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file must begin with a line ---, then title and language, then again ---."),
        (b"Text\n", "The file must begin with a line ---, then title and language, then again ---."),
        (b"---\ntitle: x\n", "The file must begin with a line ---, then title and language, then again ---."),
        (b"---\ntitle: \xff\n---\n", "The file is not UTF-8 text (byte 12)."),
        (b"---\ntitle: x\n---\n", "“language” is missing."),
        (b'---\ntitle: " "\nlanguage: be\n---\n', "“title” is missing."),
        (
            b"---\nauthor: x\n---\n",
            "“author” is not known. A statement file has: title, byline, date, language, addressees, cc, tags.",
        ),
        (b"---\ntitle: x\ntitle: y\n---\n", "“title” stands there twice."),
        (b"---\ntitle: [x]\n---\n", "Line 2: one text is expected here."),
        (b"---\ntitle: x\ntags: y\n---\n", '“tags” must be a list, such as tags: ["first", "second"].'),
        (
            b"---\ntitle: x\nlanguage: be\ndate: 2026-02-30\n---\n",
            "“2026-02-30” is not a real date. Write it like 2026-11-20.",
        ),
        (
            b"---\ntitle: x\nlanguage: be\ndate: 0000-00-00\n---\n",
            "“0000-00-00” is not a real date. Write it like 2026-11-20.",
        ),
        (
            b"---\ntitle: x\nlanguage: be\ndate: 20261120\n---\n",
            "“20261120” is not a real date. Write it like 2026-11-20.",
        ),
        (b"---\ntitle: x\nbyline: 'y\n---\n", "Line 4 above the text cannot be read."),
        (b"---\ntitle: x\n\tbyline: y\n---\n", "Line 3 above the text cannot be read."),
        (b"---\ntitle: \x01\n---\n", "The lines above the text have a character that cannot be read."),
        (b'---\ntitle: "\\ud800"\n---\n', "The lines above the text have a character that cannot be read."),
        (b'---\ntitle: "\\U00110000"\n---\n', "The lines above the text have a character that cannot be read."),
        (b"---\ntitle: &a x\nbyline: *a\n---\n", "The lines above the text must be plain “name: value” lines."),
        (b"---\nx\n---\n", "The lines above the text must be plain “name: value” lines."),
        (b"---\n---\n", "The lines above the text must be plain “name: value” lines."),
        (b"---\ntitle: " + b"[" * 40_000 + b"\n---\n", "The lines above the text must be plain “name: value” lines."),
        (b"---\ntitle: " + b"x" * 50_000 + b"\n---\n", "The lines above the text are too long."),
    ],
)
def test_what_is_wrong_is_said(data: bytes, sentence: str) -> None:
    with pytest.raises(DocumentError) as refusal:
        parse(data)
    assert str(refusal.value) == sentence


@given(st.binary(max_size=60) | st.text(max_size=60).map(lambda text: f"---\n{text}\n---\n".encode(errors="replace")))
@settings(derandomize=True)
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    with suppress(DocumentError):
        read = parse(data)
        assert serialise(parse(serialise(read))) == serialise(read)


def test_who_gets_a_copy_stands_after_the_addressees_and_leaves_other_files_as_they_were() -> None:
    with_copies = serialise(replace(LETTERS, cc=("the press", "Суд")))
    added = 'cc: ["the press", "Суд"]\n---\n'.encode()
    assert with_copies.replace(added, b"---\n") == serialise(LETTERS)
    assert parse(with_copies).cc == ("the press", "Суд")
    assert b"cc:" not in serialise(LETTERS)
