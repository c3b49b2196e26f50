"""Signing, on both databases: the rows that are written, the sentence in the history, the mails, and what is refused."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.database import Database
from signflow.domain.actors import Role
from signflow.domain.errors import DomainError, Forbidden, Invalid, NotFound, Refused, TextMoved
from signflow.domain.versions import Grade
from signflow.models import Invitation, Membership, Organisation, OutboxMail, Person, Signature, Statement, Version
from signflow.queries.history import history_of
from signflow.services import signing
from signflow.services.signing import Consent
from tests.factories.coalition import Coalition


@dataclass
class Scene:
    """A circulating statement: Artur drafts it, Nina signs for the first of two invited organisations."""

    coalition: Coalition
    statement: int
    drafter: int
    organisation: int
    nina: int
    other: int
    others_person: int

    def act(self, verb: Callable[..., Any], person: int | None = None, **values: Any) -> Any:
        """Let somebody, by default Nina for her organisation, do something in a transaction of its own; a signature's id."""
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, person or self.nina)
            if verb is not signing.sign:
                values = {"organisation_id": self.organisation, **values}
            done = verb(session, self.statement, actor=actor, now=self.coalition.now, **values)
            return done.public_id if isinstance(done, Signature) else done

    def consent(self, organisation: int | None = None, **values: Any) -> Consent:
        """Consent to the newest version."""
        return Consent(organisation or self.organisation, *self.coalition.newest(self.statement), **values)

    def signatures(self) -> list[tuple[Any, ...]]:
        """Every signature: organisation, version signed, version stood on, person, when, withheld, ended, suspended."""
        v, w = sa.orm.aliased(Version), sa.orm.aliased(Version)
        with self.coalition.database.read() as session:
            columns = (Signature.person_id, Signature.signed_at, Signature.withheld, Signature.withdrawn_at)
            rows = session.execute(
                sa.select(Signature.organisation_id, v.number, w.number, *columns, Signature.suspended_at)
                .join(v, v.id == Signature.version_id)
                .join(w, w.id == Signature.stands_on_version_id)
                .order_by(Signature.id)
            )
            return [tuple(row) for row in rows]

    def history(self, person: int | None = None) -> list[str]:
        """The history as the drafter, or somebody else, reads it."""
        with self.coalition.database.read() as session:
            actor = self.coalition.actor(session, person or self.drafter)
            told = history_of(session, session.get_one(Statement, self.statement), actor)
            return [one.sentence.format(**one.values) for one in told]

    def mails(self, kind: str) -> list[tuple[int | None, dict[str, Any]]]:
        """Queued mails of a kind: to whom, with which values."""
        with self.coalition.database.read() as session:
            rows = session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == kind).order_by(OutboxMail.id))
            return [(mail.person_id, mail.values) for mail in rows]

    def refused(
        self, kind: type[DomainError], verb: Callable[..., Any], person: int | None = None, **values: Any
    ) -> str:
        """The sentence of a refusal, which must leave every row as it was."""
        before = self.coalition.rows()
        with pytest.raises(kind) as refusal:
            self.act(verb, person, **values)
        assert self.coalition.rows() == before
        return str(refusal.value)


@pytest.fixture
def scene(database: Database) -> Scene:
    coalition = Coalition(database)
    drafter = coalition.drafter()
    (organisation, nina), (other, others_person) = coalition.members(2)
    statement = coalition.draft(drafter)
    coalition.circulate(statement, drafter, [organisation, other])
    coalition.later(minutes=1)
    return Scene(coalition, statement, drafter, organisation, nina, other, others_person)


def name_of(session: Session, kind: type[Person] | type[Organisation], key: int) -> str:
    if kind is Person:
        return session.get_one(Person, key).name
    return session.get_one(Organisation, key).name_in("en")[1]


def names(scene: Scene) -> tuple[str, str]:
    with scene.coalition.database.read() as session:
        return name_of(session, Person, scene.nina), name_of(session, Organisation, scene.organisation)


def test_a_signature_is_one_row_one_sentence_and_one_mail_to_the_signatories(scene: Scene) -> None:
    reviewer = scene.coalition.member(scene.organisation, Role.REVIEWER)
    colleague = scene.coalition.member(scene.organisation)
    public_id = scene.act(signing.sign, consent=scene.consent())
    now = scene.coalition.now
    assert scene.signatures() == [(scene.organisation, 1, 1, scene.nina, now, False, None, None)]
    person, organisation = names(scene)
    assert scene.history()[-1] == f"{person} signed version 1 for {organisation}."
    told = {"number": 1, "signature": public_id}
    assert scene.mails("signed") == [(scene.nina, told), (colleague, told)]
    assert reviewer not in dict(scene.mails("signed"))


def test_another_organisation_does_not_read_in_the_history_who_signed(scene: Scene) -> None:
    scene.act(signing.sign, consent=scene.consent())
    assert len(scene.history(scene.nina)) == len(scene.history(scene.others_person)) + 1


