"""Translations on the pages: writing beside the source, approving, who reads what, the public page in each language, files and feeds."""

import hashlib
import re
from collections.abc import Sequence

import pytest
import sqlalchemy as sa
from flask import Flask
from werkzeug.test import TestResponse

from signflow.models import Statement, Translation
from signflow.proof.verify import verify_statement
from tests.support.register import key_of, with_key_of
from tests.support.site import ORIGIN, Visitor, signed_in, visitor

IN_RUSSIAN = (
    "Письмо весит двадцать граммов.",
    "Мы требуем:",
    "Регистрировать каждое письмо.",
    "Снять ограничение.",
    "Конец.",
)


class Scene:
    """A circulated statement in English that one organisation signed; its drafter, an admin, a reader of another organisation."""

    def __init__(self, app: Flask) -> None:
        self.app, self.coalition = app, with_key_of(app)
        self.drafter, self.admin = self.coalition.drafter(), self.coalition.admin()
        (self.own, self.nina), (other, self.olga) = self.coalition.members(2)
        self.statement = self.coalition.draft(self.drafter)
        self.coalition.circulate(self.statement, self.drafter, [self.own, other])
        self.id = self.coalition.public_id(Statement, self.statement)
        self.address = f"/desk/statements/{self.id}/translations"

    def by(self, person: int) -> Visitor:
        return signed_in(self.app, person)

    def words(self, address: str, person: int | None = None) -> str:
        answer = (self.by(person) if person else visitor(self.app)).get(address)
        assert answer.status_code == 200
        return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())

    def write(self, language: str = "ru", paragraphs: Sequence[str] = IN_RUSSIAN, **form: object) -> TestResponse:
        given = {
            "title": "Письма — не контрабанда",
            "byline": "Совместное заявление",
            "addressees": "Департамент исполнения наказаний",
            "translator": "",
            "number": self.coalition.newest(self.statement)[0],
            "began_with": "",
            **{f"paragraphs-{at}": one for at, one in enumerate(paragraphs)},
            **form,
        }
        return self.by(self.drafter).post(f"{self.address}/{language}/text", given)

    def sha(self, language: str = "ru") -> str:
        with self.coalition.database.read() as session:
            return (
                session.scalars(
                    sa.select(Translation.sha256)
                    .where(Translation.language == language)
                    .order_by(Translation.id.desc())
                ).first()
                or ""
            )

    def approve(self, language: str = "ru", **form: object) -> TestResponse:
        return self.by(self.drafter).post(f"{self.address}/{language}/approval", {"read": self.sha(language), **form})

    def publish(self) -> None:
        self.coalition.sign(self.statement, self.nina, self.own)
        self.coalition.finalize(self.statement, self.drafter)
        self.coalition.publish(self.statement, self.admin)

    def checked(self, text: str) -> TestResponse:
        return self.app.test_client().post("/en/verify/answer", base_url=ORIGIN, data={"text": text})

    def count(self) -> int:
        with self.coalition.database.read() as session:
            return session.scalars(sa.select(sa.func.count()).select_from(Translation)).one()


@pytest.fixture
def scene(sqlite_app: Flask) -> Scene:
    return Scene(sqlite_app)


def test_a_translation_is_written_beside_its_source_and_approved(scene: Scene) -> None:
    begun = scene.by(scene.drafter).get(f"{scene.address}?language=ru")
    assert (begun.status_code, begun.location) == (303, f"{scene.address}/ru/text")
    page = scene.words(f"{scene.address}/ru/text", scene.drafter)
    assert "A letter to a prisoner weighs twenty grams." in page
    assert "Paragraph 5" in page
    assert "Paragraph 6" not in page
    saved = scene.write()
    assert (saved.status_code, saved.location) == (303, f"{scene.address}/ru")
    shown = scene.words(f"{scene.address}/ru", scene.drafter)
    assert "Снять ограничение." in shown
    assert "Approve the translation" in shown
    assert scene.approve().status_code == 303
    assert "Approved by Artur Drafter" in scene.words(f"{scene.address}/ru", scene.drafter)
    assert scene.count() == 1


def test_others_read_what_is_approved_and_no_draft(scene: Scene) -> None:
    scene.write()
    assert scene.by(scene.olga).get(f"{scene.address}/ru").status_code == 404
    assert "No translation yet" in scene.words(scene.address, scene.olga)
    assert "Русский" not in scene.words(f"/desk/statements/{scene.id}", scene.olga)
    scene.approve()
    assert "Снять ограничение." in scene.words(f"{scene.address}/ru", scene.olga)
    assert "Translations: Русский" in scene.words(f"/desk/statements/{scene.id}", scene.olga)
    assert "Approve the translation" not in scene.words(f"{scene.address}/ru", scene.olga)
    assert "Published with the text. What you sign is the text in its own language." in scene.words(
        f"/desk/statements/{scene.id}/signature", scene.olga
    )
    stranger = scene.coalition.member(scene.coalition.organisation("Stranger Society"))
    for address in (scene.address, f"{scene.address}/ru", f"{scene.address}/ru/text"):
        assert scene.by(stranger).get(address).status_code == 404
    assert scene.by(scene.olga).get(f"{scene.address}/ru/text").status_code == 403


def test_what_is_missing_is_said_and_stops_approval(scene: Scene) -> None:
    scene.write(paragraphs=(*IN_RUSSIAN[:2], "", "116 писем", "Конец."))
    page = scene.words(f"{scene.address}/ru", scene.drafter)
    assert "One paragraph is not translated yet: number 3." in page
    assert "In paragraph 4 the numbers are not those of the source." in page
    refused = scene.approve()
    assert refused.status_code == 422
    assert "Paragraph 3 is not translated yet." in refused.text


