"""The page of a published statement: what was frozen, in every language of the interface."""

import re
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib
import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from flask import Flask

from tests.factories.coalition import WORDING
from tests.support.register import MIXED, Register, empty_register, register_in
from tests.support.site import ORIGIN

SENTENCES = {
    "be": ("%(num)s арганізацыя падпісала.", "%(num)s арганізацыі падпісалі.", "%(num)s арганізацый падпісалі."),
    "ru": ("%(num)s организация подписала.", "%(num)s организации подписали.", "%(num)s организаций подписали."),
}


@pytest.fixture
def register(sqlite_app: Flask) -> Register:
    return register_in(sqlite_app)


def page(register: Register, address: str) -> Element:
    answer = register.get(address)
    assert answer.status_code == 200
    tree: Element = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(answer.text)
    return tree


def words(element: Element | None) -> str:
    assert element is not None
    return re.sub("[ \n]+", " ", "".join(element.itertext())).strip(" ")


def facts(tree: Element) -> dict[str, str]:
    return {words(row.find("dt")): words(row.find("dd")) for row in tree.findall(".//aside/dl/div")}


def names(tree: Element) -> list[tuple[str | None, str]]:
    return [(row.get("lang"), words(row)) for row in tree.findall(".//ul[@class='signatories']/li")]


def test_the_statement_says_what_who_and_when(register: Register) -> None:
    tree = page(register, "/en/statements/2026-001")
    assert register.reference == "2026-001"
    assert words(tree.find(".//p[@class='kicker']")) == "Joint statement 2026-001"
    heading, byline = tree.find(".//h1"), tree.find(".//p[@class='byline']")
    assert (words(heading), heading.get("lang")) == (MIXED.title, "be")  # type: ignore[union-attr]
    assert (words(byline), byline.get("lang")) == (MIXED.byline, "be")  # type: ignore[union-attr]
    opening = words(tree.find(".//header[@class='opening']"))
    assert "Addressed to: Дэпартамент «А»; урады & “іншыя”" in opening
    assert "Published 23 November 2026, 17:00 Vilnius. 1 minute to read." in opening
    assert words(tree.find(".//title")) == f"{MIXED.title} · Ahulam"


def test_every_character_of_the_text_is_kept(register: Register) -> None:
    letter = page(register, "/be/statements/2026-001").find(".//div[@class='letter']")
    assert letter is not None
    assert letter.get("lang") == "be"
    paragraphs = ["".join(one.itertext()) for one in letter.findall("p")]
    assert paragraphs == MIXED.body.rstrip("\n").split("\n\n")


def test_a_statement_date_stands_beside_the_publication(register: Register) -> None:
    reference = register.publish(WORDING)
    assert "Statement of 20 November 2026, published 23 November 2026, 20:00 Vilnius." in words(
        page(register, f"/en/statements/{reference}").find(".//header[@class='opening']")
    )


def test_the_count_says_how_many_are_withheld(register: Register) -> None:
    tree = page(register, "/en/statements/2026-001")
    counted = "23 organisations signed. 21 are named below. 2 names are withheld for safety."
    assert words(tree.find(".//section[@id='signatories']/p[@class='letter']")) == counted
    assert counted in register.get("/en/statements/2026-001").text
    assert len(names(tree)) == 21
    assert "Lantern" not in register.get("/en/statements/2026-001").text
    assert "Withheld Names" not in register.get("/en/statements/2026-001").text


@pytest.mark.parametrize(
    ("signed", "withheld", "sentence"),
    [
        (1, 0, "1 organisation signed. 1 is named below."),
        (2, 1, "2 organisations signed. 1 is named below. 1 name is withheld for safety."),
        (2, 2, "2 organisations signed. 2 names are withheld for safety."),
    ],
)
def test_one_is_not_many(register: Register, signed: int, withheld: int, sentence: str) -> None:
    reference = register.publish(WORDING, signed=signed, withheld=withheld)
    tree = page(register, f"/en/statements/{reference}")
    assert words(tree.find(".//section[@id='signatories']/p[@class='letter']")) == sentence
    assert len(names(tree)) == signed - withheld


@pytest.mark.parametrize(
    ("language", "signed", "sentence"),
    [
        ("be", 1, "1 арганізацыя падпісала."),
        ("be", 3, "3 арганізацыі падпісалі."),
        ("be", 12, "12 арганізацый падпісалі."),
        ("be", 23, "23 арганізацыі падпісалі."),
        ("ru", 21, "21 организация подписала."),
        ("ru", 22, "22 организации подписали."),
        ("ru", 11, "11 организаций подписали."),
    ],
)
def test_plurals_follow_the_language(
    sqlite_app: Flask, tmp_path: Path, language: str, signed: int, sentence: str
) -> None:
    catalogue = Catalog(locale=language)
    catalogue.add(("%(num)s organisation signed.", "%(num)s organisations signed."), SENTENCES[language])
    (tmp_path / language / "LC_MESSAGES").mkdir(parents=True)
    with (tmp_path / language / "LC_MESSAGES" / "messages.mo").open("wb") as file:
        write_mo(file, catalogue)
    sqlite_app.extensions["babel"].translation_directories = [str(tmp_path)]
    register = empty_register(sqlite_app)
    reference = register.publish(WORDING, signed=signed)
    assert sentence in words(
        page(register, f"/{language}/statements/{reference}").find(".//section[@id='signatories']")
    )


