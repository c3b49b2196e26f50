"""What each mail says: in the receiver's language and time, never naming the statement or another organisation."""

from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest
import sqlalchemy as sa
from babel.support import Translations

from signflow.database import Database
from signflow.domain.actors import Role
from signflow.mail_texts import POLICY, compose, text_of
from signflow.models import LogEntry, Organisation, OutboxMail, Person, Signature
from signflow.paths import TRANSLATIONS
from signflow.queries.mails import mail_facts
from signflow.services import accounts, signing
from signflow.web.admin.kinds import KINDS
from tests.factories.coalition import WORDING
from tests.integration.mail.office import SETTINGS, facts, outbox, text
from tests.integration.mail.scene import ABOUT_A_NAME, OWN, Scene

SUBJECTS = {
    "circulated": "A statement waits for your organisation",
    "reminder": "Reminder: a statement waits for your organisation",
    "sign-again": "Your organisation is asked to sign again",
    "text-changed": "A text that your organisation signed was corrected",
    "signed": "Your organisation has signed a statement",
    "signature-withdrawn": "A signature was withdrawn",
    "signature-suspended": "An organisation objected to a change",
    "withdrawn": "A statement was withdrawn",
    "published": "A statement was published",
    "name-withheld": "A change after publication",
    "name-restored": "A change after publication",
    "withholding-asked": "An admin asks you to look at your signature",
    "late-sign-on": "Your organisation can still sign a statement",
    "late-sign-on-closed": "A late signature will not be printed",
    "annex-published": "Signatories were added to a published statement",
    "translation-published": "A translation of a published statement was added",
    "notice-proposed": "A notice waits for publication",
    "notice-published": "Something was added to a published statement",
    "signature-withdrawn-in-public": "A signature was withdrawn publicly",
    "person-invited": "You are invited to a register of statements",
    "member-joined": "Somebody new may act for an organisation",
    "delegated": "Somebody may sign for your organisation by delegation",
    "delegate-acted": "Somebody acted for your organisation by delegation",
    "consent-given": "A second yes is needed for a statement",
    "signing-changed": "How your organisation signs was changed",
    "account-changed": "Something was changed in your account",
    "link-offered": "The link that you asked for",
    "comments": "New comments on a statement",
    "answered": "A comment of your organisation was answered",
    "people-shut-out": "Accounts were disabled",
}
OF_NO_ORGANISATION = {
    "translation-published",
    "notice-proposed",
    "signature-withdrawn",
    "signature-suspended",
    "account-changed",
    "link-offered",
    "comments",
    "people-shut-out",
}


@pytest.mark.parametrize("kind", SUBJECTS)
@pytest.mark.parametrize("language", ["en", "be", "ru"])
def test_subject_and_body_are_in_the_receivers_language(sqlite_database: Database, language: str, kind: str) -> None:
    scene = Scene(sqlite_database, language)
    subject, body = scene.play(kind)
    catalogue = Translations.load(str(TRANSLATIONS), [language])
    assert subject == catalogue.gettext(SUBJECTS[kind])
    if kind not in OF_NO_ORGANISATION:
        assert OWN[language] in body
    assert (
        catalogue.gettext("We never ask for a password by mail, and do not see whether you open this message.") in body
    )
    if language != "en" and (TRANSLATIONS / language / "LC_MESSAGES" / "messages.mo").exists():
        assert subject != SUBJECTS[kind]


@pytest.mark.parametrize("language", ["be", "ru", "en"])
@pytest.mark.parametrize("kind", SUBJECTS)
def test_every_letter_of_the_subject_arrives(kind: str, language: str) -> None:
    """On the wire a long subject is folded: the standard library loses a space there."""
    subject = Translations.load(str(TRANSLATIONS), [language]).gettext(SUBJECTS[kind])
    message = EmailMessage(policy=POLICY)
    message["Subject"] = subject
    wire = message.as_bytes(policy=POLICY)
    assert message_from_bytes(wire, policy=SMTP)["Subject"] == subject
    assert wire.isascii()
    assert max(map(len, wire.split(b"\r\n"))) <= 78