def test_a_new_version_marks_what_changed_and_keeps_the_rest(scene: Scene) -> None:
    scene.write()
    scene.approve()
    scene.coalition.revise(scene.statement, scene.drafter)
    assert "It renders version 1." in scene.words(f"{scene.address}/ru", scene.drafter)
    page = scene.by(scene.drafter).get(f"{scene.address}/ru/text").text
    assert page.count("The source changed here.") == 1
    assert "<del>at</del> <ins>from</ins> home" in page
    assert page.count("Снять ограничение.") == 1
    scene.write()
    scene.approve()
    assert scene.count() == 2
    assert "Approved" in scene.words(scene.address, scene.drafter)


def test_what_was_typed_is_kept_when_somebody_was_faster(scene: Scene) -> None:
    scene.write(title="Theirs", paragraphs=("Иначе.", *IN_RUSSIAN[1:]))
    late = scene.write(title="Mine")
    assert late.status_code == 409
    assert "Someone else changed this translation. Your text is kept below." in late.text
    assert 'value="Mine"' in late.text
    assert "Письмо весит двадцать граммов.</textarea>" in late.text
    assert "Saved by somebody else meanwhile:" in late.text
    assert f'name="began_with" value="{scene.sha()}"' in late.text
    scene.coalition.revise(scene.statement, scene.drafter, body="New first.\n\nA second.\n")
    moved = scene.write("ru", number=1, began_with=scene.sha())
    assert moved.status_code == 409
    assert "Version 2 was saved while you translated." in moved.text
    assert 'name="number" value="2"' in moved.text


@pytest.mark.parametrize(
    ("language", "form", "status", "sentence"),
    [
        ("xx", {}, 404, "There is nothing here"),
        ("en", {}, 422, "The statement itself is written in this language."),
        ("ru", {"title": ""}, 422, "Enter a title (up to 300 characters)."),
        ("ru", {"number": "x"}, 422, "which version it began with"),
        ("ru", {"paragraphs-7": "more"}, 422, "one field for each paragraph"),
        ("ru", {"paragraphs-0": "a\0b"}, 422, "The text has a control character: U+0000 at position 2."),
    ],
)
def test_bad_input_changes_nothing(
    scene: Scene, language: str, form: dict[str, object], status: int, sentence: str
) -> None:
    answer = scene.write(language, **form)
    assert answer.status_code == status
    assert sentence in answer.text
    assert scene.count() == 0


def test_readers_see_the_text_in_their_language_and_can_choose(scene: Scene) -> None:
    scene.write(translator="Ірына Пракладчыца")
    scene.approve()
    scene.coalition.translated(scene.statement, scene.drafter, "pl")
    scene.publish()
    russian = scene.words("/ru/statements/2026-001")
    assert "Письма — не контрабанда" in russian
    assert "Ірына Пракладчыца" in russian
    english = scene.words("/en/statements/2026-001")
    assert "Letters are not contraband" in english
    assert "Read it in: English Polski Русский" in english
    belarusian = scene.words("/be/statements/2026-001")
    assert "Letters are not contraband" in belarusian  # the original, not another translation
    polish = visitor(scene.app).get("/en/statements/2026-001/pl")
    assert '<h1 class="title" lang="pl">pl: Letters are not contraband</h1>' in polish.text
    assert visitor(scene.app).get("/en/statements/2026-001/uk").status_code == 404
    assert "Письма — не контрабанда" in scene.words("/ru/")
    assert "Письма — не контрабанда" in visitor(scene.app).get("/ru/feed.atom").text
    file = visitor(scene.app).get("/statements/2026-001.ru.md")
    assert hashlib.sha256(file.data).hexdigest() == scene.sha()
    assert visitor(scene.app).get("/statements/2026-001.ru.docx").status_code == 200
    assert visitor(scene.app).get("/statements/2026-001.uk.md").status_code == 404


def test_a_pasted_translation_is_recognised(scene: Scene) -> None:
    scene.write()
    scene.approve()
    scene.publish()
    whole = "\n\n".join(("Письма — не контрабанда", "Совместное заявление", *IN_RUSSIAN))
    same = scene.checked(whole)
    assert "Yes, word for word" in same.text
    assert scene.sha() in same.text
    file = visitor(scene.app).get("/statements/2026-001.ru.md").data.decode()
    assert "Yes, to the last letter" in scene.checked(file).text


def test_a_later_translation_is_published_by_an_admin_as_an_annex(scene: Scene) -> None:
    scene.publish()
    scene.write()
    scene.approve()
    assert visitor(scene.app).get("/statements/2026-001.ru.md").status_code == 404
    assert scene.by(scene.olga).get(f"{scene.address}/ru").status_code == 404
    assert "Publish this translation…" in scene.words(f"{scene.address}/ru", scene.admin)
    assert "entry 1 of the log" in scene.words(f"{scene.address}/ru/publication", scene.admin)
    assert scene.by(scene.drafter).post(f"{scene.address}/ru/publication", {}).status_code == 403
    done = scene.by(scene.admin).post(f"{scene.address}/ru/publication", {})
    assert (done.status_code, done.location) == (303, scene.address)
    page = scene.words("/en/statements/2026-001")
    assert "Annex 1, 23 November 2026: the text in another language" in page
    record = visitor(scene.app).get("/statements/2026-001.annex-1.sdjwt").text
    key = key_of(scene.app)
    assert verify_statement(record, {key.kid: key.jwk}).payload["statement"]["texts"][0]["sha256"] == scene.sha()
    answer = scene.checked(record)
    assert "its text in another language" in answer.text
    assert "The text in another language was added on" in visitor(scene.app).get("/en/feed.atom").text
    assert scene.by(scene.admin).post(f"{scene.address}/ru/publication", {}).status_code == 409