def test_the_list_stands_in_the_order_of_each_language(register: Register) -> None:
    english = names(page(register, "/en/statements/2026-001"))
    own, others = english[:18], english[18:]
    assert own == [
        ("en", "Assembly of Newsrooms"),
        ("en", "Night Archive"),
        *[("en", f"Organisation {number:02}") for number in range(1, 17)],
    ]
    assert others == [("be", "=1+1 «Ісціна»"), ("be-tarask", "Зьмена"), ("ru", "Ёлка")]
    belarusian = names(page(register, "/be/statements/2026-001"))
    assert belarusian[:4] == [
        ("be", "=1+1 «Ісціна»"),
        ("be", "Начны архіў"),
        ("be", "Ўрад рэдакцый"),
        ("be-tarask", "Зьмена"),
    ]
    assert names(page(register, "/ru/statements/2026-001"))[:3] == [
        ("ru", "Ассамблея редакций"),
        ("ru", "Ёлка"),
        ("ru", "Ночной архив"),
    ]


def test_a_text_in_another_language_is_called_what_it_is(register: Register) -> None:
    notes = {
        "be": None,
        "ru": "Текст не переведён на язык этой страницы.",
        "en": "The text is not translated into the language of this page.",
    }
    for language, note in notes.items():
        tree = page(register, f"/{language}/statements/2026-001")
        message = tree.find(".//p[@class='message']")
        assert (message is not None) is (note is not None)
        assert next(iter(facts(tree).values())) == "Беларуская"
        if message is not None:
            assert words(message).startswith(note or "")
            assert [(one.get("lang"), words(one)) for one in message.findall("span")] == [("be", "Беларуская")]


def test_the_facts_lead_to_files_tags_and_proof(register: Register) -> None:
    tree = page(register, "/en/statements/2026-001")
    citation = f"Ahulam, “{MIXED.title}”, joint statement 2026-001, 23 November 2026."
    found = facts(tree)
    assert found["Signed"] == "23 organisations"
    assert found["Tags"] == "Political prisoners · Права на здароўе"
    assert found["Cite"] == f"{citation}Copy with address"
    assert found["Address"] == f"{ORIGIN}/en/statements/2026-001"
    button = tree.find(".//button[@data-copy]")
    assert button is not None
    assert button.get("data-copy") == f"{citation} {ORIGIN}/en/statements/2026-001"
    for link in tree.findall(".//aside//a"):
        address = link.get("href") or ""
        assert address.startswith("#") or register.get(address).status_code == 200


def test_the_page_names_itself_in_every_language(register: Register) -> None:
    head = page(register, "/ru/statements/2026-001").findall("head/link")
    found = [
        (link.get("rel"), link.get("hreflang"), link.get("href")) for link in head if link.get("rel") != "stylesheet"
    ]
    assert found == [
        ("canonical", None, f"{ORIGIN}/ru/statements/2026-001"),
        *[("alternate", tag, f"{ORIGIN}/{tag}/statements/2026-001") for tag in ("en", "be", "ru")],
    ]


def test_the_signed_address_leads_to_the_text_in_its_own_language(register: Register) -> None:
    answer = register.get("/statements/2026-001")
    assert (answer.status_code, answer.location) == (302, "/be/statements/2026-001")


def test_search_engines_keep_no_copy_of_the_names(register: Register) -> None:
    for address in ("/en/statements/2026-001", "/statements/2026-001.sdjwt", "/statements/2026-001/signatories.csv"):
        assert register.get(address).headers["X-Robots-Tag"] == "noarchive"
    assert "X-Robots-Tag" not in register.get("/en/").headers


def test_what_was_not_published_is_not_there(register: Register) -> None:
    for reference in ("2026-002", "2026-1", "2026-001x", "%00", "a%00", "..%2f", "x" * 3000, "2026-001%20"):
        for address in ("/en/statements/{}", "/statements/{}", "/statements/{}.sdjwt", "/statements/{}.be.md"):
            asked = address.format(reference)
            assert (asked, register.get(asked).status_code) == (asked, 404)


def test_a_language_that_we_do_not_speak_is_not_there(register: Register) -> None:
    for language in ("xx", "..", "de", "EN", "be-tarask", "%00"):
        for address in ("/", "/statements/2026-001", "/tags/political-prisoners", "/verify", "/feed.atom"):
            asked = f"/{language}{address}"
            assert (asked, register.get(asked).status_code) == (asked, 404)