@pytest.mark.parametrize(
    "kind",
    ["published", "notice-published", "annex-published", "translation-published", "signature-withdrawn-in-public"],
)
def test_what_tells_of_a_publication_carries_its_entry_of_the_log(sqlite_database: Database, kind: str) -> None:
    scene = Scene(sqlite_database)
    _subject, body = scene.play(kind)
    with sqlite_database.read() as session:
        newest = session.scalars(sa.select(LogEntry).order_by(LogEntry.seq.desc())).first()
    assert newest is not None
    assert f"\n{newest.seq}:{newest.head}\n" in body


@pytest.mark.parametrize("kind", SUBJECTS)
def test_neither_statement_nor_another_organisation_is_named(sqlite_database: Database, kind: str) -> None:
    scene = Scene(sqlite_database)
    subject, body = scene.play(kind)
    with sqlite_database.read() as session:
        other = session.get_one(Organisation, scene.other).name_in("en")[1]
    for secret in (WORDING.title, "letter", "Letter", other, WORDING.addressees[0]):
        assert secret not in subject + body
    assert "Third Bank" not in subject
    assert "\n\n\n" not in body


def test_circulated_says_what_binds_until_when_and_where(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    _, body = scene.play("circulated")
    assert body.startswith("Dear Nina,\n\nThird Bank Initiative is asked to read a joint statement")
    assert "Sign by: Wednesday 25 November 2026, 14:00 Vilnius (13:00 Warsaw, your time)\n" in body
    assert "What you sign is version 1, word for word as the page shows it." in body
    assert f"\n{scene.page()}\n(The page opens after you sign in. Opening it signs nothing.)\n" in body
    assert "silence never signs" in body


def test_a_reviewer_is_told_that_others_sign(sqlite_database: Database) -> None:
    _, body = Scene(sqlite_database, role=Role.REVIEWER).play("circulated")
    assert "a signatory of Third Bank Initiative signs or declines" in body
    assert "You may sign" not in body
    assert "Sent to you as a reviewer of Third Bank Initiative" in body


def test_dates_are_written_in_the_receivers_language(sqlite_database: Database) -> None:
    assert (
        "серада 25 лістапада 2026, 14:00 Вільнюс (13:00 Варшава" in Scene(sqlite_database, "be").play("circulated")[1]
    )


def test_the_other_day_is_named_where_the_clock_is_on_one(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    found = facts(scene.coalition, "circulated")
    assert found is not None
    far = replace(found, receiver=replace(found.receiver, time_zone="Pacific/Auckland"))
    assert "14:00 Vilnius (26 November, 01:00 Auckland, your time)" in text_of(far, SETTINGS)[1]


def test_in_the_coalitions_own_zone_one_clock_is_enough(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    found = facts(scene.coalition, "circulated")
    assert found is not None
    near = replace(found, receiver=replace(found.receiver, time_zone="Europe/Helsinki"))
    assert "14:00 Vilnius\n" in text_of(near, SETTINGS)[1]


def test_sign_again_names_both_versions(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    _, body = scene.play("sign-again")
    assert f"What changed since your organisation signed, marked in the text:\n{scene.page('/changes')}\n" in body
    assert "Third Bank Initiative signed version 1 of a statement. Version 2 changes the substance" in body
    assert "What you sign is version 2" in body


def test_text_changed_asks_for_nothing_and_says_how_to_object(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    _, body = scene.play("text-changed")
    assert f"What changed since your organisation signed, marked in the text:\n{scene.page('/changes')}\n" in body
    assert "signature now stands on version 2" in body
    assert "If you agree, there is nothing to do. If you do not, a signatory can object" in body


def test_the_alarm_says_who_when_and_what_to_do(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    colleague = scene.coalition.member(scene.organisation)
    scene.signed()
    alarms = {
        mail.person_id: mail for mail in outbox(sqlite_database, "signed") if mail.organisation_id == scene.organisation
    }
    assert set(alarms) == {scene.nina, colleague}
    _, body = text(scene.coalition, "signed")
    with sqlite_database.read() as session:
        signature = session.scalars(sa.select(Signature).where(Signature.organisation_id == scene.organisation)).one()
    assert "Nina signed version 1 of a statement for Third Bank Initiative." in body
    assert "Signed: Monday 23 November 2026, 14:00 Vilnius" in body
    assert f"SHA-256 of the text: {scene.coalition.newest(scene.statement)[1]}\n" in body
    assert scene.page(f"/signatures/{signature.public_id}") in body
    assert scene.page("/signature/withdrawal") in body
    assert "Call an admin of Ahulam" in body


def test_whoever_signed_is_told_that_it_was_them(sqlite_database: Database) -> None:
    _, body = Scene(sqlite_database).play("signed")
    assert "You signed version 1 of a statement for Third Bank Initiative." in body


def test_published_carries_reference_and_head(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    _, body = scene.play("published")
    head = outbox(sqlite_database, "published")[-1].values["head"]
    assert head.startswith("0:")
    assert f"\n{head}\n" in body
    assert f"\n{SETTINGS.origin}/en/statements/2026-001\n" in body
    assert "Your organisation is named in the list." in body


def test_published_says_that_an_organisation_is_not_in_the_list(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.coalition.finalize(scene.statement, scene.drafter)
    scene.coalition.publish(scene.statement, scene.admin)
    assert "Your organisation is not in the list." in text(scene.coalition, "published")[1]


@pytest.mark.parametrize("kind", sorted(ABOUT_A_NAME))
def test_a_mailbox_does_not_tell_that_a_name_is_withheld(sqlite_database: Database, kind: str) -> None:
    scene = Scene(sqlite_database)
    subject, body = scene.play(kind)
    with sqlite_database.read() as session:
        signature = session.scalars(sa.select(Signature).where(Signature.organisation_id == scene.organisation)).one()
    assert scene.page(f"/signatures/{signature.public_id}") in body
    assert not [word for word in ("withh", "hidden", "shown again", "2026-001") if word in (subject + body).lower()]


@pytest.mark.parametrize("kind", ["name-withheld", "name-restored"])
def test_drafters_are_not_told_whose_name_it_is(sqlite_database: Database, kind: str) -> None:
    scene = Scene(sqlite_database)
    scene.play(kind)
    assert [mail.person_id for mail in outbox(sqlite_database, kind)] == [scene.nina, scene.drafter]
    subject, body = text(scene.coalition, kind)
    assert subject == SUBJECTS[kind]
    assert f"\n{scene.page()}\n" in body
    assert "signatures" not in body
    assert not [name for name in (*OWN.values(), "Nina") if name in body]


def test_what_is_no_longer_so_is_not_sent(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.withholding_asked()
    asked = facts(scene.coalition, "withholding-asked")
    assert asked is not None
    scene.receipt = scene.coalition.receipt(scene.statement, scene.organisation) or ""
    scene.coalition.withhold(scene.statement, scene.nina, scene.organisation)
    assert facts(scene.coalition, "withholding-asked") is None
    scene.coalition.restore(scene.statement, scene.nina, scene.organisation, scene.receipt)
    mail = next(one for one in outbox(sqlite_database, "name-withheld") if one.organisation_id)
    with sqlite_database.read() as session:
        assert mail_facts(session, session.get_one(OutboxMail, mail.id), now=scene.coalition.now) is None


def test_published_sent_late_says_that_the_name_is_withheld(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.name_withheld()
    _, body = text(scene.coalition, "published")
    assert "Your organisation is counted among those that signed; its name is withheld." in body


def test_the_invitation_carries_the_link_that_opens(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    _, body = scene.play("person-invited")
    token = body.split(f"{SETTINGS.origin}/invitations/")[1].split("\n")[0]
    with sqlite_database.read() as session:
        link = accounts.find_link(session, token, now=scene.coalition.now)
    assert link.email == "new@example.org"
    assert body == text(scene.coalition, "person-invited")[1]


def test_whoever_joins_is_found_on_the_organisations_page(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    subject, body = scene.play("member-joined")
    page = f"{SETTINGS.origin}/desk/organisations/{scene.coalition.public_id(Organisation, scene.organisation)}"
    assert "Somebody accepted an invitation to act for Third Bank Initiative: to read statements, and to sign" in body
    assert f"\n{page}\n" in body
    assert "end the membership on that page" in body
    assert "Olga" not in subject + body


def test_a_reviewer_who_joins_advises(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.member_joined(Role.REVIEWER)
    assert "to read statements and to advise those who sign." in text(scene.coalition, "member-joined")[1]


def test_drafters_are_told_of_an_admin_who_joins(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.member_joined(is_admin=True)
    assert [mail.person_id for mail in outbox(sqlite_database, "member-joined")] == [scene.nina, scene.drafter]
    subject, body = text(scene.coalition, "member-joined")
    assert subject == SUBJECTS["member-joined"]
    assert "An admin of Ahulam accepted an invitation to act for an organisation that is asked to sign" in body
    assert f"\n{scene.page()}\n" in body
    assert "Third Bank" not in body


def test_admins_find_on_the_desk_whose_people_were_shut_out(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    _, body = scene.play("people-shut-out")
    page = f"{SETTINGS.origin}/desk/organisations/{scene.coalition.public_id(Organisation, scene.other)}"
    assert f"\n{page}\n" in body
    with sqlite_database.write() as session:
        session.get_one(Person, scene.admin).is_admin = False
    assert facts(scene.coalition, "people-shut-out") is None


def test_a_language_that_is_not_written_falls_back(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    found = facts(scene.coalition, "circulated")
    assert found is not None
    foreign = replace(found, receiver=replace(found.receiver, language="de"))
    assert text_of(foreign, SETTINGS)[0] == SUBJECTS["circulated"]


def test_the_message_is_marked_as_sent_by_a_machine_to_one_person(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    found = facts(scene.coalition, "circulated")
    assert found is not None
    message: EmailMessage = compose(found, SETTINGS, now=scene.coalition.now)
    (receiver,) = message["To"].addresses
    with sqlite_database.read() as session:
        assert receiver.addr_spec == session.get_one(Person, scene.nina).email
    assert (message["Cc"], message["Bcc"]) == (None, None)
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["From"].addresses[0].addr_spec == "signflow@statements.example.org"
    assert message["Message-ID"] == f"<{found.message_id}@statements.example.org>"
    assert message.get_content_type() == "text/plain"


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("password", "The password of your account was changed."),
        ("recovery-code", "A recovery code was used to come into your account."),
        ("passkey", "A passkey was added to your account. Every other session has ended."),
        ("passkey-removed", "A passkey of your account was removed and does not work any more."),
        ("second-factor", "A second factor was set up for your account."),
        ("address-asked", "asked to use another mail address for your account."),
        ("address", "The mail address of your account was changed."),
    ],
)
def test_whoever_owns_an_account_is_told_what_was_changed(sqlite_database: Database, what: str, sentence: str) -> None:
    scene = Scene(sqlite_database)
    scene.account_changed(what)
    _, body = text(scene.coalition, "account-changed")
    assert sentence in body
    assert "If it was not, call an admin of Ahulam at once" in body


def test_the_offered_link_opens_and_is_not_sent_when_it_is_used(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    email = scene.link_offered()
    _, body = text(scene.coalition, "link-offered")
    token = body.partition("/invitations/")[2].split()[0]
    with sqlite_database.read() as session:
        assert accounts.find_link(session, token, now=scene.coalition.now).email == email
    with sqlite_database.write() as session:
        accounts.reset_password(session, token, password_hash="x", now=scene.coalition.now)
    assert facts(scene.coalition, "link-offered") is None


@pytest.mark.parametrize("kind", SUBJECTS)
def test_an_admin_reads_words_for_it_in_the_outbox(sqlite_database: Database, kind: str) -> None:
    Scene(sqlite_database).play(kind)
    mails = outbox(sqlite_database, kind)
    assert mails
    assert all(mail.statement_id is not None or kind in KINDS for mail in mails)


def test_a_yes_that_was_taken_back_is_not_told(sqlite_database: Database) -> None:
    scene = Scene(sqlite_database)
    scene.consent_given()
    mails = outbox(sqlite_database, "consent-given")
    with sqlite_database.write() as session:
        actor, about = scene.coalition.actor(session, scene.nina), {"organisation_id": scene.organisation}
        signing.take_back(session, scene.statement, actor=actor, now=scene.coalition.now, **about)
    assert len(mails) == 2
    with sqlite_database.read() as session:
        told = [mail_facts(session, session.get_one(OutboxMail, mail.id), now=scene.coalition.now) for mail in mails]
    assert told == [None, None]
