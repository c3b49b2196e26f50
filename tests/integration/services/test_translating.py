"""Translations: what is written, who may, what stops approval, what a publication and an annex sign, and what never changes after."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.errors import DomainError, Forbidden, Invalid, Refused, TextMoved
from signflow.domain.notices import NoticeKind, NoticeWording
from signflow.models import AuditEvent, LogEntry, OutboxMail, Translation
from signflow.proof.verify import ANNEX, loads, unb64url, verify_log, verify_statement
from signflow.queries.annexes import annexes_of, record_of
from signflow.queries.translations import latest_by_language, published_in
from signflow.services import finalizing, notices
from signflow.services.checking import check_installation
from tests.factories.coalition import Coalition

PARAGRAPHS = (
    "Письмо весит двадцать граммов.",
    "Мы требуем:",
    "Каждое письмо регистрировать.",
    "Снять ограничение.",
    "Конец.",
)


class Scene:
    """A circulated statement that one organisation signed; its drafter, and an admin."""

    def __init__(self, database: Database) -> None:
        self.coalition = coalition = Coalition(database)
        self.drafter, self.admin = coalition.drafter(), coalition.admin()
        self.members = coalition.members(2)
        self.statement = coalition.draft(self.drafter)
        coalition.circulate(self.statement, self.drafter, [one for one, _ in self.members])
        self.own, self.nina = self.members[0]

    def translate(self, language: str = "ru", **changes: object) -> str:
        return self.coalition.translate(self.statement, self.drafter, language, **changes)

    def approve(self, language: str, read: str, person: int | None = None) -> None:
        self.coalition.approve(self.statement, person or self.drafter, language, read)

    def finalize(self) -> None:
        self.coalition.sign(self.statement, self.nina, self.own)
        self.coalition.finalize(self.statement, self.drafter)

    def publish(self) -> str:
        self.finalize()
        return self.coalition.publish(self.statement, self.admin)

    def publish_one(self, language: str, person: int | None = None) -> int:
        return self.coalition.publish_translation(self.statement, person or self.admin, language)

    def rows(self) -> list[tuple[object, ...]]:
        with self.coalition.database.read() as session:
            found = session.scalars(sa.select(Translation).order_by(Translation.id))
            return [(one.language, one.version.number, one.revision, one.is_draft, one.log_seq) for one in found]

    def is_refused(self, act: Callable[[], object], kind: type[DomainError], sentence: str) -> None:
        before = self.coalition.rows()
        with pytest.raises(kind) as refusal:
            act()
        assert (type(refusal.value), str(refusal.value)) == (kind, sentence)
        assert self.coalition.rows() == before

    def payload(self, seq: int) -> dict[str, object]:
        with self.coalition.database.read() as session:
            jws = session.scalars(sa.select(LogEntry.jws).where(LogEntry.seq == seq)).one()
        header, payload, _ = jws.split(".")
        return {"typ": loads(unb64url(header))["typ"], **loads(unb64url(payload))}

    def events(self) -> list[str]:
        with self.coalition.database.read() as session:
            return list(
                session.scalars(
                    sa.select(AuditEvent.action)
                    .where(AuditEvent.action.startswith("translation."))
                    .order_by(AuditEvent.seq)
                )
            )

    def problems(self) -> list[str]:
        signer = self.coalition.press.signer
        with self.coalition.database.read() as session:
            lines = list(session.scalars(sa.select(LogEntry.jws).order_by(LogEntry.seq)))
            verify_log(lines, {signer.kid: signer.jwk}, issuer=self.coalition.press.origin)
            return check_installation(session, keys={signer.kid: signer.jwk}).problems


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def test_a_draft_has_the_shape_of_its_version_and_the_words_of_the_translator(scene: Scene) -> None:
    scene.translate(title="Письма не контрабанда", paragraphs=PARAGRAPHS, translator="  Ірына Пракладчыца ")
    with scene.coalition.database.read() as session:
        (found,) = session.scalars(sa.select(Translation)).all()
        assert (found.language, found.version.number, found.revision, found.translator) == (
            "ru",
            1,
            1,
            "Ірына Пракладчыца",
        )
        assert (found.title, found.statement_date, found.written_by_id) == (
            "Письма не контрабанда",
            found.version.statement_date,
            scene.drafter,
        )
        assert found.body == (
            "Письмо весит двадцать граммов.\n\nМы требуем:\n\n1. Каждое письмо регистрировать.\n"
            "2. Снять ограничение.\n\nКонец.\n"
        )
        assert found.html == (
            "<p>Письмо весит двадцать граммов.</p>\n<p>Мы требуем:</p>\n<ol>\n<li>Каждое письмо регистрировать.</li>\n"
            "<li>Снять ограничение.</li>\n</ol>\n<p>Конец.</p>\n"
        )
        assert found.canonical.startswith('---\ntitle: "Письма не контрабанда"\n'.encode())
    assert scene.events() == ["translation.saved"]


def test_a_draft_is_changed_in_place_and_once_approved_gets_a_next_revision(scene: Scene) -> None:
    first = scene.translate()
    second = scene.translate(title="Better")
    assert first != second
    scene.approve("ru", second)
    scene.translate(title="Better still")
    assert scene.rows() == [("ru", 1, 1, False, None), ("ru", 1, 2, True, None)]
    assert scene.events() == ["translation.saved", "translation.saved", "translation.approved", "translation.saved"]


def test_two_translators_do_not_overwrite_each_other(scene: Scene) -> None:
    scene.translate()
    moved = "Someone else changed this translation. Your text is kept below."
    scene.is_refused(lambda: scene.translate(began_with=""), TextMoved, moved)
    scene.is_refused(lambda: scene.approve("ru", "0" * 64), TextMoved, moved)
    stale = "Version 2 was saved while you translated. Your text is kept below."
    scene.coalition.revise(scene.statement, scene.drafter)
    scene.is_refused(lambda: scene.translate(number=1), TextMoved, stale)


@pytest.mark.parametrize(
    ("changes", "kind", "sentence"),
    [
        ({"language": "xx"}, Invalid, "Choose a language from the list."),
        ({"language": "en"}, Invalid, "The statement itself is written in this language."),
        ({"title": " "}, Invalid, "Enter a title (up to 300 characters)."),
        ({"paragraphs": ("",) * 5}, Invalid, "Write the text of the statement."),
        ({"paragraphs": ("One.",)}, Invalid, "The form does not have one field for each paragraph. Reload the page."),
        ({"translator": "A\u202eB"}, Invalid, None),
    ],
)
def test_bad_input_changes_nothing(
    changes: dict[str, object], kind: type[DomainError], sentence: str | None, scene: Scene
) -> None:
    before = scene.coalition.rows()
    with pytest.raises(kind) as refusal:
        scene.translate(**changes)
    assert sentence is None or str(refusal.value) == sentence
    assert scene.coalition.rows() == before


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"paragraphs": (*PARAGRAPHS[:2], "", *PARAGRAPHS[3:])}, "Paragraph 3 is not translated yet."),
        ({"byline": ""}, "The byline is not translated."),
        ({"addressees": ()}, "Translate each addressee, one a line."),
        (
            {"paragraphs": ("Пись\u200bмо.", *PARAGRAPHS[1:])},
            "The text has hidden direction or invisible characters: U+200B at position 5.",
        ),
    ],
)
def test_what_is_not_whole_is_not_approved(changes: dict[str, object], sentence: str, scene: Scene) -> None:
    read = scene.translate(**changes)
    scene.is_refused(lambda: scene.approve("ru", read), Invalid, sentence)


def test_only_drafters_translate_and_approve(scene: Scene) -> None:
    read = scene.translate()
    for person in (scene.nina, scene.admin):
        scene.is_refused(lambda who=person: scene.approve("ru", read, who), Forbidden, "You may not do this.")
        about = (scene.statement, person, "be")
        scene.is_refused(lambda at=about: scene.coalition.translate(*at), Forbidden, "You may not do this.")
    scene.approve("ru", read)
    done = "This translation is approved already, or not written yet."
    scene.is_refused(lambda: scene.approve("ru", read), Refused, done)
    scene.is_refused(lambda: scene.approve("be", read), Refused, done)


def test_what_is_approved_is_frozen_and_signed_with_its_version(scene: Scene) -> None:
    scene.coalition.translated(scene.statement, scene.drafter, "ru", "be")
    scene.translate("pl")
    scene.finalize()
    scene.approve("ru", scene.translate("ru", title="Last"))  # also while the text is locked
    scene.coalition.publish(scene.statement, scene.admin)
    assert scene.rows() == [
        ("ru", 1, 1, False, None),
        ("be", 1, 1, False, 0),
        ("pl", 1, 1, True, None),
        ("ru", 1, 2, False, 0),
    ]
    statement = scene.payload(0)["statement"]
    assert isinstance(statement, dict)
    with scene.coalition.database.read() as session:
        texts = {one.language: one for one in published_in(session, scene.statement)}
        assert list(texts) == ["be", "ru"]
        assert statement["title"] == {
            "en": "Letters are not contraband",
            "be": "be: Letters are not contraband",
            "ru": "Last",
        }
        assert [(one["lang"], one["sha256"], one["bytes"]) for one in statement["texts"][1:]] == [
            (one.language, one.sha256, len(one.canonical)) for one in texts.values()
        ]
        assert statement["addressees"]["ru"] == ["ru: the Department for the Execution of Sentences"]
    assert scene.problems() == []


def test_a_translation_of_an_earlier_version_is_not_published(scene: Scene) -> None:
    scene.coalition.translated(scene.statement, scene.drafter, "ru")
    scene.coalition.revise(scene.statement, scene.drafter)
    with scene.coalition.database.read() as session:
        (stale,) = latest_by_language(session, scene.statement).values()
        assert (stale.language, stale.version.number) == ("ru", 1)
    scene.publish()
    assert scene.rows() == [("ru", 1, 1, False, None)]
    assert list(scene.payload(0)["statement"]["title"]) == ["en"]  # type: ignore[call-overload, index]


def test_a_later_translation_is_an_annex_without_names_and_changes_nothing_frozen(scene: Scene) -> None:
    scene.coalition.translated(scene.statement, scene.drafter, "be")
    reference = scene.publish()
    frozen = {
        table: scene.coalition.rows()[table] for table in ("version", "statement", "publication", "frozen_signatory")
    }
    scene.coalition.translated(scene.statement, scene.drafter, "ru")
    assert scene.publish_one("ru") == 1
    assert {table: scene.coalition.rows()[table] for table in frozen} == frozen
    entry = scene.payload(1)
    assert (entry["typ"], entry["signatory_count"], entry["withheld_at_publication"]) == (ANNEX, 0, 0)
    assert entry["statement"]["id"] == reference  # type: ignore[index]
    assert [text["lang"] for text in entry["statement"]["texts"]] == ["ru"]  # type: ignore[index]
    signer = scene.coalition.press.signer
    with scene.coalition.database.read() as session:
        (annex,) = annexes_of(session, scene.statement)
        assert (annex.number, annex.publication, annex.translation.language) == (1, None, "ru")  # type: ignore[union-attr]
        record = verify_statement(record_of(session, annex), {signer.kid: signer.jwk})
        assert (record.count, record.withheld, record.seq) == (0, 0, 1)
        mails = session.scalars(sa.select(OutboxMail.person_id).where(OutboxMail.kind == "translation-published")).all()
        assert mails == [scene.drafter]
    assert scene.events()[-1] == "translation.published"
    assert scene.problems() == []


def test_who_signs_late_signs_every_published_text(scene: Scene) -> None:
    scene.coalition.translated(scene.statement, scene.drafter, "be")
    scene.publish()
    scene.coalition.translated(scene.statement, scene.drafter, "ru")
    scene.publish_one("ru")
    scene.coalition.open_late(scene.statement, scene.admin)
    other, olga = scene.members[1]
    scene.coalition.sign(scene.statement, olga, other)
    assert scene.coalition.publish_annex(scene.statement, scene.admin) == 2
    assert [text["lang"] for text in scene.payload(2)["statement"]["texts"]] == ["en", "be", "ru"]  # type: ignore[index]
    with scene.coalition.database.read() as session:
        assert [(one.number, one.publication is None) for one in annexes_of(session, scene.statement)] == [
            (1, True),
            (2, False),
        ]
    assert scene.problems() == []


def test_what_cannot_be_published(scene: Scene) -> None:
    unpublished = "The statement is not published."
    scene.is_refused(lambda: scene.publish_one("ru"), Refused, unpublished)
    scene.coalition.translated(scene.statement, scene.drafter, "be")
    scene.publish()
    unapproved = "A drafter approves the translation of the final version first."
    scene.is_refused(lambda: scene.publish_one("ru"), Refused, unapproved)
    scene.translate("ru")
    scene.is_refused(lambda: scene.publish_one("ru"), Refused, unapproved)
    scene.is_refused(lambda: scene.publish_one("ru", scene.drafter), Forbidden, "You may not do this.")
    public = "The translation is published. Nobody can change it; a notice can correct it."
    scene.is_refused(lambda: scene.publish_one("be"), Refused, public)
    scene.is_refused(lambda: scene.translate("be"), Refused, public)


def test_nothing_is_translated_once_retracted_or_withdrawn(scene: Scene) -> None:
    scene.publish()
    read = scene.translate("ru")
    second = scene.coalition.admin()
    wording = NoticeWording(NoticeKind.RETRACTED, {"en": "It was not true."})
    with scene.coalition.database.write() as session:
        actor = scene.coalition.actor(session, scene.admin)
        notice = notices.propose(session, scene.statement, actor=actor, wording=wording, now=scene.coalition.now)
        actor, about = scene.coalition.actor(session, second), {"notice_id": notice.public_id}
        notices.publish_notice(
            session, scene.statement, actor=actor, press=scene.coalition.press, now=scene.coalition.now, **about
        )
    retracted = "The statement has been retracted. That is the last word about it."
    scene.is_refused(lambda: scene.translate("ru"), Refused, retracted)
    scene.is_refused(lambda: scene.approve("ru", read), Refused, retracted)
    scene.is_refused(lambda: scene.publish_one("ru"), Refused, retracted)


def test_nothing_is_translated_of_a_withdrawn_statement(scene: Scene) -> None:
    with scene.coalition.database.write() as session:
        actor = scene.coalition.actor(session, scene.drafter)
        finalizing.withdraw_statement(session, scene.statement, actor=actor, now=scene.coalition.now)
    scene.is_refused(lambda: scene.translate("ru"), Refused, "A withdrawn statement cannot be changed.")


def test_a_changed_translation_is_found_by_the_check(scene: Scene) -> None:
    reference = scene.publish()
    scene.coalition.translated(scene.statement, scene.drafter, "ru")
    scene.publish_one("ru")
    with scene.coalition.database.engine.begin() as connection:
        if connection.dialect.name == "sqlite":
            pytest.skip("the application's own connection cannot drop a trigger here")
        connection.exec_driver_sql("ALTER TABLE translation DISABLE TRIGGER ALL")
        connection.exec_driver_sql("UPDATE translation SET canonical = 'evil'")
    assert scene.problems() == [f"{reference}: the translation into ru is not the one that was signed"]