def test_a_withheld_signature_says_so(scene: Scene) -> None:
    scene.act(signing.sign, consent=scene.consent(withheld=True))
    assert [row[5] for row in scene.signatures()] == [True]


def test_signing_twice_is_refused(scene: Scene) -> None:
    scene.act(signing.sign, consent=scene.consent())
    assert scene.refused(Refused, signing.sign, consent=scene.consent()) == "Your organisation has already signed."
    colleague = scene.coalition.member(scene.organisation)
    again = scene.refused(Refused, signing.sign, colleague, consent=scene.consent())
    assert again == "Your organisation has already signed."


@pytest.mark.parametrize("hours", [0, 47.9])
def test_until_the_deadline_one_signs(scene: Scene, hours: float) -> None:
    scene.coalition.later(hours=hours)
    scene.act(signing.sign, consent=scene.consent())
    assert len(scene.signatures()) == 1


def test_after_the_deadline_one_does_not_sign_or_decline_but_may_step_back(scene: Scene) -> None:
    scene.act(signing.sign, scene.others_person, consent=scene.consent(scene.other))
    scene.coalition.later(hours=48)
    closed = "Signing is closed: the deadline has passed."
    assert scene.refused(Refused, signing.sign, consent=scene.consent()) == closed
    assert scene.refused(Refused, signing.decline, reason="") == closed
    scene.act(signing.withdraw, scene.others_person, organisation_id=scene.other)
    assert scene.signatures()[0][6] == scene.coalition.now


def test_the_text_must_be_the_newest_by_number_and_by_hash(scene: Scene) -> None:
    old = scene.consent()
    scene.coalition.revise(scene.statement, scene.drafter)
    newest = scene.consent()
    moved = "The text changed since you opened this page. Read version 2 and sign again."
    assert scene.refused(TextMoved, signing.sign, consent=old) == moved
    mixed = Consent(scene.organisation, newest.number, old.sha256)
    assert scene.refused(TextMoved, signing.sign, consent=mixed) == moved


def test_who_may_not_sign(scene: Scene) -> None:
    reviewer = scene.coalition.member(scene.organisation, Role.REVIEWER)
    outside, outsider = scene.coalition.members(1)[0]
    only_comment = "You may comment, but not sign for this organisation."
    assert scene.refused(Forbidden, signing.sign, reviewer, consent=scene.consent()) == only_comment
    for person, organisation in [(scene.nina, scene.other), (outsider, outside), (scene.drafter, scene.organisation)]:
        scene.refused(NotFound, signing.sign, person, consent=scene.consent(organisation))


def test_nothing_is_signed_once_the_statement_is_published_or_withdrawn(scene: Scene) -> None:
    scene.act(signing.sign, scene.others_person, consent=scene.consent(scene.other))
    scene.coalition.finalize(scene.statement, scene.drafter)
    scene.coalition.publish(scene.statement, scene.coalition.admin())
    assert scene.refused(Refused, signing.sign, consent=scene.consent()) == "Signing is closed."
    withhold = "The list is published. You can withhold your organisation's name instead."
    about = {"organisation_id": scene.other}
    assert scene.refused(Refused, signing.withdraw, scene.others_person, **about) == withhold
    assert scene.refused(Refused, signing.choose_name, scene.others_person, withheld=True, **about) == withhold


def test_a_finalized_text_is_still_signed(scene: Scene) -> None:
    scene.coalition.finalize(scene.statement, scene.drafter)
    scene.act(signing.sign, consent=scene.consent())
    assert len(scene.signatures()) == 1


def test_an_editorial_version_takes_the_signature_along_and_tells(scene: Scene) -> None:
    scene.act(signing.sign, consent=scene.consent())
    scene.coalition.revise(scene.statement, scene.drafter, grade=Grade.EDITORIAL)
    assert [row[1:3] for row in scene.signatures()] == [(1, 2)]
    assert scene.mails("text-changed") == [(scene.nina, {"number": 2})]
    assert scene.refused(Refused, signing.sign, consent=scene.consent()) == "Your organisation has already signed."


def test_after_a_substantive_version_reconfirming_ends_the_old_row_and_begins_a_new_one(scene: Scene) -> None:
    scene.act(signing.sign, consent=scene.consent(withheld=True))
    first = scene.coalition.now
    scene.coalition.revise(scene.statement, scene.drafter)
    assert scene.mails("sign-again") == [(scene.nina, {"number": 2})]
    second = scene.coalition.later(hours=1)
    colleague = scene.coalition.member(scene.organisation)
    scene.act(signing.sign, colleague, consent=scene.consent())
    assert scene.signatures() == [
        (scene.organisation, 1, 1, scene.nina, first, True, second, None),
        (scene.organisation, 2, 2, colleague, second, False, None, None),
    ]
    assert [line.endswith(f"signed version {n} for {names(scene)[1]}.") for n, line in ((2, scene.history()[-1]),)] == [
        True
    ]


