"""Circulating, inviting more, extending, reminding: what is written, who is mailed, what the history keeps."""

import json
from collections import Counter
from datetime import timedelta

import pytest
import sqlalchemy as sa

from signflow.database import Database
from signflow.domain.actors import Role
from signflow.domain.errors import DomainError, Forbidden, Invalid, Refused
from signflow.models import AuditEvent, Invitation, OutboxMail, SignOn, Statement
from signflow.services import circulation
from tests.factories.coalition import NOON, Coalition

HOUR = timedelta(hours=1)


class Desk:
    """A drafter with a draft and three organisations, the first with two members."""

    def __init__(self, database: Database) -> None:
        self.coalition = Coalition(database)
        self.drafter = self.coalition.drafter()
        self.seats = self.coalition.members(3)
        self.ids = [one for one, _ in self.seats]
        self.reviewer = self.coalition.member(self.ids[0], Role.REVIEWER)
        self.statement = self.coalition.draft(self.drafter)

    def call(self, verb: str, *, actor_id: int | None = None, **arguments: object) -> object:
        with self.coalition.database.write() as session:
            actor = self.coalition.actor(session, actor_id or self.drafter)
            act = getattr(circulation, verb)
            return act(session, self.statement, actor=actor, now=self.coalition.now, **arguments)

    def refused(self, verb: str, kind: type[DomainError], sentence: str, **arguments: object) -> DomainError:
        """The act is refused with that sentence, and not one row changes."""
        before = self.coalition.rows()
        with pytest.raises(kind) as caught:
            self.call(verb, **arguments)
        assert (type(caught.value), str(caught.value)) == (kind, sentence)
        assert self.coalition.rows() == before
        return caught.value

    def mails(self, kind: str) -> Counter[tuple[int | None, int | None]]:
        with self.coalition.database.read() as session:
            rows = session.execute(
                sa.select(OutboxMail.organisation_id, OutboxMail.person_id).where(OutboxMail.kind == kind)
            )
            return Counter((row[0], row[1]) for row in rows)

    def last_event(self) -> tuple[str, dict[str, object]]:
        with self.coalition.database.read() as session:
            row = session.scalars(sa.select(AuditEvent).order_by(AuditEvent.seq.desc()).limit(1)).one()
            return row.action, json.loads(row.detail or "{}")


@pytest.fixture
def desk(database: Database) -> Desk:
    return Desk(database)


def terms(desk: Desk, **changes: object) -> circulation.Call:
    facts = {"organisation_ids": frozenset(desk.ids[:2]), "sign_by": NOON + 48 * HOUR, **changes}
    return circulation.Call(**facts)  # type: ignore[arg-type]


def test_circulating_opens_the_sign_on_and_mails_each_member_once(desk: Desk) -> None:
    desk.call("circulate", call=terms(desk, comments_until=NOON + 24 * HOUR, message=" Please read. ", number=1))
    with desk.coalition.database.read() as session:
        assert session.get_one(Statement, desk.statement).status == "circulating"
        sign_on = session.scalars(sa.select(SignOn)).one()
        assert (sign_on.ordinal, sign_on.status, sign_on.message) == (0, "open", "Please read.")
        assert (sign_on.comments_until, sign_on.sign_by, sign_on.opened_at) == (
            NOON + 24 * HOUR,
            NOON + 48 * HOUR,
            NOON,
        )
        invited = session.execute(sa.select(Invitation.organisation_id, Invitation.invited_at)).all()
    assert [tuple(row) for row in invited] == [(desk.ids[0], NOON), (desk.ids[1], NOON)]
    assert desk.mails("circulated") == {
        (desk.ids[0], desk.seats[0][1]): 1,
        (desk.ids[0], desk.reviewer): 1,
        (desk.ids[1], desk.seats[1][1]): 1,
    }
    assert desk.last_event() == (
        "statement.circulated",
        {
            "number": 1,
            "organisations": 2,
            "comments_until": "2026-11-24T12:00:00+00:00",
            "sign_by": "2026-11-25T12:00:00+00:00",
        },
    )


def test_a_second_click_circulates_nothing(desk: Desk) -> None:
    desk.call("circulate", call=terms(desk))
    desk.refused("circulate", Refused, "This statement has already been circulated.", call=terms(desk))


def test_who_sits_in_two_organisations_gets_a_mail_for_each(desk: Desk) -> None:
    desk.coalition.member(desk.ids[1], person_id=desk.seats[0][1])
    desk.call("circulate", call=terms(desk))
    person = desk.seats[0][1]
    mails = desk.mails("circulated")
    assert (mails[desk.ids[0], person], mails[desk.ids[1], person]) == (1, 1)


