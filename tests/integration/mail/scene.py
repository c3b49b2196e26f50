"""A circulating statement, and how each mail about it comes to be queued."""

from collections.abc import Callable

import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.actors import Role
from signflow.domain.notices import NoticeKind, NoticeWording
from signflow.domain.versions import Grade
from signflow.mail_texts import text_of
from signflow.models import Organisation, OutboxMail, Person, ProposedNotice, Signature, Statement
from signflow.queries.mails import mail_facts
from signflow.services import (
    accounts,
    circulation,
    consents,
    finalizing,
    late_sign_ons,
    memberships,
    notices,
    reviewing,
    signing,
    withholding_asks,
)
from signflow.services.notifications import tell_of_account
from signflow.services.panic import shut_out
from tests.factories.coalition import Coalition
from tests.integration.mail.office import SETTINGS, outbox, text

ABOUT_A_NAME = {"name-withheld", "name-restored", "withholding-asked"}
AFTERWARDS = {
    *ABOUT_A_NAME,
    "notice-published",
    "signature-withdrawn-in-public",
    "annex-published",
}
OWN = {"en": "Third Bank Initiative", "be": "Ініцыятыва «Трэці бераг»", "ru": "Инициатива «Третий берег»"}


class Scene:
    """A circulating statement: Nina signs for Third Bank, another organisation has signed."""

    def __init__(self, database: Database, language: str = "en", role: Role = Role.SIGNATORY) -> None:
        self.coalition, self.language = Coalition(database), language
        coalition = self.coalition
        self.drafter, self.admin = coalition.drafter(language=language), coalition.admin(language=language)
        ((other, other_person),) = coalition.members(1)
        self.organisation = coalition.organisation(**OWN)
        nina = coalition.person("Nina", language=language, time_zone="Europe/Warsaw")
        self.nina = coalition.member(self.organisation, role, person_id=nina)
        self.other = other
        self.statement = coalition.draft(self.drafter)
        coalition.circulate(self.statement, self.drafter, [other, self.organisation])
        coalition.sign(self.statement, other_person, other)

    def reminder(self) -> None:
        with self.coalition.database.write() as session:
            actor, ids = self.coalition.actor(session, self.drafter), frozenset({self.organisation})
            circulation.nudge(session, self.statement, actor=actor, organisation_ids=ids, now=self.coalition.now)

    def signed(self) -> None:
        self.coalition.sign(self.statement, self.nina, self.organisation)

    def sign_again(self) -> None:
        self.signed()
        self.coalition.revise(self.statement, self.drafter)

    def text_changed(self) -> None:
        self.signed()
        self.coalition.revise(self.statement, self.drafter, grade=Grade.EDITORIAL)

    def signature_suspended(self) -> None:
        self.text_changed()
        with self.coalition.database.write() as session:
            actor, now = self.coalition.actor(session, self.nina), self.coalition.now
            about = {"organisation_id": self.organisation, "now": now}
            signing.object_to_change(session, self.statement, actor=actor, **about)

    def signature_withdrawn(self) -> None:
        self.signed()
        with self.coalition.database.write() as session:
            actor, now = self.coalition.actor(session, self.nina), self.coalition.now
            signing.withdraw(session, self.statement, actor=actor, organisation_id=self.organisation, now=now)

    def withdrawn(self) -> None:
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, self.drafter)
            finalizing.withdraw_statement(session, self.statement, actor=actor, now=self.coalition.now)

    def published(self) -> None:
        self.signed()
        self.coalition.finalize(self.statement, self.drafter)
        self.coalition.publish(self.statement, self.admin)

    def name_withheld(self) -> None:
        self.published()
        self.receipt = self.coalition.receipt(self.statement, self.organisation) or ""
        self.coalition.withhold(self.statement, self.nina, self.organisation)

    def name_restored(self) -> None:
        self.name_withheld()
        self.coalition.restore(self.statement, self.nina, self.organisation, self.receipt)

    def withholding_asked(self) -> None:
        self.published()
        self.coalition.admin()
        with self.coalition.database.write() as session:
            found = sa.select(Signature.id).where(Signature.organisation_id == self.organisation)
            about = {"signature_id": session.scalars(found).one(), "now": self.coalition.now}
            withholding_asks.ask(session, self.statement, actor=self.coalition.actor(session, self.admin), **about)

    def notice_proposed(self) -> None:
        self.published()
        wording = NoticeWording(NoticeKind.RETRACTED, {"en": "It was not true."})
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, self.drafter)
            notices.propose(session, self.statement, actor=actor, wording=wording, now=self.coalition.now)

    def notice_published(self) -> None:
        self.notice_proposed()
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, self.admin)
            about = {"notice_id": session.scalars(sa.select(ProposedNotice.public_id)).one(), "now": self.coalition.now}
            notices.publish_notice(session, self.statement, actor=actor, press=self.coalition.press, **about)

    def translation_published(self) -> None:
        self.published()
        self.coalition.translated(self.statement, self.drafter, "ru")
        self.coalition.publish_translation(self.statement, self.admin, "ru")

    def signature_withdrawn_in_public(self) -> None:
        self.published()
        about = {"organisation_id": self.organisation, "press": self.coalition.press, "now": self.coalition.now}
        with self.coalition.database.write() as session:
            notices.withdraw_signature(session, self.statement, actor=self.coalition.actor(session, self.nina), **about)

    def late_sign_on(self) -> None:
        """Third Bank has not signed when the statement is published."""
        self.coalition.finalize(self.statement, self.drafter)
        self.coalition.publish(self.statement, self.admin)
        self.coalition.open_late(self.statement, self.admin)

    def late_sign_on_closed(self) -> None:
        self.late_sign_on()
        self.signed()
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, self.admin)
            late_sign_ons.close_late(session, self.statement, actor=actor, now=self.coalition.now)

    def annex_published(self) -> None:
        self.late_sign_on()
        self.signed()
        self.coalition.publish_annex(self.statement, self.admin)

    def own_mail(self, kind: str) -> tuple[str, str]:
        """The newest mail of this kind to an organisation; others go to drafters."""
        mail = [one for one in outbox(self.coalition.database, kind) if one.organisation_id][-1]
        with self.coalition.database.read() as session:
            found = mail_facts(session, session.get_one(OutboxMail, mail.id), now=self.coalition.now)
        assert found is not None
        return text_of(found, SETTINGS)

    def person_invited(self, email: str = "new@example.org", role: Role = Role.SIGNATORY) -> str:
        with self.coalition.database.write() as session:
            actor, offer = self.coalition.actor(session, self.nina), memberships.Offer(email, role)
            organisation = session.get_one(Organisation, self.organisation)
            secret, now = SETTINGS.secret_key.get_secret_value(), self.coalition.now
            link = memberships.invite_person(session, organisation, actor=actor, offer=offer, secret=secret, now=now)
            return accounts.link_token(secret, purpose="seat", nonce=link.nonce)

    def member_joined(self, role: Role = Role.SIGNATORY, **columns: object) -> None:
        """Somebody with an account accepts a seat beside Nina."""
        person = self.coalition.person("Olga", email="olga@example.org", **columns)
        token = self.person_invited("olga@example.org", role)
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, person)
            accounts.accept_link_as(session, token, actor=actor, now=self.coalition.now)

    def delegated(self) -> int:
        """Nina lets a reviewer sign for a month."""
        olga = self.coalition.member(
            self.organisation, Role.REVIEWER, self.coalition.person("Olga", language=self.language)
        )
        self.coalition.delegate(self.organisation, self.nina, olga, days=30)
        return olga

    def delegate_acted(self) -> None:
        olga = self.delegated()
        with self.coalition.database.write() as session:
            actor, about = self.coalition.actor(session, olga), {"organisation_id": self.organisation, "reason": "No."}
            signing.decline(session, self.statement, actor=actor, **about, now=self.coalition.now)

    def signing_changed(self) -> None:
        """Nina has the organisation sign with two people."""
        self.coalition.member(self.organisation, person_id=self.coalition.person("Olga", language=self.language))
        with self.coalition.database.write() as session:
            actor, one = self.coalition.actor(session, self.nina), session.get_one(Organisation, self.organisation)
            consents.need_signatures(session, one, actor=actor, needed=2, now=self.coalition.now)

    def consent_given(self) -> None:
        self.signing_changed()
        self.coalition.sign(self.statement, self.nina, self.organisation)

    def account_changed(self, what: str = "second-factor") -> None:
        with self.coalition.database.write() as session:
            tell_of_account(session, session.get_one(Person, self.nina), what=what, now=self.coalition.now)

    def link_offered(self) -> str:
        with self.coalition.database.write() as session:
            email = session.get_one(Person, self.nina).email
            accounts.ask_reset(session, secret="s" * 40, email=email, now=self.coalition.now)
            return email

    def comments(self) -> str:
        return self.coalition.comment(self.statement, self.nina, self.organisation, "About the letter: who says so?")

    def answered(self) -> None:
        key, words = self.comments(), reviewing.Words("The letter does.")
        with self.coalition.database.write() as session:
            actor, now = self.coalition.actor(session, self.drafter), self.coalition.now
            reviewing.answer(session, self.statement, actor=actor, comment_id=key, words=words, now=now)

    def people_shut_out(self) -> None:
        with self.coalition.database.write() as session:
            shut_out(session, session.get_one(Organisation, self.other), actor=None, now=self.coalition.now)

    def play(self, kind: str) -> tuple[str, str]:
        """Bring it to the point where the mail is queued, and read it."""
        act: Callable[[], object] | None = getattr(self, kind.replace("-", "_"), None)
        if act is not None:
            act()
        return self.own_mail(kind) if kind in AFTERWARDS else text(self.coalition, kind)

    def page(self, leaf: str = "") -> str:
        return f"{SETTINGS.origin}/desk/statements/{self.coalition.public_id(Statement, self.statement)}{leaf}"