def test_an_objection_suspends_until_the_organisation_signs_again(scene: Scene) -> None:
    scene.act(signing.sign, consent=scene.consent())
    scene.coalition.revise(scene.statement, scene.drafter, grade=Grade.EDITORIAL)
    objected = scene.coalition.later(minutes=5)
    scene.act(signing.object_to_change)
    assert scene.signatures()[0][7] == objected
    person, organisation = names(scene)
    said = f"{person} objected to version 2 for {organisation}: its signature is suspended."
    assert scene.history()[-1] == said
    assert scene.mails("signature-suspended") == [(scene.drafter, {"organisation_id": scene.organisation})]
    before = scene.coalition.rows()
    scene.act(signing.object_to_change)
    assert scene.coalition.rows() == before
    scene.act(signing.sign, consent=scene.consent())
    assert [(row[2], row[6], row[7]) for row in scene.signatures()] == [(2, objected, objected), (2, None, None)]


def test_there_is_something_to_object_to_only_after_an_editorial_change(scene: Scene) -> None:
    assert scene.refused(Refused, signing.object_to_change) == "Your organisation has not signed."
    scene.act(signing.sign, consent=scene.consent())
    assert scene.refused(Refused, signing.object_to_change) == "The text has not changed since you signed."
    scene.coalition.revise(scene.statement, scene.drafter)
    asked = "Your organisation is asked to sign again: until then its signature does not count."
    assert scene.refused(Refused, signing.object_to_change) == asked


def test_a_withdrawal_ends_the_signature_and_tells_the_drafters(scene: Scene) -> None:
    assert scene.refused(Refused, signing.withdraw) == "Your organisation has not signed."
    scene.act(signing.sign, consent=scene.consent())
    ended = scene.coalition.later(minutes=3)
    scene.act(signing.withdraw)
    assert [row[6] for row in scene.signatures()] == [ended]
    person, organisation = names(scene)
    assert scene.history()[-1] == f"{person} withdrew the signature of {organisation}."
    assert scene.mails("signature-withdrawn") == [(scene.drafter, {"organisation_id": scene.organisation})]
    scene.act(signing.sign, consent=scene.consent())
    assert [row[6] for row in scene.signatures()] == [ended, None]


def test_a_choice_about_the_name_is_one_column_and_one_sentence_and_twice_is_once(scene: Scene) -> None:
    scene.act(signing.sign, consent=scene.consent())
    scene.act(signing.choose_name, withheld=True)
    assert [row[5] for row in scene.signatures()] == [True]
    person, organisation = names(scene)
    assert scene.history()[-1] == f"{person} changed how {organisation} will be shown."
    before = scene.coalition.rows()
    scene.act(signing.choose_name, withheld=True)
    assert scene.coalition.rows() == before
    scene.act(signing.choose_name, withheld=False)
    assert [row[5] for row in scene.signatures()] == [False]


def declines(scene: Scene) -> list[tuple[Any, str]]:
    with scene.coalition.database.read() as session:
        rows = session.execute(sa.select(Invitation.declined_at, Invitation.decline_reason).order_by(Invitation.id))
        return [(row[0], row[1]) for row in rows]


def test_a_decline_is_private_and_ends_with_a_signature(scene: Scene) -> None:
    scene.act(signing.decline, reason="  Our board says no. ")
    assert declines(scene) == [(scene.coalition.now, "Our board says no."), (None, "")]
    person, organisation = names(scene)
    assert scene.history()[-1] == f"{person} declined for {organisation}."
    assert "board" not in "".join(scene.history())
    assert [line for line in scene.history(scene.others_person) if "declined" in line] == []
    scene.act(signing.sign, consent=scene.consent())
    assert declines(scene) == [(None, ""), (None, "")]


def test_a_decline_is_refused_while_the_signature_counts_and_when_its_reason_is_too_long(scene: Scene) -> None:
    too_long = "The reason is too long (2,000 characters at most)."
    assert scene.refused(Invalid, signing.decline, reason="x" * 2001) == too_long
    scene.act(signing.sign, consent=scene.consent())
    has_signed = "Your organisation has signed. Withdraw the signature first."
    assert scene.refused(Refused, signing.decline, reason="") == has_signed
    scene.coalition.revise(scene.statement, scene.drafter, grade=Grade.EDITORIAL)
    scene.act(signing.object_to_change)
    scene.act(signing.decline, reason="Not with this wording.")
    assert declines(scene)[0] == (scene.coalition.now, "Not with this wording.")


def test_a_member_whose_seat_has_ended_no_longer_signs(scene: Scene) -> None:
    with scene.coalition.database.write() as session:
        session.execute(
            sa.update(Membership).where(Membership.person_id == scene.nina).values(until=scene.coalition.now)
        )
    scene.refused(NotFound, signing.sign, consent=scene.consent())