@pytest.mark.parametrize(
    ("changes", "sentence", "field"),
    [
        ({"organisation_ids": frozenset()}, "Choose at least one organisation.", "organisations"),
        ({"organisation_ids": frozenset({999})}, "One of the chosen organisations is not active.", "organisations"),
        ({"sign_by": None}, "Say until when organisations can sign.", "sign_by"),
        ({"sign_by": NOON}, "The deadline for signing is in the past.", "sign_by"),
        ({"comments_until": NOON - HOUR}, "The deadline for comments is in the past.", "comments_until"),
        ({"comments_until": NOON + 49 * HOUR}, "Comments must end before signing ends.", "comments_until"),
        ({"message": "x" * 5001}, "The message is too long (5,000 characters at most).", "message"),
    ],
)
def test_a_call_that_cannot_go_out(desk: Desk, changes: dict[str, object], sentence: str, field: str) -> None:
    error = desk.refused("circulate", Invalid, sentence, call=terms(desk, **changes))
    assert error.field == field


def test_a_version_saved_meanwhile_is_not_circulated_unread(desk: Desk) -> None:
    desk.coalition.revise(desk.statement, desk.drafter)
    sentence = "Version 2 was saved meanwhile. Check again what goes out."
    desk.refused("circulate", Refused, sentence, call=terms(desk, number=1))


def test_only_a_drafter_circulates(desk: Desk) -> None:
    stranger = desk.coalition.drafter()
    desk.refused("circulate", Forbidden, "You may not do this.", call=terms(desk), actor_id=stranger)


def test_inviting_more_mails_the_new_ones_only(desk: Desk) -> None:
    desk.call("circulate", call=terms(desk))
    assert desk.call("invite_more", organisation_ids=frozenset(desk.ids)) == 1
    assert desk.mails("circulated")[desk.ids[2], desk.seats[2][1]] == 1
    assert desk.mails("circulated").total() == 4
    assert desk.last_event() == ("organisations.invited", {"organisations": 1})
    sentence = "Choose at least one organisation that is not invited yet."
    desk.refused("invite_more", Invalid, sentence, organisation_ids=frozenset(desk.ids))


def test_nobody_is_invited_to_what_is_closed(desk: Desk) -> None:
    more = {"organisation_ids": frozenset({desk.ids[2]})}
    desk.refused("invite_more", Refused, "Signing is closed.", **more)
    desk.call("circulate", call=terms(desk))
    desk.coalition.later(hours=49)
    desk.refused("invite_more", Refused, "Signing is closed: the deadline has passed.", **more)


def test_the_deadline_moves_on_also_after_it_has_passed(desk: Desk) -> None:
    desk.call("circulate", call=terms(desk))
    desk.refused("extend", Invalid, "The new deadline must be later than the present one.", sign_by=NOON + 48 * HOUR)
    desk.coalition.later(hours=49)
    desk.refused("extend", Invalid, "The deadline for signing is in the past.", sign_by=NOON + 49 * HOUR)
    desk.call("extend", sign_by=NOON + 72 * HOUR)
    with desk.coalition.database.read() as session:
        assert session.scalars(sa.select(SignOn.sign_by)).one() == NOON + 72 * HOUR
    assert desk.last_event() == ("deadline.extended", {"sign_by": "2026-11-26T12:00:00+00:00"})


def test_a_nudge_reaches_the_silent_once_in_six_hours(desk: Desk) -> None:
    desk.call("circulate", call=terms(desk, organisation_ids=frozenset(desk.ids)))
    desk.coalition.sign(desk.statement, desk.seats[2][1], desk.ids[2])
    everybody = {"organisation_ids": frozenset(desk.ids)}
    assert desk.call("nudge", **everybody) == 2
    once = {(desk.ids[0], desk.seats[0][1]): 1, (desk.ids[0], desk.reviewer): 1, (desk.ids[1], desk.seats[1][1]): 1}
    assert desk.mails("reminder") == once
    assert desk.last_event() == ("organisations.nudged", {"organisations": 2})
    desk.coalition.later(hours=5, minutes=59)
    sentence = "Choose at least one organisation that has not answered and was not reminded in the last six hours."
    desk.refused("nudge", Invalid, sentence, **everybody)
    desk.coalition.later(minutes=1)
    assert desk.call("nudge", organisation_ids=frozenset(desk.ids[1:2])) == 1
    assert desk.mails("reminder") == {**once, (desk.ids[1], desk.seats[1][1]): 2}


def test_no_nudge_without_anybody_to_read_it_or_after_the_deadline(desk: Desk) -> None:
    empty = desk.coalition.organisation()
    desk.call("circulate", call=terms(desk, organisation_ids=frozenset([empty, desk.ids[0]])))
    sentence = "Choose at least one organisation that has not answered and was not reminded in the last six hours."
    desk.refused("nudge", Invalid, sentence, organisation_ids=frozenset([empty]))
    desk.refused("nudge", Invalid, sentence, organisation_ids=frozenset(desk.ids[2:]))
    desk.coalition.later(hours=49)
    late = "Signing is closed: the deadline has passed."
    desk.refused("nudge", Refused, late, organisation_ids=frozenset(desk.ids))
