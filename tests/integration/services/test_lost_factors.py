"""A lost phone: a fellow signatory helps, or two admins; nobody helps themselves, and nobody is helped by one admin alone."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from signflow.database import Database
from signflow.domain.actors import Role
from signflow.domain.errors import DomainError, Forbidden, Gone, Refused
from signflow.models import (
    AccountLink,
    AuditEvent,
    Authenticator,
    LoginSession,
    Membership,
    OutboxMail,
    Person,
    RecoveryCode,
)
from signflow.services import lost_factors
from signflow.services.accounts import create_link, link_token
from signflow.services.sessions import start_session
from tests.factories.coalition import Coalition
from tests.support.phone import SECRET, with_phone

ANOTHER = "Another person must confirm."


class Scene:
    """Nina lost her phone; Olga signs for the same organisation, Petra for another; two admins."""

    def __init__(self, database: Database) -> None:
        self.coalition = coalition = Coalition(database)
        (self.own, self.nina), (_, self.petra) = coalition.members(2)
        self.olga = coalition.member(self.own)
        self.reviewer = coalition.member(self.own, Role.REVIEWER)
        self.iryna, self.jan = coalition.admin(), coalition.admin()
        with database.write() as session:
            with_phone(session, self.nina, now=coalition.now)

    def by_member(self, actor: int, whom: int | None = None) -> object:
        def act(session: Session) -> object:
            seat = session.scalars(sa.select(Membership).where(Membership.person_id == (whom or self.nina))).one()
            return lost_factors.offer_to_member(
                session, seat, actor=self.coalition.actor(session, actor), secret=SECRET, now=self.coalition.now
            )

        return self._said(act)

    def by_admin(self, actor: int, whom: int | None = None) -> object:
        def act(session: Session) -> object:
            person = session.get_one(Person, whom or self.nina)
            return lost_factors.offer_as_admin(
                session, person, actor=self.coalition.actor(session, actor), secret=SECRET, now=self.coalition.now
            )

        return self._said(act)

    def links(self) -> list[AccountLink]:
        with self.coalition.database.read() as session:
            return list(session.scalars(sa.select(AccountLink).order_by(AccountLink.id)))

    def mails(self) -> list[tuple[str, int | None]]:
        with self.coalition.database.read() as session:
            mails = session.scalars(sa.select(OutboxMail).where(OutboxMail.kind == "link-offered"))
            return [(mail.kind, mail.person_id) for mail in mails]

    def history(self) -> list[str]:
        with self.coalition.database.read() as session:
            events = session.scalars(sa.select(AuditEvent.action).order_by(AuditEvent.seq))
            return [one for one in events if one.startswith("factor.rel")]

    def _said(self, act: Callable[..., object]) -> object:
        try:
            with self.coalition.database.write() as session:
                return act(session)
        except DomainError as error:
            return type(error), str(error)


@pytest.fixture
def scene(database: Database) -> Scene:
    return Scene(database)


def test_a_fellow_signatory_helps(scene: Scene) -> None:
    assert scene.by_member(scene.olga) is None
    (link,) = scene.links()
    assert (link.purpose, link.invited_by_id, (link.expires_at - link.created_at).days) == ("factor", scene.olga, 7)
    assert scene.mails() == [("link-offered", scene.nina)]
    assert scene.history() == ["factor.released"]


@pytest.mark.parametrize("who", ["nina", "petra", "reviewer", "iryna"])
def test_nobody_else_does(scene: Scene, who: str) -> None:
    before = scene.coalition.rows()
    assert scene.by_member(getattr(scene, who)) == (Forbidden, ANOTHER)
    assert scene.coalition.rows() == before


def test_for_an_admin_a_fellow_signatory_is_not_enough(scene: Scene) -> None:
    with scene.coalition.database.write() as session:
        session.get_one(Person, scene.nina).is_admin = True
    before = scene.coalition.rows()
    assert scene.by_member(scene.olga)[0] is Refused  # type: ignore[index]
    assert scene.coalition.rows() == before
    assert [scene.by_admin(one) for one in (scene.iryna, scene.jan)] == [False, True]


def test_who_has_no_second_factor_needs_no_help(scene: Scene) -> None:
    before = scene.coalition.rows()
    said = (Refused, "No second factor is set up.")
    assert [scene.by_member(scene.nina, scene.olga), scene.by_admin(scene.iryna, scene.olga)] == [said, said]
    assert scene.coalition.rows() == before


def test_one_admin_asks_and_another_confirms(scene: Scene) -> None:
    assert scene.by_admin(scene.iryna) is False
    assert (scene.links(), scene.mails(), scene.history()) == ([], [], ["factor.release-asked"])
    before = scene.coalition.rows()
    assert scene.by_admin(scene.iryna) == (Forbidden, ANOTHER)
    assert scene.by_admin(scene.petra)[0] is Forbidden  # type: ignore[index]
    assert scene.coalition.rows() == before
    assert scene.by_admin(scene.jan) is True
    assert (len(scene.links()), scene.mails()) == (1, [("link-offered", scene.nina)])
    assert scene.history() == ["factor.release-asked", "factor.released"]
    assert scene.by_admin(scene.jan) is False, "what was confirmed is used up"


def test_an_ask_lapses_after_seven_days(scene: Scene) -> None:
    assert scene.by_admin(scene.iryna) is False
    scene.coalition.later(days=7)
    assert scene.by_admin(scene.jan) is False
    assert scene.by_admin(scene.iryna) is True


def test_an_admin_does_not_help_themselves(scene: Scene) -> None:
    with scene.coalition.database.write() as session:
        with_phone(session, scene.iryna, now=scene.coalition.now)
    assert scene.by_admin(scene.iryna, scene.iryna) == (Forbidden, ANOTHER)
    assert scene.by_admin(scene.jan, scene.iryna)[0] is Refused  # type: ignore[index]


def test_a_single_admin_cannot(scene: Scene) -> None:
    with scene.coalition.database.write() as session:
        session.get_one(Person, scene.jan).disabled_at = scene.coalition.now
    before = scene.coalition.rows()
    kind, sentence = scene.by_admin(scene.iryna)  # type: ignore[misc]
    assert (kind, "There is no other admin" in sentence) == (Refused, True)
    assert scene.coalition.rows() == before


def _taken_up(scene: Scene, token: str) -> int:
    with scene.coalition.database.write() as session:
        return lost_factors.take_up(session, token, now=scene.coalition.now).id


def test_taking_it_up_ends_everything_that_was(scene: Scene) -> None:
    with scene.coalition.database.write() as session:
        start_session(session, session.get_one(Person, scene.nina), now=scene.coalition.now)
    scene.by_member(scene.olga)
    token = link_token(SECRET, purpose="factor", nonce=scene.links()[0].nonce)
    assert _taken_up(scene, token) == scene.nina
    with scene.coalition.database.read() as session:
        for table in (Authenticator, RecoveryCode, LoginSession):
            assert session.scalars(sa.select(table)).all() == []
    with pytest.raises(Gone):
        _taken_up(scene, token)


def test_a_newer_link_ends_the_older(scene: Scene) -> None:
    for _ in range(2):
        scene.by_member(scene.olga)
    older, newer = (link_token(SECRET, purpose="factor", nonce=link.nonce) for link in scene.links())
    with pytest.raises(Gone):
        _taken_up(scene, older)
    assert _taken_up(scene, newer) == scene.nina


@pytest.mark.parametrize("purpose", ["password", "seat", "admin"])
def test_a_link_for_something_else_takes_nothing_away(scene: Scene, purpose: str) -> None:
    with scene.coalition.database.write() as session:
        email = session.get_one(Person, scene.nina).email
        link = create_link(session, secret=SECRET, purpose=purpose, email=email, now=scene.coalition.now)
        token = link_token(SECRET, purpose=purpose, nonce=link.nonce)
    before = scene.coalition.rows()
    with pytest.raises(Gone):
        _taken_up(scene, token)
    assert scene.coalition.rows() == before


def test_the_command_line_helps_where_nobody_else_can(scene: Scene) -> None:
    with scene.coalition.database.write() as session:
        email = session.get_one(Person, scene.nina).email
        token = lost_factors.offer_from_command_line(session, email=email, secret=SECRET, now=scene.coalition.now)
    assert _taken_up(scene, token) == scene.nina
    with pytest.raises(Refused, match="has no account"), scene.coalition.database.write() as session:
        lost_factors.offer_from_command_line(session, email="x@example.org", secret=SECRET, now=scene.coalition.now)
